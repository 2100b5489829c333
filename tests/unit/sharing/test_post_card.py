"""Post cards: an address and a certificate, read back exactly or refused with the reason."""

import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jpa.errors import InvalidInputError
from jpa.operations.post_keys import own_certificate
from jpa.sharing.post_card import PostCard, is_address, place_of, read_post_card, write_post_card
from jpa.sharing.post_wire import standing
from jpa.sharing.strict import parsed, written

pytestmark = pytest.mark.fast


@pytest.fixture
def card(tmp_path: Path) -> PostCard:
    tmp_path.chmod(0o700)
    return PostCard(
        format="1", agency="tip", state="XA", address="https://post.tip.example:8443",
        certificate=base64.b64encode(own_certificate(tmp_path)).decode("ascii"),
        made=datetime(2026, 11, 24, tzinfo=UTC).isoformat(timespec="microseconds"),
    )  # fmt: skip


def test_a_card_comes_back_as_it_was_written(card: PostCard) -> None:
    assert read_post_card(write_post_card(card)) == card
    assert len(card.fingerprint) == 64


@pytest.mark.parametrize(
    "address",
    [
        "http://a:1",
        "https://a",
        "https://a:0",
        "https://a:70000",
        "https://a:1/x",
        "https://u@a:1",
        "https://a b:1",
        "ftp://a:1",
    ],
)
def test_an_address_that_is_none_is_refused(card: PostCard, address: str) -> None:
    assert not is_address(address)
    with pytest.raises(InvalidInputError) as refused:
        read_post_card(write_post_card(card.model_copy(update={"address": address})))
    assert "is no address" in refused.value.fields["card"]


def test_what_only_sends_has_no_address_and_a_certificate_must_be_one(card: PostCard) -> None:
    assert read_post_card(write_post_card(card.model_copy(update={"address": ""}))).address == ""
    for certificate in ("AAAA", "AAA", "Zm9v" * 30):
        with pytest.raises(InvalidInputError):
            read_post_card(write_post_card(card.model_copy(update={"certificate": certificate})))
    with pytest.raises(InvalidInputError):
        read_post_card(write_post_card(card)[:-9])


def test_an_address_is_a_host_and_a_port() -> None:
    assert place_of("https://post.tip.example:8443") == ("post.tip.example", 8443)
    assert place_of("https://[2001:db8::1]:443") == ("2001:db8::1", 443)


def test_what_one_installation_answers_the_other_reads() -> None:
    said = standing("arrived", 12, b"receipt\n")

    read = parsed(type(said), written(said)[:-1], "The answer")

    assert (read, read.message) == (said, b"receipt\n")
