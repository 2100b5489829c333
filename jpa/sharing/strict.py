"""Reading canonical JSON of others: bounded, strictly typed, written in the one way there is."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jpa.model.canonical import canonical
from jpa.sharing.refusal import refused

MOST_LINE: Final = 1024 * 1024

Key = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
State = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Number = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,11})$")]
Moment = Annotated[
    str, Field(pattern=r"^[12][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{6}\+00:00$")
]
Day = Annotated[str, Field(pattern=r"^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Word = Annotated[str, Field(min_length=1, max_length=64)]
Short = Annotated[str, Field(max_length=500)]
Text = Annotated[str, Field(max_length=500_000)]

T = TypeVar("T", bound="Strict")


class Strict(BaseModel):
    """A JSON object of which nothing is converted, added or ignored."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    def plain(self) -> dict[str, object]:
        """Return plain JSON; what is not said is left out."""
        return self.model_dump(exclude_none=True)


def written(this: Strict) -> bytes:
    """Write one object as a line."""
    return canonical(this.plain()) + b"\n"  # type: ignore[arg-type]  # the models hold strings, lists and objects alone


def parsed(model: type[T], content: bytes, where: str, cause: str = "content") -> T:
    """Read one object; refused where it is no such object, or is written in another way."""
    try:
        found = json.loads(content)
        this = model.model_validate(found)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise refused(cause, f"{where}, {name or 'whole'}: {first['msg']}.") from error
    except (ValueError, RecursionError) as error:
        raise refused(cause, f"{where} is no JSON.") from error
    if _canonical(found) != content:
        raise refused(cause, f"{where} is not written in the one way there is (RFC 8785).")
    return this


def read_lines(path: Path, model: type[T], most: int) -> Iterator[T]:
    """Read a file line by line; no more lines than were said, none longer than `MOST_LINE`."""
    for where, line in raw_lines(path, most):
        yield parsed(model, line, where)


def raw_lines(path: Path, most: int) -> Iterator[tuple[str, bytes]]:
    """Return each line as it stands, with where that is; in number and length they are what was said."""
    count = 0
    with path.open("rb") as stream:
        while len(line := stream.readline(MOST_LINE + 1)) > 0:
            count += 1
            where = f"{path.name}, line {count}"
            if count > most:
                raise refused("content", f"{path.name} has more lines than the package says.")
            if len(line) > MOST_LINE or not line.endswith(b"\n"):
                raise refused("content", f"{where} is too long or does not end.")
            yield where, line[:-1]
    if count != most:
        raise refused("content", f"{path.name} has {count} lines; the package says {most}.")


def _canonical(found: object) -> bytes:
    try:
        return canonical(found)  # type: ignore[arg-type]  # the model has said what it is
    except (ValueError, RecursionError, UnicodeEncodeError):
        return b""


def ordered(keys: Sequence[str], where: str) -> None:
    """Refuse keys that are not in order, or stand twice."""
    if any(keys[n] <= keys[n - 1] for n in range(1, len(keys))):
        raise refused("manifest", f"{where} is not in order, or something is there twice.")
