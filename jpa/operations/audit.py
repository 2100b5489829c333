"""The audit log: without a stored intent nothing runs; an intent is followed by its outcome."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from sqlalchemy import RowMapping, func, select
from sqlalchemy.exc import SQLAlchemyError

from jpa.errors import InvalidInputError, JpaError, UnavailableError
from jpa.model.audit import AuditAct, AuditEvent, AuditTag, Intent, Outcome, Standing, Verification
from jpa.model.ids import new_id
from jpa.model.officer import Officer
from jpa.operations.audit_chain import NEWEST_CHECKPOINT, AuditChain
from jpa.operations.audit_verification import verify_chain
from jpa.operations.keys import Keys
from jpa.operations.store import OperationsStore
from jpa.operations.tables import events
from jpa.operations.uses import Use, count_uses

OWNER: Final = "owner"
"""Actor of upkeep from the command line: whoever owns the folder."""

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


class AuditLog:
    """The chained log of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys, head_file: Path) -> None:
        self._store = store
        self._keys = keys
        self._chain = AuditChain(store, keys, head_file)

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
        act, began = Act(intent), time.monotonic()
        outcome = Outcome.FAILED
        try:
            yield act
            outcome = Outcome.DONE
        except JpaError as error:
            outcome = Outcome.REFUSED
            if isinstance(error, InvalidInputError) and error.cause != "":
                act.details["cause"] = error.cause
            raise
        finally:
            # The moment of the intent comes from whoever asks; the outcome is later by what the work took.
            ended = at + timedelta(seconds=time.monotonic() - began)
            self._conclude_or_leave(intent, actor, outcome, act.details, ended)

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
        """Store how an intent ended; the disk is not waited for, since what a power cut takes is reconciled."""
        self._append(intent, new_id(at), actor, outcome, "", details, at, lazily=True)

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

    def acts(
        self,
        *,
        actor: str = "",
        object: str = "",  # noqa: A002 -- the word that the standards use
        before: int | None = None,
        limit: int = 100,
    ) -> list[AuditAct]:
        """Read acts, each with how it ended, by the events that open them, newest first."""
        wanted = select(events).where(events.c.id == events.c.intent).order_by(events.c.sequence.desc()).limit(limit)
        for column, value in ((events.c.actor, actor), (events.c.object, object)):
            if value != "":
                wanted = wanted.where(column == value)
        if before is not None:
            wanted = wanted.where(events.c.sequence < before)
        with self._store.reading() as connection:
            opened = [_event_of(row) for row in connection.execute(wanted).mappings()]
            ids = [e.id for e in opened if e.outcome is None]
            closing = select(events).where(events.c.intent.in_(ids), events.c.id != events.c.intent)
            closed = {row["intent"]: _event_of(row) for row in connection.execute(closing).mappings()}
        return [AuditAct(e, closed.get(e.id) if e.outcome is None else e) for e in opened]

    def uses(
        self, agency: str, objects: Collection[str], *, officers: Collection[str], since: datetime, until: datetime
    ) -> Use:
        """Count how often an agency's officers, or those named, opened any of these objects in a time."""
        with self._store.reading() as connection:
            return count_uses(connection, agency, objects, officers, since, until)

    def standing(self) -> Standing:
        """Say how many events there are and how far they are signed."""
        with self._store.reading() as connection:
            count = connection.execute(select(func.max(events.c.sequence))).scalar() or 0
            signed = connection.execute(NEWEST_CHECKPOINT).mappings().first()
        return Standing(
            events=count,
            open=len(self._open_intents()),
            signed=0 if signed is None else signed["sequence"],
            signed_at=None if signed is None else datetime.fromisoformat(signed["at"]),
        )

    def verify(self, witness: str | None = None) -> Verification:
        """Walk the chain and name the first event that was edited, removed, swapped or cut."""
        return verify_chain(self._store, self._chain, witness)

    def checkpoint(self, at: datetime) -> str:
        """Sign the newest event now; the text can be mailed, printed or posted to a witness."""
        return self._chain.checkpoint(at)

    def public_key(self) -> str:
        """Return the hex key that verifies checkpoints."""
        return self._chain.public_key()

    def hmac(self, text: str) -> str:
        """Return a keyed digest of searched words: it can be checked, not read."""
        return hmac.new(self._keys.audit_hmac, text.encode(), hashlib.sha256).hexdigest()

    def _append(
        self,
        intent: Intent,
        event_id: str,
        actor: Officer | None,
        outcome: Outcome | None,
        purpose: str,
        details: Mapping[str, object],
        at: datetime,
        *,
        lazily: bool = False,
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
            self._chain.append(content, at, lazily=lazily)
            _written.set(_written.get() + 1)
        except SQLAlchemyError as error:
            raise UnavailableError(
                "The audit log cannot be written, so nothing was done. Try again in a minute."
            ) from error

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
