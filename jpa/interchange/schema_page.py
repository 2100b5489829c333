"""`docs/schema.md` from the catalogue: every kind of thing, property and tie, and where each goes in FollowTheMoney."""

from collections.abc import Iterable, Iterator
from typing import Final

from followthemoney import model

from jpa.interchange.ftm_in import OTHER
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES, VICTIM
from jpa.model.catalogue.incidents import INCIDENT, Reason
from jpa.model.schema import EntityType, LinkType, Property

_HEAD: Final = """\
# Schema

Every kind of thing and every kind of tie that a report can state. This page is written by `jpa schema` from
`jpa/model/catalogue/`; do not edit it, a test compares the two.

Every record and tie also carries the report that states it, who entered it when, its compartments and audience, and a
content hash (docs/architecture.md). Each property holds a list of values, as typed and as understood. **Pivot**: two
things that share the value are worth showing as tied. The last column also names the FollowTheMoney property that a value
is exported as.
"""


def schema_page() -> str:
    """Write the page."""
    parts = [_HEAD, "## Things", *(_thing(t) for t in ENTITY_TYPES.values()), _victim(), _incident(), "## Ties"]
    parts += [_tie(link) for link in LINK_TYPES.values()]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def drawn(link: LinkType) -> str:
    """Draw a tie as Cypher would match it; who and what may stand at its ends."""
    return f"(:{'|'.join(link.sources)})-[:{link.name}]-{'' if link.symmetric else '>'}(:{'|'.join(link.targets)})"


def ftm_mapping(link: LinkType) -> str:
    """Say what a tie becomes in FollowTheMoney, or why it becomes nothing of its own."""
    if link.ftm_schema is not None:
        return f"`{link.ftm_schema}` ({link.ftm_source} → {link.ftm_target})"
    if link.ftm_fold is not None:
        return f"folded into the property `{link.ftm_fold}` of one of its ends"
    return "`UnknownLink` (subject → object): FollowTheMoney has no schema for it"


def _thing(declared: EntityType) -> str:
    facts = [
        f"FollowTheMoney: {_schema(declared)}",
        "Caption: " + ", else ".join(f"`{name}`" for name in declared.caption),
        "Identity: "
        + (
            "; else ".join(" with ".join(f"`{name}`" for name in key) for key in declared.keys)
            if len(declared.keys) > 0
            else "no key; records are joined by verdicts"
        ),
        f"Entry letter `{declared.letter}`, drawn as a {declared.shape.name.lower().replace('_', ' ')}",
    ]
    head = f"### {declared.name}: {declared.label}, {declared.plural.lower()}\n\n{declared.description}\n\n"
    listed = "\n".join(f"- {fact}" for fact in facts)
    return f"{head}{listed}\n\n{_table(declared.properties, (declared.ftm_schema, *declared.ftm_accepts))}"


def _schema(declared: EntityType) -> str:
    if model.get(declared.ftm_schema) is None:
        return "no schema of its own; folded into a property of whoever uses it"
    accepted = ", ".join(f"`{name}`" for name in declared.ftm_accepts)
    return f"`{declared.ftm_schema}`" + (f"; also taken: {accepted}" if accepted != "" else "")


def _victim() -> str:
    return (
        "### Victim\n\nNever a person here and never a record. Identity goes to the vault under its own key; the graph holds a "
        "pseudonym and coded, coarse facts.\n\nIn the vault:\n\n"
        f"{_table(VICTIM.identity, ())}\n\nIn the graph:\n\n{_table(VICTIM.coded, ())}"
    )


def _incident() -> str:
    return (
        f"### {INCIDENT.name}: {INCIDENT.label}, {INCIDENT.plural.lower()}\n\n{INCIDENT.description} It has no report: the agency "
        "reports it itself, and only what was understood is kept, because any other text may be a name. Corrections and retractions give one of these "
        f"reasons: {', '.join(Reason)}.\n\n{_table(INCIDENT.properties, ())}"
    )


def _tie(link: LinkType) -> str:
    words = f"{link.label} / {link.reverse}" if link.label != link.reverse else link.label
    about = f"{link.description}\n\n" if link.description != "" else ""
    return (
        f"### {link.name}: {words}\n\n{about}`{drawn(link)}`\n\nFollowTheMoney: {ftm_mapping(link)}\n\n"
        f"{_table(link.properties, () if link.ftm_fold is not None else (link.ftm_schema or 'UnknownLink',))}"
    )


def _table(properties: Iterable[Property], schemata: tuple[str, ...]) -> str:
    rows = ["| property | label | value | help | |", "|---|---|---|---|---|"]
    rows += [
        f"| `{p.name}` | {p.label} | {p.type.name} | {_escaped(p.description)} | {', '.join(_marks(p, schemata))} |"
        for p in properties
    ]
    return "\n".join(rows)


def _marks(declared: Property, schemata: tuple[str, ...]) -> Iterator[str]:
    if declared.required:
        yield "required"
    if not declared.multiple:
        yield "one value"
    if declared.featured:
        yield "shown first"
    if declared.is_pivot:
        yield "pivot"
    if declared.search:
        yield "searched"
    if len(schemata) > 0:
        yield _exported_as(declared, schemata)


def _exported_as(declared: Property, schemata: tuple[str, ...]) -> str:
    if declared.ftm is not None:
        return f"`{declared.ftm}` of whoever uses it"
    known = [schema for name in schemata if (schema := model.get(name)) is not None]
    for schema in known:
        if declared.name in schema.properties:
            return f"`{schema.name}:{declared.name}`"
    if declared.name == OTHER:
        return "each under its own name"
    if any("notes" in schema.properties for schema in known):
        return "in `notes`"
    return "not exported"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
