"""Outcomes: dated events that a joint period is judged by, and the signed claims that credit them to one [C4, M1]."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeVar

from jpa.model.canonical import Plain, canonical
from jpa.model.catalogue.outcomes import OUTCOME_KINDS, OutcomeKind
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.model.record import Properties, plain


@dataclass(frozen=True, slots=True)
class Outcome:
    """One event of the ledger; never changed, only superseded or retracted."""

    id: str
    kind: str
    """Name in `OUTCOME_KINDS`."""
    agency: str
    """Whose outcome it is, and who counts it."""
    case: str
    """The case it belongs to and whose compartment it lies in; empty: the agency's own, without a case."""
    jpa: str
    """The joint period it was reported under, for one without a case; never a claim that the period caused it."""
    properties: Properties
    person: str
    """Record of the person; empty where none is entered. Persons are told apart by record, then by `reference`."""
    victim: str
    """Id of a coded victim of the case; empty where none is entered."""
    report: str
    """The report that states it; empty where none is entered. With the report retracted it is out of force."""
    officer: str
    entered: datetime
    supersedes: str = ""
    source_key: str = ""
    """Key of the row it was imported from; the same row again is the same outcome."""
    reason: str = ""
    """Why it corrects what it supersedes; empty for a first entry."""
    marking: Marking | None = None
    """Its own marking; None: marked as the report that states it, and without one for the own agency."""

    @property
    def type(self) -> OutcomeKind:
        """What the catalogue says of its kind."""
        return OUTCOME_KINDS[self.kind]

    @property
    def compartment(self) -> str:
        """Where it may be read: the case, or the agency's own compartment."""
        return self.case or f"agency:{self.agency}"

    def clean(self, name: str) -> str:
        """Return the understood value of a property; empty where nothing was said or understood."""
        return next((v.clean for v in self.properties.get(name, ()) if v.clean is not None), "")

    @property
    def count(self) -> int:
        """How many it stands for: one, or the number that was entered in their place."""
        said = self.clean("count")
        return max(1, int(float(said))) if said else 1

    @property
    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON (RFC 8785) of all that can never change."""
        content: Mapping[str, Plain] = {
            "id": self.id, "kind": self.kind, "agency": self.agency, "case": self.case, "jpa": self.jpa, "person": self.person,
            "victim": self.victim, "report": self.report, "officer": self.officer, "entered": self.entered.isoformat(),
            "supersedes": self.supersedes, "source_key": self.source_key, "reason": self.reason, "properties": plain(self.properties),
        }  # fmt: skip
        if self.marking is not None:
            content = {**content, "marking": marked(self.marking)}
        return hashlib.sha256(canonical(content)).hexdigest()


def marked(marking: Marking) -> list[str]:
    """Write a marking down as plain texts; PAP stands last, and is left out where it is as unmarked."""
    pap = [] if marking.pap is Marking().pap else [marking.pap.value]
    return [marking.tlp.value, marking.release.value, marking.handling, *marking.names, *pap]


def marking_of(texts: Sequence[str]) -> Marking:
    """Read it back."""
    tlp, release, handling, *names = texts
    pap = names.pop() if len(names) > 0 and names[-1] in set(Pap) else Marking().pap
    return Marking(Tlp(tlp), Release(release), tuple(names), handling, Pap(pap))


class Entry(Protocol):
    """What every entry of a ledger has: outcomes and incidents alike."""

    @property
    def id(self) -> str:
        """Sorts by the time of entry."""

    @property
    def officer(self) -> str:
        """Who entered it."""

    @property
    def report(self) -> str:
        """The report that states it; empty where none does."""

    @property
    def supersedes(self) -> str:
        """The entry that it corrects; empty for a first one."""

    @property
    def source_key(self) -> str:
        """Key of the row that it was imported from; empty for one that was typed."""


E = TypeVar("E", bound=Entry)


def corrections_among(known: Sequence[E]) -> dict[str, list[E]]:
    """Map entries to those that supersede them at once."""
    after: dict[str, list[E]] = {}
    for entry in known:
        if entry.supersedes:
            after.setdefault(entry.supersedes, []).append(entry)
    return after


def correction_of(entry: str, later: Mapping[str, Sequence[E]], withdrawn: Collection[str]) -> E | None:
    """Return the newest entry in force among those that correct an entry, however many corrections lie between.

    `later` holds what supersedes each, `withdrawn` what is retracted: a correction of a retracted one corrects all the same.
    """
    found: list[E] = []
    reached = list(later.get(entry, ()))
    while len(reached) > 0:
        found += reached
        reached = [after for o in reached for after in later.get(o.id, ())]
    return max((o for o in found if o.id not in withdrawn), key=lambda o: o.id, default=None)


def own_ledger(agency: str, jpa: str) -> str:
    """Name what an agency did under a joint period without a case, as a whole that a claim can be about."""
    return f"agency:{agency}|{jpa}"


class Basis(StrEnum):
    """Why an outcome is credited to a joint period."""

    OPENED_UNDER = "opened under"
    ADVANCED_UNDER = "advanced under"
    INTELLIGENCE_FROM = "intelligence from"
    COINCIDENT = "coincident"
    """It fell into the period and nothing more is claimed; never counted as because of the period."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One signed claim that outcomes came because of a joint period; append-only, withdrawn by a later act.

    Dates never make a claim, they only suggest one [trap of section 0 of the feature research]. A claim about a case, or about all
    that an agency did under a joint period without one, holds for every outcome of it that has no claim of its own; one about an outcome holds for what corrects it, likewise.
    """

    id: str
    target: str
    """Id of an outcome or of a case, or the name of an agency's own ledger."""
    case: str
    """The case that it belongs to; empty: the agency's own ledger under `under`."""
    agency: str
    jpa: str
    basis: Basis
    share: Fraction
    """How much of it is credited to this period; the shares in force of one target sum to at most 1, and to 1 when split."""
    reason: str
    evidence: str
    """Report or reference that supports it."""
    by: str
    at: datetime
    second: str = ""
    """Who signed second; never the author. Without it the claim counts nothing."""
    signed: datetime | None = None
    withdrawn: datetime | None = None
    withdrawn_by: str = ""
    withdrawn_reason: str = ""
    under: str = ""
    """The joint period that it was reported under, for what has no case; any period may be credited with it."""

    @property
    def of_all(self) -> bool:
        """Whether it is about a whole case or ledger, and not about one outcome."""
        return self.target == (self.case or own_ledger(self.agency, self.under))

    @property
    def counts(self) -> bool:
        """Whether it credits anything: signed by two, not withdrawn, and more than a coincidence."""
        return self.signed is not None and self.withdrawn is None and self.basis is not Basis.COINCIDENT
