"""Verifying the audit chain: the first event that was edited, removed, swapped or cut is named.

What a chain alone cannot notice (a tail cut with its checkpoints and head file, an insider who holds the key) a witness's copy of
a checkpoint does.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, RowMapping, select

from jpa.model.audit import Verification
from jpa.operations.audit_chain import START, AuditChain, hash_event
from jpa.operations.store import OperationsStore
from jpa.operations.tables import checkpoints, events


def verify_chain(store: OperationsStore, chain: AuditChain, witness: str | None) -> Verification:
    """Walk the chain, then hold it against its checkpoints, the head file and the witness's checkpoint."""
    head = chain.head()  # before the walk: one read afterwards may sign what was appended meanwhile
    with store.reading() as connection:
        signed = {r["sequence"]: r for r in connection.execute(select(checkpoints)).mappings()}
        previous, count = START, 0
        for row in connection.execute(select(events).order_by(events.c.sequence)).mappings():
            fault = _event_fault(chain, row, previous, count + 1, signed)
            if fault != "":
                return Verification(count, len(signed), fault)
            previous, count = row["hash"], count + 1
        beyond = [s for s in signed if s > count]
        if len(beyond) > 0:
            return Verification(
                count, len(signed), f"the tail after event {count} was cut: checkpoint {min(beyond)} was signed"
            )
        for name, text in (("head file", head), ("witness", witness or "")):
            fault = _checkpoint_fault(connection, chain, text, count, name) if text != "" else ""
            if fault != "":
                return Verification(count, len(signed), fault)
    return Verification(count, len(signed))


def _event_fault(
    chain: AuditChain, row: RowMapping, previous: str, expected: int, signed: Mapping[int, RowMapping]
) -> str:
    if row["sequence"] != expected:
        return f"event {expected} was removed"
    if row["previous"] != previous:
        return f"event {expected} does not follow event {expected - 1}: one of them was swapped or edited"
    if hash_event(dict(row)) != row["hash"]:
        return f"event {expected} was edited"
    checkpoint = signed.get(expected)
    if checkpoint is not None:
        if checkpoint["hash"] != row["hash"]:
            return f"the events up to {expected} were rewritten after checkpoint {expected} was signed"
        if not chain.bears_signature(expected, checkpoint["hash"], checkpoint["at"], checkpoint["signature"]):
            return f"checkpoint {expected} does not bear this installation's signature"
    return ""


def _checkpoint_fault(connection: Connection, chain: AuditChain, text: str, count: int, name: str) -> str:
    try:
        _, sequence, digest, stamp, signature = text.strip().splitlines()
        position = int(sequence)
    except ValueError:
        return f"the {name}'s checkpoint is not readable"
    if not chain.bears_signature(position, digest, stamp, signature):
        return f"the {name}'s checkpoint does not bear this installation's signature"
    if position > count:
        return f"the tail after event {count} was cut: the {name} saw event {position}"
    stored = connection.execute(select(events.c.hash).where(events.c.sequence == position)).scalar()
    return "" if stored == digest else f"the events up to {position} were rewritten: the {name} saw another hash"
