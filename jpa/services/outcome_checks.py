"""What is odd about outcomes as they are entered or imported: the same questions that the quality list asks later [T6].

Nothing is refused for it. A stage that contradicts another, a day that lies ahead, a code or an article that no list knows: it is
said beside the field while it can still be put right, and kept as typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from jpa.errors import NotFoundError
from jpa.graph import articles, cases, entities, outcomes, retractions
from jpa.graph.rows import Reach, outcome_properties
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.article import ArticleTable
from jpa.model.audit import AuditTag
from jpa.model.catalogue.outcomes import properties_of
from jpa.model.draft import TypedOutcome
from jpa.model.outcome import Outcome
from jpa.model.value_types import Context
from jpa.model.value_types.dates import FUTURE
from jpa.services.ledger import entry_of
from jpa.services.outcome_statements import build
from jpa.services.retractions import standing
from jpa.services.stores import Ask, Event, Stores, found, read
from jpa.statistics.books import Books, Countable, Entry, Surroundings, facts_of
from jpa.statistics.quality import CONTRADICTION, UNMAPPED, open_questions

Odd = Mapping[str, str]
"""Words by field."""
_FIELDS: Final = {CONTRADICTION: "date", UNMAPPED: "article"}
"""Beside which field a question is asked at entry; what is merely missing yet is asked in the quality list alone."""


def check_case_outcomes(
    stores: Stores, ask: Ask, case: str, typed: Sequence[TypedOutcome], corrects: str = ""
) -> dict[str, str]:
    """Say by field what is odd about outcomes of a case before they are saved."""

    def work(tx: Tx, reader: Readership) -> dict[str, str]:
        found(cases.case_tx(tx, reader, case))
        made = [_built(ask, replace(one, case=case), corrects) for one in typed]
        return _told(oddities_tx(tx, reader, ask, case, made))

    return read(stores, ask, Action.RECORD_OUTCOME, Event(AuditTag.OUTCOME_READ, case), work)


def check_own_outcomes(stores: Stores, ask: Ask, jpa: str, typed: Sequence[TypedOutcome]) -> dict[str, str]:
    """Say likewise what is odd about outcomes of the agency under a joint period, without a case."""

    def work(tx: Tx, reader: Readership) -> dict[str, str]:
        if jpa not in reader.jpas:
            raise NotFoundError("There is no such joint period that your state takes part in.")
        return _told(oddities_tx(tx, reader, ask, "", [_built(ask, one, "") for one in typed]))

    return read(stores, ask, Action.REPORT_OUTCOME, Event(AuditTag.OUTCOME_READ, jpa), work)


def oddities_tx(
    tx: Tx, reader: Readership, ask: Ask, case: str, made: Sequence[Outcome], *, assumed: bool = False
) -> list[Odd]:
    """Say of each outcome by field what is odd about it, alone and beside those of its case that stand and may be read.

    With `assumed` it is also said what was only assumed in understanding it: that a day stands first, which era a year is of.
    """
    asked = _asked_tx(tx, reader, ask, case, made) if case and len(made) > 0 else {}
    return [{**_flags(one, assumed=assumed), **asked.get(one.id, {})} for one in made]


def in_force_tx(tx: Tx, entered: Sequence[Outcome]) -> list[Outcome]:
    """Leave out what was retracted or corrected; in the order of their dates."""
    acts = retractions.about_tx(tx, [i for o in entered for i in (o.id, o.report) if i])
    stand = [o for o in entered if standing(acts, o.id, *([o.report] if o.report else [])) is None]
    corrected = {o.supersedes for o in stand}
    return sorted((o for o in stand if o.id not in corrected), key=lambda o: (o.clean("date") or "9999", o.id))


def _built(ask: Ask, typed: TypedOutcome, corrects: str) -> Outcome:
    return build(ask, typed, Context(state=ask.officer.state, today=ask.at.date()), str, None, corrects)


def _told(odd: Sequence[Odd]) -> dict[str, str]:
    """Say once what several persons' entries have in common."""
    told: dict[str, str] = {}
    for one in odd:
        told = {**one, **told}
    return told


def _flags(outcome: Outcome, *, assumed: bool) -> dict[str, str]:
    """Return what the value types say of what was typed; in the order of the form."""
    told = {}
    for prop in properties_of(outcome.type):
        values = outcome.properties.get(prop.name, ())
        flags = [v.flag for v in values if v.flag is not None and (assumed or v.clean is None or FUTURE in v.flag)]
        if len(flags) > 0:
            told[prop.name] = "; ".join(flags)
    return told


def _asked_tx(tx: Tx, reader: Readership, ask: Ask, case: str, made: Sequence[Outcome]) -> dict[str, dict[str, str]]:
    stand = in_force_tx(tx, outcomes.of_case_tx(tx, reader, case))
    listed = {o.id: o for o in (*stand, *made)}
    glances = entities.glances_tx(tx, reader, sorted({o.person for o in listed.values() if o.person}))
    states = {ask.officer.agency: ask.officer.state}

    def entry(outcome: Outcome) -> Entry:
        one = entry_of(outcome_properties(outcome, Reach((case,), ())), states)
        return replace(one, person=glances[outcome.person].id) if outcome.person in glances else one

    facts = facts_of(
        Books.empty().with_entries([entry(o) for o in listed.values()]),
        Countable("", {case}),
        Surroundings(articles=ArticleTable(tuple(articles.articles_tx(tx)))),
    )
    told: dict[str, dict[str, str]] = {}
    for question in open_questions(facts, ask.at.date()):
        for outcome in question.outcomes if question.name in _FIELDS else ():
            told.setdefault(outcome, {})[_FIELDS[question.name]] = f"{question.label}. {question.cure}"
    return told
