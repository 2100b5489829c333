"""The keys of a column map: columns that must be there, names in quotes, refusals that name the cure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jpa.errors import InvalidInputError


def columns_named(name: str, columns: Any, header: Sequence[str]) -> tuple[str, ...]:
    """Read one column or a list of them; every one must be there."""
    listed = columns if isinstance(columns, list) else [columns]
    return tuple(c for column in listed if (c := column_named(f"properties.{name}", column, header)) is not None)


def column_named(key: str, column: Any, header: Sequence[str]) -> str | None:
    """Read the name of a column that must be there; None where the map leaves it out."""
    if column is None:
        return None
    if not isinstance(column, str):
        raise refused(key, "write the column's name in quotes")
    if column not in header:
        raise refused(key, f"the table has no column {column!r}; it has: {', '.join(header[:30])}")
    return column


def require_only(section: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    """Refuse a key that no map knows: a slip is told, not ignored."""
    unknown = sorted(set(section) - known)
    if len(unknown) > 0:
        raise refused(where, f"{unknown[0]!r} is no key; use {', '.join(sorted(known))}")


def quoted(column: str) -> str:
    """Write a column's name as TOML."""
    # A column may hold quotes and backslashes; TOML's basic strings know JSON's escapes, and want one for DEL besides.
    return json.dumps(column, ensure_ascii=False).replace("\x7f", "\\u007f")


def refused(key: str, problem: str) -> InvalidInputError:
    """Make the refusal of a map: the key, what is wrong and the cure."""
    return InvalidInputError("The column map was not understood.", {key: problem})
