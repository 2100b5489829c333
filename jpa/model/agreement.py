"""Agreements: what lets two agencies share, for which purposes, in which ways and up to which ceiling [G6, S2].

Nothing is granted, sent or asked outside an agreement in force. An agreement is never changed: it is ended, and a new one drafted.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from jpa.model.case import Agency
from jpa.model.limits import Condition, Limits
from jpa.model.marking import Pap, Release, Tlp


class Purpose(StrEnum):
    """What is shared for; what an agreement does not name, it does not allow."""

    SMUGGLING = "migrant smuggling"
    TRAFFICKING = "trafficking in persons"
    IDENTITY = "document and identity fraud"
    MONEY = "money laundering and proceeds"
    PROTECTION = "protection of victims and migrants"
    RESCUE = "search and rescue at sea"
    PROSECUTION = "prosecution and extradition"


class Way(StrEnum):
    """In which way something passes between agencies; a cautious agreement may allow questions and no names."""

    GRANT = "grants"
    PACKAGE = "packages"
    QUERY = "blind queries"
    STANDING_CHECK = "standing checks"
    PLANNED_ACTION = "planned actions"
    REQUEST = "requests"


class AgreementState(StrEnum):
    """How an agreement stands at a moment."""

    DRAFT = "waits for signature"
    AHEAD = "not in force yet"
    IN_FORCE = "in force"
    EXPIRED = "expired"
    ENDED = "ended"


CEILING_RELEASES: Final = (Release.NAMED_STATES, Release.JPA, Release.ALL_MEMBERS)
"""Release sets that can reach another agency, narrowest first."""


@dataclass(frozen=True, slots=True)
class Partner:
    """The other agency, as markings see it."""

    agency: Agency
    jpas: frozenset[str] = frozenset()
    """Ids of the joint periods that its state takes part in."""

    @property
    def tokens(self) -> frozenset[str]:
        """The audience tokens that every officer of it holds."""
        return frozenset({f"agency:{self.agency.id}", f"state:{self.agency.state}", *(f"jpa:{j}" for j in self.jpas)})


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The strictest marking that may still go to one partner; anything stricter in any part stays."""

    agency: str
    """Who receives."""
    tlp: Tlp = Tlp.AMBER
    pap: Pap = Pap.AMBER
    release: Release = Release.NAMED_STATES
    """The narrowest release set that may go: with “JPA participants”, nothing goes that was released to named states alone."""
    conditions: frozenset[Condition] = frozenset(Condition)
    """What the partner has undertaken to heed; a handling code that asks for more stays."""

    def limits(self, partner: Partner) -> Limits:
        """Return the ceiling as an element of the lattice: its audience is the meet of the tokens that may open a fact to the partner."""
        match self.release:
            case Release.ALL_MEMBERS:
                tokens = frozenset[str]()
            case Release.JPA:
                tokens = frozenset(f"jpa:{j}" for j in partner.jpas)
            case _:
                tokens = partner.tokens
        return Limits(self.tlp, self.pap, frozenset(frozenset({t}) for t in tokens), self.conditions)


@dataclass(frozen=True, slots=True)
class Signature:
    """One officer's signature for one party."""

    agency: str
    """The party that it binds."""
    officer: str
    name: str
    at: datetime
    on_paper: bool = False
    """The party has no officer here: a second officer of another party attests that it signed on paper."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A treaty, memorandum or arrangement between agencies, as it is registered here."""

    id: str
    title: str
    basis: str
    """Legal basis: the treaty or memorandum with its reference."""
    parties: tuple[str, ...]
    """Ids of agencies, two or more."""
    purposes: frozenset[Purpose]
    ways: frozenset[Way]
    ceilings: tuple[Ceiling, ...]
    """One for each party."""
    start: str
    """First day in force, ISO 8601, in UTC."""
    end: str
    """Last day in force."""
    warning_days: int
    """How many days before the end its parties are warned."""
    signatures: tuple[Signature, ...] = field(default=())
    """The draft is signed by who drafted it."""
    ended: datetime | None = None
    ended_by: str = ""
    reason: str = ""
    """Why it was ended."""

    def binds(self, agency: str) -> bool:
        """Say whether an agency is party to it and has signed."""
        return agency in self.parties and any(s.agency == agency for s in self.signatures)

    def state(self, at: datetime) -> AgreementState:
        """Say how it stands at a moment: two officers have to have signed for two parties."""
        day = at.date().isoformat()
        if self.ended is not None and self.ended <= at:
            return AgreementState.ENDED
        if day > self.end:
            return AgreementState.EXPIRED
        if len({s.officer for s in self.signatures}) < 2 or len(self.signatures) < 2:
            return AgreementState.DRAFT
        return AgreementState.AHEAD if day < self.start else AgreementState.IN_FORCE

    def days_left(self, at: datetime) -> int:
        """Return how many days it has left after today; negative when its end is past."""
        return (date.fromisoformat(self.end) - at.date()).days

    def is_expiring(self, at: datetime) -> bool:
        """Say whether its parties should be warned: it ends soon, or ended within the time of a warning."""
        left = self.days_left(at)
        live = self.state(at) in {AgreementState.IN_FORCE, AgreementState.EXPIRED}
        return live and -self.warning_days <= left <= self.warning_days

    def ceiling(self, agency: str) -> Ceiling:
        """Return the ceiling for what goes to a party; KeyError for an agency that is none."""
        for one in self.ceilings:
            if one.agency == agency:
                return one
        raise KeyError(agency)


def excess(agreement: Agreement, partner: Partner, limits: Limits) -> list[str]:
    """Say in which parts `limits` are stricter than the ceiling for the partner; nothing said means within.

    Within is the lattice's own order: the meet of both is the ceiling, so nothing binds the fact that does not bind the ceiling too.
    """
    ceiling = agreement.ceiling(partner.agency.id).limits(partner)
    met = ceiling.meet(limits)
    if met == ceiling:
        return []
    name, said = partner.agency.name, []
    if met.tlp is not ceiling.tlp:
        said.append(f"It is {limits.tlp.value}; the ceiling for {name} is {ceiling.tlp.value}.")
    if met.pap is not ceiling.pap:
        said.append(f"It is {limits.pap.value}; the ceiling for {name} is {ceiling.pap.value}.")
    if met.audience != ceiling.audience:
        said.append(f"Its release set does not reach {name} under this agreement.")
    if met.conditions != ceiling.conditions:
        asked = sorted(c.value for c in limits.conditions - ceiling.conditions)
        said.append(f"Its handling code asks for what {name} has not undertaken: {'; '.join(asked)}.")
    return said
