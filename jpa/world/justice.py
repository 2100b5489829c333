"""Arrests, charges and verdicts: they come months and years after the joint period, and persons are not charges."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from jpa.world.people import Someone, draw_person, put_person
from jpa.world.plan import TODAY, Outcome, WorldCase, WorldJpa, WorldReport
from jpa.world.region import Page, Region, put_event

CHARGES: Final = (
    "bringing migrants across the border for gain", "conduct endangering lives", "holding persons for ransom", "forgery of travel papers",
    "money laundering", "membership of a criminal group", "bribery of an officer", "carrying passengers without a licence",
    "concealing persons from inspection", "assault", "unlawful use of a vessel", "harbouring", "obstruction",
)  # fmt: skip
"""Thirteen kinds of charge; one person can face several."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One prosecution: who stood trial in which case, and the joint period that moved it."""

    case: WorldCase
    jpa: WorldJpa
    defendants: tuple[Someone, ...]
    arrested: date
    convicted: int
    """How many of the defendants were found guilty of at least one charge."""


def draw_trial(region: Region, case: WorldCase, jpa: WorldJpa, members: Sequence[Someone]) -> Trial:
    """Draw who of a network is brought to court."""
    draw = region.random
    defendants = tuple(draw.sample(list(members), draw.randint(2, max(2, len(members) - 2))))
    arrested = region.day_between(jpa.start, jpa.end) + timedelta(days=draw.randint(0, 40))
    return Trial(case, jpa, defendants, arrested, draw.randint(1, len(defendants)))


def report_trial(region: Region, trial: Trial, number: int) -> tuple[list[WorldReport], list[Outcome]]:
    """Write arrest record, charge sheet and judgment; a verdict that lies ahead of today is not written yet."""
    charges = {d.id: region.random.sample(CHARGES, region.random.randint(1, 4)) for d in trial.defendants}
    charged = trial.arrested + timedelta(days=region.random.randint(80, 200))
    decided = date.fromisoformat(trial.jpa.end) + timedelta(days=region.random.randint(18 * 30 + 8, 30 * 30))
    reports = [_arrest(region, trial, number), _charge(region, trial, number, charged, charges)]
    outcomes = [_outcome(trial, d, "arrested", trial.arrested, "") for d in trial.defendants]
    outcomes += [_outcome(trial, d, "charged", charged, c) for d in trial.defendants for c in charges[d.id]]
    if decided.isoformat() <= TODAY:
        reports.append(_judgment(region, trial, number, decided, charges))
        for rank, someone in enumerate(trial.defendants):
            stage = "convicted" if rank < trial.convicted else "acquitted"
            outcomes += [_outcome(trial, someone, stage, decided, c) for c in charges[someone.id]]
    return reports, outcomes


def old_camp(region: Region, case: WorldCase, jpa: WorldJpa) -> tuple[Trial, list[WorldReport]]:
    """Write the investigation that no date explains: begun before joint period 1, moved by it, judged two years later."""
    people = tuple(draw_person(region, "XA") for _ in range(11))
    reports: list[WorldReport] = []
    for day, title, some, text in (
        (date(2020, 11, 19), "Seizure list", people[:3], "Graves and empty pens found on the ridge above Bukit Lama. Ledgers with sums and first names, a radio, two phones. The investigation is opened today."),
        (date(2021, 1, 28), "Interview", people[2:6], "A cook from the camp names the men who carried the ransom calls. He will not sign."),
        (date(2021, 4, 14), "Call records", people[4:9], "Utara answers the request made under the joint period: the ransom numbers were topped up in one shop in Ban Sai. Selatan finds the account that took the money."),
        (date(2021, 5, 30), "Surveillance log", people[7:], "Agreed at the mid-point meeting of the joint period: four houses in two states are watched in one night."),
    ):  # fmt: skip
        page = Page(case)
        lines = [put_person(region, page, someone, "suspect") for someone in some]
        for left, right in pairwise(lines):
            page.tie("ASSOCIATE_OF", left, right, {"date": (day.isoformat(),)})
        reports.append(page.report(title, f"R{len(reports) + 1}", day, "B2", text))
    return Trial(case, jpa, people, date(2021, 6, 11), 7), reports


def _arrest(region: Region, trial: Trial, number: int) -> WorldReport:
    page = Page(trial.case)
    event = put_event(page, f"arrest {number}", "Arrests", "arrest", trial.arrested, len(trial.defendants))
    for someone in trial.defendants:
        page.tie("TOOK_PART_IN", put_person(region, page, someone, "suspect"), event, {"role": ("arrested",)})
    text = f"{len(trial.defendants)} arrested on {trial.arrested:%d %B %Y}. Rights read, interpreter present."
    return page.report("Arrest record", f"ARR{number}", trial.arrested, "A1", text)


def _charge(region: Region, trial: Trial, number: int, day: date, charges: dict[str, list[str]]) -> WorldReport:
    page = Page(trial.case)
    lines = {d.id: put_person(region, page, d, "suspect") for d in trial.defendants}
    for name in sorted({c for found in charges.values() for c in found}):
        event = put_event(page, f"charge {number} {name}", f"Charge: {name}", "charge", day)
        for someone in trial.defendants:
            if name in charges[someone.id]:
                page.tie("TOOK_PART_IN", lines[someone.id], event, {"role": ("defendant",)})
    total = sum(len(found) for found in charges.values())
    text = (
        f"{len(lines)} persons charged with {total} counts. Persons and counts are different figures; do not add them."
    )
    return page.report("Charge sheet", f"CHG{number}", day, "A1", text)


def _judgment(region: Region, trial: Trial, number: int, day: date, charges: dict[str, list[str]]) -> WorldReport:
    page = Page(trial.case)
    event = put_event(page, f"verdict {number}", f"Verdict of {day:%d %B %Y}", "verdict", day, len(trial.defendants))
    for rank, someone in enumerate(trial.defendants):
        role = "convicted" if rank < trial.convicted else "acquitted"
        count = str(len(charges[someone.id]))
        page.tie(
            "TOOK_PART_IN",
            put_person(region, page, someone, "suspect"),
            event,
            {"role": (role,), "description": (f"{count} counts",)},
        )
    text = (
        f"{trial.convicted} of {len(trial.defendants)} defendants convicted, the others acquitted. The investigation was helped by "
        f"{trial.jpa.name}; the appeal period runs."
    )
    return page.report("Court judgment", f"JDG{number}", day, "A1", text)


def _outcome(trial: Trial, someone: Someone, stage: str, day: date, charge: str) -> Outcome:
    return Outcome(someone.id, stage, day.isoformat(), charge, trial.jpa.number, trial.case.number)
