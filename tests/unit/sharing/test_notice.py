"""Signed notices as files: written in one way, refused in every other, and those of the documentation for ever the same."""

import hashlib
import json
from collections.abc import Callable

import pytest

from jpa.config import PROJECT
from jpa.errors import InvalidInputError
from jpa.operations.messages import fingerprint_of, open_message
from jpa.sharing.notice import (
    AcknowledgementBody,
    CorrectionBody,
    RecallBody,
    read_acknowledgement,
    read_correction,
    read_recall,
    write_notice,
)

VECTOR = PROJECT / "docs" / "package-vector"


def signed_body(name: str, whose: str) -> bytes:
    public = json.loads((VECTOR / "notice-keys.json").read_text(encoding="utf-8"))[whose]
    return open_message((VECTOR / f"{name}.jsonl").read_bytes(), name, {fingerprint_of(public): public}).body


def test_the_notices_of_the_documentation_open_and_say_what_is_written_there() -> None:
    manifest = (VECTOR / "package.json").read_bytes().rstrip(b"\n")
    package = json.loads(manifest)["id"]

    recall = read_recall(signed_body("recall", "sender"))
    correction = read_correction(signed_body("correction", "sender"))
    answer = read_acknowledgement(signed_body("acknowledgement", "recipient"))

    assert (recall.package, recall.manifest) == (package, hashlib.sha256(manifest).hexdigest())
    assert [(i.what, i.id, i.reason) for i in recall.items] == [("package", package, "agreement ended")]
    assert (len(correction.superseded), correction.marked[0].pap, len(correction.apart)) == (1, "PAP:RED", 1)
    assert answer.sha256 == hashlib.sha256(signed_body("recall", "sender")).hexdigest()
    written: tuple[RecallBody | CorrectionBody | AcknowledgementBody, ...] = (recall, correction, answer)
    names = (("recall", "sender"), ("correction", "sender"), ("acknowledgement", "recipient"))
    assert [write_notice(body) for body in written] == [signed_body(*name) for name in names]


@pytest.mark.parametrize(
    ("read", "name", "old", "new"),
    [
        (read_recall, "recall", b'"agreement ended"', b'"whim"'),
        (read_recall, "recall", b'"what":"package"', b'"what":"case"'),
        (read_recall, "recall", b',"what":"package"', b""),
        (read_recall, "recall", b'"format":"1"', b'"format":"2"'),
        (read_recall, "recall", b'"number":"1"', b'"number":1'),
        (read_recall, "recall", b'"deadline":"2026-12-02"', b'"deadline":"soon"'),
        (read_recall, "recall", b'"text":""', b'"text": ""'),
        (read_recall, "recall", b'"text":""', b'"text":"","why":""'),
        (read_recall, "recall", b"\n", b""),
        (read_recall, "recall", b'"items":[{"id":"', b'"items":[{"id":"f'),
        (read_correction, "correction", b'"PAP:RED"', b'"PAP:PINK"'),
        (read_correction, "correction", b'"TLP:AMBER"', b'"TLP:PINK"'),
        (read_correction, "correction", b'"named states"', b'"everybody"'),
        (read_correction, "correction", b'"what":"record"', b'"what":"package"'),
        (read_acknowledgement, "acknowledgement", b'"sealed":"3"', b'"sealed":"-3"'),
    ],
)
def test_a_notice_that_is_written_otherwise_is_refused_by_name(
    read: Callable[[bytes], object], name: str, old: bytes, new: bytes
) -> None:
    body = signed_body(name, "recipient" if name == "acknowledgement" else "sender")
    assert old in body

    with pytest.raises(InvalidInputError, match="The notice was refused") as error:
        read(body.replace(old, new, 1))

    assert error.value.cause == "notice"


def test_a_recall_of_another_package_than_its_own_is_refused() -> None:
    body = signed_body("recall", "sender")
    package = json.loads(body)["package"].encode()

    with pytest.raises(InvalidInputError, match="The notice was refused"):
        read_recall(body.replace(b'"items":[{"id":"' + package, b'"items":[{"id":"' + b"0" * 32))
