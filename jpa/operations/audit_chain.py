"""The hash chain under the audit log, and the checkpoints that sign it.

Each event carries the hash of the one before (SHA-256 over RFC 8785 JSON). A checkpoint, signed Ed25519, is written every 256
events and at most each minute, and the newest one is copied to a head file beside the store.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Connection, RowMapping, insert, select

from jpa.operations.keys import Keys
from jpa.operations.store import OperationsStore
from jpa.operations.tables import checkpoints, events

START: Final = "0" * 64
"""What the first event carries as the hash of the one before."""

CHECKPOINT_EVENTS: Final = 256
CHECKPOINT_SECONDS: Final = 60.0
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
NEWEST_CHECKPOINT: Final = select(checkpoints).order_by(checkpoints.c.sequence.desc()).limit(1)


class AuditChain:
    """The chain of one installation: it only grows."""

    def __init__(self, store: OperationsStore, keys: Keys, head_file: Path) -> None:
        self._store = store
        self._keys = keys
        self._head_file = head_file

    def append(self, content: Mapping[str, Any], at: datetime, *, lazily: bool = False) -> None:
        """Chain an event to the last one, and sign a checkpoint where one is due.

        Lazily, the disk is not waited for, and the next event signs: a signature never speaks of what a power cut may take.
        """
        with self._store.writing(lazily=lazily) as connection:
            last = _last(connection)
            sequence, previous = (1, START) if last is None else (last[0] + 1, last[1])
            event = {**content, "sequence": sequence, "previous": previous}
            digest = hash_event(event)
            connection.execute(_INSERT, {**event, "hash": digest})
            if lazily:
                return
            signed = connection.execute(NEWEST_CHECKPOINT).mappings().first()
            if signed is None or _due(signed, sequence, at):
                self._sign(connection, sequence, digest, at)

    def checkpoint(self, at: datetime) -> str:
        """Sign the newest event now; returns the text that a witness keeps."""
        with self._store.writing() as connection:
            last = _last(connection)
            if last is not None:
                self._sign(connection, last[0], last[1], at)
        return self.head()

    def head(self) -> str:
        """Return the newest checkpoint as the head file has it; empty when there is none."""
        try:
            return self._head_file.read_text(encoding="ascii")
        except OSError:
            return ""

    def bears_signature(self, sequence: int, digest: str, stamp: str, signature: str) -> bool:
        """Say whether this installation signed that checkpoint."""
        try:
            self._keys.signer.public_key().verify(bytes.fromhex(signature), _signed_text(sequence, digest, stamp))
        except (InvalidSignature, ValueError):
            return False
        return True

    def public_key(self) -> str:
        """Return the hex key that verifies checkpoints."""
        return self._keys.signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def _sign(self, connection: Connection, sequence: int, digest: str, at: datetime) -> None:
        stamp = at.astimezone(UTC).isoformat(timespec="microseconds")
        text = _signed_text(sequence, digest, stamp)
        signature = self._keys.signer.sign(text).hex()
        exists = connection.execute(select(checkpoints.c.sequence).where(checkpoints.c.sequence == sequence)).first()
        if exists is None:
            connection.execute(
                insert(checkpoints).values(sequence=sequence, hash=digest, at=stamp, signature=signature)
            )
            part = self._head_file.with_suffix(".part")
            part.write_text(f"{text.decode()}{signature}\n", encoding="ascii")
            part.replace(self._head_file)


def hash_event(event: Mapping[str, Any]) -> str:
    """Hash what the chain protects of an event."""
    return hashlib.sha256(rfc8785.dumps({name: event[name] for name in _FIELDS})).hexdigest()


def _signed_text(sequence: int, digest: str, stamp: str) -> bytes:
    return f"jpa audit\n{sequence}\n{digest}\n{stamp}\n".encode()


def _due(newest: RowMapping, sequence: int, at: datetime) -> bool:
    age = (at.astimezone(UTC) - datetime.fromisoformat(newest["at"])).total_seconds()
    return sequence - int(newest["sequence"]) >= CHECKPOINT_EVENTS or age >= CHECKPOINT_SECONDS


def _last(connection: Connection) -> Sequence[Any] | None:
    return connection.execute(_LAST).first()
