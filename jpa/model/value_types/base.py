"""What a value type is: it owns cleaning, caption and whether sharing a value ties two records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Widget(StrEnum):
    """The form control that a value type asks for."""

    TEXT = "text"
    AREA = "area"
    DATE = "date"
    COUNTRY = "country"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a typed value and helps to understand it."""

    state: str | None = None
    """ISO 3166-1 alpha-2 code of the reporting state: the region of a phone number, the calendar of a date."""
    today: date | None = None
    """The day of entry: a later date is flagged; the model keeps no clock of its own."""


@dataclass(frozen=True, slots=True)
class Value:
    """One stated value: what was typed stands beside what was understood."""

    typed: str
    clean: str | None = None
    """Canonical form; None where the typed text could not be understood."""
    flag: str | None = None
    """Why it could not be understood, or what is odd about it, in words with the cure; None when all is well."""
    suggestion: str | None = None
    """What was probably meant; never applied by itself, never stored."""

    @property
    def best(self) -> str:
        """The clean form, or the typed text where there is none: never empty-handed."""
        return self.typed if self.clean is None else self.clean


@dataclass(frozen=True, slots=True)
class ValueType:
    """A kind of value: name, date, phone number, IMO number and so on."""

    name: str
    label: str
    clean: Callable[[str, Context], Value]
    """Never raises for any text; keeps what it cannot understand and says so in `flag`."""
    caption: Callable[[str], str] = str
    """From the clean form to what officers expect to read."""
    widget: Widget = Widget.TEXT
    pivot: bool = False
    """Two records that share a clean value are worth showing as tied."""
    choices: tuple[tuple[str, str], ...] = ()
    """(code, label) pairs where only these may be meant."""
    hint: str = ""
    """Format in words with an example, shown under the form field."""
