"""Returns: an agency's coded outcome rows for a joint period, signed, sent to the agency that coordinates it [S10].

A row names nobody and no record: its keys are pseudonyms (`jpa.statistics.pseudonyms`) that tell persons, charges and cases
apart, and are equal for two agencies only where both work on one joint case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from jpa.model.canonical import Plain
from jpa.model.outcome import Basis

FORMAT: Final = "1"
WHOLE: Final = "all"
"""Period of a return that holds everything up to its day, undated outcomes too; any other is a year."""
UNDATED: Final = "undated"
CODES: Final = (
    "article", "offence", "sex", "citizenship", "ageBand", "exploitation", "partner", "result", "sentence", "what",
)  # fmt: skip
"""What a row may say besides kind, date and state; each a code of a list, the article as the table of articles cites it."""


class Part(StrEnum):
    """Where a coarse date lies, seen from the joint period."""

    BEFORE = "before"
    IN = "in"
    AFTER = "after"
    UNSURE = ""
    """No date, or one that may be either."""


class ReturnState(StrEnum):
    """How far a return has come."""

    DRAFT = "draft"
    RELEASED = "released"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    QUERIED = "queried"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class ActKind(StrEnum):
    """What was done about a return."""

    RELEASED = "released"
    SENT = "sent"
    ACCEPTED = "accepted"
    QUERIED = "queried"
    REOPENED = "reopened"
    """An acceptance or a query was taken back."""
    WITHDRAWN = "withdrawn"


class Question(StrEnum):
    """Why a coordinator asks back; the sender answers with a new version."""

    LATE_DATES = "dates out of order or ahead"
    NO_ARTICLES = "offences missing"
    FEWER = "fewer than before"
    MORE = "more than expected"
    JOINT = "joint case not tied"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RowCredit:
    """The signed claim that credits a row to the joint period."""

    basis: Basis
    share: str
    """A fraction: 1, 1/2."""
    signed: str
    """Month of the second signature."""


@dataclass(frozen=True, slots=True)
class Row:
    """One outcome as it leaves the agency; every text may be empty: unknown."""

    key: str
    """Pseudonym of the outcome, the same for what corrects it."""
    kind: str
    date: str
    """A month, or a year; victims' rows never say more than the year."""
    part: Part
    state: str
    """Where it happened."""
    codes: Mapping[str, str] = field(default_factory=dict)
    person: tuple[str, ...] = ()
    charge: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    """Pseudonyms; two rows that share any of them speak of the same one."""
    count: int = 1
    fell: str = ""
    """Month in which an appeal set this verdict aside, or `UNDATED`; empty while it stands."""
    credit: RowCredit | None = None

    def plain(self) -> dict[str, Plain]:
        """Return it as plain JSON; what is not said is left out."""
        said: dict[str, Plain] = {
            "key": self.key, "kind": self.kind, "date": self.date, "part": self.part.value, "state": self.state,
            "codes": dict(self.codes), "person": list(self.person), "charge": list(self.charge), "case": list(self.case),
            "count": str(self.count) if self.count != 1 else "", "fell": self.fell,
        }  # fmt: skip
        if self.credit is not None:
            said["credit"] = {
                "basis": self.credit.basis.value, "share": self.credit.share, "signed": self.credit.signed,
            }  # fmt: skip
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Head:
    """What a return says of itself."""

    id: str
    agency: str
    """The sender's name for itself; whose it is follows from the key that signed it."""
    state: str
    number: int
    """Of the joint period, with its days: two installations know it by these."""
    start: str
    end: str
    period: str
    version: int
    made: str
    """Day on which it was counted, ISO."""
    rows: int
    root: str
    """Merkle root over the rows' keys."""
    withheld: tuple[tuple[str, int], ...]
    """Reason and number of what stays with the agency."""
    measures: str
    """Hash of the registry of measures that the rows were picked for."""

    def plain(self) -> dict[str, Plain]:
        """Return it as plain JSON."""
        return {
            "format": FORMAT, "id": self.id, "agency": self.agency, "state": self.state,
            "jpa": {"number": str(self.number), "start": self.start, "end": self.end}, "period": self.period,
            "version": str(self.version), "made": self.made, "rows": str(self.rows), "root": self.root,
            "withheld": [{"reason": reason, "count": str(count)} for reason, count in self.withheld], "measures": self.measures,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done about a return: by whom, when, and what was said."""

    kind: ActKind
    by: str
    name: str
    at: datetime
    code: str = ""
    """Coded reason of a question; the signed first line of a release."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """One version of an agency's return for a joint period; its rows are kept beside it and never change."""

    id: str
    agency: str
    state: str
    jpa: str
    period: str
    version: int
    rows: int
    digest: str
    """SHA-256 of head and rows as they are signed."""
    root: str
    file: str
    """Name of the kept bytes."""
    withheld: tuple[tuple[str, int], ...]
    made_by: str
    made_name: str
    made: datetime
    fingerprint: str = ""
    """Of the key that signed it; empty for a draft."""
    received: bool = False
    """Whether it came as a file from another installation."""
    acts: Sequence[Act] = ()
    """In their order."""

    @property
    def slot(self) -> tuple[str, str, str]:
        """What a later version replaces."""
        return self.agency, self.jpa, self.period

    @property
    def alone(self) -> ReturnState:
        """How far it has come, later versions left aside."""
        state = ReturnState.RECEIVED if self.received else ReturnState.DRAFT
        for act in self.acts:
            state = _AFTER[act.kind]
            if act.kind is ActKind.WITHDRAWN:
                break
        return state

    @property
    def sent(self) -> bool:
        """Whether the coordinator has it, or had it."""
        return self.received or any(a.kind is ActKind.SENT for a in self.acts)

    def last(self, kind: ActKind) -> Act | None:
        """Return the newest act of a kind."""
        return next((a for a in reversed(self.acts) if a.kind is kind), None)


_AFTER: Final[Mapping[ActKind, ReturnState]] = {
    ActKind.RELEASED: ReturnState.RELEASED,
    ActKind.SENT: ReturnState.RECEIVED,
    ActKind.ACCEPTED: ReturnState.ACCEPTED,
    ActKind.QUERIED: ReturnState.QUERIED,
    ActKind.REOPENED: ReturnState.RECEIVED,
    ActKind.WITHDRAWN: ReturnState.WITHDRAWN,
}


def states_of(returns: Sequence[Return]) -> dict[str, ReturnState]:
    """Say how far each return has come beside its later versions.

    A later version replaces an earlier one that waits as soon as it is sent, and one that counts only when it is accepted itself, so
    that figures never lose what they had. Taking the acceptance back lets the earlier one count again; a withdrawn version does not.
    """
    found = {}
    for this in returns:
        later = [r for r in returns if r.slot == this.slot and r.version > this.version and r.sent]
        counts = this.alone is ReturnState.ACCEPTED
        replaced = any(not counts or _took_over(r) for r in later)
        open_ = this.sent and this.alone is not ReturnState.WITHDRAWN
        found[this.id] = ReturnState.REPLACED if replaced and open_ else this.alone
    return found


def _took_over(later: Return) -> bool:
    accepted, reopened = later.last(ActKind.ACCEPTED), later.last(ActKind.REOPENED)
    return accepted is not None and (
        reopened is None or list(later.acts).index(reopened) < list(later.acts).index(accepted)
    )
