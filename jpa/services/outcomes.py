"""Outcomes: record what a court or an officer did, correct it by a later entry, list a case's ledger [C4, C5].

Whatever is odd about an outcome (a verdict before its charge, a day that lies ahead, an article that no table knows) is kept and
flagged, never dropped and never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from jpa.errors import ConflictError, InvalidInputError, NotFoundError
from jpa.graph import cases, entities, outcomes, roles, sealing, teams
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership, can
from jpa.model.audit import AuditTag
from jpa.model.case import Case, CaseState, leads_of
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, OutcomeKind
from jpa.model.draft import TypedOutcome
from jpa.model.outcome import Outcome
from jpa.model.retraction import Retraction
from jpa.model.value_types import Context
from jpa.services.cases import writing
from jpa.services.entries import fates_tx
from jpa.services.grant_ceilings import require_below_tx
from jpa.services.outcome_statements import build, check
from jpa.services.stores import Ask, Event, Stores, found, read, require, write


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One outcome as a page shows it."""

    outcome: Outcome
    person: str
    """Caption of the person's record; empty where there is none that may be read."""
    corrected: bool
    """A later entry that stands supersedes it."""
    retraction: Retraction | None
    victim: str = ""
    """Pseudonym of the coded victim."""
    by: str = ""
    """Who entered it."""
    correction: Outcome | None = None
    """The later entry that stands in its place."""
    corrected_by: str = ""
    acts: Sequence[Retraction] = ()
    """Every retraction of it, undone ones too."""

    @property
    def in_force(self) -> bool:
        """Whether it counts."""
        return not self.corrected and self.retraction is None


@dataclass(frozen=True, slots=True)
class CaseLedger:
    """The ledger of a case as its page shows it."""

    case: Case
    lines: Sequence[LedgerLine]
    may_write: bool
    leads: bool
    """Whether the officer is a lead on the team."""


@dataclass(frozen=True, slots=True)
class KindCount:
    """How often a kind stands in a ledger."""

    kind: OutcomeKind
    entries: int
    total: int
    """With those that were entered as a number."""


def counts_of(lines: Sequence[LedgerLine]) -> list[KindCount]:
    """Count what stands in a ledger by kind, in the order of the chain."""
    totals: dict[str, list[int]] = {}
    for line in lines:
        if line.in_force:
            totals.setdefault(line.outcome.kind, []).append(line.outcome.count)
    return [KindCount(k, len(totals[n]), sum(totals[n])) for n, k in OUTCOME_KINDS.items() if n in totals]


def record_outcomes(stores: Stores, ask: Ask, typed: Sequence[TypedOutcome]) -> list[Outcome]:
    """Append outcomes of one case, or of the agency under one joint period; a problem in any of them saves none."""
    check(typed)
    case_id, jpa = typed[0].case, typed[0].jpa
    action = Action.RECORD_OUTCOME if case_id else Action.REPORT_OUTCOME

    def work(tx: Tx, reader: Readership, _: object) -> list[Outcome]:
        case = _place(tx, reader, case_id, jpa)
        _require_confirmed(tx, reader, typed)
        made = [_build(tx, stores, reader, ask, one, "") for one in typed]
        _require_below(tx, case, typed, ask)
        outcomes.add_tx(tx, [(one, _reach(one, source, ask, case)) for one, source in zip(made, typed, strict=True)])
        return made

    details = {"outcomes": len(typed), "kinds": sorted({one.kind for one in typed})}
    return write(stores, ask, action, Event(AuditTag.OUTCOME_RECORDED, case_id or jpa, details), work)


def correct_outcome(stores: Stores, ask: Ask, outcome: str, typed: TypedOutcome) -> Outcome:
    """Supersede an outcome by what is true; the old one stays as history, and comes back if the correction is retracted."""
    # Whose ledger it stands in shows only when it is read; until then either right will do.
    either = Action.RECORD_OUTCOME if can(ask.officer, Action.RECORD_OUTCOME) else Action.REPORT_OUTCOME

    def work(tx: Tx, reader: Readership, _: object) -> Outcome:
        old = found(outcomes.outcome_tx(tx, reader, outcome))
        require(ask, Action.RECORD_OUTCOME if old.case else Action.REPORT_OUTCOME)
        placed = replace(typed, case=old.case, jpa=old.jpa)
        check([placed])
        case = _place(tx, reader, old.case, old.jpa)
        if not lines_tx(tx, reader, [old])[0].in_force:
            raise ConflictError("This outcome was corrected or retracted already. Open the page again to see it.")
        if placed.person != old.person or OUTCOME_KINDS[old.kind].stage == 0:
            _require_confirmed(tx, reader, [placed])
        made = _build(tx, stores, reader, ask, placed, old.id)
        _require_below(tx, case, [placed], ask)
        outcomes.add_tx(tx, [(made, _reach(made, placed, ask, case))])
        return made

    return write(stores, ask, either, Event(AuditTag.OUTCOME_CORRECTED, outcome), work)


def case_ledger(stores: Stores, ask: Ask, case: str) -> tuple[Case, list[LedgerLine]]:
    """Read the outcomes of a case, in the order of their dates, corrected and retracted ones too."""
    ledger = read_case_ledger(stores, ask, case)
    return ledger.case, list(ledger.lines)


