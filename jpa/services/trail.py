"""The audit log as the auditor reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jpa.model.access import Action
from jpa.model.audit import AuditAct, AuditTag, Verification
from jpa.operations.audit import count_written, forget_written
from jpa.services.installation import Installation
from jpa.services.stores import Ask, require


@dataclass(frozen=True, slots=True)
class Trail:
    """One page of the log, newest first."""

    acts: Sequence[AuditAct]
    verification: Verification | None
    """Whether the log is whole; None on later pages, because verifying walks all of it."""
    names: Mapping[str, str]
    """Officers' names by id."""


def read_trail(
    here: Installation, ask: Ask, *, actor: str = "", object_id: str = "", before: int | None = None
) -> Trail:
    """Read a page of the log: all of it, of one officer, or about one thing."""
    log = here.stores.audit
    with log.act(AuditTag.AUDIT_READ, ask.officer, at=ask.at):
        require(ask, Action.READ_AUDIT)
        return Trail(
            log.acts(actor=actor, object=object_id, before=before),
            log.verify() if before is None else None,
            names_of(here),
        )


def names_of(here: Installation) -> dict[str, str]:
    """Map officers' ids to their names, for an auditor's page whose reader was checked."""
    return {account.id: account.name for account in here.accounts.listed()}


def begin_trace() -> None:
    """Begin to count anew what a request leaves in the log."""
    forget_written()


def has_trace() -> bool:
    """Say whether the request has left anything in the log since."""
    return count_written() > 0


def note_page(here: Installation, ask: Ask, about: str, details: Mapping[str, object]) -> None:
    """Note a page whose service had nothing to log."""
    here.stores.audit.note(AuditTag.PAGE_OPENED, ask.officer, at=ask.at, object=about, details=details)
