"""Registries that follow the catalogue neither lack nor add a key of it; the page about it is current."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from followthemoney import model as ftm

from jpa.entity_resolution import comparators, keys
from jpa.interchange.ftm_in import ENTITY_PROPERTIES
from jpa.interchange.ftm_out import _FOLDED
from jpa.interchange.schema_page import schema_page
from jpa.model import value_types
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES, VICTIM
from jpa.model.entity import SINGULAR
from jpa.model.schema import Property, Shape
from jpa.model.value_types import ValueType, Widget
from jpa.networks import explain

pytestmark = pytest.mark.fast
ROOT = Path(__file__).parents[3]
ASSETS = ROOT / "jpa" / "web" / "assets"
RESOLUTION = ROOT / "jpa" / "entity_resolution"
PROPERTIES: list[Property] = [
    *(p for t in ENTITY_TYPES.values() for p in t.properties),
    *(p for t in LINK_TYPES.values() for p in t.properties),
    *VICTIM.identity,
    *VICTIM.coded,
]
RESOLVABLE = {p.name for t in ENTITY_TYPES.values() if t.resolvable for p in t.properties}
FOLDED_THINGS = {"Phone": "FollowTheMoney has phone numbers as text of whoever uses them, and no thing for them"}
UNNAMED_TIES = {
    "OPERATES": "only a vehicle names its operator; the tie itself has no schema",
    "CREW_OF": "no schema for serving on a vessel",
    "PASSENGER_ON": "no schema for being carried",
    "SEEN_AT": "no schema for a sighting",
    "USED_IN": "only a trip names its vehicle; the tie itself has no schema",
    "MENTIONED_IN": "a mention there is of a document, not of an event",
}
"""Ties that are exported as UnknownLink, each with the reason."""


def test_the_page_about_the_catalogue_is_current() -> None:
    written = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")

    assert written == schema_page(), "run `jpa schema`"


def test_the_page_names_every_type_tie_and_property() -> None:
    page = schema_page()

    for name in (*ENTITY_TYPES, *LINK_TYPES):
        assert f"### {name}: " in page
    for declared in PROPERTIES:
        assert f"| `{declared.name}` | {declared.label} | {declared.type.name} |" in page


def test_comparators_and_blocking_keys_read_only_properties_that_resolvable_types_declare() -> None:
    named = {name for name, *_ in comparators._IDENTIFIERS} | set(keys._IDENTIFIERS) | set(SINGULAR)
    read = {
        argument.value
        for path in sorted(RESOLUTION.glob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "get"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }

    assert len(read) > 0
    assert named - {p.name for p in PROPERTIES} == set()
    assert {name for name, *_ in comparators._IDENTIFIERS} | set(keys._IDENTIFIERS) | read <= RESOLVABLE


def test_things_compared_as_tied_have_an_identity_of_their_own() -> None:
    tree = ast.parse((RESOLUTION / "resolve.py").read_text(encoding="utf-8"))
    kinds = [
        ast.literal_eval(call.args[0])
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "compare_tied"
    ]

    assert sorted(kinds) == sorted(name for name, t in ENTITY_TYPES.items() if len(t.keys) > 0)


def test_every_shape_has_a_symbol_and_every_symbol_is_a_shape() -> None:
    symbols = re.findall(r'<symbol id="([^"]+)"', (ASSETS / "kinds.svg").read_text(encoding="utf-8"))

    assert sorted(symbols) == sorted(shape.value for shape in Shape)
    assert {t.shape for t in ENTITY_TYPES.values()} <= set(Shape)


def test_every_colour_is_a_token_of_the_light_and_the_dark_theme_and_has_a_class() -> None:
    sheet = (ASSETS / "app.scss").read_text(encoding="utf-8")
    light, dark = (
        set(re.findall(r"--([a-z-]+):", block)) for block in re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    )

    for colour in {t.colour for t in ENTITY_TYPES.values()}:
        assert colour in light
        assert colour in dark
        assert re.search(rf"\.c-{colour}\b", sheet) is not None


def test_every_thing_has_a_followthemoney_schema_or_a_reason_for_none() -> None:
    without = {name for name, t in ENTITY_TYPES.items() if ftm.get(t.ftm_schema) is None}

    assert without == set(FOLDED_THINGS)
    assert {target for _, target in _FOLDED} == without
    assert all(ftm.get(accepted) is not None for t in ENTITY_TYPES.values() for accepted in t.ftm_accepts)


def test_every_tie_has_a_followthemoney_schema_a_property_that_holds_it_or_a_reason_for_none() -> None:
    unnamed = set()
    for name, link in LINK_TYPES.items():
        if link.ftm_schema is not None:
            schema = ftm.get(link.ftm_schema)
            assert schema is not None
            assert {link.ftm_source, link.ftm_target} <= set(schema.properties)
        elif link.ftm_fold is not None:
            ends = [ftm.get(ENTITY_TYPES[end].ftm_schema) for end in (*link.sources, *link.targets)]
            assert any(end is not None and link.ftm_fold in end.properties for end in ends)
        else:
            unnamed.add(name)

    assert unnamed == set(UNNAMED_TIES)


def test_every_followthemoney_property_that_becomes_a_tie_names_one_that_there_is() -> None:
    for (type_name, property_name), tie in ENTITY_PROPERTIES.items():
        schema = ftm.get(ENTITY_TYPES[type_name].ftm_schema)
        assert schema is not None
        assert property_name in schema.properties
        assert tie.removeprefix("<") in LINK_TYPES


def test_every_tie_weighs_something_as_evidence_and_has_words() -> None:
    table = tomllib.loads((ROOT / "jpa" / "networks" / "evidence.toml").read_text(encoding="utf-8"))

    assert set(table["ties"]) == set(LINK_TYPES)
    assert set(table["operational"]["kinds"]) <= set(LINK_TYPES)
    assert set(explain._WORDS) | set(explain._INNOCENT) <= set(LINK_TYPES)


def test_every_value_type_in_use_is_exported_and_every_widget_has_one() -> None:
    exported = {t.name: t for name in value_types.__all__ if isinstance(t := getattr(value_types, name), ValueType)}
    used = {p.type.name: p.type for p in PROPERTIES}

    assert {t.widget for t in (exported | used).values()} == set(Widget)
    assert all(len(t.choices) > 0 for t in (exported | used).values() if t.widget is Widget.CHOICE)
    assert all(name in exported or len(t.choices) > 0 for name, t in used.items())


def test_every_kind_of_thing_has_an_entry_letter_of_its_own() -> None:
    letters = [t.letter for t in ENTITY_TYPES.values()]

    assert "" not in letters
    assert len(set(letters)) == len(letters)
