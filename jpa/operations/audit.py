"""The audit log: a hash chain with signed checkpoints; without a stored intent nothing runs.

Each event carries the hash of the one before (SHA-256 over RFC 8785 JSON). A checkpoint, signed Ed25519, is written every 256
events and at most each minute, and the newest one is copied to a head file beside the store. What a chain alone cannot notice (a tail
cut with its checkpoints and head file, an insider who holds the key) a witness's copy of a checkpoint does: `verify(witness=…)`.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import rfc8785
import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, RowMapping, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from jpa.errors import JpaError, UnavailableError
from jpa.model.audit import AuditEvent, AuditTag, Intent, Outcome
from jpa.model.ids import new_id
from jpa.model.officer import Officer
from jpa.operations.keys import Keys
from jpa.operations.store import OperationsStore
from jpa.operations.tables import checkpoints, events

OWNER: Final = "owner"
"""Actor of upkeep from the command line: whoever owns the folder."""

CHECKPOINT_EVENTS: Final = 256
CHECKPOINT_SECONDS: Final = 60.0
_START: Final = "0" * 64
_FIELDS: Final = (
    "sequence",
    "id",
    "intent",
    "tag",
    "actor",
    "agency",
    "at",
    "object",
    "purpose",
    "outcome",
    "details",
    "previous",
)
# Every request stores two events: the statements are built once.
_INSERT: Final = insert(events)
_LAST: Final = select(events.c.sequence, events.c.hash).order_by(events.c.sequence.desc()).limit(1)
_NEWEST_CHECKPOINT: Final = select(checkpoints).order_by(checkpoints.c.sequence.desc()).limit(1)

log = structlog.get_logger()
_written: ContextVar[int] = ContextVar("written", default=0)


def forget_written() -> None:
    """Begin to count the events of one request anew."""
    _written.set(0)


def count_written() -> int:
    """Return how many events were stored since; none means that the request left no trace."""
    return _written.get()


@dataclass(slots=True)
class Act:
    """One audited act under way; what is learnt on the way goes into its outcome."""

    intent: Intent
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found."""

    events: int
    checkpoints: int
    fault: str = ""
    """The first place that does not hold, in words; empty when all holds."""

    @property
    def whole(self) -> bool:
        """Whether nothing was edited, removed, swapped or cut."""
        return self.fault == ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the log stands, without walking the chain."""

    events: int
    open: int
    """Intents without an outcome: under way, or left by a crash until the next start."""
    signed: int
    """Number of the event that the newest checkpoint signs."""
    signed_at: datetime | None


class AuditLog:
    """The chained log of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys, head_file: Path) -> None:
        self._store = store
        self._keys = keys
        self._head_file = head_file

    @contextmanager
    def act(
        self,
        tag: AuditTag,
        actor: Officer | None,
        *,
        at: datetime,
        object: str = "",  # noqa: A002 -- the word that the standards use
        purpose: str = "",
        details: Mapping[str, object] | None = None,
    ) -> Iterator[Act]:
        """Store the intent, run the block, store how it ended. `actor` None is the owner of the folder."""
        intent = self.intend(tag, actor, at=at, object=object, purpose=purpose, details=details)
        act = Act(intent)
        outcome = Outcome.FAILED
        try:
            yield act
            outcome = Outcome.DONE
        except JpaError:
            outcome = Outcome.REFUSED
            raise
        finally:
            self._conclude_or_leave(intent, actor, outcome, act.details, at)

    def intend(
        self,
        tag: AuditTag,
        actor: Officer | None,
        *,
        at: datetime,
        object: str = "",  # noqa: A002 -- the word that the standards use
        purpose: str = "",
        details: Mapping[str, object] | None = None,
    ) -> Intent:
        """Store an intent and return the proof; UnavailableError when it cannot be stored: then nothing may run."""
        intent = Intent(new_id(at), tag, OWNER if actor is None else actor.id, at, object)
        self._append(intent, intent.id, actor, None, purpose, details or {}, at)
        return intent

    def conclude(
        self, intent: Intent, actor: Officer | None, outcome: Outcome, details: Mapping[str, object], at: datetime
    ) -> None:
        """Store how an intent ended."""
        self._append(intent, new_id(at), actor, outcome, "", details, at)

    def note(
        self,
        tag: AuditTag,
        actor: Officer | None,
        *,
        at: datetime,
        object: str = "",  # noqa: A002 -- the word that the standards use
        outcome: Outcome = Outcome.DONE,
        details: Mapping[str, object] | None = None,
    ) -> None:
        """Store an event that is its own outcome: a log-in, a refusal."""
        intent = Intent(new_id(at), tag, OWNER if actor is None else actor.id, at, object)
        self._append(intent, intent.id, actor, outcome, "", details or {}, at)

    def reconcile(self, committed: Callable[[Collection[str]], set[str]], at: datetime) -> int:
        """Close intents that a crash left open: done if the graph carries their id, else unknown. Returns how many."""
        open_intents = self._open_intents()
        done = committed([i.id for i in open_intents]) if len(open_intents) > 0 else set()
        for intent in open_intents:
            outcome = Outcome.DONE if intent.id in done else Outcome.UNKNOWN
            self.conclude(intent, None, outcome, {"reconciled": True}, at)
        return len(open_intents)

    def events(
        self,
        *,
        actor: str = "",
        object: str = "",  # noqa: A002 -- the word that the standards use
        tag: str = "",
        outcomes: Collection[Outcome] = (),
        before: int | None = None,
        limit: int = 100,
    ) -> list[AuditEvent]:
        """Read events, newest first, for the auditor."""
        wanted = select(events).order_by(events.c.sequence.desc()).limit(limit)
        for column, value in ((events.c.actor, actor), (events.c.object, object), (events.c.tag, tag)):
            if value != "":
                wanted = wanted.where(column == value)
        if len(outcomes) > 0:
            wanted = wanted.where(events.c.outcome.in_([o.value for o in outcomes]))
        if before is not None:
            wanted = wanted.where(events.c.sequence < before)
        with self._store.reading() as connection:
            return [_event_of(row) for row in connection.execute(wanted).mappings()]

    def standing(self) -> Standing:
        """Say how many events there are and how far they are signed."""
        with self._store.reading() as connection:
            count = connection.execute(select(func.max(events.c.sequence))).scalar() or 0
            signed = connection.execute(_NEWEST_CHECKPOINT).mappings().first()
        return Standing(
            events=count,
            open=len(self._open_intents()),
            signed=0 if signed is None else signed["sequence"],
            signed_at=None if signed is None else datetime.fromisoformat(signed["at"]),
        )

    def verify(self, witness: str | None = None) -> Verification:
        """Walk the chain and name the first event that was edited, removed, swapped or cut."""
        with self._store.reading() as connection:
            signed = {r["sequence"]: r for r in connection.execute(select(checkpoints)).mappings()}
            previous, count = _START, 0
            for row in connection.execute(select(events).order_by(events.c.sequence)).mappings():
                fault = self._fault(row, previous, count + 1, signed)
                if fault != "":
                    return Verification(count, len(signed), fault)
                previous, count = row["hash"], count + 1
        beyond = [s for s in signed if s > count]
        if len(beyond) > 0:
            return Verification(
                count, len(signed), f"the tail after event {count} was cut: checkpoint {min(beyond)} was signed"
            )
        for name, text in (("head file", self._read_head()), ("witness", witness)):
            fault = self._checkpoint_fault(text, count, name) if text is not None and text != "" else ""
            if fault != "":
                return Verification(count, len(signed), fault)
        return Verification(count, len(signed))

    def checkpoint(self, at: datetime) -> str:
        """Sign the newest event now; the text can be mailed, printed or posted to a witness."""
        with self._store.writing() as connection:
            last = _last(connection)
            if last is not None:
                self._sign(connection, last[0], last[1], at)
        return self._read_head()

    def hmac(self, text: str) -> str:
        """Return a keyed digest of searched words: it can be checked, not read."""
        return hmac.new(self._keys.audit_hmac, text.encode(), hashlib.sha256).hexdigest()

    def public_key(self) -> str:
        """Return the hex key that verifies checkpoints."""
        return self._keys.signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def _append(
        self,
        intent: Intent,
        event_id: str,
        actor: Officer | None,
        outcome: Outcome | None,
        purpose: str,
        details: Mapping[str, object],
        at: datetime,
    ) -> None:
        content: dict[str, Any] = {
            "id": event_id,
            "intent": intent.id,
            "tag": intent.tag.value,
            "actor": OWNER if actor is None else actor.id,
            "agency": "" if actor is None else actor.agency,
            "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
            "object": intent.object,
            "purpose": purpose,
            "outcome": None if outcome is None else outcome.value,
            "details": json.dumps(dict(details), sort_keys=True, ensure_ascii=False),
        }
        try:
            with self._store.writing() as connection:
                self._chain(connection, content, at)
            _written.set(_written.get() + 1)
        except SQLAlchemyError as error:
            raise UnavailableError(
                "The audit log cannot be written, so nothing was done. Try again in a minute."
            ) from error

    def _chain(self, connection: Connection, content: dict[str, Any], at: datetime) -> None:
        last = _last(connection)
        content["sequence"], content["previous"] = (1, _START) if last is None else (last[0] + 1, last[1])
        digest = _hash(content)
        connection.execute(_INSERT, {**content, "hash": digest})
        newest = connection.execute(_NEWEST_CHECKPOINT).mappings().first()
        if newest is None or _due(newest, content["sequence"], at):
            self._sign(connection, content["sequence"], digest, at)

    def _sign(self, connection: Connection, sequence: int, digest: str, at: datetime) -> None:
        stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
        signature = self._keys.signer.sign(_note(sequence, digest, stamp)).hex()
        exists = connection.execute(select(checkpoints.c.sequence).where(checkpoints.c.sequence == sequence)).first()
        if exists is None:
            connection.execute(
                insert(checkpoints).values(sequence=sequence, hash=digest, at=stamp, signature=signature)
            )
            part = self._head_file.with_suffix(".part")
            part.write_text(f"jpa audit\n{sequence}\n{digest}\n{stamp}\n{signature}\n", encoding="ascii")
            part.replace(self._head_file)

    def _conclude_or_leave(
        self, intent: Intent, actor: Officer | None, outcome: Outcome, details: Mapping[str, object], at: datetime
    ) -> None:
        try:
            self.conclude(intent, actor, outcome, details, at)
        except UnavailableError:
            # The work is done and its intent stands in the chain: reconciliation closes it at the next start.
            log.exception("audit outcome not stored", intent=intent.id)

    def _open_intents(self) -> list[Intent]:
        closed = select(events.c.intent).where(events.c.outcome.is_not(None))
        wanted = (
            select(events).where(events.c.outcome.is_(None), events.c.intent.not_in(closed)).order_by(events.c.sequence)
        )
        with self._store.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
        return [
            Intent(r["intent"], AuditTag(r["tag"]), r["actor"], datetime.fromisoformat(r["at"]), r["object"])
            for r in rows
        ]

    def _fault(self, row: RowMapping, previous: str, expected: int, signed: Mapping[int, RowMapping]) -> str:
        if row["sequence"] != expected:
            return f"event {expected} was removed"
        if row["previous"] != previous:
            return f"event {expected} does not follow event {expected - 1}: one of them was swapped or edited"
        if _hash({name: row[name] for name in _FIELDS}) != row["hash"]:
            return f"event {expected} was edited"
        checkpoint = signed.get(expected)
        if checkpoint is not None:
            if checkpoint["hash"] != row["hash"]:
                return f"the events up to {expected} were rewritten after checkpoint {expected} was signed"
            if not self._holds(checkpoint["sequence"], checkpoint["hash"], checkpoint["at"], checkpoint["signature"]):
                return f"checkpoint {expected} does not bear this installation's signature"
        return ""

    def _checkpoint_fault(self, text: str, count: int, name: str) -> str:
        try:
            _, sequence, digest, stamp, signature = text.strip().splitlines()
            position = int(sequence)
        except ValueError:
            return f"the {name}'s checkpoint is not readable"
        if not self._holds(position, digest, stamp, signature):
            return f"the {name}'s checkpoint does not bear this installation's signature"
        if position > count:
            return f"the tail after event {count} was cut: the {name} saw event {position}"
        with self._store.reading() as connection:
            found = connection.execute(select(events.c.hash).where(events.c.sequence == position)).scalar()
        return "" if found == digest else f"the events up to {position} were rewritten: the {name} saw another hash"

    def _holds(self, sequence: int, digest: str, stamp: str, signature: str) -> bool:
        try:
            self._keys.signer.public_key().verify(bytes.fromhex(signature), _note(sequence, digest, stamp))
        except (InvalidSignature, ValueError):
            return False
        return True

    def _read_head(self) -> str:
        try:
            return self._head_file.read_text(encoding="ascii")
        except OSError:
            return ""


def _due(newest: RowMapping, sequence: int, at: datetime) -> bool:
    age = (at.astimezone(UTC) - datetime.fromisoformat(newest["at"])).total_seconds()
    return sequence - int(newest["sequence"]) >= CHECKPOINT_EVENTS or age >= CHECKPOINT_SECONDS


def _note(sequence: int, digest: str, stamp: str) -> bytes:
    return f"jpa audit\n{sequence}\n{digest}\n{stamp}\n".encode()


def _hash(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(rfc8785.dumps({name: content[name] for name in _FIELDS})).hexdigest()


def _last(connection: Connection) -> Sequence[Any] | None:
    return connection.execute(_LAST).first()


def _event_of(row: RowMapping) -> AuditEvent:
    return AuditEvent(
        sequence=row["sequence"],
        id=row["id"],
        intent=row["intent"],
        tag=AuditTag(row["tag"]),
        actor=row["actor"],
        agency=row["agency"],
        at=datetime.fromisoformat(row["at"]),
        object=row["object"],
        purpose=row["purpose"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        details=json.loads(row["details"]),
        previous=row["previous"],
        hash=row["hash"],
    )
