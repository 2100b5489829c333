"""Ids, markings, grades and verdicts."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from jpa.errors import CatalogueError, InvalidInputError
from jpa.model.grading import SCHEMES, Grade, convert
from jpa.model.ids import derived_id, is_id, new_id
from jpa.model.judgement import Judgement, Verdict, contradictions
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.schema import Property
from jpa.model.value_types import TEXT

pytestmark = pytest.mark.fast
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_ids_sort_by_time() -> None:
    ids = [new_id(NOW + timedelta(milliseconds=n)) for n in range(50)]

    assert ids == sorted(ids)
    assert all(is_id(i) for i in ids)


def test_a_derived_id_is_the_same_for_the_same_parts() -> None:
    assert derived_id(NOW, "a", "bc") == derived_id(NOW, "a", "bc")
    assert derived_id(NOW, "a", "bc") != derived_id(NOW, "ab", "c")


@pytest.mark.parametrize(("tlp", "release"), list(product(Tlp, Release)))
def test_no_marking_reaches_further_than_its_tlp_allows(tlp: Tlp, release: Release) -> None:
    names = ("XB",) if release in {Release.NAMED_STATES, Release.JPA} else ()
    if tlp in {Tlp.RED, Tlp.AMBER_STRICT} and release is not Release.OWN_AGENCY:
        with pytest.raises(InvalidInputError):
            Marking(tlp, release, names)
        return

    audience = Marking(tlp, release, names).audience(agency="tip", state="XA", case="c1")

    assert audience == ["team:c1"] if tlp is Tlp.RED else len(audience) > 0
    if release is Release.OWN_AGENCY and tlp is not Tlp.RED:
        assert audience == ["agency:tip"]


def test_an_unmarked_report_is_for_the_own_agency_alone() -> None:
    assert Marking().audience(agency="tip", state="XA", case="c1") == ["agency:tip"]


@pytest.mark.parametrize("scheme", list(SCHEMES.values()), ids=lambda s: s.name)
def test_each_grade_converts_to_each_scheme_and_unknown_codes_are_refused(scheme: object) -> None:
    declared = next(s for s in SCHEMES.values() if s is scheme)
    for source, information, other in product(declared.sources, declared.information, SCHEMES):
        assert convert(Grade(declared.name, source, information), other).scheme == other
    with pytest.raises(InvalidInputError, match="grade"):
        Grade(declared.name, "Z", "9")


def test_a_reserved_property_name_is_refused_at_import() -> None:
    with pytest.raises(CatalogueError):
        Property("compartments", "x", TEXT)


def verdict(left: str, right: str, what: Verdict) -> Judgement:
    return Judgement("j", what, left, right, "o", "a", NOW, "")


def test_a_merge_contradicts_a_not_the_same_anywhere_in_the_two_components() -> None:
    in_force = [verdict("a", "b", Verdict.SAME), verdict("c", "d", Verdict.SAME), verdict("b", "d", Verdict.NOT_SAME)]

    assert len(contradictions("a", "c", in_force)) == 1
    assert contradictions("a", "e", in_force) == []
