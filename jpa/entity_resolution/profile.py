"""What resolution knows of a record: its clean values and the keys of what it is tied to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_WHOLE_NAMES: Final = ("name", "alias", "previousName")


@dataclass(frozen=True, slots=True)
class Profile:
    """One record, ready to be compared."""

    record: str
    type: str
    agency: str
    values: Mapping[str, tuple[str, ...]]
    """Property name to clean values."""
    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Kind of tied thing (Phone, BankAccount, IdentityDocument, …) to the identity keys it is tied to."""

    def get(self, *names: str) -> tuple[str, ...]:
        """Return the values of several properties in order."""
        if len(names) == 1:
            return self.values.get(names[0], ())
        return tuple(v for name in names for v in self.values.get(name, ()))

    @property
    def full_names(self) -> tuple[str, ...]:
        """All whole names: as given, aliases, and given with family name."""
        values = self.values
        parts = " ".join((*values.get("firstName", ())[:1], *values.get("lastName", ())[:1]))
        whole = [n for field_name in _WHOLE_NAMES for n in values.get(field_name, ()) if n.strip() != ""]
        return tuple(dict.fromkeys((*whole, parts) if parts.strip() != "" else whole))
