"""Marking: TLP 2.0, PAP, release set and handling code as an author states them, and the audience tokens that the gate compares.

What follows from markings when facts are put together is `jpa.model.limits`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from jpa.errors import InvalidInputError
from jpa.model.grading import SCHEMES
from jpa.model.value_types import COUNTRY, Context


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


WIDEST: Final = {
    "1": Release.OWN_STATE,
    "2": Release.OWN_STATE,
    "4": Release.OWN_AGENCY,
    "5": Release.OWN_AGENCY,
}
"""Handling codes that keep a fact closer than its release set may say; with any other the release set decides."""


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
    """What may be done with it; unmarked allows passive checks and nothing that reaches the target."""

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
        """Return the tokens of those whom this marking permits; one must be among the reader's.

        Where the handling code asks for less than the release set, it decides: who cannot be named by one token is left out.
        """
        if self.tlp is Tlp.RED:
            return [f"team:{case}"]
        own = f"agency:{agency}"
        widest = WIDEST.get(self.handling)
        if widest is Release.OWN_AGENCY:
            return [own]
        if widest is Release.OWN_STATE:
            inside = self.release in {Release.OWN_STATE, Release.ALL_MEMBERS} or (
                self.release is Release.NAMED_STATES and state in self.names
            )
            return [own, f"state:{state}"] if inside else [own]
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


HANDLING: Final = tuple(dict.fromkeys(code for scheme in SCHEMES.values() for code in scheme.handling))
"""Handling codes of all grading schemes."""


def said_marking(tlp: str, release: str, handling: str, pap: str = "", *, jpa: str = "") -> Marking:
    """Read a marking as a file or an officer writes it: `amber`, `named states: XB, XC`, `H1`, `red`; empty parts are as unmarked.

    `jpa` is the joint period that “JPA participants” means; InvalidInputError names the part that is not understood.
    """
    level = tlp.strip().upper().removeprefix("TLP:").strip() or Tlp.AMBER_STRICT.value.removeprefix("TLP:")
    if f"TLP:{level}" not in set(Tlp):
        raise InvalidInputError("The marking was not understood.", {"tlp": f"{tlp!r} is none of {', '.join(Tlp)}."})
    if handling.strip() and handling.strip().upper() not in HANDLING:
        problem = f"{handling!r} is no handling code; they are {' '.join(HANDLING)}."
        raise InvalidInputError("The marking was not understood.", {"handling": problem})
    kind, _, named = release.partition(":")
    wanted = " ".join(kind.split()).casefold() or Release.OWN_AGENCY.value
    found = next((r for r in Release if r.value.casefold() == wanted), None)
    if found is None:
        problem = f"{release!r} is none of {', '.join(Release)}."
        raise InvalidInputError("The marking was not understood.", {"release": problem})
    names = states_named(named) if found is Release.NAMED_STATES else (jpa,) if found is Release.JPA and jpa else ()
    return Marking(Tlp(f"TLP:{level}"), found, names, handling.strip().upper(), said_pap(pap))


def said_pap(text: str) -> Pap:
    """Read a level of the Permissible Actions Protocol: `PAP:RED` or `red`; nothing said is as unmarked."""
    level = text.strip().upper().removeprefix("PAP:").strip()
    if level == "":
        return Marking().pap
    if f"PAP:{level}" not in set(Pap):
        raise InvalidInputError("The marking was not understood.", {"pap": f"{text!r} is none of {', '.join(Pap)}."})
    return Pap(f"PAP:{level}")


def states_named(typed: str) -> tuple[str, ...]:
    """Return the codes of states that are written with commas between; InvalidInputError for one that is not known."""
    read = [(text.strip(), COUNTRY.clean(text.strip(), Context(state="")).clean) for text in typed.split(",")]
    unknown = [text for text, code in read if code is None and text != ""]
    if len(unknown) > 0:
        problem = f"“{unknown[0]}” is no state that is known here; write its name or two-letter code."
        raise InvalidInputError("The marking was not understood.", {"release": problem})
    return tuple(dict.fromkeys(code for _text, code in read if code is not None))
