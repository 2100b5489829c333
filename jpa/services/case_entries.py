"""What a team writes down about its own work: the action book and the decision log, both append-only [C2]."""

from dataclasses import replace

from jpa.errors import InvalidInputError
from jpa.graph import cases
from jpa.graph.session import Tx
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import ActionState, CaseAction, Decision
from jpa.model.ids import new_id
from jpa.services.cases import writing
from jpa.services.stores import Ask, Event, Stores, write


def record_action(
    stores: Stores, ask: Ask, case: str, *, title: str, due: str, state: ActionState, officer: str, result: str = ""
) -> CaseAction:
    """Append an entry to the action book; earlier entries stay."""
    if title.strip() == "":
        raise InvalidInputError("The action was not recorded.", {"title": "Say what is to be done."})
    if state is ActionState.ALLOCATED and officer == "":
        raise InvalidInputError("The action was not recorded.", {"officer": "Choose who carries it out."})
    action = CaseAction(
        new_id(ask.at), case, title.strip(), state, due, officer, ask.officer.id, ask.at, result.strip()
    )

    def work(tx: Tx, reader: Readership, _: object) -> CaseAction:
        writing(tx, reader, case)
        redact = stores.vault.redactor(case)
        told = replace(action, title=redact(action.title), due=redact(action.due), result=redact(action.result))
        cases.add_action_tx(tx, told)
        return told

    return write(stores, ask, Action.ADD_REPORT, Event(AuditTag.ACTION_RECORDED, case), work)


def record_decision(stores: Stores, ask: Ask, case: str, *, decision: str, reason: str, alternative: str) -> Decision:
    """Append to the decision log; nothing in it can be changed later [C2]."""
    problems = {}
    if decision.strip() == "":
        problems["decision"] = "Say what was decided."
    if reason.strip() == "":
        problems["reason"] = "Say why: the log is read years later."
    if len(problems) > 0:
        raise InvalidInputError("The decision was not recorded.", problems)
    entry = Decision(
        new_id(ask.at), case, decision.strip(), reason.strip(), alternative.strip(), ask.officer.id, ask.at
    )

    def work(tx: Tx, reader: Readership, _: object) -> Decision:
        writing(tx, reader, case)
        redact = stores.vault.redactor(case)
        told = replace(
            entry, decision=redact(entry.decision), reason=redact(entry.reason), alternative=redact(entry.alternative)
        )
        cases.add_decision_tx(tx, told)
        return told

    return write(stores, ask, Action.EDIT_CASE, Event(AuditTag.DECISION_RECORDED, case), work)
