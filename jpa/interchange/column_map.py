"""The column map: which column of a table is which property, in TOML, the same on the page and the command line."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from jpa.errors import InvalidInputError
from jpa.interchange.incoming import Incoming, IncomingLink, IncomingRecord, Rejected
from jpa.interchange.tabular import Row, Table
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.schema import EntityType

_KEYS: Final = frozenset({"id", "source", "properties", "link"})
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

    @property
    def is_link(self) -> bool:
        """Whether the table's rows are ties."""
        return self.link_source is not None

    def to_toml(self) -> str:
        """Write the map as it would be typed."""
        lines = [f"{k} = {_quoted(v)}" for k, v in (("id", self.id), ("source", self.source)) if v is not None]
        if self.is_link:
            named = (
                ("source", self.link_source),
                ("target", self.link_target),
                ("type", self.link_type),
                ("type_column", self.link_type_column),
            )
            lines += ["[link]", *(f"{k} = {_quoted(v)}" for k, v in named if v is not None)]
        if len(self.properties) > 0:
            lines.append("[properties]")
            for name, columns in self.properties.items():
                quoted = ", ".join(_quoted(c) for c in columns)
                lines.append(f"{name} = {quoted if len(columns) == 1 else f'[{quoted}]'}")
        return "\n".join(lines) + "\n"


def parse_map(text: str, type_name: str, header: Sequence[str]) -> ColumnMap:
    """Read a map; every error names the key, what is wrong and the cure."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused("map", f"not TOML: {error}") from error
    _only(content, _KEYS, "map")
    link = content.get("link", {})
    if not isinstance(link, dict):
        raise _refused("link", "write it as a section [link]")
    _only(link, _LINK_KEYS, "link")
    properties = {
        n: _columns(n, c, header) for n, c in {**content.get("properties", {}), **link.get("properties", {})}.items()
    }
    made = ColumnMap(
        id=_column("id", content.get("id"), header),
        source=_column("source", content.get("source"), header),
        properties=properties,
        link_source=_column("link.source", link.get("source"), header),
        link_target=_column("link.target", link.get("target"), header),
        link_type=link.get("type"),
        link_type_column=_column("link.type_column", link.get("type_column"), header),
    )
    _check_link(made, link) if "link" in content else _check_properties(made, type_name)
    return made


def guess_map(type_name: str, header: Sequence[str]) -> ColumnMap:
    """Propose a map from the columns' names."""
    declared = ENTITY_TYPES[type_name]
    plain = {re.sub(r"[\s\-]+", "_", c.strip().casefold()): c for c in header}
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
    ids = [c for s, c in plain.items() if s in {"id", "unique_id", "rec_id", "record_id"}]
    return ColumnMap(id=ids[0] if len(ids) > 0 else None, properties=found)


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
        if columns.is_link:
            _link(row, key, columns, incoming)
        else:
            _record(row, key, columns, ENTITY_TYPES[type_name], incoming)
    return incoming


def _record(row: Row, key: str, columns: ColumnMap, declared: EntityType, incoming: Incoming) -> None:
    properties = {
        n: v for n, cs in columns.properties.items() if len(v := [row.cells[c] for c in cs if row.cells[c] != ""]) > 0
    }
    if len(properties) == 0:
        incoming.rejected.append(Rejected(row.number, "says nothing in the mapped columns"))
        return
    reported_by = row.cells.get(columns.source or "", "")
    incoming.records.append(
        IncomingRecord(key, declared.name, declared.ftm_schema, properties, row.number, reported_by)
    )


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
            raise _refused(f"link.{name}", "name the column with the id of that end")
    if (made.link_type is None) == (made.link_type_column is None):
        raise _refused("link.type", "give either type (a kind of tie) or type_column (a column)")
    if made.link_type is not None and made.link_type not in LINK_TYPES:
        raise _refused("link.type", f"{made.link_type!r} is no kind of tie; choose one of {', '.join(LINK_TYPES)}")


def _check_properties(made: ColumnMap, type_name: str) -> None:
    if len(made.properties) == 0:
        raise _refused("properties", "map at least one property to a column")
    declared = ENTITY_TYPES[type_name]
    for name in made.properties:
        if not declared.has(name):
            raise _refused(f"properties.{name}", f"{declared.label} has no such property; see docs/schema.md")


def _columns(name: str, columns: Any, header: Sequence[str]) -> tuple[str, ...]:
    listed = columns if isinstance(columns, list) else [columns]
    return tuple(c for column in listed if (c := _column(f"properties.{name}", column, header)) is not None)


def _column(key: str, column: Any, header: Sequence[str]) -> str | None:
    if column is None:
        return None
    if not isinstance(column, str):
        raise _refused(key, "write the column's name in quotes")
    if column not in header:
        raise _refused(key, f"the table has no column {column!r}; it has: {', '.join(header[:30])}")
    return column


def _only(section: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(section) - known)
    if len(unknown) > 0:
        raise _refused(where, f"{unknown[0]!r} is no key; use {', '.join(sorted(known))}")


def _quoted(column: str) -> str:
    # A column may hold quotes and backslashes; TOML's basic strings know JSON's escapes, and want one for DEL besides.
    return json.dumps(column, ensure_ascii=False).replace("\x7f", "\\u007f")


def _refused(key: str, problem: str) -> InvalidInputError:
    return InvalidInputError("The column map was not understood.", {key: problem})
