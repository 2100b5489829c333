"""The commands that need no installation, on the package of the documentation."""

import json
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner

from jpa.cli import main
from jpa.config import PROJECT
from jpa.model.fingerprint import words
from jpa.sharing.card import KeyCard, read_card

VECTOR = PROJECT / "docs" / "package-vector"
FILE = str(VECTOR / "package.age")


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    said = json.loads((VECTOR / "keys.json").read_text(encoding="utf-8"))
    (tmp_path / "keys.txt").write_text(f"# made for a test\n{said['identity']}\n", encoding="utf-8")
    return {"public": said["public"], "closing": said["recipient"], "identity": str(tmp_path / "keys.txt")}


def run(*words_: str) -> tuple[int, str]:
    answer = CliRunner().invoke(main, ["package", *words_])
    return answer.exit_code, answer.output


def test_a_package_is_inspected_and_verified_without_an_installation(keys: dict[str, str]) -> None:
    card = KeyCard("tip", "XA", keys["public"], keys["closing"]).text

    claims = run("inspect", FILE, "--identity", keys["identity"])
    verified = run("verify", FILE, "--identity", keys["identity"], "--key", card)

    assert (claims[0], verified[0]) == (0, 0), claims[1] + verified[1]
    assert (
        "TLP:AMBER, PAP:AMBER. 1 reports, 2 records, 1 links, 0 verdicts, 1 files. Withheld: 2 marked for" in claims[1]
    )
    assert "verify it before you believe it" in claims[1]
    assert verified[1].startswith("Whole, signed and sound. Package 0193a1b2c3d4")


def test_what_is_wrong_is_said_in_words(keys: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "cut.age").write_bytes((VECTOR / "package.age").read_bytes()[:-40])
    (tmp_path / "noise").write_bytes(b"x" * 100)

    assert "It is closed. Give the file" in run("inspect", FILE)[1]
    assert "not pinned here" in run("verify", FILE, "--identity", keys["identity"], "--key", "ab" * 32)[1]
    assert "cut off" in run("inspect", str(tmp_path / "cut.age"), "--identity", keys["identity"])[1]
    assert "its end is missing" in run("inspect", str(tmp_path / "noise"))[1]
    assert "no age private key" in run("inspect", FILE, "--identity", FILE.replace("package.age", "package.json"))[1]
    assert "no card of keys" in run("verify", FILE, "--identity", keys["identity"], "--key", "jpa-keys-1 tip")[1]


def test_a_package_becomes_one_page_for_its_owner_alone(keys: dict[str, str], tmp_path: Path) -> None:
    card = KeyCard("tip", "XA", keys["public"], keys["closing"])
    out = tmp_path / "viewer.html"
    asked = (FILE, "--identity", keys["identity"], "--key", card.text, "--out", str(out))

    made = run("view", *asked)
    again = run("view", *asked)

    assert made[0] == 0, made[1]
    assert "it is not encrypted" in made[1]
    assert out.stat().st_mode & 0o777 == 0o600
    assert card.words in out.read_text(encoding="utf-8")
    assert again[0] == 1
    assert "is there already; nothing was written" in again[1]
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("viewer")] == ["viewer.html"]


def test_no_page_is_made_of_a_package_that_a_receiver_would_refuse(keys: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "cut.age").write_bytes((VECTOR / "package.age").read_bytes()[:-40])
    (tmp_path / "other.txt").write_text(str(pyrage.x25519.Identity.generate()), encoding="utf-8")
    out = str(tmp_path / "viewer.html")
    own, public = ("--identity", keys["identity"]), ("--key", keys["public"])
    stranger = KeyCard("xyz", "XC", keys["public"], keys["closing"]).text

    refused = {
        "cut off": run("view", str(tmp_path / "cut.age"), *own, *public, "--out", out),
        "not pinned here": run("view", FILE, *own, "--key", "ab" * 32, "--out", out),
        "belongs to xyz of XC": run("view", FILE, *own, "--key", stranger, "--out", out),
        "for somebody else": run("view", FILE, "--identity", str(tmp_path / "other.txt"), *public, "--out", out),
        "Choose another folder": run("view", FILE, *own, *public, "--out", str(tmp_path / "no" / "viewer.html")),
    }

    for words_, (code, said) in refused.items():
        assert code == 1
        assert words_ in said
    assert not Path(out).exists()
    assert not Path(f"{out}.part").exists()


def test_proposals_are_read_from_their_file(tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_bytes((VECTOR / "proposals.json").read_bytes()[:-1])

    said = run("proposals", str(VECTOR / "proposals.json"))
    cut = run("proposals", str(tmp_path / "cut.json"))

    assert said[0] == 0, said[1]
    assert "Utara Coast Guard (XB) proposes 3 items" in said[1]
    assert "another value; number = +62 812 3456 7899 instead of 081 234 5678; reference UCG-2024-77" in said[1]
    assert cut[0] == 1
    assert "cut off: its end is missing" in cut[1]


def test_a_card_is_read_back_however_it_was_folded_and_its_words_change_with_every_letter(keys: dict[str, str]) -> None:
    card = KeyCard("tip", "XA", keys["public"], keys["closing"])

    assert read_card("\n  ".join(card.text.split())) == card
    assert len(card.words.split()) == 8
    assert KeyCard("tip", "XB", card.public, card.closing).words != card.words
    assert words("7f000001" + "0" * 56).startswith("lusab babad babab")
