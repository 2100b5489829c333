"""Small random worlds with random markings, and the plain rule of who may read what in them.

The rule is written here a second time, in Python over plain data, so that the queries are checked against something else.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Final

from jpa.model.case import Agency, Case, Jpa, TeamRole
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.evidence import EvidenceFile
from jpa.model.grading import Grade
from jpa.model.incident import Incident
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Officer, Role
from jpa.model.outcome import Basis, Claim, Outcome
from jpa.model.record import Link, Record, Report
from jpa.model.retraction import Retraction
from jpa.model.value_types import Context, Value

NOW: Final = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AGENCIES: Final = (
    Agency("tip", "Tenggara Immigration Police", "XA"),
    Agency("tcg", "Tenggara Coast Guard", "XA"),
    Agency("ucg", "Utara Coast Guard", "XB"),
)
ROLES: Final = frozenset({Role.CONTRIBUTE, Role.LEAD, Role.ANALYST, Role.LIAISON})
"""Not of a supervisor, whose figures count the whole agency, also what they may not open."""
OFFICERS: Final = tuple(
    Officer(name, name, name.title(), agency, state, ROLES)
    for name, agency, state in (("wulan", "tip", "XA"), ("budi", "tip", "XA"), ("chai", "tcg", "XA"), ("prasert", "ucg", "XB"))
)  # fmt: skip
JPA: Final = Jpa("7" * 32, 7, "JPA 7", "2026-01-01", "2026-12-31", ("XA", "XB"), "")
AGREED, LAPSED, BROKEN, UNKNOWN_AGREEMENT = ("a" * 32, "b" * 32, "c" * 32, "d" * 32)
"""An agreement in force, one that expired, one that was ended, and one that is not there."""
NAMES: Final = ("Rahim Uddin", "Rohim Uddin", "Hla Myint", "Somchai", "RAHIM UDIN KHAN")
NUMBERS: Final = ("+66898259791", "+6281234567890", "+60123456789")
VESSELS: Final = ("KM Bahari Jaya", "Bahari Jaya 2")
MARKINGS: Final = (Marking(), Marking(Tlp.AMBER, Release.ALL_MEMBERS), Marking(Tlp.GREEN, Release.ALL_MEMBERS))
"""What its author wrote on a report; who reads it here is drawn apart from that."""
WORDS: Final = ("quay", "lantern", "engine")
_TIES: Final = {("Person", "Phone"): "USES", ("Person", "Person"): "ASSOCIATE_OF", ("Person", "Vessel"): "CREW_OF"}


@dataclass(frozen=True, slots=True)
class Marked:
    """A report, record, link, role, outcome, claim, incident, file or victim with who may read it."""

    thing: Report | Record | Link | Outcome | Claim | Incident | EvidenceFile | tuple[str, str, str, str, str]
    """A role is (id, record, case, role, report); a victim (id, pseudonym, case, report, exploitation)."""
    compartments: tuple[str, ...]
    audience: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its id in the store."""
        return self.thing[0] if isinstance(self.thing, tuple) else self.thing.id


@dataclass(frozen=True, slots=True)
class GrantMade:
    """A grant of a case or of chosen records."""

    id: str
    compartment: str
    agency: str
    officers: tuple[str, ...]
    start: datetime
    end: datetime
    revoked: bool
    case: str
    partner: str
    """Agency whose officers alone it may name; empty in grants of earlier releases."""
    agreement: str
    """Id of what it rests on; empty in grants of earlier releases."""


