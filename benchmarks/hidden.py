"""`python -m benchmarks.hidden`: can what is hidden be told from what is not there by how long the answer takes [S9]?

An officer of another agency asks, as a browser does, for things that are hidden from them and for things that nobody ever entered, in
random order and each once. Reported is by how much the answers differ and how often a hidden one takes longer: half of the time when
there is nothing to tell. Writes its section of docs/benchmarks.md.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from flask.testing import FlaskClient
from rich.console import Console
from scipy.stats import mannwhitneyu

from benchmarks.figures import REPORT, Figure, seconds, write_report
from benchmarks.visitor import NOW, logged_in, officer, token_of
from jpa.config import load_settings
from jpa.model.case import Agency
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.ids import new_id
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import agencies, cases, reports
from jpa.services.cases import NewCase
from jpa.services.installation import migrate_all, opened
from jpa.services.stores import Ask, Stores

SYLLABLES: Final = ("ba", "do", "fi", "gu", "ka", "le", "mo", "nu", "pe", "ri", "so", "tu", "wa", "yo", "zi", "cha")
SEARCH: Final = "/search "
"""Begins what is searched for, and not opened by its address: names stand in no address."""
UNCOUNTED: Final = 40
"""Requests of each kind before the first that counts: the server compiles what it runs often."""
console: Final = Console(soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Entered:
    """What an agency entered: ids of its cases, reports and people, and the names of others of its people."""

    cases: list[str]
    reports: list[str]
    people: list[str]
    names: list[str]


def main() -> None:
    """Measure on a throw-away home."""
    parser = argparse.ArgumentParser(prog="benchmarks.hidden", description=__doc__)
    parser.add_argument(
        "--requests", type=int, default=300, help="Requests for hidden things of each kind, and as many for none."
    )
    wanted = parser.parse_args().requests + UNCOUNTED
    draw = Random(1)
    with (
        tempfile.TemporaryDirectory(prefix="jpa-bench-") as folder,
        opened(
            load_settings(home=Path(folder), demo=True, neo4j_heap="1g", neo4j_pagecache="512m", ratelimit=False)
        ) as here,
    ):
        migrate_all(here, NOW)
        for agency, state in (("tip", "XA"), ("ucg", "XB")):
            agencies.save_agency(here.stores, Agency(agency, agency, state), NOW)
        owner = officer(here, "owner", "tip", "XA", Role.LEAD, Role.CONTRIBUTE)
        asker = officer(here, "asker", "ucg", "XB", Role.LEAD, Role.CONTRIBUTE)
        hidden = _entered(here.stores, owner, draw, wanted)
        own = _entered(here.stores, asker, draw, wanted)
        client = logged_in(here, "asker")
        nobody = [new_id(NOW) for _ in range(wanted)]
        kinds = (
            ("a case", [f"/cases/{i}" for i in hidden.cases], [f"/cases/{i}" for i in nobody]),
            ("a report", [f"/reports/{i}" for i in hidden.reports], [f"/reports/{i}" for i in nobody]),
            ("a person", [f"/entities/{i}" for i in hidden.people], [f"/entities/{i}" for i in nobody]),
            (
                "a person beside an own one",
                [f"/same/{o}/{i}" for o, i in zip(own.people, hidden.people, strict=True)],
                [f"/same/{o}/{i}" for o, i in zip(own.people, nobody, strict=True)],
            ),
            ("a name in the search", [f"{SEARCH}{n}" for n in hidden.names], [f"{SEARCH}{_name(draw)}" for _ in range(wanted)]),
        )  # fmt: skip
        figures = [_told(what, client, draw, there, none) for what, there, none in kinds]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%d %B %Y}"
    run = f"`python -m benchmarks.hidden` on {machine}: {wanted - UNCOUNTED} requests of each kind, hidden and none in random order"
    write_report(figures, run, REPORT, "Hidden things")
    for one in figures:
        console.print(f"{one.work}: {one.ours} against {one.peer}; {one.ratio}", highlight=False)


def _told(what: str, client: FlaskClient, draw: Random, hidden: Sequence[str], none: Sequence[str]) -> Figure:
    asked = [(page, True) for page in hidden] + [(page, False) for page in none]
    early = asked[:UNCOUNTED] + asked[len(hidden) : len(hidden) + UNCOUNTED]
    counted = asked[UNCOUNTED : len(hidden)] + asked[len(hidden) + UNCOUNTED :]
    draw.shuffle(counted)
    token = token_of(client, "/account")
    for page, _ in early:
        _ask(client, page, token)
    times: dict[bool, list[float]] = {True: [], False: []}
    answers = set()
    for page, there in counted:
        times[there].append(seconds(lambda page=page: answers.add(_ask(client, page, token))))  # type: ignore[misc]  # bound now on purpose
    if len(answers & {200, 404}) != 1 or len(answers) > 1:
        message = f"{what}: answered {answers}"
        raise AssertionError(message)
    test = mannwhitneyu(times[True], times[False])
    longer = float(test.statistic) / (len(times[True]) * len(times[False]))
    ours, theirs = (median(times[there]) * 1000 for there in (True, False))
    return Figure(
        f"{what} that is hidden", f"p50 {ours:.1f} ms", f"one that is not there p50 {theirs:.1f} ms",
        f"{ours - theirs:+.2f} ms; the hidden one took longer in {longer:.0%} (p = {test.pvalue:.2f})", "reported", met=True,
    )  # fmt: skip


def _ask(client: FlaskClient, page: str, token: str) -> int:
    if page.startswith(SEARCH):
        return client.post("/search", data={"words": page.removeprefix(SEARCH), "csrf_token": token}).status_code
    return client.get(page).status_code


def _entered(stores: Stores, ask: Ask, draw: Random, wanted: int) -> Entered:
    """Enter people in cases of a team alone, two to a case and its report."""
    made = Entered([], [], [], [])
    for number in range(wanted):
        case = cases.open_case(stores, ask, NewCase(f"{ask.officer.agency}-{number}", "Case")).id
        names = [_name(draw) for _ in range(2)]
        people = [
            TypedRecord(str(n), "Person", {"name": [name], "birthDate": ["1987"]}) for n, name in enumerate(names)
        ]
        typed = TypedReport(case, "Report", f"R-{number}", "2024", Grade("4x4", "B", "2"), Marking(), records=people)
        stated = reports.add_report(stores, ask, typed)
        made.cases.append(case)
        made.reports.append(stated.report.id)
        made.people.append(stated.records[0].id)
        made.names.append(names[1])
    return made


def _name(draw: Random) -> str:
    return " ".join("".join(draw.choices(SYLLABLES, k=3)).title() for _ in range(2))


if __name__ == "__main__":
    main()
