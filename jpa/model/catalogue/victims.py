"""Victims of trafficking: apart from every other kind.

Identity fields lie in the vault under their own key; the graph holds a pseudonym and coarse, coded facts only. Codes
follow HTCDS 2.0 (IOM, CC BY 4.0) and the age bands of the CTDC codebook (February 2024).
"""

from dataclasses import dataclass
from typing import Final

from jpa.model import codes
from jpa.model.schema import Property
from jpa.model.value_types import BIRTH_DATE, COUNTRY, DATE, DOCUMENT_NUMBER, NAME, PHONE, TEXT, choice


@dataclass(frozen=True, slots=True)
class VictimType:
    """The two halves of a victim: what goes to the vault, what the graph may know."""

    identity: tuple[Property, ...]
    coded: tuple[Property, ...]


def _coded(name: str, label: str, list_name: str, *, multiple: bool = False) -> Property:
    entries = codes.load(list_name).pairs
    return Property(name, label, choice(label.lower(), label, entries), multiple=multiple)


VICTIM: Final = VictimType(
    identity=(
        Property("name", "Name", NAME),
        Property("alias", "Alias", NAME),
        Property("birthDate", "Born", BIRTH_DATE),
        Property("phone", "Phone", PHONE),
        Property("document", "Document", DOCUMENT_NUMBER),
        Property("address", "Address", TEXT),
        Property("contact", "Family contact", TEXT),
    ),
    coded=(
        _coded("ageBand", "Age band", "ctdc_age_bands"),
        _coded("gender", "Sex", "htcds_gender"),
        Property("citizenship", "Citizenship", COUNTRY, multiple=False),
        _coded("exploitation", "Form of exploitation", "htcds_exploitation", multiple=True),
        _coded("status", "Trafficking status", "htcds_status"),
        Property("year", "Year", DATE, "Of the report; never a full date.", multiple=False),
    ),
)
