"""Open quality questions: what a figure rests on that somebody should complete; nothing is dropped or guessed for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About
from jpa.statistics.dimensions import WHERE
from jpa.statistics.facts import KIND_CODES, KIND_NAMES, NO_DAY, NOBODY, Days, Facts, Keys, Mask, day_of
from jpa.statistics.identities import told_of

STALE_AFTER_MONTHS: Final = 18
"""An arrest without any later stage is asked about after this time, unless another is asked for."""
CONTRADICTION: Final = "contradiction"
UNMAPPED: Final = "article unmapped"
_ORDER: Final = "Compare the dates with the papers: no verdict before its charge, no sentence or appeal before the verdict, no arrest after it."
_DAYS_IN_MONTH: Final = 30.4375
_STAGES: Final = np.array([OUTCOME_KINDS[name].stage for name in KIND_NAMES])
_ARRESTED: Final = OUTCOME_KINDS["arrested"].stage
_CHARGED: Final = OUTCOME_KINDS["charged"].stage
_SENTENCED: Final = OUTCOME_KINDS["sentenced"].stage
_APPEALED: Final = OUTCOME_KINDS["appeal decided"].stage
_CONVICTED: Final = KIND_CODES["convicted"]
_LATE: Final = np.iinfo(np.int32).max
"""Day of a stage that never was."""


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
        (UNMAPPED, "Article in no table", "Add the article to your state's table: until then the offence is unknown.",
         lambda: (facts.columns["article"].codes > 0) & (facts.columns["offence"].codes == 0)),
        ("not understood", "Typed and not understood", "Correct it to a value of its list: until then it counts under unknown.",
         lambda: facts.columns["misread"].codes > 0),
        ("future", "Day lies ahead", "Correct the date: an outcome is entered once it has happened.",
         lambda: (facts.day_from != NO_DAY) & (facts.day_from > day_of(today))),
        (CONTRADICTION, "Later stage before an earlier one", _ORDER, lambda: _contradictions(facts)),
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
    """Mark outcomes that ended before an earlier stage can have begun, and arrests that began after the verdict was over.

    A charge that is named is compared with itself; what names none (most sentences and appeals) with all charges of its person
    and case. Of a stage that was reached twice the first counts: a charge is amended, and a retrial brings a second verdict.
    """
    dated = (facts.person != NOBODY) & (facts.day_from != NO_DAY)
    whose = _numbered(facts.person, facts.columns["case"].codes.astype(np.int64))
    named = dated & (facts.charge != NOBODY) & told_of(facts.columns)
    charge = np.where(facts.charge == NOBODY, 0, facts.charge)
    of_charge = _too_early(facts, charge, named, named)
    of_person = _too_early(facts, whose, dated, dated & ~named)
    return of_charge | of_person | _too_late(facts, whose, dated)


def _numbered(person: Keys, case: Keys) -> Keys:
    """Number each person in each case."""
    pair = person * (int(case.max(initial=0)) + 1) + case
    number: Keys = np.unique(pair, return_inverse=True)[1].astype(np.int64)
    return number


def _firsts(group: Keys, days: Days, rows: Mask) -> Days:
    """Return for each group the first of these days; `_LATE` where it has none."""
    first = np.full(int(group.max(initial=0)) + 1, _LATE, dtype=np.int32)
    np.minimum.at(first, group[rows], days[rows])
    return first


def _too_early(facts: Facts, group: Keys, known: Mask, asked: Mask) -> Mask:
    stage = _STAGES[facts.kind]
    marked = np.zeros(len(facts), dtype=np.bool_)
    for earlier in range(_CHARGED, _APPEALED):
        began = _firsts(group, facts.day_from, known & (stage == earlier))[group]
        later = asked & (stage > earlier)
        if earlier == _SENTENCED:
            later &= stage != _APPEALED  # an acquittal is appealed without any sentence, and an appeal may bring one
        marked |= later & (began != _LATE) & (facts.day_to < began)
    return marked


def _too_late(facts: Facts, whose: Keys, dated: Mask) -> Mask:
    arrested = dated & (_STAGES[facts.kind] == _ARRESTED)
    over = _firsts(whose, facts.day_to, dated & (facts.kind == _CONVICTED))[whose]
    # Who was in custody before the verdict may be arrested again after it.
    first = _firsts(whose, facts.day_from, arrested)[whose]
    late: Mask = arrested & (first > over)
    return late


def _stale(facts: Facts, day: int) -> Mask:
    """Mark arrests up to a day of persons whom no later stage speaks of."""
    stage = _STAGES[facts.kind]
    known = facts.person != NOBODY
    gone_on = np.unique(facts.person[known & (stage > _ARRESTED)])
    arrested = (stage == _ARRESTED) & known & (facts.day_to != NO_DAY) & (facts.day_to <= day)
    stale: Mask = arrested & ~np.isin(facts.person, gone_on)
    return stale
