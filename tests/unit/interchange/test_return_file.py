"""The file of a return: the documented test vector, and everything that is not exactly as documented refused."""

import json
import re
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jpa.cli import main
from jpa.errors import InvalidInputError
from jpa.interchange import return_file
from jpa.interchange.return_file import read_return, schema, write_return
from jpa.operations.messages import fingerprint_of, open_message, public_of, sign_message
from jpa.services.return_rows import require_sound
from jpa.statistics.pseudonyms import Secrets

pytestmark = pytest.mark.fast
DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "return-format.md").read_text(encoding="utf-8")
KEY, FILE = re.findall(r"^```\n(.*?\n)```$", PAGE, re.MULTILINE | re.DOTALL)
PUBLIC, VECTOR = KEY.strip(), FILE.encode()
BODY = VECTOR.partition(b"\n")[2]
ROW = BODY.splitlines()[1]


def refusal(body: bytes) -> str:
    with pytest.raises(InvalidInputError) as error:
        require_sound(*read_return(body))
    return error.value.fields["file"]


def test_the_documented_vector_is_read_signed_and_written_to_the_byte() -> None:
    message = open_message(VECTOR, "return", {fingerprint_of(PUBLIC): PUBLIC})
    head, rows = read_return(message.body)
    require_sound(head, rows)
    secrets = Secrets(3, {}, {"c": "CR2MG-4017G-1A02C-02800-N"}, {"o": "p1"})
    signer = Ed25519PrivateKey.from_private_bytes(bytes(32))

    assert public_of(signer) == PUBLIC
    assert sign_message(signer, "return", message.body).encode() == VECTOR.partition(b"\n")[0]
    assert write_return(head, rows) == message.body
    assert secrets.joint_person("c", "o") == rows[0].person[1:]
    assert secrets.joint_charge("c", "o", state="XB", number="1", article="") == rows[0].charge[1:]
    assert secrets.joint_case("c") == rows[0].case[1:]


def test_the_schema_beside_the_page_is_that_of_the_code() -> None:
    assert json.loads((DOCS / "return-format.schema.json").read_text(encoding="utf-8")) == schema()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (b'"rows":"2"', b'"rows":"3"', "says 3 rows"),
        (b'"format":"1"', b'"format":"2"', "Line 1, format"),
        (b'"version":"1"', b'"version":"0"', "Line 1, version"),
        (b'"kind":"convicted"', b'"kind":"cursed"', "no such kind"),
        (b'"sex":"male"', b'"sex":"Rahim Uddin"', "codes.sex"),
        (b'"sex":"male"', b'"colour":"red"', "codes.colour"),
        (b'"sex":"male"', b'"what":"cash"', "codes.what"),
        (b'"date":"2024-11"', b'"date":"2024-11-03"', "Line 2, date"),
        (b'"part":"after"', b'"part":"in"', "no day of 2024-11"),
        (b'"share":"1/2"', b'"share":"3/2"', "more than the whole"),
        (b'"share":"1/2"', b'"share":0.5', "credit.share"),
        (b'"state":"XB"}\n{', b'"state":"XB","name":"Rahim"}\n{', "name"),
        (b'"state":"XB"}\n{', b'"state":"XB" }\n{', "one way there is"),
        (ROW, ROW.replace(b"0ad8", b"ffff", 1), "order of their keys"),
        (ROW, ROW.replace(b"0ad8", b"0ad9", 1), "Merkle root"),
        (ROW, b"[" * 4000, "no JSON"),
        (ROW, b" " * 5000, "more than 4096 bytes"),
    ],
)
def test_whatever_is_not_as_documented_is_refused_by_name(old: bytes, new: bytes, problem: str) -> None:
    key_in_file = ROW[ROW.index(b'"key":"') + 7 :][:4]
    changed = BODY.replace(old, new.replace(b"0ad8", key_in_file), 1)

    assert changed != BODY
    assert problem in refusal(changed)


def test_over_its_limits_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(return_file, "MOST_BYTES", 100)
    assert "100 at most" in refusal(BODY)
    monkeypatch.setattr(return_file, "MOST_BYTES", 10_000)
    monkeypatch.setattr(return_file, "MOST_ROWS", 1)
    assert "more than 1 rows" in refusal(BODY)
    assert "does not end" in refusal(BODY[:-1])
    assert refusal(b"\n").startswith("Line 1 is no JSON")


def test_a_thousand_random_damages_are_all_refused_in_words() -> None:
    draw = Random(11)
    pinned = {fingerprint_of(PUBLIC): PUBLIC}

    for _ in range(1000):
        damaged = bytearray(VECTOR)
        place = draw.randrange(len(damaged))
        match draw.randrange(3):
            case 0:
                damaged[place] ^= 1 << draw.randrange(8)
            case 1:
                del damaged[place:]
            case _:
                damaged[place:place] = bytes([draw.randrange(256)])
        with pytest.raises(InvalidInputError):
            read_return(open_message(bytes(damaged), "return", pinned).body)


def test_the_commands_verify_offline_and_inspect_without_belief(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_bytes(VECTOR)
    bad.write_bytes(VECTOR.replace(b"08051", b"08059"))

    verified = CliRunner().invoke(main, ["return", "verify", str(good), "--key", PUBLIC])
    refused = CliRunner().invoke(main, ["return", "verify", str(bad), "--key", PUBLIC])
    inspected = CliRunner().invoke(main, ["return", "inspect", str(bad)])
    unsaid = CliRunner().invoke(main, ["return", "verify", str(good)])

    assert (verified.exit_code, refused.exit_code, inspected.exit_code, unsaid.exit_code) == (0, 1, 0, 2)
    assert "Whole, signed and sound. Return of ucg (XB) for joint period 3" in verified.output
    assert "its hash differs" in refused.output
    assert "verify it before you believe it" in inspected.output
