"""The marking algebra: how far a fact may go, as a lattice with meet and join [S1, M6].

`Limits` is what a marking comes down to once it is known who stated it: TLP 2.0 x PAP x audience x conditions. The order is
"at most as free as". What is made of several facts takes the meet of their limits, so a summary is never freer than any of its
sources; the join is the least that is freer than both, and says what a partner's ceiling would have to be.

The audience is a conjunction of clauses, each a set of tokens of which a reader must hold one (`Readership.audience`): the free
distributive lattice over the tokens. So a meet needs no directory of who belongs to what, and is exact for readers still unknown.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from itertools import product
from typing import Final, Self

from jpa.model.marking import WIDEST, Marking, Pap, Release, Tlp

Clause = frozenset[str]
EVERYBODY: Final = "*"


class Condition(StrEnum):
    """What a handling code asks of whoever holds the fact, beyond who may hold it."""

    CRIME_ONLY = "to prevent and combat crime only"
    NOT_IN_COURT = "not in court without the provider's permission"
    NOT_ONWARD = "not onward without the provider's permission"
    ON_RECORD = "only where authorised and recorded"
    AS_STATED = "as the provider states"


@dataclass(frozen=True, slots=True)
class Handling:
    """A handling code in neutral terms (reference 4.7): the widest release set that it allows, and its conditions."""

    widest: Release
    conditions: frozenset[Condition] = frozenset()


_ABROAD: Final = Release.ALL_MEMBERS
HANDLING: Final = {
    "": Handling(_ABROAD),
    "1": Handling(WIDEST["1"]),
    "2": Handling(WIDEST["2"], frozenset({Condition.ON_RECORD})),
    "3": Handling(_ABROAD, frozenset({Condition.AS_STATED})),
    "4": Handling(WIDEST["4"]),
    "5": Handling(WIDEST["5"], frozenset({Condition.NOT_ONWARD})),
    "P": Handling(_ABROAD),
    "C": Handling(_ABROAD, frozenset({Condition.AS_STATED})),
    "H0": Handling(_ABROAD, frozenset({Condition.CRIME_ONLY})),
    "H1": Handling(_ABROAD, frozenset({Condition.NOT_IN_COURT})),
    "H2": Handling(_ABROAD, frozenset({Condition.NOT_ONWARD})),
    "H3": Handling(_ABROAD, frozenset({Condition.AS_STATED})),
}
"""5x5x5 (1-5), 3x5x2 (P, C) and Europol (H0-H3) codes; no two schemes use the same one."""


@dataclass(frozen=True, slots=True)
class Limits:
    """An element of the lattice; `a <= b` says that whatever a permits, b permits."""

    tlp: Tlp
    pap: Pap
    audience: frozenset[Clause] = frozenset()
    """Clauses that a reader must all meet; none: everybody. No clause contains another."""
    conditions: frozenset[Condition] = frozenset()

    def meet(self, other: Self) -> Self:
        """Return the freest limits that both allow: what a fact derived from both takes."""
        return type(self)(
            max(self.tlp, other.tlp, key=lambda t: t.strictness),
            max(self.pap, other.pap, key=lambda p: p.strictness),
            _reduced(self.audience | other.audience),
            self.conditions | other.conditions,
        )

    def join(self, other: Self) -> Self:
        """Return the strictest limits that allow what either allows."""
        return type(self)(
            min(self.tlp, other.tlp, key=lambda t: t.strictness),
            min(self.pap, other.pap, key=lambda p: p.strictness),
            _reduced(a | b for a, b in product(self.audience, other.audience)),
            self.conditions & other.conditions,
        )

    def __le__(self, other: Self) -> bool:
        """Say whether these limits are at least as strict as the other in everything."""
        return self.meet(other) == self

    def permits(self, tokens: Collection[str]) -> bool:
        """Say whether a reader with these audience tokens may hold the fact."""
        return all(not clause.isdisjoint(tokens) for clause in self.audience)


FREEST: Final = Limits(Tlp.CLEAR, Pap.CLEAR)
STRICTEST: Final = Limits(Tlp.RED, Pap.RED, frozenset({frozenset[str]()}), frozenset(Condition))


def limits_of(marking: Marking, *, agency: str, state: str, case: str) -> Limits:
    """Turn what an author marked into limits; a code of no scheme keeps the fact inside, as its provider would state."""
    handling = HANDLING.get(marking.handling)
    audience = frozenset(marking.audience(agency=agency, state=state, case=case))
    if handling is None:
        conditions, audience = frozenset({Condition.AS_STATED}), audience & {f"agency:{agency}", f"team:{case}"}
    else:
        conditions = handling.conditions
    return Limits(marking.tlp, marking.pap, _reduced([audience]), conditions)


def meet_of(limits: Iterable[Limits]) -> Limits:
    """Return the meet of all; of none it is the freest, for nothing binds."""
    return reduce(Limits.meet, limits, FREEST)


def _reduced(clauses: Iterable[Clause]) -> frozenset[Clause]:
    """Drop clauses that everybody meets and those that another one implies."""
    binding = {c for c in clauses if EVERYBODY not in c}
    return frozenset(c for c in binding if not any(other < c for other in binding))
