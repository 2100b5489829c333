"""A release for other statistical systems: SDMX-CSV 2.0 and beside it its structure as SDMX-JSON 2.0.0, both of SDMX 3.0.

The structure says what each column is: dimensions with their code lists, the measure, and the marks of each figure. Time is a
dimension with codes like all others (YEAR, MONTH): sums over time and unknown dates have no place in SDMX's TIME_PERIOD.
"""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from jpa.model.release import Edition, Status

SCHEMA: Final = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json"
VERSION: Final = "1.0.0"
MAINTAINER: Final = "JPA"
TOTAL: Final = "_T"
UNKNOWN: Final = "_U"
_CONCEPTS: Final = {"state": "REF_AREA", "sex": "SEX", "ageBand": "AGE", "offence": "ICCS"}
"""Names of dimensions as SDMX code lists have them; others are their own name in capitals."""
_URN: Final = "urn:sdmx:org.sdmx.infomodel."
_MARKS: Final = (
    ("OBS_STATUS", "Observation status", (("A", "Normal value"), ("Q", "Missing value; suppressed"))),
    ("CONF_STATUS", "Confidentiality status", (("F", "Free"), ("C", "Confidential statistical information"))),
)
"""Codes of the cross-domain lists CL_OBS_STATUS and CL_CONF_STATUS, as far as a release uses them."""
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9_@$-]")


def write_sdmx(edition: Edition) -> bytes:
    """Write SDMX-CSV 2.0: sums over a dimension as `_T`, unknown as `_U`, held back as OBS_STATUS Q and CONF_STATUS C.

    Primary and secondary suppression carry the same mark: telling them apart would tell the small figures.
    """
    axes = [concept_of(d) for d in edition.definition.dimensions]
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    header = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *axes, "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "ROUNDING")
    writer.writerow(header)
    structure = f"{MAINTAINER}:{_structure_id(edition)}({VERSION})"
    for f in edition.figures:
        base = str(edition.definition.rounding) if f.status is Status.ROUNDED else ""
        marks = ("Q", "C") if f.status is Status.SUPPRESSED else ("A", "F")
        codes = (code_of(label) for label in f.place)
        writer.writerow(("datastructure", structure, "I", *codes, f.printed, *marks, base))
    return written.getvalue().encode()


def write_structure(edition: Edition) -> bytes:
    """Write the structure that the CSV names: concepts, code lists with the codes in use, and the data structure definition."""
    dimensions = edition.definition.dimensions
    labelled = list(zip(dimensions, edition.axes, strict=True))
    lists = [_codelist(f"CL_{concept_of(d)}", label, _codes(edition, n)) for n, (d, label) in enumerate(labelled)]
    lists += [_codelist(f"CL_{name}", label, codes) for name, label, codes in _MARKS]
    concepts = [(concept_of(d), label) for d, label in labelled]
    concepts += [
        ("OBS_VALUE", edition.label),
        *((name, label) for name, label, _ in _MARKS),
        ("ROUNDING", "Base that the figure is rounded to"),
    ]
    message = {
        "meta": {
            "schema": SCHEMA,
            "id": f"JPA-{edition.hash[:32]}",
            "test": False,
            "prepared": datetime.fromisoformat(edition.counted).replace(tzinfo=UTC).isoformat(),
            "contentLanguages": ["en"],
            "sender": {"id": MAINTAINER},
        },
        "data": {
            "conceptSchemes": [_maintained("CS_JPA", "Concepts of jpa", concepts=[_named(i, x) for i, x in concepts])],
            "codelists": lists,
            "dataStructures": [
                _maintained(
                    _structure_id(edition), edition.definition.title, dataStructureComponents=_components(dimensions)
                )
            ],
        },
    }
    return json.dumps(message, ensure_ascii=False, indent=1, sort_keys=True).encode()


def concept_of(dimension: str) -> str:
    """Return the name of a dimension in SDMX."""
    return _CONCEPTS.get(dimension, dimension.upper())


def code_of(label: str | None) -> str:
    """Return the code of a label; SDMX allows letters, digits and a few signs, and everything else becomes its code point."""
    if label is None:
        return TOTAL
    return _UNSAFE.sub(lambda m: f"${ord(m.group()):x}$", label) or UNKNOWN


def _structure_id(edition: Edition) -> str:
    # The code lists are those of this table, so that the structure is this table's too.
    return f"DSD_{edition.definition.measure.upper()}_{edition.hash[:8].upper()}"


def _codes(edition: Edition, place: int) -> Sequence[tuple[str, str]]:
    labels = dict.fromkeys(f.place[place] for f in edition.figures)
    named = {TOTAL: "Total", UNKNOWN: "Unknown"}
    return [(code, named.get(code, label or code)) for label in labels for code in (code_of(label),)]


def _components(dimensions: Sequence[str]) -> dict[str, Any]:
    found = [
        {
            **_component(concept_of(d)),
            "position": n,
            "localRepresentation": {"enumeration": _list_urn(f"CL_{concept_of(d)}")},
        }
        for n, d in enumerate(dimensions)
    ]
    attributes = [
        {**_attribute(name, "mandatory"), "localRepresentation": {"enumeration": _list_urn(f"CL_{name}")}}
        for name, _, _ in _MARKS
    ]
    attributes.append(
        {**_attribute("ROUNDING", "optional"), "localRepresentation": {"format": {"dataType": "Integer"}}}
    )
    measure = {
        **_component("OBS_VALUE"),
        "usage": "optional",
        "localRepresentation": {"format": {"dataType": "Double"}},
    }
    return {
        "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        "dimensionList": {"id": "DimensionDescriptor", "dimensions": found},
        "measureList": {"id": "MeasureDescriptor", "measures": [measure]},
    }


def _attribute(name: str, usage: str) -> dict[str, Any]:
    return {**_component(name), "usage": usage, "attributeRelationship": {"observation": {}}}


def _component(name: str) -> dict[str, Any]:
    return {"id": name, "conceptIdentity": f"{_URN}conceptscheme.Concept={MAINTAINER}:CS_JPA({VERSION}).{name}"}


def _codelist(name: str, label: str, codes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    return _maintained(name, label, isPartial=True, codes=[_named(code, text) for code, text in codes])


def _list_urn(name: str) -> str:
    return f"{_URN}codelist.Codelist={MAINTAINER}:{name}({VERSION})"


def _maintained(name: str, label: str, **more: object) -> dict[str, Any]:
    return {**_named(name, label), "version": VERSION, "agencyID": MAINTAINER, "isExternalReference": False, **more}


def _named(name: str, label: str) -> dict[str, Any]:
    return {"id": name, "name": label, "names": {"en": label}}
