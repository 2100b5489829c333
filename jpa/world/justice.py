"""Arrests, charges and verdicts: they come months and years after the joint period, and persons are not charges."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from jpa.world.law import CHARGES, charged_with
from jpa.world.people import Someone, put_person
from jpa.world.plan import STATE_OF, TODAY, Outcome, Properties, WorldCase, WorldJpa, WorldReport
from jpa.world.region import Page, Region, put_event

COURTS: Final = {
    "XA": "Tenggara High Court", "XB": "Ban Sai Provincial Court", "XC": "Selat Sessions Court", "XD": "Batu District Court",
    "XE": "Ghat Sessions Court",
}  # fmt: skip


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
    reports = [report_arrest(region, trial, number), report_charge(region, trial, number, charged, charges)]
    outcomes = [_outcome(trial, d, "arrested", trial.arrested, "") for d in trial.defendants]
    outcomes += [_outcome(trial, d, "charged", charged, c) for d in trial.defendants for c in charges[d.id]]
    if decided.isoformat() <= TODAY:
        reports.append(report_judgment(region, trial, number, decided, charges))
        for rank, someone in enumerate(trial.defendants):
            stage = "convicted" if rank < trial.convicted else "acquitted"
            outcomes += [_outcome(trial, someone, stage, decided, c) for c in charges[someone.id]]
            if stage == "convicted":
                outcomes.append(_sentence(region, trial, someone, decided, charges[someone.id][0]))
    return reports, outcomes


def report_arrest(region: Region, trial: Trial, number: int) -> WorldReport:
    """Write the arrest record."""
    page = Page(trial.case)
    event = put_event(page, f"arrest {number}", "Arrests", "arrest", trial.arrested, len(trial.defendants))
    for someone in trial.defendants:
        page.tie("TOOK_PART_IN", put_person(region, page, someone, "suspect"), event, {"role": ("arrested",)})
    text = f"{len(trial.defendants)} arrested on {trial.arrested:%d %B %Y}. Rights read, interpreter present."
    return page.report("Arrest record", f"ARR{number}", trial.arrested, "A1", text)


def report_charge(
    region: Region, trial: Trial, number: int, day: date, charges: dict[str, list[str]], text: str = ""
) -> WorldReport:
    """Write the charge sheet."""
    page = Page(trial.case)
    lines = {d.id: put_person(region, page, d, "suspect") for d in trial.defendants}
    for name in sorted({c for found in charges.values() for c in found}):
        event = put_event(page, f"charge {number} {name}", f"Charge: {name}", "charge", day)
        for someone in trial.defendants:
            if name in charges[someone.id]:
                page.tie("TOOK_PART_IN", lines[someone.id], event, {"role": ("defendant",)})
    total = sum(len(found) for found in charges.values())
    told = (
        f"{len(lines)} persons charged with {total} counts. Persons and counts are different figures; do not add them."
    )
    return page.report("Charge sheet", f"CHG{number}", day, "A1", text or told)


def report_judgment(
    region: Region, trial: Trial, number: int, day: date, charges: dict[str, list[str]], text: str = ""
) -> WorldReport:
    """Write the judgment."""
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
    told = (
        f"{trial.convicted} of {len(trial.defendants)} defendants convicted, the others acquitted. The investigation was helped by "
        f"{trial.jpa.name}; the appeal period runs."
    )
    return page.report("Court judgment", f"JDG{number}", day, "A1", text or told)


def _outcome(trial: Trial, someone: Someone, stage: str, day: date, charge: str) -> Outcome:
    said: Properties = {"state": (STATE_OF[trial.case.agency],), "sex": ("male" if someone.sex == "m" else "female",)}
    if charge != "":
        said |= {**charged_with(STATE_OF[trial.case.agency], charge), "court": (COURTS[STATE_OF[trial.case.agency]],)}
    return Outcome(someone.id, stage, day.isoformat(), charge, trial.jpa.number, trial.case.number, said=said)


def _sentence(region: Region, trial: Trial, someone: Someone, day: date, charge: str) -> Outcome:
    made = _outcome(trial, someone, "sentenced", day, charge)
    if region.chance(0.2):
        return replace(made, said={**made.said, "sentence": ("fine",), "amount": ("2500",), "currency": ("MYR",)})
    return replace(
        made, said={**made.said, "sentence": ("imprisonment",), "length": (f"{region.random.randint(2, 14)} years",)}
    )
