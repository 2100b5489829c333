"""The column map: which column of a table is which property, in TOML, the same on the page and the command line."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jpa.interchange.incoming import Incoming, IncomingLink, IncomingRecord, Rejected
from jpa.interchange.map_keys import column_named, columns_named, quoted, refused, require_only
from jpa.interchange.outcome_map import OUTCOME, OutcomeColumns, guess_outcome, incoming_outcome, parse_outcome
from jpa.interchange.tabular import Row, Table
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.catalogue.incidents import INCIDENT
from jpa.model.schema import EntityType

_KEYS: Final = frozenset({"id", "source", "properties", "link", "outcome"})
_LINK_KEYS: Final = frozenset({"source", "target", "type", "type_column", "properties"})
_GUESSES: Final[Mapping[str, tuple[str, ...]]] = {
    "firstName": ("given_name", "givenname", "first_name", "firstname", "forename"),
    "lastName": ("surname", "last_name", "lastname", "family_name"),
    "birthDate": ("dob", "date_of_birth", "birth_date", "born"),
    "name": ("name", "full_name", "caption", "title"),
    "gender": ("sex", "gender"),
    "number": ("number", "phone", "msisdn", "telephone"),
    "country": ("country", "country_code"),
    "nationality": ("nationality",),
    "email": ("email", "e-mail", "mail"),
    "idNumber": ("id_number", "soc_sec_id", "national_id", "ssn"),
    "accountNumber": ("account", "account_number", "account_no"),
    "imoNumber": ("imo", "imo_number"),
}

ROWS: Final[Mapping[str, EntityType]] = {**ENTITY_TYPES, INCIDENT.name: INCIDENT}
"""What the rows of a table with the section [properties] may be."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which column is what."""

    id: str | None = None
    source: str | None = None
    properties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    link_source: str | None = None
    link_target: str | None = None
    link_type: str | None = None
    link_type_column: str | None = None
    outcome: OutcomeColumns | None = None
    """Set where the rows are outcomes."""

    @property
    def is_link(self) -> bool:
        """Whether the table's rows are ties."""
        return self.link_source is not None

    def to_toml(self) -> str:
        """Write the map as it would be typed."""
        lines = [f"{k} = {quoted(v)}" for k, v in (("id", self.id), ("source", self.source)) if v is not None]
        if self.is_link:
            named = (
                ("source", self.link_source),
                ("target", self.link_target),
                ("type", self.link_type),
                ("type_column", self.link_type_column),
            )
            lines += ["[link]", *(f"{k} = {quoted(v)}" for k, v in named if v is not None)]
        if self.outcome is not None:
            lines += self.outcome.lines()
        if len(self.properties) > 0:
            lines.append("[properties]")
            for name, columns in self.properties.items():
                several = ", ".join(quoted(c) for c in columns)
                lines.append(f"{name} = {several if len(columns) == 1 else f'[{several}]'}")
        return "\n".join(lines) + "\n"


def parse_map(text: str, type_name: str, header: Sequence[str]) -> ColumnMap:
    """Read a map; every error names the key, what is wrong and the cure."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refused("map", f"not TOML: {error}") from error
    require_only(content, _KEYS, "map")
    if "outcome" in content or type_name == OUTCOME:
        return _outcome_map(content, header)
    link = content.get("link", {})
    if not isinstance(link, dict):
        raise refused("link", "write it as a section [link]")
    require_only(link, _LINK_KEYS, "link")
    properties = {
        n: columns_named(n, c, header)
        for n, c in {**content.get("properties", {}), **link.get("properties", {})}.items()
    }
    made = ColumnMap(
        id=column_named("id", content.get("id"), header),
        source=column_named("source", content.get("source"), header),
        properties=properties,
        link_source=column_named("link.source", link.get("source"), header),
        link_target=column_named("link.target", link.get("target"), header),
        link_type=link.get("type"),
        link_type_column=column_named("link.type_column", link.get("type_column"), header),
    )
    _check_link(made, link) if "link" in content else _check_properties(made, type_name)
    return made


def guess_map(type_name: str, header: Sequence[str]) -> ColumnMap:
    """Propose a map from the columns' names."""
    plain = {re.sub(r"[\s\-]+", "_", c.strip().casefold()): c for c in header}
    if type_name == OUTCOME:
        return ColumnMap(id=_own_id(plain), outcome=guess_outcome(plain))
    declared = ROWS[type_name]
    found: dict[str, tuple[str, ...]] = {}
    for prop in declared.properties:
        spellings = (
            prop.name.casefold(),
            re.sub(r"(?<!^)(?=[A-Z])", "_", prop.name).casefold(),
            *_GUESSES.get(prop.name, ()),
        )
        column = next((plain[s] for s in spellings if s in plain and (plain[s],) not in found.values()), None)
        if column is not None:
            found[prop.name] = (column,)
    return ColumnMap(id=_own_id(plain), properties=found)


