"""Packages as this installation knows them: drafted, released and handed over by one agency; received, adopted or declined by another."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from jpa.model.summary import SummaryAsk


class PackageAct(StrEnum):
    """What is done about a package, each once but for `release ordered`, `receipt` and `recalled`."""

    RELEASE_ORDERED = "release ordered"
    """The second officer proved who they are and left the release to the worker; its code names the job."""
    RELEASED = "released"
    SUMMARY_SIGNED = "summary signed"
    """A second officer signed the coded summary of a draft; its code names the file of what was counted."""
    DISCARDED = "discarded"
    RECEIPT = "receipt"
    """A signed receipt of the recipient came back."""
    ADOPTED = "adopted"
    DECLINED = "declined"
    RECALLED = "recalled"
    """A recall of it, or of items in it, was released or followed; may happen again."""


class PackageState(StrEnum):
    """How far a package has come."""

    DRAFT = "draft"
    RELEASED = "released"
    DISCARDED = "discarded"
    ACKNOWLEDGED = "acknowledged"
    """The recipient has sent a receipt."""
    RECEIVED = "received"
    """Verified and listed; nothing of it is in a case yet."""
    ADOPTED = "adopted"
    DECLINED = "declined"
    RECALLED = "recalled"
    """In whole or in part; its notices say what."""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing done about a package: by whom, when, and what was said."""

    kind: PackageAct
    by: str
    name: str
    at: datetime
    code: str = ""
    """The kept file of a release, the job of an ordered one, the case of an adoption, the signed line of a receipt."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """A package and everything that was done about it."""

    id: str
    agency: str
    """The agency of this installation that made or received it."""
    partner: str
    """The other one."""
    received: bool
    case: str
    """The case it was made from; empty for a received one."""
    agreement: str
    agreement_title: str
    purpose: str
    reference: str
    """The sender's number of the case."""
    tlp: str
    pap: str
    manifest: str
    """SHA-256 of the manifest."""
    file: str
    """Name of the kept bytes: the draft, or the closed file that was received."""
    reports: int
    records: int
    links: int
    files: int
    withheld: tuple[tuple[str, int], ...]
    compare: bool
    """Whether the sender lets the recipient look for the same things among its own records."""
    made_by: str
    made_name: str
    made: datetime
    fingerprint: str = ""
    """Key that signed a received one."""
    new: int = 0
    known: int = 0
    refused: int = 0
    refusals: tuple[tuple[str, str], ...] = ()
    """The first records and links that cannot be taken in, each with the reason."""
    pages: str = ""
    """Name of the kept pages that it is shown by; empty where it is read from its own bytes."""
    selection: str = ""
    """What was ticked, as canonical JSON: the second officer's preview is made from it again."""
    acts: Sequence[Done] = ()

    def act(self, kind: PackageAct) -> Done | None:
        """Return the newest act of a kind."""
        return next((a for a in reversed(self.acts) if a.kind == kind), None)

    @property
    def state(self) -> PackageState:
        """How far it has come."""
        done = {a.kind for a in self.acts}
        order = _RECEIVED if self.received else _SENT
        first = PackageState.RECEIVED if self.received else PackageState.DRAFT
        return next((state for kind, state in order if kind in done), first)


_RECEIVED: Final = (
    (PackageAct.RECALLED, PackageState.RECALLED),
    (PackageAct.DECLINED, PackageState.DECLINED),
    (PackageAct.ADOPTED, PackageState.ADOPTED),
)
_SENT: Final = (
    (PackageAct.RECALLED, PackageState.RECALLED),
    (PackageAct.DISCARDED, PackageState.DISCARDED),
    (PackageAct.RECEIPT, PackageState.ACKNOWLEDGED),
    (PackageAct.RELEASED, PackageState.RELEASED),
)
"""Which state an act leads to, the last one first."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What an officer ticks; an empty list or none is no limit."""

    types: tuple[str, ...] = ()
    least_grade: float = 0.0
    """Source times information, 0 to 1 (`Grade.score`)."""
    tags: tuple[str, ...] = ()
    """Topics or keywords of which a record must have one."""
    hops: int | None = None
    """At most so many ties away from a suspect or facilitator of the case."""
    left_out: tuple[str, ...] = ()
    """Ids of records that stay."""
    texts: bool = False
    """The free text of reports and the reasons of verdicts go too, where nobody protected is named."""
    files: tuple[str, ...] = ()
    """Ids of files of evidence that go with their reports."""
    summary: SummaryAsk | None = None
    """A coded summary of victims and smuggled migrants goes too, once a second officer has signed it."""

    def text(self) -> str:
        """Write it down."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def of(cls, text: str) -> Self:
        """Read what was written down."""
        said = json.loads(text)
        kept: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in said.items()}
        if kept.get("summary") is not None:
            kept["summary"] = SummaryAsk(**kept["summary"])
        return cls(**kept)
