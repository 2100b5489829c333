"""The format as documented: the schema, and a package in the repository that opens for ever."""

import hashlib
import json
from pathlib import Path

from jpa.config import PROJECT
from jpa.operations.messages import fingerprint_of, open_message
from jpa.sharing.admission import require_coherent
from jpa.sharing.closing import open_closed
from jpa.sharing.lines import report_of, said_of
from jpa.sharing.manifest import KIND, write_manifest
from jpa.sharing.package import open_package
from jpa.sharing.schema import schema
from jpa.sharing.strict import read_lines
from jpa.sharing.summary import SummaryLine, require_coded, rows_of

VECTOR = PROJECT / "docs" / "package-vector"


def test_the_schema_in_the_documentation_is_that_of_the_code() -> None:
    kept = json.loads((PROJECT / "docs" / "package-format.schema.json").read_text(encoding="utf-8"))

    assert kept == schema()


def test_the_package_of_the_documentation_opens_and_says_what_is_written_there(tmp_path: Path) -> None:
    said = json.loads((VECTOR / "keys.json").read_text(encoding="utf-8"))
    trusted = {fingerprint_of(said["public"]): said["public"]}
    open_closed(VECTOR / "package.age", tmp_path / "plain", said["identity"])
    (tmp_path / "out").mkdir()

    def check(line: str, manifest: bytes) -> None:
        open_message(line.encode() + b"\n" + manifest, KIND, trusted)

    opened = open_package(tmp_path / "plain", tmp_path / "out", check)

    require_coherent(opened)
    assert write_manifest(opened.manifest) == (VECTOR / "package.json").read_bytes().rstrip(b"\n")
    assert [said_of(line).content_hash for line in opened.entities()] == said["hashes"]
    assert [report_of(line).title for line in opened.reports()] == ["Boarding report"]
    assert [hashlib.sha256(opened.file(e.sha256).read_bytes()).hexdigest() for e in opened.evidence()] == said[
        "evidence"
    ]


def test_the_summary_of_the_documentation_reads_as_it_is_written() -> None:
    lines = list(read_lines(VECTOR / "summary.jsonl", SummaryLine, 6))

    require_coded(lines)
    assert [(r.of, r.by, r.code, r.count) for r in rows_of(lines)][-2:] == [
        ("migrants", "Citizenship", "unknown", "14"),
        ("migrants", "Citizenship", "Bangladesh", "33"),
    ]
