"""Outcomes: record what a court or an officer did, correct it by a later entry, list a case's ledger [C4, C5].

Whatever is odd about an outcome (a verdict before its charge, a day that lies ahead, an article that no table knows) is kept and
flagged, never dropped and never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from jpa.errors import ConflictError, InvalidInputError, NotFoundError
from jpa.graph import cases, entities, outcomes, retractions, sealing
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Case
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, About, OutcomeKind, properties_of
from jpa.model.draft import TypedOutcome
from jpa.model.ids import derived_id, new_id
from jpa.model.outcome import Outcome
from jpa.model.record import Properties
from jpa.model.redaction import Redact, redact_typed
from jpa.model.retraction import Retraction
from jpa.model.value_types import Context
from jpa.services.cases import writing
from jpa.services.retractions import standing
from jpa.services.stores import Ask, Event, Stores, found, read, write

MOST_OUTCOMES: Final = 1000
"""Outcomes of one transaction."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One outcome as a page shows it."""

    outcome: Outcome
    person: str
    """Caption of the person's record; empty where there is none that may be read."""
    corrected: bool
    """A later entry that stands supersedes it."""
    retraction: Retraction | None

    @property
    def in_force(self) -> bool:
        """Whether it counts."""
        return not self.corrected and self.retraction is None


def record_outcomes(stores: Stores, ask: Ask, typed: Sequence[TypedOutcome]) -> list[Outcome]:
    """Append outcomes of one case, or of the agency under one joint period; a problem in any of them saves none."""
    _check_all(typed)
    case_id, jpa = typed[0].case, typed[0].jpa
    action = Action.RECORD_OUTCOME if case_id else Action.REPORT_OUTCOME

    def work(tx: Tx, reader: Readership, _: object) -> list[Outcome]:
        case = _place(tx, reader, case_id, jpa)
        made = [_build(tx, stores, reader, ask, one, "") for one in typed]
        outcomes.add_tx(tx, [(one, _reach(one, source, ask, case)) for one, source in zip(made, typed, strict=True)])
        return made

    details = {"outcomes": len(typed), "kinds": sorted({one.kind for one in typed})}
    return write(stores, ask, action, Event(AuditTag.OUTCOME_RECORDED, case_id or jpa, details), work)


def correct_outcome(stores: Stores, ask: Ask, outcome: str, typed: TypedOutcome) -> Outcome:
    """Supersede an outcome by what is true; the old one stays as history, and comes back if the correction is retracted."""
    _check_all([typed])

    def work(tx: Tx, reader: Readership, _: object) -> Outcome:
        old = found(outcomes.outcome_tx(tx, reader, outcome))
        case = _place(tx, reader, old.case, old.jpa)
        if any(
            line.outcome.id == old.id and not line.in_force for line in _lines(tx, reader, _beside(tx, reader, old))
        ):
            raise ConflictError("This outcome was corrected or retracted already. Open the page again to see it.")
        placed = replace(typed, case=old.case, jpa=old.jpa)
        made = _build(tx, stores, reader, ask, placed, old.id)
        outcomes.add_tx(tx, [(made, _reach(made, placed, ask, case))])
        return made

    return write(stores, ask, Action.RECORD_OUTCOME, Event(AuditTag.OUTCOME_CORRECTED, outcome), work)


def case_ledger(stores: Stores, ask: Ask, case: str) -> tuple[Case, list[LedgerLine]]:
    """Read the outcomes of a case, in the order of their dates, corrected and retracted ones too."""

    def work(tx: Tx, reader: Readership) -> tuple[Case, list[LedgerLine]]:
        this = found(cases.case_tx(tx, reader, case))
        return this, _lines(tx, reader, outcomes.of_case_tx(tx, reader, case))

    return read(stores, ask, Action.READ, Event(AuditTag.OUTCOME_READ, case), work)


def agency_ledger(stores: Stores, ask: Ask, jpa: str) -> list[LedgerLine]:
    """Read what the own agency reported under a joint period without a case."""

    def work(tx: Tx, reader: Readership) -> list[LedgerLine]:
        _require_part(reader, jpa)
        return _lines(tx, reader, outcomes.of_agency_tx(tx, reader, jpa))

    return read(stores, ask, Action.READ, Event(AuditTag.OUTCOME_READ, jpa), work)


def _beside(tx: Tx, reader: Readership, outcome: Outcome) -> list[Outcome]:
    if outcome.case:
        return outcomes.of_case_tx(tx, reader, outcome.case)
    return outcomes.of_agency_tx(tx, reader, outcome.jpa)


def _lines(tx: Tx, reader: Readership, found_outcomes: Sequence[Outcome]) -> list[LedgerLine]:
    glances = entities.glances_tx(tx, reader, sorted({o.person for o in found_outcomes if o.person}))
    acts = retractions.about_tx(tx, [i for o in found_outcomes for i in (o.id, o.report) if i])
    withdrawn = {o.id: standing(acts, o.id, *([o.report] if o.report else [])) for o in found_outcomes}
    corrected = {o.supersedes for o in found_outcomes if o.supersedes and withdrawn[o.id] is None}
    lines = [
        LedgerLine(o, glances[o.person].caption if o.person in glances else "", o.id in corrected, withdrawn[o.id])
        for o in found_outcomes
    ]
    return sorted(lines, key=lambda line: (line.outcome.clean("date") or "9999", line.outcome.id))


