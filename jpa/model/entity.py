"""An entity as one officer sees it: the records they may read, drawn together. Derived, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.record import Link, Record, Report
from jpa.model.schema import EntityType, Property
from jpa.model.value_types import Value


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so: one record in one report."""

    record: Record
    report: Report
    value: Value


@dataclass(frozen=True, slots=True)
class Stated:
    """One value of one property with everybody who states it."""

    declared: Property
    best: str
    caption: str
    sources: tuple[Source, ...]
    conflicting: bool
    """Another value stands beside it for a property that a thing has only one of."""

    @property
    def reports(self) -> tuple[Report, ...]:
        """The distinct reports behind the value, oldest first."""
        return tuple({s.report.id: s.report for s in self.sources}.values())

    @property
    def origins(self) -> int:
        """Independent origins: the same source passed on through three reports counts once [P4]."""
        return len({s.report.origin or s.report.id for s in self.sources})


@dataclass(frozen=True, slots=True)
class Tie:
    """One link seen from the entity, with the entity at its other end."""

    link: Link
    report: Report
    outgoing: bool
    other: "Glance"


@dataclass(frozen=True, slots=True)
class Glance:
    """Just enough of an entity to name it and open it."""

    id: str
    """The oldest readable record's id: the entity's address."""
    type: str
    caption: str
    records: int = 1

    @property
    def entity_type(self) -> EntityType:
        """Its declaration in the catalogue."""
        return ENTITY_TYPES[self.type]


@dataclass(frozen=True, slots=True)
class Involvement:
    """The role of a record in a case."""

    id: str
    case: str
    case_number: str
    case_title: str
    role: str
    record: str
    report: str


@dataclass(frozen=True, slots=True)
class Entity:
    """What jpa believes is one thing in the world, for one officer."""

    id: str
    type: str
    records: tuple[Record, ...]
    """In force, oldest first."""
    history: tuple[Record, ...]
    """Superseded and retracted records, oldest first."""
    reports: dict[str, Report]
    involvements: tuple[Involvement, ...] = field(default=())

    @property
    def entity_type(self) -> EntityType:
        """Its declaration in the catalogue."""
        return ENTITY_TYPES[self.type]

    @property
    def caption(self) -> str:
        """The name to call it by: from the oldest record in force."""
        return caption_of(self.records[0] if len(self.records) > 0 else self.history[-1])

    def stated(self) -> tuple[Stated, ...]:
        """Every value with its sources, in the catalogue's order; conflicting values stand side by side."""
        rows: list[Stated] = []
        for declared in self.entity_type.properties:
            rows.extend(self._stated_of(declared))
        return tuple(rows)

    def _stated_of(self, declared: Property) -> Iterable[Stated]:
        found: dict[str, list[Source]] = {}
        for record in self.records:
            for value in record.properties.get(declared.name, ()):
                found.setdefault(value.best, []).append(Source(record, self.reports[record.report], value))
        conflicting = declared.name in SINGULAR and len(found) > 1
        for best, sources in found.items():
            understood = any(s.value.clean is not None for s in sources)
            caption = declared.type.caption(best) if understood else best
            yield Stated(declared, best, caption, tuple(sources), conflicting)


SINGULAR = frozenset(
    {"birthDate", "deathDate", "gender", "birthCountry", "imoNumber", "mmsi", "length", "hullMaterial"}
)
"""Properties that a thing has only one of in the world: two values are a conflict to show, never to settle silently."""


def caption_of(record: Record) -> str:
    """Name a record by the first caption property it has; a person also by given and family name together."""
    declared = ENTITY_TYPES[record.type]
    if record.type == "Person" and len(record.properties.get("name", ())) == 0:
        parts = [v.best for n in ("firstName", "lastName") for v in record.properties.get(n, ())[:1]]
        if len(parts) > 0:
            return " ".join(parts)
    for name in declared.caption:
        for value in record.properties.get(name, ()):
            return declared.property(name).type.caption(value.best) if value.clean is not None else value.best
    return f"{declared.label} without a name"


def key_of(record: Record) -> str | None:
    """Return the identity key of a keyed thing, or None when no alternative is complete and understood."""
    declared = ENTITY_TYPES[record.type]
    for alternative in declared.keys:
        parts = [_first_clean(record, name) for name in alternative]
        if all(part is not None for part in parts):
            return "|".join([record.type, *(str(part).casefold() for part in parts)])
    return None


def _first_clean(record: Record, name: str) -> str | None:
    for value in record.properties.get(name, ()):
        if value.clean is not None:
            return value.clean
    return None
