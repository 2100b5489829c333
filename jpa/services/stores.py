"""What a service works with: the stores of one installation, and who asks when and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from jpa.config import Settings
from jpa.errors import ForbiddenError, NotFoundError
from jpa.graph.agencies import readership_tx
from jpa.graph.outcomes import SamePerson
from jpa.graph.session import Graph, Tx
from jpa.model.access import Action, Readership, can
from jpa.model.audit import AuditTag, Intent
from jpa.model.officer import Officer
from jpa.model.returns import Row
from jpa.operations.agency_keys import AgencyKeys
from jpa.operations.audit import AuditLog
from jpa.operations.blind_open import OpenQuestions
from jpa.operations.break_glass import BreakGlass
from jpa.operations.closed_plans import ClosedPlans
from jpa.operations.drafts import Drafts
from jpa.operations.evidence import Evidence
from jpa.operations.jobs import Jobs
from jpa.operations.post import Post
from jpa.operations.post_tray import Tray
from jpa.operations.vault import Vault
from jpa.statistics.books import Books, Countable, Surroundings
from jpa.statistics.facts import Facts
from jpa.statistics.pseudonyms import Secrets
from jpa.statistics.returned import Returned

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Built:
    """Facts with everything that they were made from; facts are a pure function of it, so the same again need not be made."""

    books: Books
    countable: Countable
    around: Surroundings
    facts: Facts


@dataclass(frozen=True, slots=True)
class Joined:
    """Facts with accepted returns beside everything that they were made from."""

    own: Facts
    returns: Sequence[Returned]
    secrets: Secrets
    facts: Facts


@dataclass(slots=True)
class Ledger:
    """The columns of this process with the marks up to which they were read."""

    born: str = ""
    books: Books = field(default_factory=Books.empty)
    last: int = 0
    people: tuple[int | str | None, ...] = ()
    same: Sequence[SamePerson] = ()
    built: Sequence[Built] = ()
    """The facts made last. What an officer may count is worked out anew for each request and only then looked for here."""
    joined: Sequence[Joined] = ()
    """The same for facts with accepted returns."""
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """Rows of returns by their hash; whether they count is decided for each request."""
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one installation, built in one place (`jpa.services.installation`)."""

    settings: Settings
    graph: Graph
    audit: AuditLog
    vault: Vault
    drafts: Drafts
    evidence: Evidence
    jobs: Jobs
    break_glass: BreakGlass
    releases: Evidence
    """What releases were made from, and the rows of returns, kept as evidence is; a release's id stands where a case's does."""
    agency_keys: AgencyKeys
    post: Post
    tray: Tray
    """What is coming in from partners, not whole yet."""
    questions: OpenQuestions
    """Blind questions to other installations that wait for their answers."""
    plans: ClosedPlans
    """What live planned actions ask other installations for, and answer them."""
    ledger: Ledger = field(default_factory=Ledger)
    """Columns for counting: every outcome of the installation, and no decision about who may count it."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks, when, for which purpose: the same for a page, a command and a job."""

    officer: Officer
    at: datetime
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """What the audit log is told before the work: the kind and its object, never personal data."""

    tag: AuditTag
    object: str = ""
    details: Mapping[str, Any] | None = None


Also = Callable[[Tx, str], None]
"""What is written in the transaction of something else, given the id of what that made: both stand, or neither."""


def nothing_else(_tx: Tx, _made: str) -> None:
    """Write nothing beside it."""


def require(ask: Ask, action: Action) -> None:
    """Refuse an action that no role of the officer allows."""
    if not can(ask.officer, action):
        raise ForbiddenError(f"Your role does not allow to {action.value}.")


def found(thing: T | None) -> T:
    """Return the thing, or say in the one way there is that it cannot be found."""
    if thing is None:
        raise NotFoundError("There is nothing here that you may read.")
    return thing


def read(stores: Stores, ask: Ask, action: Action, event: Event, work: Callable[[Tx, Readership], T]) -> T:
    """Store the intent, check the role, read with what the officer may read at this moment, store the outcome.

    The intent comes first, so that a refusal stands in the log too.
    """
    with stores.audit.act(
        event.tag, ask.officer, object=event.object, purpose=ask.purpose, details=event.details, at=ask.at
    ) as act:
        require(ask, action)
        return stores.graph.read(act.intent, lambda tx: work(tx, readership_tx(tx, ask.officer, ask.at)))


def write(stores: Stores, ask: Ask, action: Action, event: Event, work: Callable[[Tx, Readership, Intent], T]) -> T:
    """The same for a change: the checks, the change and the audit id share one graph transaction."""
    with stores.audit.act(
        event.tag, ask.officer, object=event.object, purpose=ask.purpose, details=event.details, at=ask.at
    ) as act:
        require(ask, action)
        return stores.graph.write(act.intent, lambda tx: work(tx, readership_tx(tx, ask.officer, ask.at), act.intent))
