"""Proof 13: over generated cases with victims, migrants and markings, no package holds a thing above its audience, and none that may go is lost.

What may go is worked out a second time here, in plain rules, from the marking as its author wrote it.
"""

import random
from collections import Counter
from dataclasses import dataclass
from typing import Final

from jpa.errors import InvalidInputError
from jpa.model.agreement import CEILING_RELEASES, Agreement, Ceiling, Partner, Purpose, Way, excess
from jpa.model.case import Agency
from jpa.model.limits import HANDLING, Condition, limits_of
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.sharing.choice import Audience, Decided, Source

STATES: Final = ("XA", "XB", "XC", "XD")
JPAS: Final = ("j1", "j2")
OWN: Final = "own"
_CODES_AGENCY: Final = frozenset({"4", "5"})
_CODES_STATE: Final = frozenset({"1", "2"})
"""Handling codes that keep a fact inside the agency or the state, as their scheme says (reference 4.7)."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A report with its marking and what it states."""

    source: Source
    marking: Marking
    records: tuple[str, ...]


def check_audience(seed: int) -> str:
    """Decide on one generated case; returns what is wrong, if anything."""
    rng = random.Random(f"audience {seed}")
    partners = [_partner(rng, n) for n in range(rng.randint(1, 2))]
    agreement = _agreement(rng, partners)
    stated = [_stated(rng, n) for n in range(rng.randint(1, 6))]
    every = [r for one in stated for r in one.records]
    protected = {r for r in every if rng.random() < 0.2}
    ticked = {r for r in every if rng.random() < 0.8}
    decided = Decided(
        Audience(OWN, [p.tokens for p in partners], lambda at: all(not excess(agreement, p, at) for p in partners)),
        set(protected),
    )
    for one in stated:
        for record in one.records:
            decided.record(record, one.source, chosen=record in ticked)
    links = _links(rng, every)
    gone = {link for link, (ends, n) in links.items() if decided.link(link, ends, stated[n % len(stated)].source)}
    return _faults(decided, stated, (protected, ticked), partners, agreement) or _link_faults(
        decided, links, gone, stated, partners
    )


def _faults(
    decided: Decided,
    stated: list[Stated],
    marks: tuple[set[str], set[str]],
    partners: list[Partner],
    agreement: Agreement,
) -> str:
    protected, ticked = marks
    for one in stated:
        open_to_all = one.source.agency == OWN and all(
            _may_hold(one.marking, p) and _below(one.marking, agreement, p) for p in partners
        )
        for record in one.records:
            expected = open_to_all and record not in protected and record in ticked
            if (record in decided.records) != expected:
                return f"{record}, {one.marking}: {'sent' if record in decided.records else 'kept'} against the rules"
            if record in decided.records and not decided.limits <= one.source.limits:
                return f"the package is marked freer than {record} in it"
    stays = sum(len(one.records) for one in stated) - len(decided.records)
    kept = Counter(decided.withheld)
    return "" if kept.total() >= stays else f"{stays} records stay and {kept.total()} things are counted"


def _link_faults(
    decided: Decided,
    links: dict[str, tuple[tuple[str, str], int]],
    gone: set[str],
    stated: list[Stated],
    partners: list[Partner],
) -> str:
    for link in gone:
        ends, n = links[link]
        one = stated[n % len(stated)]
        if (
            not decided.records.issuperset(ends)
            or one.source.agency != OWN
            or not all(_may_hold(one.marking, p) for p in partners)
        ):
            return f"{link} was sent against the rules"
    return ""


def _may_hold(marking: Marking, partner: Partner) -> bool:
    """Say by plain rules whether another agency may hold what is so marked; the sender is in XA."""
    state = partner.agency.state
    if marking.tlp in {Tlp.RED, Tlp.AMBER_STRICT} or marking.handling in _CODES_AGENCY:
        return False
    if marking.handling in _CODES_STATE and (state != "XA" or marking.release is Release.JPA):
        return False
    match marking.release:
        case Release.ALL_MEMBERS:
            return True
        case Release.NAMED_STATES:
            return state in marking.names
        case Release.JPA:
            return not partner.jpas.isdisjoint(marking.names)
        case Release.OWN_STATE:
            return state == "XA"
        case Release.OWN_AGENCY:
            return False


def _below(marking: Marking, agreement: Agreement, partner: Partner) -> bool:
    """Say by plain rules whether a marking keeps below the ceiling."""
    ceiling = agreement.ceiling(partner.agency.id)
    asked = HANDLING[marking.handling].conditions
    # The ceilings here are for named states, which take in every set that reaches the partner.
    return (
        marking.tlp.strictness <= ceiling.tlp.strictness
        and marking.pap.strictness <= ceiling.pap.strictness
        and asked <= ceiling.conditions
    )


def _partner(rng: random.Random, n: int) -> Partner:
    jpas = frozenset(j for j in JPAS if rng.random() < 0.5)
    return Partner(Agency(f"p{n}", f"Partner {n}", rng.choice(STATES)), jpas)


def _agreement(rng: random.Random, partners: list[Partner]) -> Agreement:
    conditions = frozenset(c for c in Condition if rng.random() < 0.7)
    ceilings = [
        Ceiling(
            p.agency.id,
            rng.choice([Tlp.AMBER, Tlp.GREEN, Tlp.CLEAR]),
            rng.choice(list(Pap)),
            CEILING_RELEASES[0],
            conditions,
        )
        for p in partners
    ]
    parties = (OWN, *(p.agency.id for p in partners))
    return Agreement(
        "a",
        "Memorandum",
        "basis",
        parties,
        frozenset(Purpose),
        frozenset(Way),
        tuple(ceilings),
        "2026-01-01",
        "2027-01-01",
        60,
    )


def _stated(rng: random.Random, n: int) -> Stated:
    marking = _marking(rng)
    limits = limits_of(marking, agency=OWN, state="XA", case="c")
    source = Source(f"report {n}", OWN if rng.random() < 0.85 else "third", limits)
    return Stated(source, marking, tuple(f"r{n}.{m}" for m in range(rng.randint(0, 5))))


def _marking(rng: random.Random) -> Marking:
    while True:
        release = rng.choice(list(Release))
        names = {
            Release.NAMED_STATES: tuple(rng.sample(STATES, rng.randint(1, 3))),
            Release.JPA: (rng.choice(JPAS),),
        }.get(release, ())
        try:
            return Marking(rng.choice(list(Tlp)), release, names, rng.choice(list(HANDLING)), rng.choice(list(Pap)))
        except InvalidInputError:  # a level that stays inside, with a set that does not
            continue


def _links(rng: random.Random, every: list[str]) -> dict[str, tuple[tuple[str, str], int]]:
    if len(every) < 2:
        return {}
    return {f"l{n}": ((ends[0], ends[1]), rng.randint(0, 9)) for n in range(8) if (ends := rng.sample(every, 2))}
