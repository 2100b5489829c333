"""Files that come with a report are saved with it or not at all; what a crash left without a report is swept."""

import io
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jpa.errors import ForbiddenError, InvalidInputError, NotFoundError, UnavailableError
from jpa.model.audit import AuditTag
from jpa.model.draft import TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import cases, evidence, reports
from jpa.services.cases import NewCase
from jpa.services.evidence import TypedFile
from jpa.services.evidence_upkeep import sweep_files
from jpa.services.stores import Ask, Stores
from tests.conftest import officer

GRADE = Grade("4x4", "B", "2")
KILLED = """
import io, os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from jpa.config import load_settings
from jpa.graph import evidence as graph
from jpa.model.officer import Officer, Role
from jpa.services import evidence
from jpa.services.installation import opened
from jpa.services.stores import Ask
graph.add_tx = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
lead = Officer("wulan", "wulan", "Wulan", "tip", "XA", frozenset({Role.CONTRIBUTE, Role.LEAD}))
with opened(load_settings(home=Path(sys.argv[1]), demo=True)) as here:
    evidence.add_file(here.stores, Ask(lead, datetime.now(UTC)), sys.argv[2], "a.txt", io.BytesIO(b"orphan" * 99), "why")
"""


def said(case: str, **more: object) -> TypedReport:
    return TypedReport(case, "Phone extraction", "PX-1", "2024", GRADE, Marking(), "Text.", **more)  # type: ignore[arg-type]


def opened(stores: Stores, ask: Ask) -> str:
    return cases.open_case(stores, ask, NewCase("T-1", "Selat crossing")).id


def chosen(*contents: bytes, why: str = "the skipper's phone", name: str = "phone") -> list[TypedFile]:
    return [TypedFile(f"{name}-{i}.pdf", io.BytesIO(content), why) for i, content in enumerate(contents)]


def folder_of(stores: Stores, case: str) -> list[Path]:
    return sorted((stores.settings.evidence_dir / case).glob("*"))


def test_files_are_saved_with_their_report_and_stand_in_the_log_and_in_custody(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)

    made = reports.add_report(stores, wulan, said(case), chosen(b"first", b"second"))
    files = sorted(reports.read_report(stores, wulan, made.report.id).files, key=lambda f: f.name)
    contents = [b"".join(evidence.open_file(stores, wulan, f.id, "to read")[1]) for f in files]
    custody = evidence.read_dossier(stores, wulan, files[0].id).custody
    event = next(e for e in stores.audit.events(tag=AuditTag.REPORT_ADDED.value) if e.outcome is None)

    assert contents == [b"first", b"second"]
    assert [(c.what, c.why) for c in custody] == [("read", "to read"), ("added", "the skipper's phone")]
    assert [(f["evidence"], f["digest"]) for f in event.details["files"]] == [(f.id, f.digest) for f in files]


def test_a_file_that_is_refused_refuses_the_report_and_leaves_nothing(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)

    for files, field in ((chosen(b"good", b""), "phone-1.pdf"), (chosen(b"good", why=" "), "why")):
        with pytest.raises(InvalidInputError) as refused:
            reports.add_report(stores, wulan, said(case), files)
        assert field in " ".join(refused.value.fields)

    assert cases.read_case(stores, wulan, case).report_count == 0
    assert folder_of(stores, case) == []


def test_somebody_who_may_not_write_leaves_no_bytes(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    case = opened(stores, wulan)
    cases.change_case(stores, wulan, case, open_in_agency=True)
    colleague = officer(stores, "dewi", "tip", "XA", Role.CONTRIBUTE)

    for ask, refusal in ((prasert, NotFoundError), (colleague, ForbiddenError)):
        with pytest.raises(refusal):
            reports.add_report(stores, ask, said(case), chosen(b"secret"))

    assert folder_of(stores, case) == []


def test_names_and_reasons_of_files_pass_the_redactor_of_the_victims_entered_with_them(
    stores: Stores, wulan: Ask
) -> None:
    case = opened(stores, wulan)
    typed = said(case, victims=(TypedVictim({"name": ["Zarinah Canarywala"]}, {}),))

    made = reports.add_report(stores, wulan, typed, chosen(b"a", name="zarinah canarywala", why="Canarywala, Zarinah"))
    file = reports.read_report(stores, wulan, made.report.id).files[0]

    assert file.name == "[victim V-1]-0.pdf"
    assert file.why == "[victim V-1]"


def test_a_kill_between_file_and_graph_is_swept_after_a_day_and_not_before(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    made = reports.add_report(stores, wulan, said(case), chosen(b"kept"))
    here = Path(__file__).parents[3]

    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(stores.settings.home), made.report.id],
        env={**os.environ, "PYTHONPATH": str(here)}, cwd="/", check=False,  # noqa: TID251 -- handed on to the process
    )  # fmt: skip
    left = folder_of(stores, case)
    soon = sweep_files(stores, datetime.now(UTC))
    later = sweep_files(stores, datetime.now(UTC) + timedelta(hours=25))
    event = next(e for e in stores.audit.events(tag=AuditTag.EVIDENCE_SWEPT.value) if e.outcome is not None)

    assert killed.returncode == -signal.SIGKILL
    assert len(left) == 2
    assert (soon, later) == (0, 1)
    assert (event.actor, event.details["files"]) == ("owner", 1)
    kept = reports.read_report(stores, wulan, made.report.id).files
    assert [p.name for p in folder_of(stores, case)] == [f.digest for f in kept]
    assert event.details["digests"] == [p.name for p in left if p.name != kept[0].digest]
    assert b"".join(evidence.open_file(stores, wulan, kept[0].id, "why")[1]) == b"kept"


def test_an_orphan_that_is_added_again_is_young_again(
    stores: Stores, wulan: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(stores, wulan)
    report = reports.add_report(stores, wulan, said(case)).report.id

    def crash(*_: object) -> None:
        raise UnavailableError("the graph store does not answer")

    with monkeypatch.context() as patched:
        patched.setattr("jpa.graph.evidence.add_tx", crash)
        with pytest.raises(UnavailableError):
            evidence.add_file(stores, wulan, report, "a", io.BytesIO(b"again"), "why")
    orphan = folder_of(stores, case)[0]
    old = datetime.now(UTC) - timedelta(days=3)
    os.utime(orphan, (old.timestamp(), old.timestamp()))
    before = datetime.now(UTC).timestamp() - 3600
    listed = stores.evidence.older(before)
    stores.evidence.put(case, io.BytesIO(b"again"))

    assert (case, orphan.name) in listed
    assert not stores.evidence.discard(case, orphan.name, before)
    assert orphan.exists()


def test_nothing_is_swept_of_a_case_that_the_graph_does_not_know(stores: Stores, wulan: Ask) -> None:
    elsewhere = stores.settings.evidence_dir / ("e" * 32) / ("f" * 64)
    elsewhere.parent.mkdir(parents=True, exist_ok=True)
    elsewhere.write_bytes(b"of another graph")
    part = stores.settings.evidence_dir / opened(stores, wulan) / f"{'a' * 64}.{'b' * 16}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"cut short")

    swept = sweep_files(stores, datetime.now(UTC) + timedelta(hours=25))
    there = elsewhere.exists()
    elsewhere.unlink()

    assert swept == 1
    assert there
    assert not part.exists()
