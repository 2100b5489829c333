"""What live planned actions ask for and answer to, closed under a key of their agency until their days are over, and then deleted.

Only digests are kept, and all plans take the same room: whoever opens one can try out guesses, and reads nothing.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select

from jpa.model.blind import MOST_ASKED, MOST_HELD, PlanDigests
from jpa.operations.case_keys import case_key
from jpa.operations.keys import Keys, decrypt, encrypt
from jpa.operations.store import OperationsStore
from jpa.operations.tables import closed_plans

_PURPOSE: Final = "plan-digests"
_DIGEST: Final = 32
_COUNT: Final = 2
"""Bytes."""


class ClosedPlans:
    """The digests of one installation's planned actions."""

    def __init__(self, store: OperationsStore, keys: Keys) -> None:
        self._store = store
        self._keys = keys

    def keep(self, plan: str, agency: str, digests: PlanDigests, until: datetime) -> None:
        """Keep those of a plan until a moment, in place of what was kept."""
        plain = _written(digests)
        with self._store.writing() as connection:
            key = case_key(connection, self._keys.vault, agency, _PURPOSE, make=True)
            connection.execute(delete(closed_plans).where(closed_plans.c.plan == plan))
            connection.execute(
                insert(closed_plans).values(
                    plan=plan, agency=agency, sealed=encrypt(key, plain, plan), until=until.timestamp()
                )
            )

    def find(self, agency: str, plans: Collection[str]) -> dict[str, PlanDigests]:
        """Open those of these plans of an agency that are kept."""
        wanted = select(closed_plans).where(closed_plans.c.plan.in_(plans), closed_plans.c.agency == agency)
        with self._store.reading() as connection:
            rows = connection.execute(wanted.order_by(closed_plans.c.plan)).mappings().all()
            if len(rows) == 0:
                return {}
            key = case_key(connection, self._keys.vault, agency, _PURPOSE, make=False)
        return {row["plan"]: _read(decrypt(key, row["sealed"], row["plan"])) for row in rows}

    def drop(self, plan: str) -> None:
        """Delete those of a plan that was withdrawn."""
        with self._store.writing() as connection:
            connection.execute(delete(closed_plans).where(closed_plans.c.plan == plan))

    def sweep(self, at: datetime) -> int:
        """Delete those whose days are over; returns how many."""
        with self._store.writing() as connection:
            return connection.execute(delete(closed_plans).where(closed_plans.c.until <= at.timestamp())).rowcount


def _written(digests: PlanDigests) -> bytes:
    parts = []
    for side, most in ((digests.asks, MOST_ASKED), (digests.holds, MOST_HELD)):
        if len(side) > most or any(len(digest) != _DIGEST for digest in side):
            raise ValueError(f"a planned action has at most {most} digests of {_DIGEST} bytes")
        parts.append(len(side).to_bytes(_COUNT) + b"".join(side).ljust(most * _DIGEST, b"\0"))
    return b"".join(parts)


def _read(plain: bytes) -> PlanDigests:
    second = _COUNT + MOST_ASKED * _DIGEST
    return PlanDigests(_side(plain[:second]), _side(plain[second:]))


def _side(part: bytes) -> tuple[bytes, ...]:
    count, joined = int.from_bytes(part[:_COUNT]), part[_COUNT:]
    return tuple(joined[n * _DIGEST : (n + 1) * _DIGEST] for n in range(count))
