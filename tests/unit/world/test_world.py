"""The fictional region: deterministic, and valid against the catalogue."""

import pytest

from jpa.model.case import CaseRole
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.world.generate import generate
from jpa.world.truth import truth_json

pytestmark = pytest.mark.fast


def test_the_same_seed_gives_the_same_world() -> None:
    assert generate("small", 5) == generate("small", 5)
    assert truth_json(generate("small", 5)) != truth_json(generate("small", 6))


def test_everything_in_it_is_in_the_catalogue() -> None:
    world = generate("small", 3)

    for report in world.reports:
        types = {r.ref: r.type for r in report.records}
        for record in report.records:
            assert all(ENTITY_TYPES[record.type].has(name) for name in record.properties)
            assert record.role == "" or record.role in set(CaseRole)
        for link in report.links:
            declared = LINK_TYPES[link.type]
            assert types[link.source] in declared.sources
            assert types[link.target] in declared.targets


def test_one_man_is_recorded_by_two_agencies_under_two_spellings() -> None:
    rahim = [
        (report.case[0], r.properties["name"][0])
        for report in generate("small", 3).reports
        for r in report.records
        if r.truth == "rahim"
    ]

    assert {agency for agency, _ in rahim} == {"T", "U"}
    assert len({name for _, name in rahim}) > 1