def _place(tx: Tx, reader: Readership, case: str, jpa: str) -> Case | None:
    """Return the case that the officer adds to; None for the agency's own ledger under a joint period."""
    if case:
        return writing(tx, reader, case)
    _require_part(reader, jpa)
    return None


def _require_part(reader: Readership, jpa: str) -> None:
    if jpa not in reader.jpas:
        raise NotFoundError("There is no such joint period that your state takes part in.")


def _build(tx: Tx, stores: Stores, reader: Readership, ask: Ask, typed: TypedOutcome, supersedes: str) -> Outcome:
    _require_readable(tx, reader, typed)
    context = Context(state=ask.officer.state, today=ask.at.date())
    redact = stores.vault.redactor(typed.case) if typed.case else str
    return Outcome(
        id=derived_id(ask.at, "outcome", typed.source_key) if typed.source_key else new_id(ask.at),
        kind=typed.kind,
        agency=ask.officer.agency,
        case=typed.case,
        jpa=typed.jpa,
        properties=_understood(OUTCOME_KINDS[typed.kind], typed.properties, context, redact),
        person=typed.person,
        victim=typed.victim,
        report=typed.report,
        officer=ask.officer.id,
        entered=ask.at,
        supersedes=supersedes,
        source_key=typed.source_key,
    )


def _understood(kind: OutcomeKind, typed: Mapping[str, Sequence[str]], context: Context, redact: Redact) -> Properties:
    declared = {p.name: p.type for p in properties_of(kind)}
    said = redact_typed(typed, redact)
    cleaned = {n: tuple(declared[n].clean(v, context) for v in values if v.strip() != "") for n, values in said.items()}
    return {name: values for name, values in cleaned.items() if len(values) > 0}


def _require_readable(tx: Tx, reader: Readership, typed: TypedOutcome) -> None:
    problems = {}
    if typed.person and (person := entities.record_tx(tx, reader, typed.person)) is None:
        problems["person"] = "There is no such record that you may read; choose the person again."
    elif typed.person and person is not None and person.type != "Person":
        problems["person"] = "An outcome speaks of a person; choose a person's record."
    if typed.victim and (victim := sealing.victim_tx(tx, reader, typed.victim)) is None:
        problems["victim"] = "There is no such coded victim in this case; choose again."
    elif typed.victim and victim is not None and victim["case"] != typed.case:
        problems["victim"] = "That coded victim belongs to another case."
    if typed.report and ((report := cases.report_tx(tx, reader, typed.report)) is None or report.case != typed.case):
        problems["report"] = "There is no such report in this case; choose again."
    if len(problems) > 0:
        raise InvalidInputError("The outcome was not saved; what you typed is still here.", problems)


def _reach(outcome: Outcome, typed: TypedOutcome, ask: Ask, case: Case | None) -> Reach:
    of = case.id if case is not None else ""
    audience = typed.marking.audience(agency=ask.officer.agency, state=ask.officer.state, case=of)
    return Reach((outcome.compartment,), tuple(audience))


def _check_all(typed: Sequence[TypedOutcome]) -> None:
    if not 0 < len(typed) <= MOST_OUTCOMES:
        raise InvalidInputError("Nothing was saved.", {"outcomes": f"Enter between one and {MOST_OUTCOMES} at a time."})
    if len({(one.case, one.jpa) for one in typed}) > 1:
        raise InvalidInputError(
            "Nothing was saved.", {"case": "Enter outcomes of one case, or of one joint period, at a time."}
        )
    problems: dict[str, str] = {}
    for number, one in enumerate(typed, start=1):
        at = f"row {number}: " if len(typed) > 1 else ""
        problems |= {at + name: words for name, words in _problems(one).items()}
    if len(problems) > 0:
        raise InvalidInputError("The outcome was not saved; what you typed is still here.", problems)


def _problems(typed: TypedOutcome) -> dict[str, str]:
    kind = OUTCOME_KINDS.get(typed.kind)
    if kind is None:
        return {"kind": f"{typed.kind!r} is no kind of outcome; choose one of {', '.join(OUTCOME_KINDS)}."}
    problems = {}
    if typed.case == "" and not (kind.without_case and typed.jpa):
        problems["case"] = f"“{kind.label}” belongs to a case; choose the case."
    declared = {p.name: p for p in properties_of(kind)}
    for name, values in typed.properties.items():
        said = [v for v in values if v.strip() != ""]
        if name not in declared:
            problems[name] = f"“{kind.label}” has no {name!r}; remove it or choose another kind."
        elif len(said) > 1 and not declared[name].multiple:
            problems[name] = f"{declared[name].label} takes one value."
    problems |= {
        p.name: f"{p.label} is needed for “{kind.label}”."
        for p in declared.values()
        if p.required and all(v.strip() == "" for v in typed.properties.get(p.name, ()))
    }
    if typed.person and kind.about not in {About.PERSON, About.CHARGE}:
        problems["person"] = f"“{kind.label}” speaks of no person; leave the person empty."
    if typed.victim and kind.about is not About.VICTIM:
        problems["victim"] = f"“{kind.label}” speaks of no victim; leave the victim empty."
    return problems
