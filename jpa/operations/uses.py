"""How often something was read, as the audit log tells it: counted for both sides of a grant, no name among it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.engine import Connection

from jpa.model.audit import AuditTag, Outcome
from jpa.operations.tables import events

READS: Final = tuple(
    tag.value
    for tag in (
        AuditTag.CASE_READ, AuditTag.REPORT_READ, AuditTag.ENTITY_READ, AuditTag.CHART_READ, AuditTag.EXPORT_MADE,
        AuditTag.EVIDENCE_READ, AuditTag.OUTCOME_READ,
    )
)  # fmt: skip
"""Acts that open one thing; what was seen in a list or a search is not counted."""


_MINUTE: Final = len("2026-11-24T09:00")


@dataclass(frozen=True, slots=True)
class Use:
    """How something was read."""

    times: int = 0
    officers: int = 0
    last: datetime | None = None


def count_uses(
    connection: Connection, agency: str, objects: Collection[str], officers: Iterable[str], since: datetime, until: datetime
) -> Use:  # fmt: skip
    """Count the acts of an agency's officers on these objects in a time; named officers alone where some are named.

    A page asks several services: what one officer does to one object within a minute is one act.
    """
    named = set(officers)
    wanted = (
        select(events.c.actor, events.c.object, events.c.at)
        .where(events.c.agency == agency, events.c.tag.in_(READS), events.c.outcome == Outcome.DONE.value)
        .where(events.c.at >= _stamp(since), events.c.at <= _stamp(until))
    )
    found = {
        (row.actor, row.object, row.at[:_MINUTE]): row.at
        for row in connection.execute(wanted)
        if row.object in objects and (len(named) == 0 or row.actor in named)
    }
    last = max(found.values(), default=None)
    return Use(len(found), len({actor for actor, *_ in found}), None if last is None else datetime.fromisoformat(last))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
