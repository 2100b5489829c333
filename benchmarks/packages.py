"""A package of many records between two installations: how long building and receiving take, and how much memory.

python -m benchmarks.packages --records 100000
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console

from jpa.config import load_settings
from jpa.model.account import Account
from jpa.model.agreement import Purpose, Way
from jpa.model.case import Agency
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import (
    agencies,
    agency_keys,
    agreement_drafts,
    cases,
    package_adoption,
    package_inbox,
    packages,
    reports,
)
from jpa.services.agreement_drafts import TypedAgreement
from jpa.services.cases import NewCase
from jpa.services.installation import Installation, migrate_all, opened
from jpa.services.package_setting import Order
from jpa.services.stores import Ask

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD: Final = "correct horse battery staple"  # noqa: S105 -- of a throw-away home
OWN: Final = Agency("tip", "Tenggara Immigration Police", "XA")
PARTNER: Final = Agency("ucg", "Utara Coast Guard", "XB")
PURPOSE: Final = Purpose.SMUGGLING.value
BUILD_SECONDS: Final = 60
RECEIVE_SECONDS: Final = 120
_EACH: Final = 500
"""Records of one report: 300 people, 200 telephones, 300 ties."""
console: Final = Console(soft_wrap=True)


@dataclass(slots=True)
class Measured:
    """What one step took."""

    seconds: float = 0.0
    processor: float = 0.0
    """Seconds of this process on the processor: on a busy machine the steadier figure."""
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
            closed, built, signed = _sent(sender, recipient, wanted, home)
            received, adopted = _received(recipient, sender, closed)
            size = closed.stat().st_size / 1_000_000
    console.print(f"{wanted:,} records, closed file of {size:.1f} MB", highlight=False)
    _tell("build: decide and write the draft", built, BUILD_SECONDS)
    _tell("release: made again, compared, signed, closed", signed, None)
    _tell("receive: verify and list", received, RECEIVE_SECONDS)
    _tell("adopt into a case", adopted, None)


def _tell(name: str, one: Measured, goal: int | None) -> None:
    wanted = "" if goal is None else f" (goal {goal} s)"
    ours = f"{one.processor:.1f} s of them on our processor"
    console.print(f"{name}: {one.seconds:.1f} s{wanted}, {ours}, {one.megabytes:+.0f} MB at the peak", highlight=False)


@contextmanager
def _installed(home: Path) -> Iterator[Installation]:
    home.mkdir()
    with opened(load_settings(home=home, demo=True, neo4j_heap="1g", neo4j_pagecache="512m")) as here:
        migrate_all(here, NOW)
        for agency in (OWN, PARTNER):
            agencies.save_agency(here.stores, agency, NOW)
        yield here


def _sent(here: Installation, other: Installation, wanted: int, home: Path) -> tuple[Path, Measured, Measured]:
    roles = (Role.LIAISON, Role.LEAD, Role.CONTRIBUTE, Role.SUPERVISOR)
    maker, second = _officer(here, "maker", OWN, *roles), _officer(here, "second", OWN, *roles)
    _pin(here, OWN, other, PARTNER)
    typed = TypedAgreement("Memo", "basis", ("ucg",), (PURPOSE,), (Way.PACKAGE.value,), "2020-01-01", "2090-01-01")
    drafted = agreement_drafts.draft_agreement(here.stores, maker, typed)
    agreement = agreement_drafts.sign_agreement(here.stores, second, drafted.id, "ucg").id
    case = cases.open_case(here.stores, maker, NewCase("T-1", "Benchmark", open_in_agency=True)).id
    _fill(here, maker, case, wanted)
    order = Order(case, "ucg", agreement, PURPOSE)
    with _measured() as build:
        draft = packages.draft_package(here.stores, maker, order)
    with _measured() as release:
        packages.release_package(here, second, draft.id, PASSWORD, "")
    closed = home / "package.age"
    with closed.open("wb") as out:
        for piece in packages.write_package_file(here.stores, maker, draft.id)[1]:
            out.write(piece)
    return closed, build, release


def _received(here: Installation, other: Installation, closed: Path) -> tuple[Measured, Measured]:
    dao = _officer(here, "dao", PARTNER, Role.LIAISON, Role.LEAD, Role.CONTRIBUTE)
    _pin(here, PARTNER, other, OWN)
    case = cases.open_case(here.stores, dao, NewCase("U-1", "Benchmark", open_in_agency=True)).id
    with _measured() as receive, closed.open("rb") as stream:
        kept, _new = package_inbox.receive_package(here.stores, dao, stream)
    with _measured() as adopt:
        package_adoption.adopt_package(here.stores, dao, kept.id, case, compare=True)
    return receive, adopt


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
def _measured() -> Iterator[Measured]:
    found, before, began, spent = Measured(), _standing(), time.perf_counter(), time.process_time()
    yield found
    found.seconds, found.processor = time.perf_counter() - began, time.process_time() - spent
    found.megabytes = max(0.0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before)


def _standing() -> float:
    """Return the memory that the process holds now, in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


if __name__ == "__main__":
    main()
