"""A package of many records between two installations: how long building and receiving take, and how much memory.

python -m benchmarks.packages --records 100000
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.figures import REPORT, Figure, write_report
from jpa.config import load_settings
from jpa.graph.server import read_run_file
from jpa.model.account import Account
from jpa.model.agreement import Purpose, Way
from jpa.model.case import Agency
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.job import JobState, no_progress
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import (
    agencies,
    agency_keys,
    agreement_drafts,
    cases,
    package_adoption,
    package_inbox,
    package_previews,
    packages,
    reports,
)
from jpa.services.agreement_drafts import TypedAgreement
from jpa.services.cases import NewCase
from jpa.services.installation import Installation, migrate_all, opened
from jpa.services.package_setting import Order
from jpa.services.stores import Ask
from jpa.sharing.pages import PAGE

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD: Final = "correct horse battery staple"  # noqa: S105 -- of a throw-away home
OWN: Final = Agency("tip", "Tenggara Immigration Police", "XA")
PARTNER: Final = Agency("ucg", "Utara Coast Guard", "XB")
PURPOSE: Final = Purpose.SMUGGLING.value
BUILD_SECONDS: Final = 60
RECEIVE_SECONDS: Final = 120
LOOK_SECONDS: Final = 1
PREVIEW_SECONDS: Final = 3
_EACH: Final = 500
"""Records of one report: 300 people, 200 telephones, 300 ties."""
console: Final = Console(soft_wrap=True)


@dataclass(slots=True)
class Measured:
    """What one step took."""

    seconds: float = 0.0
    processor: float = 0.0
    """Seconds of this process on the processor: on a busy machine the steadier figure."""
    server: float = 0.0
    """The same of Neo4j."""
    megabytes: float = 0.0
    """Growth of the process at its peak."""


def main() -> None:
    """Measure on two throw-away homes."""
    parser = argparse.ArgumentParser(prog="benchmarks.packages", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    wanted = parser.parse_args().records
    with tempfile.TemporaryDirectory(prefix="jpa-bench-") as folder:
        home = Path(folder)
        with _installed(home / "sender") as sender, _installed(home / "recipient") as recipient:
            closed, built, signed, leafed = _sent(sender, recipient, wanted, home)
            received, adopted, looked = _received(recipient, sender, closed)
            size = closed.stat().st_size / 1_000_000
    figures = [
        _figure("build a package: decide, write the draft and its pages", built, BUILD_SECONDS),
        _figure("preview it from pages that the worker made: ask, then open the last", leafed, PREVIEW_SECONDS),
        _figure("release it: made again, compared, signed, closed", signed, None),
        _figure("receive it: verify every line, list, write its pages", received, RECEIVE_SECONDS),
        _figure("adopt it into a case", adopted, None),
        _figure("look at its last page of records", looked, LOOK_SECONDS),
    ]
    for one in figures:
        console.print(f"{one.work}: {one.ours} (goal: {one.goal})", highlight=False)
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%d %B %Y}"
    what = f"{wanted:,} records and {wanted * 3 // 5:,} ties, closed file of {size:.1f} MB"
    write_report(figures, f"`python -m benchmarks.packages` on {machine}: {what}", REPORT, "Packages")


def _figure(work: str, one: Measured, goal: int | None) -> Figure:
    ours = f"{one.seconds:.1f} s; processor {one.processor:.1f} s here, {one.server:.1f} s in Neo4j; {one.megabytes:+.0f} MB"
    wanted = "none" if goal is None else f"<= {goal} s"
    return Figure(work, ours, "none", "", wanted, goal is None or one.seconds <= goal)


@contextmanager
def _installed(home: Path) -> Iterator[Installation]:
    home.mkdir()
    with opened(load_settings(home=home, demo=True, neo4j_heap="1g", neo4j_pagecache="512m")) as here:
        migrate_all(here, NOW)
        for agency in (OWN, PARTNER):
            agencies.save_agency(here.stores, agency, NOW)
        yield here


def _sent(
    here: Installation, other: Installation, wanted: int, home: Path
) -> tuple[Path, Measured, Measured, Measured]:
    roles = (Role.LIAISON, Role.LEAD, Role.CONTRIBUTE, Role.SUPERVISOR)
    maker, second = _officer(here, "maker", OWN, *roles), _officer(here, "second", OWN, *roles)
    _pin(here, OWN, other, PARTNER)
    typed = TypedAgreement("Memo", "basis", ("ucg",), (PURPOSE,), (Way.PACKAGE.value,), "2020-01-01", "2090-01-01")
    drafted = agreement_drafts.draft_agreement(here.stores, maker, typed)
    agreement = agreement_drafts.sign_agreement(here.stores, second, drafted.id, "ucg").id
    case = cases.open_case(here.stores, maker, NewCase("T-1", "Benchmark", open_in_agency=True)).id
    _fill(here, maker, case, wanted)
    order = Order(case, "ucg", agreement, PURPOSE)
    with _measured(here) as build:
        draft = packages.draft_package(here.stores, maker, order)
    with _measured(here) as leaf:
        assert package_previews.is_large(here.stores, maker, order)  # noqa: S101 -- else nothing is measured
        job = package_previews.order_preview(here.stores, maker, order)
    package_previews.do_preview(here.stores, maker, job, no_progress)
    here.stores.jobs.end(job.id, JobState.DONE, "", NOW)
    with _measured(here) as look:
        package_previews.read_preview(here.stores, maker, job.id, skip=draft.records - PAGE)
    with _measured(here) as release:
        packages.release_package(here, second, draft.id, PASSWORD, "")
    closed = home / "package.age"
    with closed.open("wb") as out:
        for piece in packages.write_package_file(here.stores, maker, draft.id)[1]:
            out.write(piece)
    return closed, build, release, _both(leaf, look)


def _both(one: Measured, other: Measured) -> Measured:
    spent = one.seconds + other.seconds, one.processor + other.processor, one.server + other.server
    return Measured(*spent, max(one.megabytes, other.megabytes))


def _received(here: Installation, other: Installation, closed: Path) -> tuple[Measured, Measured, Measured]:
    dao = _officer(here, "dao", PARTNER, Role.LIAISON, Role.LEAD, Role.CONTRIBUTE)
    _pin(here, PARTNER, other, OWN)
    case = cases.open_case(here.stores, dao, NewCase("U-1", "Benchmark", open_in_agency=True)).id
    with _measured(here) as receive, closed.open("rb") as stream:
        kept, _new = package_inbox.receive_package(here.stores, dao, stream)
    with _measured(here) as adopt:
        package_adoption.adopt_package(here.stores, dao, kept.id, case, compare=True)
    with _measured(here) as look:
        package_inbox.read_arrived(here.stores, dao, kept.id, skip=kept.records - PAGE)
    return receive, adopt, look


def _fill(here: Installation, ask: Ask, case: str, wanted: int) -> None:
    marking = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",))
    count = max(1, wanted // _EACH)
    typed = [_report(case, marking, n) for n in range(count)]
    for start in range(0, count, 10):
        later = replace(ask, at=NOW - timedelta(days=1, seconds=-start))
        reports.add_reports(here.stores, later, typed[start : start + 10])
    console.print(f"{count * _EACH:,} records stand", highlight=False)


def _report(case: str, marking: Marking, n: int) -> TypedReport:
    people = [
        TypedRecord(f"p{i}", "Person", {"name": [f"Rahim Uddin {n} {i}"], "birthDate": ["1987"], "nationality": ["XA"]})
        for i in range(300)
    ]
    phones = [TypedRecord(f"t{i}", "Phone", {"number": [f"+6681{n:03d}{i:04d}"]}) for i in range(200)]
    links = [TypedLink("USES", f"p{i}", f"t{i % 200}") for i in range(300)]
    return TypedReport(
        case, "Interview", f"R/{n}", "2024-03-12", Grade("4x4", "B", "2"), marking, "Said at the harbour.",
        records=[*people, *phones], links=links,
    )  # fmt: skip


def _officer(here: Installation, login: str, agency: Agency, *roles: Role) -> Ask:
    account: Account = here.accounts.create(
        login=login, name=login.title(), agency=agency.id, state=agency.state, password=PASSWORD, at=NOW,
        roles=frozenset(roles),
    )  # fmt: skip
    agencies.save_officer(here.stores, account.officer, NOW, active=True)
    return Ask(account.officer, NOW)


def _pin(here: Installation, own: Agency, other: Installation, whose: Agency) -> None:
    chief = _officer(here, "chief", own, Role.ADMINISTRATOR)
    card = agency_keys.own_key(other.stores, whose.id, whose.state).card
    agency_keys.pin_key(here.stores, chief, whose.id, card.text)


@contextmanager
def _measured(here: Installation) -> Iterator[Measured]:
    found, before, began = Measured(), _standing(), time.perf_counter()
    spent, served = time.process_time(), _served(here)
    _forget_peak()
    yield found
    found.seconds, found.processor = time.perf_counter() - began, time.process_time() - spent
    found.server = _served(here) - served
    found.megabytes = max(0.0, _peak() - before)


def _served(here: Installation) -> float:
    """Return the seconds that Neo4j has had on the processor."""
    running = read_run_file(here.settings)
    if running is None:
        return 0.0
    fields = Path(f"/proc/{running['pid']}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _forget_peak() -> None:
    """Let the peak of this process begin at what it holds now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> float:
    """Return the most memory that the process has held, in megabytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def _standing() -> float:
    """Return the memory that the process holds now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


if __name__ == "__main__":
    main()
