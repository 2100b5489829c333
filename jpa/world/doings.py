"""What agencies did beside arrests and trials: investigations opened, searches, seizures, enquiries, trainings, victims assisted."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from jpa.world.plan import AGENCIES, JPAS, STATE_OF, TODAY, Outcome, Properties, WorldCase, WorldJpa, WorldReport
from jpa.world.region import Region

_SEIZED: Final = (("cash", "4200"), ("device", ""), ("vehicle", "31000"), ("goods", "900"), ("funds", "75600"))
_TOPICS: Final = ("finding forged papers", "interviewing victims", "following money")


def draw_doings(region: Region, cases: Sequence[WorldCase], reports: Sequence[WorldReport]) -> list[Outcome]:
    """Draw it all: the opening of each case first, in the order of the cases."""
    jpas = {jpa.number: jpa for jpa in JPAS}
    came = [_done(case, "investigation opened", date.fromisoformat(case.opened)) for case in cases]
    for case in cases:
        if case.jpa in jpas:
            came += _under(region, case, jpas[case.jpa])
    came += _assisted(region, cases, reports)
    for jpa in JPAS:
        for agency, _, state, _ in AGENCIES:
            if state in jpa.states:
                came += _without_case(region, agency, jpa)
    return came


def _under(region: Region, case: WorldCase, jpa: WorldJpa) -> list[Outcome]:
    draw = region.random
    start = max(case.opened, jpa.start)
    came = [
        _done(case, "search warrant", region.day_between(start, jpa.end), jpa.number) for _ in range(draw.randint(0, 2))
    ]
    for _ in range(draw.randint(0, 2)):
        what, amount = draw.choice(_SEIZED)
        value = {"amount": amount, "currency": "MYR"} if amount else {"quantity": str(draw.randint(1, 9))}
        came.append(_done(case, "seizure", region.day_between(start, jpa.end), jpa.number, what=what, **value))
    partners = [state for state in jpa.states if state != STATE_OF[case.agency]]
    for _ in range(draw.randint(0, 3)):
        day = region.day_between(start, jpa.end)
        came.append(_done(case, "enquiry", day, jpa.number, partner=draw.choice(partners)))
    if region.chance(0.3):
        came.append(_done(case, "vessel seized", region.day_between(start, jpa.end), jpa.number))
    return came


def _assisted(region: Region, cases: Sequence[WorldCase], reports: Sequence[WorldReport]) -> list[Outcome]:
    """Let each victim be assisted within two months, in coded facts alone."""
    of = {case.number: case for case in cases}
    came = []
    for report in reports:
        for _, age, form in report.victims:
            day = date.fromisoformat(report.date) + timedelta(days=region.random.randint(1, 60))
            case = of[report.case]
            sex = region.random.choice(("Feminine", "Masculine"))
            came.append(
                _done(case, "victim assisted", day, case.jpa, ageBand=age, exploitation=form, gender=sex)
            )  # fmt: skip
    return [outcome for outcome in came if outcome.date <= TODAY]


def _without_case(region: Region, agency: str, jpa: WorldJpa) -> list[Outcome]:
    draw = region.random
    partners = [state for state in jpa.states if state != STATE_OF[agency]]
    return [
        _own(region, agency, jpa, "training session", topic=draw.choice(_TOPICS), count=str(draw.randint(1, 3))),
        _own(region, agency, jpa, "officer trained", topic=draw.choice(_TOPICS), count=str(draw.randint(12, 60))),
        _own(region, agency, jpa, "awareness activity", topic="villages on the coast", count=str(draw.randint(2, 12))),
        _own(region, agency, jpa, "intelligence shared", partner=draw.choice(partners), count=str(draw.randint(1, 9))),
        _own(region, agency, jpa, "enquiry", partner=draw.choice(partners), count=str(draw.randint(2, 15))),
    ]


def _done(case: WorldCase, kind: str, day: date, jpa: int = 0, **said: str) -> Outcome:
    told: Properties = {"state": (STATE_OF[case.agency],), **{name: (text,) for name, text in said.items()}}
    return Outcome("", kind, day.isoformat(), "", jpa, case.number, said=told)


def _own(region: Region, agency: str, jpa: WorldJpa, kind: str, **said: str) -> Outcome:
    told: Properties = {"state": (STATE_OF[agency],), **{name: (text,) for name, text in said.items()}}
    day = region.day_between(jpa.start, jpa.end)
    return Outcome("", kind, day.isoformat(), "", jpa.number, "", said=told, agency=agency)
