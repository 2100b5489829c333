"""Open quality questions: what a figure rests on that somebody should complete; nothing is dropped or guessed for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About
from jpa.statistics.dimensions import WHERE
from jpa.statistics.facts import KIND_NAMES, NO_DAY, NOBODY, Facts, Mask, day_of

STALE_AFTER_MONTHS: Final = 18
"""An arrest without any later stage is asked about after this time, unless another is asked for."""
_DAYS_IN_MONTH: Final = 30.4375
_STAGES: Final = np.array([OUTCOME_KINDS[name].stage for name in KIND_NAMES])
_ARRESTED: Final = OUTCOME_KINDS["arrested"].stage
_CHARGED: Final = OUTCOME_KINDS["charged"].stage


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One kind of question with the outcomes that raise it."""

    name: str
    label: str
    cure: str
    """What to do about it, in words."""
    outcomes: tuple[str, ...]


def open_questions(facts: Facts, today: date, months: int = STALE_AFTER_MONTHS) -> list[OpenQuestion]:
    """Ask everything there is to ask, the questions that concern figures most first; those with nothing to ask are left out."""
    asked: list[tuple[str, str, str, Callable[[], Mask]]] = [
        ("no date", "Without a date", "Enter the date, a year alone is enough: without it they fall into no period.",
         lambda: facts.day_from == NO_DAY),
        ("no state", "Without a state", "Enter where it happened: without it they count under unknown.",
         lambda: facts.columns[WHERE].codes == 0),
        ("no person", "Nobody told apart", "Enter the person or the court's reference: otherwise each counts as another person.",
         lambda: _about(facts, About.PERSON, About.CHARGE) & (facts.person == NOBODY)),
        ("no article", "Without an article", "Enter the national article or the ICCS code.",
         lambda: _about(facts, About.CHARGE) & (facts.columns["article"].codes == 0) & (facts.columns["offence"].codes == 0)),
        ("article unmapped", "Article in no table", "Add the article to your state's table: until then the offence is unknown.",
         lambda: (facts.columns["article"].codes > 0) & (facts.columns["offence"].codes == 0)),
        ("future", "Day lies ahead", "Correct the date: an outcome is entered once it has happened.",
         lambda: (facts.day_from != NO_DAY) & (facts.day_from > day_of(today))),
        ("contradiction", "Later stage before an earlier one", "Compare the dates with the papers: a verdict cannot precede its charge.",
         lambda: _contradictions(facts)),
        ("stale arrest", f"Arrested, and nothing after {months} months", "Ask the prosecutor, or enter that the person was let go.",
         lambda: _stale(facts, day_of(today) - round(months * _DAYS_IN_MONTH))),
    ]  # fmt: skip
    found = [OpenQuestion(name, label, cure, _ids(facts, ask())) for name, label, cure, ask in asked]
    return [question for question in found if len(question.outcomes) > 0]


def _ids(facts: Facts, mask: Mask) -> tuple[str, ...]:
    return tuple(i.decode() for i in facts.ids[mask])


def _about(facts: Facts, *subjects: About) -> Mask:
    kinds = np.array([OUTCOME_KINDS[name].about in subjects for name in KIND_NAMES])
    mask: Mask = kinds[facts.kind]
    return mask


def _contradictions(facts: Facts) -> Mask:
    """Mark outcomes that ended before an earlier stage of the same charge can have begun."""
    marked = np.zeros(len(facts), dtype=np.bool_)
    stage = _STAGES[facts.kind]
    rows = np.flatnonzero((facts.charge != NOBODY) & (stage >= _CHARGED) & (facts.day_from != NO_DAY))
    order = rows[np.lexsort((stage[rows], facts.charge[rows]))]
    charge, reached = NOBODY, {0: int(NO_DAY)}
    for row in order.tolist():
        if facts.charge[row] != charge:
            charge, reached = int(facts.charge[row]), {0: int(NO_DAY)}
        here = int(stage[row])
        before = max(day for lower, day in reached.items() if lower < here)
        marked[row] = facts.day_to[row] < before
        reached[here] = max(reached.get(here, int(NO_DAY)), int(facts.day_from[row]))
    return marked


def _stale(facts: Facts, day: int) -> Mask:
    """Mark arrests up to a day of persons whom no later stage speaks of."""
    stage = _STAGES[facts.kind]
    known = facts.person != NOBODY
    gone_on = np.unique(facts.person[known & (stage > _ARRESTED)])
    arrested = (stage == _ARRESTED) & known & (facts.day_to != NO_DAY) & (facts.day_to <= day)
    stale: Mask = arrested & ~np.isin(facts.person, gone_on)
    return stale
