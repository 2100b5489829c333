"""Evidence through the services: encrypted, verified whenever it is opened, in a custody log, hidden with its report."""

import hashlib
import io
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from jpa.errors import ForbiddenError, IntegrityError, InvalidInputError, NotFoundError, UnavailableError
from jpa.model.audit import AuditTag, Outcome
from jpa.model.draft import TypedReport, TypedVictim
from jpa.model.evidence import EvidenceFile, plain_name
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.operations.evidence import MOST_BYTES, PIECE
from jpa.services import cases, evidence, reports
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores
from tests.conftest import officer

GRADE = Grade("4x4", "B", "2")
CONTENT = b"PHONE EXTRACTION " * 9000


class Endless(io.BytesIO):
    """A file of one byte repeated, that never stands in memory."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size, self._at = size, 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        assert whence == 0
        self._at = offset
        return offset

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        take = min(size, self._size - self._at)
        self._at += take
        return b"x" * take


def reported(stores: Stores, ask: Ask, number: str = "T-1", *victims: TypedVictim) -> str:
    case = cases.open_case(stores, ask, NewCase(number, "Selat crossing")).id
    said = TypedReport(case, "Phone extraction", "PX-1", "2024", GRADE, Marking(), "Text.", victims=victims)
    return reports.add_report(stores, ask, said).report.id


def added(stores: Stores, ask: Ask, report: str, content: bytes = CONTENT, name: str = "phone.pdf") -> EvidenceFile:
    return evidence.add_file(stores, ask, report, name, io.BytesIO(content), "the skipper's phone")


def asked(stores: Stores, ask: Ask, file: str, report: str) -> list[Callable[[], object]]:
    return [
        lambda: evidence.read_dossier(stores, ask, file),
        lambda: evidence.open_file(stores, ask, file, "why"),
        lambda: evidence.verify_file(stores, ask, file),
        lambda: reports.read_report(stores, ask, report).files,
        lambda: evidence.add_file(stores, ask, report, "n", io.BytesIO(b"a"), "why"),
    ]


def on_disk(stores: Stores, file: EvidenceFile) -> Path:
    return stores.settings.evidence_dir / file.case / file.digest


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7])
def test_what_was_added_comes_back_byte_for_byte_and_lies_encrypted(stores: Stores, wulan: Ask, size: int) -> None:
    content = (CONTENT * (size // len(CONTENT) + 1))[:size]

    file = added(stores, wulan, reported(stores, wulan), content)
    opened, pieces = evidence.open_file(stores, wulan, file.id, "to read the calls")

    assert b"".join(pieces) == content
    assert opened.digest == hashlib.sha256(content).hexdigest()
    assert opened.size == size
    assert b"PHONE" not in on_disk(stores, file).read_bytes()
    assert on_disk(stores, file).stat().st_mode & 0o077 == 0


def test_every_hand_stands_in_the_custody_log_with_its_reason(stores: Stores, wulan: Ask) -> None:
    file = added(stores, wulan, reported(stores, wulan))

    evidence.open_file(stores, wulan, file.id, "to read the calls")
    evidence.verify_file(stores, wulan, file.id)
    custody = evidence.read_dossier(stores, wulan, file.id).custody

    assert [(c.what, c.by, c.why, c.held) for c in custody] == [
        ("verified", "Wulan", "", True),
        ("read", "Wulan", "to read the calls", True),
        ("added", "Wulan", "the skipper's phone", True),
    ]
    with pytest.raises(InvalidInputError) as refused:
        evidence.open_file(stores, wulan, file.id, " ")
    assert "purpose" in refused.value.fields


def test_the_same_file_twice_is_one_copy(stores: Stores, wulan: Ask) -> None:
    report = reported(stores, wulan)

    one, two = added(stores, wulan, report), added(stores, wulan, report, name="again.pdf")

    assert one == two
    assert [f.id for f in reports.read_report(stores, wulan, report).files] == [one.id]
    assert [p.name for p in on_disk(stores, one).parent.iterdir()] == [one.digest]


@pytest.mark.parametrize("damage", ["flip", "cut", "append", "swap", "remove"])
def test_an_altered_file_is_refused_by_name_noted_and_mended_by_adding_it_again(
    stores: Stores, wulan: Ask, damage: str
) -> None:
    content = CONTENT * 20
    file = added(stores, wulan, report := reported(stores, wulan), content)
    path, piece = on_disk(stores, file), PIECE + 28
    sealed = path.read_bytes()
    path.write_bytes(
        {
            "flip": sealed[:500] + bytes([sealed[500] ^ 1]) + sealed[501:],
            "cut": sealed[:piece],
            "append": sealed + sealed[-100:],
            "swap": sealed[piece : 2 * piece] + sealed[:piece] + sealed[2 * piece :],
            "remove": b"",
        }[damage]
    )

    with pytest.raises(IntegrityError, match="hash differs"):
        evidence.open_file(stores, wulan, file.id, "to read the calls")
    last = stores.audit.events(object=file.id, tag=AuditTag.EVIDENCE_READ.value)[0]
    custody = evidence.read_dossier(stores, wulan, file.id).custody
    added(stores, wulan, report, content)

    assert (last.outcome, last.details["held"]) == (Outcome.REFUSED, False)
    assert [c.held for c in custody] == [False, True]
    assert b"".join(evidence.open_file(stores, wulan, file.id, "again")[1]) == content


def test_an_empty_file_one_over_the_limit_and_one_without_a_reason_leave_nothing(stores: Stores, wulan: Ask) -> None:
    report = reported(stores, wulan)
    large = Endless(MOST_BYTES + 1)

    for content, why, field in ((io.BytesIO(b""), "x", "file"), (large, "x", "file"), (io.BytesIO(b"a"), "", "why")):
        with pytest.raises(InvalidInputError) as refused:
            evidence.add_file(stores, wulan, report, "a.pdf", content, why)
        assert field in refused.value.fields

    assert reports.read_report(stores, wulan, report).files == []


def test_a_hundred_megabytes_pass_through_in_little_memory(stores: Stores, wulan: Ask) -> None:
    report = reported(stores, wulan)
    tracemalloc.start()

    file = evidence.add_file(stores, wulan, report, "disk.zip", Endless(MOST_BYTES), "image")
    size = sum(len(piece) for piece in evidence.open_file(stores, wulan, file.id, "to look at it")[1])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert size == MOST_BYTES
    assert peak < 16 * PIECE


def test_a_hidden_reports_file_looks_like_nothing(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    file = added(stores, wulan, report := reported(stores, wulan))
    colleague = officer(stores, "dewi", "tip", "XA", Role.CONTRIBUTE)
    messages = set()

    for ask in (prasert, colleague):
        for which, behind in ((file.id, report), ("0" * 32, "0" * 32)):
            for refused in asked(stores, ask, which, behind):
                with pytest.raises(NotFoundError) as nothing:
                    refused()
                messages.add(str(nothing.value))

    assert len(messages) == 1
    with pytest.raises(ForbiddenError):
        evidence.add_file(stores, replace(wulan, officer=replace(wulan.officer, roles=frozenset({Role.ANALYST}))), report,
                          "n", io.BytesIO(b"a"), "why")  # fmt: skip


def test_a_crash_between_folder_and_graph_leaves_no_name_without_bytes(
    stores: Stores, wulan: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = reported(stores, wulan)

    def crash(*_: object) -> None:
        raise UnavailableError("the graph store does not answer")

    with monkeypatch.context() as patched:
        patched.setattr("jpa.graph.evidence.add_tx", crash)
        with pytest.raises(UnavailableError):
            added(stores, wulan, report)
    nothing = reports.read_report(stores, wulan, report).files
    file = added(stores, wulan, report)

    assert nothing == []
    assert b"".join(evidence.open_file(stores, wulan, file.id, "why")[1]) == CONTENT


def test_name_reason_and_purpose_never_name_a_victim(stores: Stores, wulan: Ask) -> None:
    victim = TypedVictim({"name": ["Zarinah Canarywala"]}, {})
    report = reported(stores, wulan, "T-1", victim)

    file = evidence.add_file(
        stores, wulan, report, "../Zarinah Canarywala.pdf", io.BytesIO(b"a"), "Zarinah Canarywala's phone"
    )
    evidence.open_file(stores, wulan, file.id, "to find zarinah canarywala")

    assert file.name == "[victim V-1].pdf"
    assert file.why == "[victim V-1]'s phone"
    assert evidence.read_dossier(stores, wulan, file.id).custody[0].why == "to find [victim V-1]"
    assert all("anary" not in e.purpose for e in stores.audit.events(object=file.id))


@pytest.mark.parametrize(
    ("typed", "plain", "ending"),
    [
        ("C:\\Users\\me\\list.XLSX", "list.XLSX", "xlsx"),
        ("../../etc/passwd", "passwd", "bin"),
        ('a"b\r\nSet-Cookie: x.html', 'a"bSet-Cookie: x.html', "bin"),
        ("", "file without a name", "bin"),
        ("ရဟိမ်.pdf", "ရဟိမ်.pdf", "pdf"),
    ],
)
def test_a_download_has_a_name_that_is_safe_anywhere(
    stores: Stores, wulan: Ask, typed: str, plain: str, ending: str
) -> None:
    file = added(stores, wulan, reported(stores, wulan), name=typed)

    assert plain_name(typed) == file.name == plain
    assert file.download_name == f"evidence-{file.digest[:16]}.{ending}"
