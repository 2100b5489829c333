"""Figures of a joint period: own outcomes, what was granted for counting, and the returns that the own agency accepted [S10].

Only supervisors of the agency that coordinates the joint period count returns; everybody else counts as ever, and is told so. Which
returns are accepted, and by whom, is asked for in the transaction of each count.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np

from jpa.graph import agencies, frames, returns
from jpa.graph.session import Tx
from jpa.model import states
from jpa.model.access import Action, Readership
from jpa.model.audit import AuditTag
from jpa.model.case import Jpa
from jpa.model.officer import Role
from jpa.model.returns import WHOLE, ActKind, Return, ReturnState, states_of
from jpa.services.ledger import Counted, counted_tx
from jpa.services.return_rows import returned_of
from jpa.services.stores import Ask, Event, Joined, Stores, read
from jpa.statistics.dimensions import RETURN
from jpa.statistics.facts import Column, Facts
from jpa.statistics.pseudonyms import Secrets
from jpa.statistics.returned import joined
from jpa.statistics.tables import Credit, Question
from jpa.statistics.ties import ties_of

T = TypeVar("T")

MOST_JOINED: Final = 2


def asked_tx(tx: Tx, stores: Stores, reader: Readership, ask: Ask, question: Question) -> Counted:
    """Pick what a question counts: with returns where it is one about a joint period."""
    jpa = question.jpa if question.credit is not Credit.ALL else ""
    return counted_for_tx(tx, stores, reader, ask, jpa)


def count_for(stores: Stores, ask: Ask, object_: str, jpa: str, work: Callable[[Counted], T]) -> T:
    """Work out figures of a joint period from all that this officer may count at this moment; an audited read."""

    def reading(tx: Tx, reader: Readership) -> T:
        return work(counted_for_tx(tx, stores, reader, ask, jpa))

    return read(stores, ask, Action.READ_STATISTICS, Event(AuditTag.FIGURE_READ, object_), reading)


def counted_for_tx(tx: Tx, stores: Stores, reader: Readership, ask: Ask, jpa: str) -> Counted:
    """Pick what figures of a joint period count; of none where it is not named."""
    counted = counted_tx(tx, stores, reader, ask)
    if jpa == "" or Role.SUPERVISOR not in ask.officer.roles:
        return counted
    this, _plans = next(iter(frames.frames_tx(tx, jpa=jpa)), (None, ()))
    if this is None or this.coordinator != ask.officer.agency:
        return replace(counted, whose=f"{counted.whose}; {_elsewhere_tx(tx, this)}")
    accepted = accepted_tx(tx, reader, jpa)
    secrets = _secrets_tx(tx, stores, counted, this, accepted)
    return replace(
        counted, facts=_joined(stores, counted, accepted, secrets), whose=f"{counted.whose}, {said_of(accepted)}"
    )


def accepted_tx(tx: Tx, reader: Readership, jpa: str) -> list[Return]:
    """List the returns for a joint period that count now, in the order in which they were accepted."""
    sent = [r for r in returns.returns_tx(tx, reader, jpa) if r.sent and r.agency != reader.officer.agency]
    found = states_of(sent)
    counting = [
        (act.at, r.id, r) for r in sent if found[r.id] is ReturnState.ACCEPTED and (act := r.last(ActKind.ACCEPTED))
    ]
    return [r for _, _, r in sorted(counting, key=lambda line: line[:2])]


def said_of(accepted: Sequence[Return]) -> str:
    """Say beside a figure which returns are in it."""
    if len(accepted) == 0:
        return "and no accepted return yet"
    named = ", ".join(
        f"{states.name_of(r.state)} ({'' if r.period == WHOLE else f'{r.period}, '}version {r.version})"
        for r in sorted(accepted, key=lambda r: (r.state, r.agency, r.period))
    )
    return f"plus {len(accepted)} accepted {'return' if len(accepted) == 1 else 'returns'} of {named}"


def _elsewhere_tx(tx: Tx, jpa: Jpa | None) -> str:
    agency = agencies.agency_tx(tx, jpa.coordinator) if jpa is not None and jpa.coordinator else None
    if agency is None:
        return "no agency gathers returns for this joint period yet"
    return f"returns of other agencies are counted by {agency.name} alone"


def _secrets_tx(tx: Tx, stores: Stores, counted: Counted, jpa: Jpa, accepted: Sequence[Return]) -> Secrets:
    """Make ready what own rows are compared by: secrets of agencies whose outcomes were granted and returned, codes of joint cases."""
    counted_agencies = _used(counted.facts.columns["agency"])
    own = {
        r.agency: stores.agency_keys.pseudonym_secret(r.agency)
        for r in accepted
        if r.agency in counted_agencies and not r.received
    }
    codes = stores.agency_keys.joint_codes() if len(accepted) > 0 else {}
    joint = {case: code for case, code in codes.items() if case in _used(counted.facts.columns["case"])}
    references: Mapping[str, str] = returns.references_tx(tx, sorted(joint)) if len(joint) > 0 else {}
    return Secrets(jpa.number, own, joint, references)


def _joined(stores: Stores, counted: Counted, accepted: Sequence[Return], secrets: Secrets) -> Facts:
    if len(accepted) == 0:
        return counted.facts
    returned = [returned_of(stores, this) for this in accepted]
    ledger = stores.ledger
    with ledger.lock:
        made = ledger.joined
    for one in made:
        same = [r.name for r in one.returns] == [r.name for r in returned]
        if one.own is counted.facts and same and one.secrets == secrets:
            return one.facts
    facts = joined(counted.facts, returned, ties_of(counted.books, counted.facts, secrets))
    with ledger.lock:
        ledger.joined = (Joined(counted.facts, returned, secrets, facts), *made)[:MOST_JOINED]
    return facts


def _used(column: Column) -> frozenset[str]:
    return frozenset(column.labels[code] for code in np.unique(column.codes))


def return_in_words(name: str) -> str:
    """Say which return a name means, for beside a record; empty for the own ledger."""
    if name == "":
        return ""
    agency, period, version, _ = name.split("|")
    return f"{agency}, {'everything up to its day' if period == WHOLE else period}, version {version}"


def return_of(facts: Facts, row: int) -> str:
    """Name the return that a row came in; empty for the own ledger."""
    column = facts.columns.get(RETURN)
    return "" if column is None else str(column.labels[column.codes[row]])