@dataclass(slots=True)
class World:
    """Everything that one world holds before officers judge and run anything."""

    seed: int
    cases: list[Case] = field(default_factory=list)
    teams: list[tuple[str, str, TeamRole]] = field(default_factory=list)
    grants: list[GrantMade] = field(default_factory=list)
    reports: list[Marked] = field(default_factory=list)
    records: list[Marked] = field(default_factory=list)
    links: list[Marked] = field(default_factory=list)
    roles: list[Marked] = field(default_factory=list)
    outcomes: list[Marked] = field(default_factory=list)
    claims: list[Marked] = field(default_factory=list)
    incidents: list[Marked] = field(default_factory=list)
    files: list[Marked] = field(default_factory=list)
    victims: list[Marked] = field(default_factory=list)
    retractions: list[Retraction] = field(default_factory=list)

    def marked(self) -> Iterator[Marked]:
        """Give all that carries a marking."""
        yield from (*self.reports, *self.records, *self.links, *self.roles, *self.outcomes, *self.claims)
        yield from (*self.incidents, *self.files, *self.victims)

    def compartments_of(self, officer: Officer) -> set[str]:
        """Say which compartments an officer may read, by the rule of design section 4."""
        teams = {c for c, o, _ in self.teams if o == officer.id}
        own = {c.id for c in self.cases if c.agency == officer.agency and (c.open_in_agency or c.id in teams)}
        held = {
            g.compartment
            for g in self.grants
            if (g.agency == officer.agency or officer.id in g.officers)
            and g.start <= NOW < g.end
            and not g.revoked
            and g.partner in {"", officer.agency}
            and g.agreement in {"", AGREED}
        }
        return own | held | {f"agency:{officer.agency}"}

    def tokens_of(self, officer: Officer) -> set[str]:
        """Say which audiences an officer belongs to."""
        teams = {f"team:{c}" for c, o, _ in self.teams if o == officer.id}
        return {"*", f"agency:{officer.agency}", f"state:{officer.state}", f"jpa:{JPA.id}", *teams}

    def readable_by(self, officer: Officer) -> set[str]:
        """Return the ids of all marked things that an officer may read."""
        compartments, tokens = self.compartments_of(officer), self.tokens_of(officer)
        return {
            m.id for m in self.marked() if not compartments.isdisjoint(m.compartments) and not tokens.isdisjoint(m.audience)
        }  # fmt: skip

    def reached_by(self, officer: Officer) -> set[str]:
        """Return the ids of what an officer comes across: no link with an end, and no role in a case, that is closed to them.

        All else is left out: nothing is worked out from it but figures, which are never kept.
        """
        readable, cases = self.readable_by(officer), self.compartments_of(officer)
        links = {m.id: {m.thing.source, m.thing.target} for m in self.links if isinstance(m.thing, Link)}
        roles = {m.id: (m.thing[1], m.thing[2]) for m in self.roles if isinstance(m.thing, tuple)}
        return {
            i
            for i in readable & {m.id for m in (*self.reports, *self.records, *self.links, *self.roles)}
            if links.get(i, set()) <= readable
            and (i not in roles or (roles[i][0] in readable and roles[i][1] in cases))
        }


def make_world(seed: int) -> World:
    """Make the world of a seed; the same seed gives the same world."""
    draw = Random(seed)
    ids = ids_of(draw)
    world = World(seed)
    for number in range(draw.randint(2, 3)):
        agency = draw.choice(AGENCIES[:2] if number == 0 else AGENCIES)
        case = Case(
            next(ids), f"T-{number}", f"{draw.choice(WORDS)} case {number}", agency.id, agency.state, NOW,
            open_in_agency=draw.random() < 0.4, jpa=draw.choice((None, JPA.id)), summary=f"summary {number}",
        )  # fmt: skip
        world.cases.append(case)
        staff = [o for o in OFFICERS if o.agency == agency.id]
        team = draw.sample(staff, draw.randint(1, len(staff)))
        world.teams += [(case.id, o.id, TeamRole.LEAD if i == 0 else TeamRole.MEMBER) for i, o in enumerate(team)]
        if draw.random() < 0.5:
            world.grants.append(_grant(draw, ids, case))
    for case in world.cases:
        for _ in range(draw.randint(1, 2)):
            _state(draw, ids, world, case)
    _tie(draw, ids, world)
    for case in world.cases:
        _outcomes(draw, ids, world, case)
    return world


def listed_key(case: str, row: str) -> str:
    """Return the key in the store of a row of the file `list` that a case was sent (`jpa.services.import_rows`)."""
    return hashlib.sha256(f"{case}\x1flist".encode()).hexdigest()[:24] + f":{row}"


