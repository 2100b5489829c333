"""Promise 9: whoever edits, deletes, swaps, re-hashes or cuts the audit log is noticed."""

from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import Connection, text

from jpa.model.audit import AuditTag
from jpa.operations.audit import AuditLog
from jpa.operations.audit_chain import hash_event
from jpa.operations.keys import load_keys
from jpa.operations.store import OperationsStore
from tests.proofs.worlds import NOW

EVENTS: Final = 60
COLUMNS: Final = ("actor", "agency", "at", "details", "intent", "object", "outcome", "purpose", "tag")
KINDS: Final = ("edit", "delete", "swap", "re-hash", "cut")


class Bench:
    """A log that is tampered with inside a transaction, so that it is whole again afterwards."""

    def __init__(self, folder: Path) -> None:
        self.store = OperationsStore(f"sqlite:///{folder / 'operations.sqlite'}")
        self.store.migrate()
        self.head = folder / "audit-head"
        self.log = AuditLog(self.store, load_keys(folder / "secrets"), self.head)
        if self.log.verify().events < EVENTS:
            for number in range(EVENTS):
                self.log.note(AuditTag.CASE_READ, None, at=NOW + timedelta(seconds=number), object=f"{number}")
            self.log.checkpoint(NOW + timedelta(seconds=EVENTS))
        self.witness = self.head.read_text(encoding="ascii")


def check_tamper(bench: Bench, seed: int) -> str:
    """Tamper once by the seed; returns what was not noticed, or nothing."""
    draw = Random(seed)
    kind = draw.choice(KINDS)
    with bench.store.writing() as connection:
        kept = {t: connection.execute(text(f"SELECT * FROM {t}")).mappings().all() for t in _TABLES}  # noqa: S608 -- two fixed names
        place = _tamper(connection, kind, draw)
    if kind in {"re-hash", "cut"}:
        bench.head.unlink()  # this insider reaches the head file too: only the witness is left
    found = bench.log.verify(bench.witness)
    with bench.store.writing() as connection:
        for table, rows in kept.items():
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 -- two fixed names
            columns = list(dict(rows[0]))
            names = ", ".join(columns)
            values = ", ".join(f":{n}" for n in columns)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), [dict(r) for r in rows])  # noqa: S608 -- two fixed names
    bench.head.write_text(bench.witness, encoding="ascii")
    if found.whole:
        return f"seed {seed}: {kind} at event {place} was not noticed"
    return (
        ""
        if any(c.isdigit() for c in found.fault)
        else f"seed {seed}: {kind} was noticed without a place: {found.fault}"
    )


_TABLES: Final = ("audit_events", "audit_checkpoints")


def _tamper(connection: Connection, kind: str, draw: Random) -> int:
    place = draw.randint(2, EVENTS - 1)
    if kind == "edit":
        _edit(connection, draw.choice(COLUMNS), place)
    elif kind == "delete":
        connection.execute(text("DELETE FROM audit_events WHERE sequence = :at"), {"at": place})
    elif kind == "swap":
        other = draw.choice([n for n in range(2, EVENTS) if n != place])
        for old, new in ((place, -1), (other, place), (-1, other)):
            connection.execute(
                text("UPDATE audit_events SET sequence = :new WHERE sequence = :old"), {"old": old, "new": new}
            )
    elif kind == "re-hash":
        _edit(connection, draw.choice(COLUMNS), place)
        _chain_anew(connection)
        connection.execute(text("DELETE FROM audit_checkpoints"))
    else:
        for table in _TABLES:
            connection.execute(text(f"DELETE FROM {table} WHERE sequence > :at"), {"at": place})  # noqa: S608 -- two fixed names
    return place


def _edit(connection: Connection, column: str, place: int) -> None:
    change = f"UPDATE audit_events SET {column} = 'x' || COALESCE({column}, '') WHERE sequence = :at"  # noqa: S608 -- a fixed name
    connection.execute(text(change), {"at": place})


def _chain_anew(connection: Connection) -> None:
    previous = "0" * 64
    for row in connection.execute(text("SELECT * FROM audit_events ORDER BY sequence")).mappings().all():
        digest = hash_event({**row, "previous": previous})
        change = "UPDATE audit_events SET previous = :previous, hash = :hash WHERE sequence = :at"
        connection.execute(text(change), {"previous": previous, "hash": digest, "at": row["sequence"]})
        previous = digest
