"""Marking: TLP 2.0, PAP, release set and handling code as an author states them, and the audience tokens that the gate compares.

What follows from markings when facts are put together is `jpa.model.limits`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from jpa.errors import InvalidInputError


class Tlp(StrEnum):
    """Traffic Light Protocol 2.0 (FIRST, 2022), strictest first."""

    RED = "TLP:RED"
    AMBER_STRICT = "TLP:AMBER+STRICT"
    AMBER = "TLP:AMBER"
    GREEN = "TLP:GREEN"
    CLEAR = "TLP:CLEAR"

    @property
    def strictness(self) -> int:
        """4 for RED down to 0 for CLEAR."""
        return len(_ORDER) - 1 - _ORDER.index(self)


_ORDER: Final = tuple(Tlp)


class Pap(StrEnum):
    """Permissible Actions Protocol: what may be done with a fact, strictest first."""

    RED = "PAP:RED"
    """No action that the target could see."""
    AMBER = "PAP:AMBER"
    """Passive checks with others, nothing that reaches the target."""
    GREEN = "PAP:GREEN"
    """Active measures are allowed."""
    CLEAR = "PAP:CLEAR"

    @property
    def strictness(self) -> int:
        """3 for RED down to 0 for CLEAR."""
        return len(_PAP_ORDER) - 1 - _PAP_ORDER.index(self)


_PAP_ORDER: Final = tuple(Pap)


class Release(StrEnum):
    """Neutral release sets that every handling code is mapped to."""

    OWN_AGENCY = "own agency"
    OWN_STATE = "own state"
    NAMED_STATES = "named states"
    JPA = "JPA participants"
    ALL_MEMBERS = "all Bali Process members"


@dataclass(frozen=True, slots=True)
class Marking:
    """How far a report and all that it states may go. Unmarked means own agency only [P5]."""

    tlp: Tlp = Tlp.AMBER_STRICT
    release: Release = Release.OWN_AGENCY
    names: tuple[str, ...] = ()
    """States (ISO codes) for NAMED_STATES, the one joint period's id for JPA."""
    handling: str = ""
    """The handling code as typed in the grading scheme (5x5x5 "4", Europol "H2")."""
    pap: Pap = Pap.AMBER

    def __post_init__(self) -> None:
        """Refuse a release set without the names that it speaks of, and a wider set than TLP allows."""
        if self.release in {Release.NAMED_STATES, Release.JPA} and len(self.names) == 0:
            raise InvalidInputError(
                f"Release to {self.release.value} needs their names.", {"release": "name at least one"}
            )
        if self.tlp.strictness >= Tlp.AMBER_STRICT.strictness and self.release is not Release.OWN_AGENCY:
            raise InvalidInputError(
                f"{self.tlp.value} stays inside the own agency.",
                {"release": f"{self.tlp.value} allows only {Release.OWN_AGENCY.value}; choose TLP:AMBER or wider"},
            )

    def audience(self, *, agency: str, state: str, case: str) -> list[str]:
        """Return the tokens of those whom this marking permits; one must be among the reader's."""
        if self.tlp is Tlp.RED:
            return [f"team:{case}"]
        own = f"agency:{agency}"
        match self.release:
            case Release.OWN_AGENCY:
                return [own]
            case Release.OWN_STATE:
                return [own, f"state:{state}"]
            case Release.NAMED_STATES:
                return [own, *(f"state:{s}" for s in self.names)]
            case Release.JPA:
                return [own, *(f"jpa:{j}" for j in self.names)]
            case Release.ALL_MEMBERS:
                return ["*"]

    @classmethod
    def strictest(cls, markings: list[Self]) -> Tlp:
        """Return the strictest TLP among `markings`: the bar above the page."""
        return max((m.tlp for m in markings), key=lambda t: t.strictness, default=Tlp.AMBER_STRICT)
