"""`python -m benchmarks.pages`: the supervisor's pages over a million outcomes that lie in Neo4j, as a browser asks for them.

From log-in to the last byte: session, access, audit, counting and template. Writes its section of docs/benchmarks.md.
"""

import argparse
import os
import platform
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from flask.testing import FlaskClient
from rich.console import Console

from benchmarks.counting import EVENTS
from benchmarks.figures import REPORT, Figure, seconds, write_report
from benchmarks.visitor import NOW, logged_in, officer
from jpa.config import load_settings
from jpa.graph.cypher import upkeep
from jpa.graph.outcomes import ADD
from jpa.model.case import Agency
from jpa.model.draft import TypedOutcome
from jpa.model.officer import Role
from jpa.services import agencies, cases, frames, outcomes
from jpa.services.cases import NewCase
from jpa.services.installation import migrate_all, opened
from jpa.services.stores import Ask, Stores

AT_ONCE: Final = 20_000
"""Outcomes of one transaction while the ledger is filled."""
KINDS: Final = ("arrested", "charged", "charged", "convicted", "convicted", "sentenced", "search warrant", "arrested")
TABLE: Final = "/figures/table?measure=persons_convicted&by=year&by=state&by=offence"
READ: Final = upkeep("MATCH (o:Outcome {id: $id}) RETURN properties(o) AS said")
console: Final = Console(soft_wrap=True)


def main() -> None:
    """Measure on a throw-away home."""
    parser = argparse.ArgumentParser(prog="benchmarks.pages", description=__doc__)
    parser.add_argument("--outcomes", type=int, default=EVENTS)
    wanted = parser.parse_args().outcomes
    with tempfile.TemporaryDirectory(prefix="jpa-bench-") as folder:
        settings = load_settings(home=Path(folder), demo=True, neo4j_heap="2g", neo4j_pagecache="1g")
        with opened(settings) as here:
            migrate_all(here, NOW)
            agencies.save_agency(here.stores, Agency("tip", "Tenggara Immigration Police", "XA"), NOW)
            lead = officer(here, "lead", "tip", "XA", Role.LEAD, Role.CONTRIBUTE)
            registrar = officer(here, "registrar", "tip", "XA", Role.ADMINISTRATOR)
            period = frames.TypedJpa("1", "JPA 1, 2019", "2019-07-01", "2019-12-31", ("XA", "XB", "XC"))
            jpa = frames.create_jpa(here.stores, registrar, period).id
            case = cases.open_case(here.stores, lead, NewCase("T-1", "Benchmark", open_in_agency=True)).id
            _fill(here.stores, lead, case, wanted)
            officer(here, "supervisor", "tip", "XA", Role.SUPERVISOR)
            client = logged_in(here, "supervisor")
            figures = [
                _measured(client, here.stores, lead, case, "dashboard of a joint period", f"/figures/?jpa={jpa}", 1),
                _measured(client, here.stores, lead, case, "table of three dimensions", TABLE, 2),
            ]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {datetime.now(UTC):%d %B %Y}"
    write_report(
        figures, f"`python -m benchmarks.pages` on {machine}: {wanted:,} outcomes in the store", REPORT, "Pages"
    )
    for one in figures:
        console.print(f"{one.work}: {one.ours} (goal: {one.goal})", highlight=False)


def _measured(client: FlaskClient, stores: Stores, lead: Ask, case: str, what: str, page: str, goal: int) -> Figure:
    """Ask for a page: first, again and again, and each time after one more outcome was entered."""
    first = _opened(client, page)
    warm = median(_opened(client, page) for _ in range(10))
    changed = []
    for n in range(3):
        later = replace(lead, at=lead.at + timedelta(seconds=1 + n))
        outcomes.record_outcomes(stores, later, [_typed(case)])
        changed.append(_opened(client, page))
    said = f"{warm:.2f} s warm; {first:.1f} s at first, {median(changed):.1f} s after one more outcome"
    return Figure(what, said, "none", "", f"<= {goal} s warm", warm <= goal)


def _opened(client: FlaskClient, page: str) -> float:
    def ask() -> None:
        answer = client.get(page)
        if answer.status_code != 200:
            raise AssertionError(answer.status)

    return seconds(ask)


def _fill(stores: Stores, lead: Ask, case: str, wanted: int) -> None:
    """Enter one outcome as an officer does, and write the others like it: through the services a million would take hours."""
    [one] = outcomes.record_outcomes(stores, lead, [_typed(case)])
    like = stores.graph.upkeep(lambda tx: tx.run(READ, id=one.id).single(strict=True)["said"])
    draw = Random(1)
    for start in range(0, wanted, AT_ONCE):
        rows = [_row(draw, like, n, wanted) for n in range(start, min(wanted, start + AT_ONCE))]
        stores.graph.upkeep(lambda tx, rows=rows: tx.run(ADD, rows=rows).consume())  # type: ignore[misc]  # bound now on purpose
        console.print(f"{start + len(rows):,} of {wanted:,}", highlight=False)


def _row(draw: Random, like: dict[str, Any], number: int, wanted: int) -> dict[str, Any]:
    said = {
        "date": f"{draw.randrange(2015, 2026)}-{draw.randrange(1, 13):02d}-{draw.randrange(1, 29):02d}",
        "state": draw.choice(("XA", "XB", "XC", "XD")),
        "offence": draw.choice(("0204", "02041", "08051")),
        "sex": draw.choice(("male", "female")),
        "reference": f"R{draw.randrange(wanted // 4)}",
        "charge": str(draw.randrange(4)),
    }
    written = {name: [value] for name, value in said.items()}
    typed = {f"{name}_typed": [value] for name, value in said.items()}
    kept = {name: value for name, value in like.items() if name != "serial"}
    return kept | written | typed | {"id": f"{number:032x}", "kind": draw.choice(KINDS)}


def _typed(case: str) -> TypedOutcome:
    said = {
        "date": ["2024-02-03"], "state": ["XA"], "offence": ["08051"], "sex": ["male"], "reference": ["R-new"], "charge": ["1"],
    }  # fmt: skip
    return TypedOutcome("charged", said, case)


if __name__ == "__main__":
    main()
