"""The redactor: a sealed identity however it is written, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jpa.operations.keys import load_keys
from jpa.operations.store import OperationsStore
from jpa.operations.vault import Vault

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def redact(tmp_path: Path) -> Callable[[str], str]:
    store = OperationsStore(f"sqlite:///{tmp_path / 'operations.sqlite'}")
    store.migrate()
    vault = Vault(store, load_keys(tmp_path / "secrets"))
    identity = {
        "name": ["Zarinah Quenzelbird", "Ali", "สมชาย"],
        "phone": ["+62 812 7777 4321"],
        "document": ["X7712345"],
    }
    vault.put("c" * 32, "v" * 32, identity, by="wulan", at=NOW)
    return vault.redactor("c" * 32)


@pytest.mark.parametrize(
    "text",
    [
        "Zarinah Quenzelbird",
        "ZARINAH\n  QUENZELBIRD",
        "Quenzelbird, Zarinah",
        "Zárinah Quenzelbírd",
        "Za\u0301rinah Quenzelbird",
        "Zari\u200bnah Quenzelbird",
        "\uff3aarinah-Quenzelbird",
        "zarinah_quenzelbird",
        "0812-7777-4321",
        "(+62) 812 7777 4321",
        "x 771 2345",
        "ALI",
    ],
)
def test_an_identity_goes_however_it_is_written(redact: Callable[[str], str], text: str) -> None:
    whole = redact(f"Seen: {text}.")

    assert whole.startswith("Seen: ")
    assert whole.endswith("[victim V-1].")
    assert not any(c.isdigit() for c in whole.replace("V-1", ""))


def test_a_name_inside_a_thai_sentence_goes_too(redact: Callable[[str], str]) -> None:
    assert redact("พบสมชายที่ท่าเรือ") == "พบ[victim V-1]ที่ท่าเรือ"


@pytest.mark.parametrize(
    "text", ["The quality of Alice's signal", "Zarinah Khan", "+62 812 7777 4322", "ﬁne, ＡＢＣ and 12345678"]
)
def test_whatever_names_somebody_else_stays_byte_by_byte(redact: Callable[[str], str], text: str) -> None:
    assert redact(text) == text
