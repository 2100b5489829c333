"""FollowTheMoney in and out: nothing is lost, what cannot be taken is named."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jpa.errors import InvalidInputError
from jpa.interchange.ftm_in import read_ftm
from jpa.interchange.ftm_out import entities_of
from jpa.interchange.incoming import Incoming
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.record import Link, Record
from jpa.model.value_types import Context

pytestmark = pytest.mark.fast
NOW = datetime(2026, 11, 24, tzinfo=UTC)
DONATIONS = Path(__file__).parents[2] / "data" / "ftm" / "donations.ijson"


def understood(incoming: Incoming) -> tuple[list[Record], list[Link]]:
    context = Context()
    records = [
        Record(
            r.key, r.type, "r", "a", "o", NOW,
            {n: tuple(ENTITY_TYPES[r.type].property(n).type.clean(t, context) for t in v) for n, v in r.properties.items()}, r.schema,
        )
        for r in incoming.records
    ]  # fmt: skip
    links = [
        Link(
            k.key, k.type, k.source, k.target, "r", "a", "o", NOW,
            {n: tuple(LINK_TYPES[k.type].property(n).type.clean(t, context) for t in v) for n, v in k.properties.items()}, k.schema,
        )
        for k in incoming.links
    ]  # fmt: skip
    return records, links


def plain(entity: dict[str, object]) -> tuple[object, object, dict[str, set[str]]]:
    properties = entity["properties"]
    assert isinstance(properties, dict)
    return entity["id"], entity["schema"], {n: set(v) for n, v in properties.items() if len(v) > 0}


def test_donations_come_back_as_they_went_in() -> None:
    lines = DONATIONS.read_text(encoding="utf-8").splitlines()

    incoming = read_ftm(lines)
    out = list(entities_of(*understood(incoming), {}))

    source = {str(e["id"]): plain(e) for e in map(json.loads, lines)}
    assert len(source) == 474
    assert incoming.rejected == []
    assert {str(e["id"]): plain(e) for e in out} == source


def test_a_property_without_a_field_is_kept_and_comes_back() -> None:
    line = json.dumps({"id": "p", "schema": "Person", "properties": {"name": ["A B"], "icijId": ["77"]}})

    records, links = understood(read_ftm([line]))

    assert plain(next(entities_of(records, links, {}))) == ("p", "Person", {"name": {"A B"}, "icijId": {"77"}})


def test_a_phone_collapses_into_a_property_of_its_user() -> None:
    value = ENTITY_TYPES["Phone"].property("number").type.clean("+66 89 825 9791", Context())
    person = Record(
        "p",
        "Person",
        "r",
        "a",
        "o",
        NOW,
        {"name": (ENTITY_TYPES["Person"].property("name").type.clean("A B", Context()),)},
        "Person",
    )
    phone = Record("t", "Phone", "r", "a", "o", NOW, {"number": (value,)}, "Phone")

    out = list(entities_of([person, phone], [Link("l", "USES", "p", "t", "r", "a", "o", NOW)], {}))

    assert [e["properties"]["phone"] for e in out] == [["+66898259791"]]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not JSON"),
        ("[1]", "no FollowTheMoney entity"),
        ('{"schema": "Person", "properties": {}}', "no id"),
        ('{"id": "a", "schema": "Wizard", "properties": {}}', "no FollowTheMoney schema"),
        ('{"id": "a", "schema": "Ownership", "properties": {"owner": ["x"]}}', "needs one owner and one asset"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_line_that_cannot_be_taken_is_rejected_with_its_number_and_the_reason(line: str, reason: str) -> None:
    incoming = read_ftm([line])

    assert len(incoming.rejected) == 1
    assert incoming.rejected[0].row == 1
    assert reason in incoming.rejected[0].reason


def test_an_empty_file_is_refused_by_name() -> None:
    with pytest.raises(InvalidInputError, match="empty"):
        read_ftm(["", " "])


def test_what_followthemoney_lacks_comes_back_from_its_notes() -> None:
    lines = [
        '{"id": "a", "schema": "Person", "properties": {"name": ["Rahim Uddin"]}}',
        '{"id": "b", "schema": "Vessel", "properties": {"name": ["KM Bahari"], "notes": ["jpa:hullColour=blue", "seen twice"]}}',
        (
            '{"id": "c", "schema": "UnknownLink", "properties": {"subject": ["a"], "object": ["b"], "role": ["helmsman"],'
            ' "description": ["jpa:type=CREW_OF", "jpa:nonsense=1"]}}'
        ),
    ]

    incoming = read_ftm(lines)

    assert incoming.rejected == []
    assert dict(incoming.records[1].properties) == {
        "name": ["KM Bahari"],
        "hullColour": ["blue"],
        "notes": ["seen twice"],
    }
    assert incoming.links[0].type == "CREW_OF"
    assert dict(incoming.links[0].properties) == {"role": ["helmsman"], "description": ["jpa:nonsense=1"]}