def ids_of(draw: Random) -> Iterator[str]:
    """Draw ids that grow with time."""
    moment = 0x019A00000000
    while True:
        moment += draw.randint(1, 50)
        yield f"{moment:012x}{draw.getrandbits(80):020x}"


def _grant(draw: Random, ids: Iterator[str], case: Case) -> GrantMade:
    over, grant = draw.random() < 0.15, next(ids)
    partner = draw.choice([a.id for a in AGENCIES if a.id != case.agency])
    whole = draw.random() < 0.7
    return GrantMade(
        id=grant,
        compartment=case.id if draw.random() < 0.4 else grant,
        agency=partner if whole else "",
        officers=() if whole and draw.random() < 0.7 else tuple(o.id for o in draw.sample(OFFICERS, 1)),
        start=NOW - timedelta(days=30),
        end=NOW - timedelta(days=1) if over else NOW + timedelta(days=30),
        revoked=draw.random() < 0.1,
        case=case.id,
        partner=draw.choice((partner, partner, "")),
        agreement=draw.choice((AGREED, AGREED, AGREED, "", LAPSED, BROKEN, UNKNOWN_AGREEMENT)),
    )


def reach_of(draw: Random, world: World, case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw compartments and audience of something in a case."""
    granted = [g.compartment for g in world.grants if draw.random() < 0.4]
    own = f"agency:{case.agency}"
    audience = draw.choice(
        [(own,), (own,), (own, f"state:{case.state}"), (own, "state:XB"), (own, f"jpa:{JPA.id}"), ("*",), (f"team:{case.id}",)]
    )  # fmt: skip
    return tuple(dict.fromkeys((case.id, *granted))), audience


def _state(draw: Random, ids: Iterator[str], world: World, case: Case) -> None:
    officer = next(o for c, o, _ in world.teams if c == case.id)
    report = Report(
        id=next(ids), case=case.id, agency=case.agency, title=f"Report {draw.choice(WORDS)}", source_reference="R",
        date=draw.choice(("2024", "2024-03-12", "2025-07")), grade=Grade("4x4", draw.choice("ABC"), draw.choice("123")),
        marking=draw.choice(MARKINGS), officer=officer, entered=NOW, text=f"Seen at the {draw.choice(WORDS)}.",
    )  # fmt: skip
    reach = reach_of(draw, world, case)
    world.reports.append(Marked(report, *reach))
    for _ in range(draw.randint(1, 5)):
        own = reach if draw.random() < 0.7 else reach_of(draw, world, case)
        same_case = [
            m.thing
            for m in world.records
            if isinstance(m.thing, Record) and case.id in m.compartments and m.thing.supersedes is None
        ]
        old = draw.choice(same_case) if len(same_case) > 0 and draw.random() < 0.2 else None
        kind = draw.choice(("Person", "Person", "Phone", "Vessel")) if old is None else old.type
        record = _record(draw, next(ids), kind, report, None if old is None else old.id)
        key = listed_key(case.id, draw.choice("1234"))
        if (
            old is None
            and draw.random() < 0.3
            and key not in {m.thing.source_key for m in world.records if isinstance(m.thing, Record)}
        ):
            record = replace(record, source_key=key)
        world.records.append(Marked(record, *own))
        if kind == "Person" and draw.random() < 0.4:
            role = (next(ids), record.id, case.id, draw.choice(("suspect", "smuggled migrant")), report.id)
            world.roles.append(Marked(role, *(own if draw.random() < 0.7 else reach_of(draw, world, case))))


def _record(draw: Random, record: str, kind: str, report: Report, supersedes: str | None) -> Record:
    typed: Mapping[str, Sequence[str]] = {
        "Person": {"name": [draw.choice(NAMES)], "birthDate": [draw.choice(("1987", "1987-03-12", "1991"))]},
        "Phone": {"number": [draw.choice(NUMBERS)]},
        "Vessel": {"name": [draw.choice(VESSELS)], "hullColour": ["blue"]},
    }[kind]
    declared = ENTITY_TYPES[kind]
    context = Context(state="XA", today=NOW.date())
    values = {n: tuple(declared.property(n).type.clean(t, context) for t in texts) for n, texts in typed.items()}
    return Record(record, kind, report.id, report.agency, report.officer, NOW, values, declared.ftm_schema, supersedes)


def _tie(draw: Random, ids: Iterator[str], world: World) -> None:
    records = [m.thing for m in world.records if isinstance(m.thing, Record)]
    reports = [m.thing for m in world.reports if isinstance(m.thing, Report)]
    for _ in range(draw.randint(2, 10)):
        source, target = draw.choice(records), draw.choice(records)
        kind = _TIES.get((source.type, target.type))
        if kind is None or source.id == target.id:
            continue
        report = next(r for r in reports if r.id == source.report) if draw.random() < 0.7 else draw.choice(reports)
        case = next(c for c in world.cases if c.id == report.case)
        link = Link(
            next(ids), kind, source.id, target.id, report.id, report.agency, report.officer, NOW,
            schema=LINK_TYPES[kind].ftm_schema or "",
        )  # fmt: skip
        world.links.append(Marked(link, *reach_of(draw, world, case)))
        if draw.random() < 0.2:
            again = replace(link, id=next(ids), properties={}, supersedes=link.id)
            world.links.append(Marked(again, *reach_of(draw, world, case)))


def _outcomes(draw: Random, ids: Iterator[str], world: World, case: Case) -> None:
    people = [m.thing for m in world.records if isinstance(m.thing, Record) and m.thing.type == "Person"]
    reports = [m.thing for m in world.reports if isinstance(m.thing, Report) and m.thing.case == case.id]
    for _ in range(draw.randint(0, 4)):
        person = draw.choice(people) if len(people) > 0 and draw.random() < 0.8 else None
        report = draw.choice(reports) if draw.random() < 0.5 else None
        first = _outcome(draw, next(ids), case, person, report)
        world.outcomes.append(Marked(first, *reach_of(draw, world, case)))
        if draw.random() < 0.3:
            again = _outcome(draw, next(ids), case, person, report, supersedes=first.id)
            world.outcomes.append(Marked(again, *reach_of(draw, world, case)))
            if draw.random() < 0.4:
                anew = _outcome(draw, next(ids), case, person, report, supersedes=again.id)
                world.outcomes.append(Marked(anew, *reach_of(draw, world, case)))
    targets = [case.id, *(m.id for m in world.outcomes if isinstance(m.thing, Outcome) and m.thing.case == case.id)]
    for target in draw.sample(targets, min(len(targets), draw.randint(0, 2))):
        claim = _claim(draw, next(ids), case, target)
        world.claims.append(Marked(claim, (case.id,), (f"agency:{case.agency}",)))


def _claim(draw: Random, claim: str, case: Case, target: str) -> Claim:
    return Claim(
        id=claim, target=target, case=case.id, agency=case.agency, jpa=JPA.id, basis=draw.choice((Basis.OPENED_UNDER, Basis.COINCIDENT)),
        share=draw.choice((Fraction(1), Fraction(1, 2))), reason="proof", evidence="proof", by="wulan", at=NOW, second="budi", signed=NOW,
    )  # fmt: skip


def _outcome(
    draw: Random, outcome: str, case: Case, person: Record | None, report: Report | None, supersedes: str = ""
) -> Outcome:
    said = {
        "date": draw.choice(("2026-03-05", "2026-04", "2025")),
        "state": draw.choice(("XA", "XB")),
        "reference": "R1",
    }
    return Outcome(
        id=outcome, kind=draw.choice(("arrested", "arrested", "charged", "search warrant")), agency=case.agency, case=case.id, jpa="",
        properties={name: (Value(text, text),) for name, text in said.items() if name != "reference" or person is None},
        person="" if person is None else person.id, victim="", report="" if report is None else report.id, officer="wulan",
        entered=NOW, supersedes=supersedes,
    )  # fmt: skip
