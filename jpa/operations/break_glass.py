"""Requests to open the vault. Each step is one conditional update: of two officers at once, one wins and the other is told."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError as DuplicateError

from jpa.errors import ConflictError
from jpa.model.break_glass import APPROVE_WITHIN, OPEN_FOR, Identity, VaultRequest
from jpa.model.officer import Officer
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore
from jpa.operations.tables import vault_requests as requests
from jpa.operations.vault import identity_of

_STANDING = "You asked for this identity already. Wait for the second officer, or use the hour that is open."


class BreakGlass:
    """The requests of one installation."""

    def __init__(self, store: OperationsStore, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def ask(self, request: VaultRequest) -> None:
        """Store a new request; ConflictError while an earlier one of the same officer for the same victim stands."""
        standing = f"{request.victim}:{request.asker}"
        said = {"reason": request.reason, "basis": request.basis}
        values = {
            "id": request.id,
            "victim": request.victim,
            "case": request.case,
            "pseudonym": request.pseudonym,
            "agency": request.agency,
            "asker": request.asker,
            "asker_name": request.asker_name,
            "said": self._seal(said, request.id),
            "asked": request.asked.timestamp(),
            "standing": standing,
        }
        try:
            with self._store.writing() as connection:
                earlier = connection.execute(select(requests).where(requests.c.standing == standing)).mappings().first()
                if earlier is not None:
                    if not self._request_of(earlier).over(request.asked):
                        raise ConflictError(_STANDING)
                    connection.execute(update(requests).where(requests.c.id == earlier["id"]).values(standing=None))
                connection.execute(insert(requests).values(values))
        except DuplicateError as error:
            raise ConflictError(_STANDING) from error

    def decide(self, request: str, second: Officer, at: datetime, *, refused: bool) -> None:
        """Approve or refuse; ConflictError when it is decided, lapsed, or was asked by the same officer."""
        undecided = update(requests).where(
            requests.c.id == request,
            requests.c.decided.is_(None),
            requests.c.asker != second.id,
            requests.c.asked > (at - APPROVE_WITHIN).timestamp(),
        )
        decision = {"second": second.id, "second_name": second.name, "decided": at.timestamp(), "refused": refused}
        with self._store.writing() as connection:
            if connection.execute(undecided.values(decision)).rowcount != 1:
                raise ConflictError(
                    "This request was decided meanwhile, or it lapsed. Ask again if it is still needed."
                )

    def open(self, request: str, officer: Officer, at: datetime) -> Identity:
        """Give out the identity to the asker within the hour, and count it; ConflictError otherwise."""
        within = update(requests).where(
            requests.c.id == request,
            requests.c.asker == officer.id,
            requests.c.second != officer.id,
            requests.c.refused.is_(False),
            requests.c.decided > (at - OPEN_FOR).timestamp(),
        )
        with self._store.writing() as connection:
            if connection.execute(within.values(opened=requests.c.opened + 1)).rowcount != 1:
                raise ConflictError(
                    "This request does not open the identity now: it is not approved, or its hour is over."
                )
            victim = connection.execute(select(requests.c.victim).where(requests.c.id == request)).scalar_one()
            return identity_of(connection, self._keys, victim)

    def review(self, request: str, reviewer: Officer, remark: str, at: datetime) -> None:
        """Mark as reviewed, once."""
        unreviewed = update(requests).where(requests.c.id == request, requests.c.reviewed.is_(None))
        values = {
            "reviewer_name": reviewer.name,
            "reviewed": at.timestamp(),
            "remark": self._seal({"remark": remark}, request),
        }
        with self._store.writing() as connection:
            if connection.execute(unreviewed.values(values)).rowcount != 1:
                raise ConflictError("Somebody has reviewed this already.")

    def get(self, request: str) -> VaultRequest | None:
        """Return one request."""
        with self._store.reading() as connection:
            row = connection.execute(select(requests).where(requests.c.id == request)).mappings().first()
        return None if row is None else self._request_of(row)

    def of_agency(self, agency: str) -> list[VaultRequest]:
        """List an agency's requests, newest first."""
        with self._store.reading() as connection:
            return self._listed(connection, agency)

    def unreviewed(self) -> list[VaultRequest]:
        """List all requests that no auditor has reviewed, newest first."""
        with self._store.reading() as connection:
            return [r for r in self._listed(connection, None) if r.reviewed is None]

    def _listed(self, connection: Connection, agency: str | None) -> list[VaultRequest]:
        wanted = select(requests).order_by(requests.c.id.desc())
        if agency is not None:
            wanted = wanted.where(requests.c.agency == agency)
        return [self._request_of(row) for row in connection.execute(wanted).mappings()]

    def _seal(self, said: Mapping[str, str], request: str) -> bytes:
        return encrypt(self._keys.vault, json.dumps(said, ensure_ascii=False).encode(), f"request:{request}")

    def _said(self, sealed: bytes | None, request: str) -> dict[str, Any]:
        return {} if sealed is None else dict(json.loads(decrypt(self._keys.vault, sealed, f"request:{request}")))

    def _request_of(self, row: RowMapping) -> VaultRequest:
        said, remark = self._said(row["said"], row["id"]), self._said(row["remark"], row["id"])
        return VaultRequest(
            id=row["id"],
            victim=row["victim"],
            case=row["case"],
            pseudonym=row["pseudonym"],
            agency=row["agency"],
            asker=row["asker"],
            asker_name=row["asker_name"],
            reason=said["reason"],
            basis=said["basis"],
            asked=_moment(row["asked"]),
            second=row["second"],
            second_name=row["second_name"],
            decided=None if row["decided"] is None else _moment(row["decided"]),
            refused=row["refused"],
            opened=row["opened"],
            reviewer_name=row["reviewer_name"],
            reviewed=None if row["reviewed"] is None else _moment(row["reviewed"]),
            remark=remark.get("remark", ""),
        )


def _moment(stored: float) -> datetime:
    return datetime.fromtimestamp(stored, tz=UTC)
