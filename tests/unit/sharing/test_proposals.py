"""Proposals that come back as a file: read strictly, refused by field with a cure, fitted to the package that they answer."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jpa.config import PROJECT
from jpa.errors import InvalidInputError
from jpa.model.canonical import canonical
from jpa.sharing.manifest import read_manifest
from jpa.sharing.proposals import (
    MOST_BYTES,
    MOST_ITEMS,
    misfit,
    read_proposals,
    require_answer_to,
    write_proposals,
)

VECTOR = PROJECT / "docs" / "package-vector"
SAVED = (VECTOR / "proposals.json").read_bytes()


def changed(item: int | None = None, **said: Any) -> bytes:
    content = json.loads(SAVED)
    target = content if item is None else content["items"][item]
    target.update(said)
    for name in [n for n, value in said.items() if value is None]:
        del target[name]
    return canonical(content) + b"\n"


def refusal(body: bytes) -> dict[str, str]:
    with pytest.raises(InvalidInputError) as caught:
        read_proposals(body)
    assert caught.value.cause == "proposals"
    return caught.value.fields


def test_the_file_of_the_documentation_is_read_written_again_and_answers_its_package() -> None:
    this = read_proposals(SAVED)
    manifest = read_manifest((VECTOR / "package.json").read_bytes().rstrip(b"\n"))

    assert write_proposals(this) == SAVED
    assert [i.kind for i in this.items] == ["seen here too", "another value", "not the same"]
    require_answer_to(this, manifest)


@pytest.mark.parametrize(
    ("item", "said", "name", "words"),
    [
        (None, {"format": "2"}, "file", "format"),
        (None, {"jpa": "receipt"}, "file", "jpa"),
        (None, {"package": "x"}, "file", "package"),
        (None, {"more": "x"}, "file", "more"),
        (None, {"made": "yesterday"}, "file", "made"),
        (None, {"items": []}, "file", "items"),
        (None, {"contact": "x" * 201}, "file", "contact"),
        (0, {"kind": "wrong"}, "file", "kind"),
        (0, {"about": "../x"}, "file", "about"),
        (0, {"text": "x" * 2001}, "file", "text"),
        (0, {"reference": None}, "file", "reference"),
        (0, {"value": "x"}, "items.1.value", "says nothing of the kind"),
        (0, {"other": "0" * 32}, "items.1.other", "says nothing of the kind"),
        (1, {"value": None}, "items.2.value", "Say which property"),
        (1, {"property": None}, "items.2.property", "Say which property"),
        (1, {"id": "0" * 32}, "items.2.id", "twice"),
        (2, {"what": "link"}, "items.3.what", "Only two records"),
        (2, {"text": " "}, "items.3.text", "Say who"),
    ],
)
def test_what_is_wrong_is_named_with_its_cure(item: int | None, said: dict[str, Any], name: str, words: str) -> None:
    if said.get("id") is not None:
        said = {"id": json.loads(SAVED)["items"][0]["id"]}

    fields = refusal(changed(item, **said))

    assert words in fields[name]


def test_half_a_file_one_too_large_and_one_written_in_another_way_are_refused() -> None:
    assert "cut off" in refusal(SAVED[:-1])["file"]
    assert "RFC 8785" in refusal(json.dumps(json.loads(SAVED), indent=1).encode() + b"\n")["file"]
    assert f"{MOST_BYTES} is the most" in refusal(b"x" * (MOST_BYTES + 1))["file"]
    item = json.loads(SAVED)["items"][0]
    many = [item | {"id": f"{n:032x}"} for n in range(MOST_ITEMS + 1)]
    assert "items" in refusal(changed(items=many))["file"]


@given(st.binary(max_size=200))
def test_whatever_comes_is_refused_and_never_breaks_the_reader(noise: bytes) -> None:
    refusal(noise + b"\n")
    refusal(SAVED[: len(SAVED) // 2] + noise + b"\n")


def test_proposals_about_another_package_version_or_by_a_stranger_are_refused() -> None:
    manifest = read_manifest((VECTOR / "package.json").read_bytes().rstrip(b"\n"))

    for said, name in (
        ({"package": "0" * 32}, "package"),
        ({"manifest": "0" * 64}, "manifest"),
        ({"by": {"agency": "xyz", "name": "X", "state": "XC"}}, "by"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            require_answer_to(read_proposals(changed(**said)), manifest)
        assert name in caught.value.fields


def test_an_item_about_what_was_never_sent_is_told_apart_from_one_about_other_content() -> None:
    first, second, _ = read_proposals(SAVED).items
    hashes = {first.about: first.hash, second.about: "0" * 64}

    assert misfit(first, hashes) is None
    assert misfit(second, {}) == "the record was not in the package"
    assert misfit(second, hashes) == "the record was sent with other content"
    stranger = read_proposals(changed(2, other="0" * 32)).items[2]
    assert misfit(stranger, {stranger.about: stranger.hash}) == "the other record was not in the package"