def apply_map(table: Table, columns: ColumnMap, type_name: str) -> Incoming:
    """Turn a table's rows into records or ties; rows that cannot be taken are rejected with the reason."""
    incoming = Incoming()
    seen: set[str] = set()
    for row in table.rows:
        key = row.cells.get(columns.id, "") if columns.id is not None else f"row {row.number}"
        reason = row.problem or (
            "has no id" if key == "" else f"has the id {key[:60]} of an earlier row" if key in seen else ""
        )
        if reason != "":
            incoming.rejected.append(Rejected(row.number, reason))
            continue
        seen.add(key)
        if columns.outcome is not None:
            reported_by = row.cells.get(columns.source or "", "")
            read = incoming_outcome(row, key, columns.outcome, reported_by)
            if isinstance(read, Rejected):
                incoming.rejected.append(read)
            else:
                incoming.outcomes.append(read)
        elif columns.is_link:
            _link(row, key, columns, incoming)
        else:
            _record(row, key, columns, ROWS[type_name], incoming)
    return incoming


def _outcome_map(content: Mapping[str, Any], header: Sequence[str]) -> ColumnMap:
    for name in ("link", "properties"):
        if name in content:
            raise refused(name, "a table of outcomes has the section [outcome] alone")
    return ColumnMap(
        id=column_named("id", content.get("id"), header),
        source=column_named("source", content.get("source"), header),
        outcome=parse_outcome(content.get("outcome"), header),
    )


def _own_id(plain: Mapping[str, str]) -> str | None:
    return next((c for s, c in plain.items() if s in {"id", "unique_id", "rec_id", "record_id"}), None)


def _record(row: Row, key: str, columns: ColumnMap, declared: EntityType, incoming: Incoming) -> None:
    properties = {
        n: v for n, cs in columns.properties.items() if len(v := [row.cells[c] for c in cs if row.cells[c] != ""]) > 0
    }
    if len(properties) == 0:
        incoming.rejected.append(Rejected(row.number, "says nothing in the mapped columns"))
        return
    reported_by = row.cells.get(columns.source or "", "")
    read = IncomingRecord(key, declared.name, declared.ftm_schema, properties, row.number, reported_by)
    (incoming.incidents if declared is INCIDENT else incoming.records).append(read)


def _link(row: Row, key: str, columns: ColumnMap, incoming: Incoming) -> None:
    ends = [row.cells.get(c or "", "") for c in (columns.link_source, columns.link_target)]
    type_name = columns.link_type or row.cells.get(columns.link_type_column or "", "").strip().upper().replace(" ", "_")
    if "" in ends or ends[0] == ends[1]:
        incoming.rejected.append(Rejected(row.number, "needs two different ends"))
    elif type_name not in LINK_TYPES:
        incoming.rejected.append(Rejected(row.number, f"{type_name!r} is no kind of tie"))
    else:
        declared = LINK_TYPES[type_name]
        names = {p.name for p in declared.properties}
        properties = {
            n: v
            for n, cs in columns.properties.items()
            if n in names and len(v := [row.cells[c] for c in cs if row.cells[c] != ""]) > 0
        }
        reported_by = row.cells.get(columns.source or "", "")
        incoming.links.append(
            IncomingLink(
                key, type_name, declared.ftm_schema or "", ends[0], ends[1], properties, row.number, reported_by
            )
        )


def _check_link(made: ColumnMap, link: Mapping[str, Any]) -> None:
    for name in ("source", "target"):
        if name not in link:
            raise refused(f"link.{name}", "name the column with the id of that end")
    if (made.link_type is None) == (made.link_type_column is None):
        raise refused("link.type", "give either type (a kind of tie) or type_column (a column)")
    if made.link_type is not None and made.link_type not in LINK_TYPES:
        raise refused("link.type", f"{made.link_type!r} is no kind of tie; choose one of {', '.join(LINK_TYPES)}")


def _check_properties(made: ColumnMap, type_name: str) -> None:
    if len(made.properties) == 0:
        raise refused("properties", "map at least one property to a column")
    declared = ROWS[type_name]
    for name in made.properties:
        if not declared.has(name):
            raise refused(f"properties.{name}", f"{declared.label} has no such property; see docs/schema.md")