def read_case_ledger(stores: Stores, ask: Ask, case: str) -> CaseLedger:
    """Read the ledger of a case with what the officer may do to it."""

    def work(tx: Tx, reader: Readership) -> CaseLedger:
        this = found(cases.case_tx(tx, reader, case))
        lines = lines_tx(tx, reader, outcomes.of_case_tx(tx, reader, case))
        leads = ask.officer.id in leads_of(teams.team_tx(tx, reader, case))
        return CaseLedger(this, lines, case in reader.team and this.status is CaseState.OPEN, leads)

    return read(stores, ask, Action.READ, Event(AuditTag.OUTCOME_READ, case), work)


def read_outcome(stores: Stores, ask: Ask, outcome: str) -> tuple[LedgerLine, Case | None]:
    """Read one outcome and its case."""

    def work(tx: Tx, reader: Readership) -> tuple[LedgerLine, Case | None]:
        this = found(outcomes.outcome_tx(tx, reader, outcome))
        return lines_tx(tx, reader, [this])[0], cases.case_tx(tx, reader, this.case) if this.case else None

    return read(stores, ask, Action.READ, Event(AuditTag.OUTCOME_READ, outcome), work)


def agency_ledger(stores: Stores, ask: Ask, jpa: str) -> list[LedgerLine]:
    """Read what the own agency reported under a joint period without a case."""

    def work(tx: Tx, reader: Readership) -> list[LedgerLine]:
        _require_part(reader, jpa)
        return lines_tx(tx, reader, outcomes.of_agency_tx(tx, reader, jpa))

    return read(stores, ask, Action.READ, Event(AuditTag.OUTCOME_READ, jpa), work)


def lines_tx(tx: Tx, reader: Readership, listed: Sequence[Outcome]) -> list[LedgerLine]:
    """Show outcomes that were read for this reader, in the order of their dates, with what became of them."""
    ids = {o.id for o in listed}
    later = [o for o in outcomes.superseding_tx(tx, reader, sorted(ids)) if o.id not in ids] if listed else []
    glances = entities.glances_tx(tx, reader, sorted({o.person for o in listed if o.person}))
    victims = {
        v["id"]: v["pseudonym"]
        for case in sorted({o.case for o in listed if o.victim})
        for v in sealing.victims_tx(tx, reader, case)
    }
    fates = fates_tx(tx, reader, listed, later)
    lines = [
        LedgerLine(
            outcome=o,
            person=glances[o.person].caption if o.person in glances else "",
            corrected=fate.correction is not None,
            retraction=fate.retraction,
            victim=victims.get(o.victim, ""),
            by=fate.by,
            correction=fate.correction,
            corrected_by=fate.corrected_by,
            acts=fate.acts,
        )
        for o in listed
        for fate in (fates[o.id],)
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
    victim = _require_readable(tx, reader, typed)
    context = Context(state=ask.officer.state, today=ask.at.date())
    redact = stores.vault.redactor(typed.case) if typed.case else str
    return build(ask, typed, context, redact, victim, supersedes)


def _require_confirmed(tx: Tx, reader: Readership, typed: Sequence[TypedOutcome]) -> None:
    """Stop before a smuggled migrant is entered as an offender, until the officer says that it is meant."""
    unsure = [one.person for one in typed if one.person and not one.confirmed and OUTCOME_KINDS[one.kind].stage > 0]
    migrants = roles.migrants_tx(tx, reader, unsure) if len(unsure) > 0 else {}
    if len(migrants) > 0:
        glances = entities.glances_tx(tx, reader, sorted(migrants))
        named = ", ".join(f"{glances[record].caption} ({case})" for record, case in migrants.items())
        problem = (
            f"Entered as a smuggled migrant: {named}. Being smuggled is no offence of theirs. Confirm that you mean it."
        )
        raise InvalidInputError("The outcome was not saved yet; what you typed is still here.", {"confirm": problem})


def _require_readable(tx: Tx, reader: Readership, typed: TypedOutcome) -> Mapping[str, Any] | None:
    """Refuse what the officer may not read; return the coded victim that the outcome speaks of."""
    problems = {}
    victim = sealing.victim_tx(tx, reader, typed.victim) if typed.victim else None
    if typed.person and (person := entities.record_tx(tx, reader, typed.person)) is None:
        problems["person"] = "There is no such record that you may read; choose the person again."
    elif typed.person and person is not None and person.type != "Person":
        problems["person"] = "An outcome speaks of a person; choose a person's record."
    if typed.victim and victim is None:
        problems["victim"] = "There is no such coded victim in this case; choose again."
    elif typed.victim and victim is not None and victim["case"] != typed.case:
        problems["victim"] = "That coded victim belongs to another case."
    if typed.report and ((report := cases.report_tx(tx, reader, typed.report)) is None or report.case != typed.case):
        problems["report"] = "There is no such report in this case; choose again."
    if len(problems) > 0:
        raise InvalidInputError("The outcome was not saved; what you typed is still here.", problems)
    return victim


def _require_below(tx: Tx, case: Case | None, typed: Sequence[TypedOutcome], ask: Ask) -> None:
    """Keep what is marked above a ceiling out of a case that is granted under it."""
    if case is not None:
        require_below_tx(tx, case, (one.marking for one in typed), ask.at)


def _reach(outcome: Outcome, typed: TypedOutcome, ask: Ask, case: Case | None) -> Reach:
    of = case.id if case is not None else ""
    audience = typed.marking.audience(agency=ask.officer.agency, state=ask.officer.state, case=of)
    return Reach((outcome.compartment,), tuple(audience))
