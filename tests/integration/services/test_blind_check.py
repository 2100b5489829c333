"""The standing check: new records meet what the partner holds, both desks are told once, within the limit, and nobody who is guarded."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.model.audit import AuditTag
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import blind_check, blind_log
from jpa.services.agreement_drafts import end_agreement
from jpa.services.blind_check import check_standing
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.partners import agreed, person, said


@pytest.fixture
def desks(stores: Stores) -> tuple[Ask, Ask]:
    return officer(stores, "perera", "tip", "XA", Role.LIAISON), officer(stores, "desk", "ucg", "XB", Role.LIAISON)


def told(stores: Stores, ask: Ask) -> list[tuple[str, str, int, int]]:
    lines = blind_log.read_log(stores, ask).lines
    return [(line.this.way.value, line.other.id, len(line.reference), len(line.own)) for line in lines]


def test_new_records_of_either_side_are_told_to_both_desks_once(
    stores: Stores, wulan: Ask, prasert: Ask, desks: tuple[Ask, Ask]
) -> None:
    agreed(stores)
    mine = said(stores, wulan, "T-1", person("Rahim Uddin")).records[0]
    theirs = said(stores, prasert, "U-1", person("Rohim Uddin", "1988")).records[0]
    said(stores, prasert, "U-2", person("Somchai Wong"))

    first, again = check_standing(stores, NOW), check_standing(stores, NOW)
    said(stores, replace(prasert, at=NOW + timedelta(hours=2)), "U-3", person("Rahim Udin"))
    later = check_standing(stores, NOW + timedelta(days=1))

    assert (first, again, later) == (1, 0, 1)
    assert told(stores, desks[0]) == [("standing check", "ucg", 1, 1)] * 2
    assert told(stores, desks[1]) == [("standing check", "tip", 1, 1)] * 2
    oldest = blind_log.read_log(stores, desks[0]).lines[-1].this.id
    ours, others = blind_log.read_question(stores, wulan, oldest), blind_log.read_question(stores, prasert, oldest)
    assert [f.glance and f.glance.id for f in ours.own] == [mine.id]
    assert [f.glance and f.glance.id for f in others.own] == [theirs.id]
    assert ours.own[0].reference == others.line.reference[0]
    assert others.own[0].reference == ours.line.reference[0]


def test_neither_side_is_told_of_what_the_other_keeps_or_of_migrants(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    agreed(stores)
    said(stores, wulan, "T-1", person("Rahim Uddin"), person("Nur Begum", ref="2"))
    said(stores, wulan, "T-2", person("Karim Uddin"), marking=Marking())
    said(stores, prasert, "U-1", person("Rahim Uddin"), marking=Marking())
    said(stores, prasert, "U-2", person("Nur Begum", role="smuggled migrant"), person("Karim Uddin", ref="2"))

    assert check_standing(stores, NOW) == 0


@pytest.mark.parametrize("ways", [["blind queries"], ["packages", "planned actions"]])
def test_it_runs_only_under_an_agreement_that_says_so(
    stores: Stores, wulan: Ask, prasert: Ask, ways: list[str]
) -> None:
    said(stores, wulan, "T-1", person("Rahim Uddin"))
    said(stores, prasert, "U-1", person("Rahim Uddin"))
    agreed(stores, ways=ways)
    without = check_standing(stores, NOW)
    made = agreed(stores, ways=["standing checks"])
    end_agreement(stores, officer(stores, "ends", "ucg", "XB", Role.LEAD), made.id, "over")

    assert (without, check_standing(stores, NOW + timedelta(days=1))) == (0, 0)


def test_what_was_entered_before_the_agreement_is_met_but_asks_nothing(
    stores: Stores, wulan: Ask, prasert: Ask
) -> None:
    long_ago = replace(prasert, at=NOW - timedelta(days=900))
    said(stores, long_ago, "U-1", person("Rahim Uddin"))
    agreed(stores)
    before = check_standing(stores, NOW)
    said(stores, wulan, "T-1", person("Rahim Uddin"))

    assert (before, check_standing(stores, NOW + timedelta(days=1))) == (0, 1)


def test_no_night_tells_more_than_the_limit_and_the_next_goes_on(
    stores: Stores, wulan: Ask, prasert: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(stores)
    names = ["Rahim Uddin", "Karim Uddin", "Somchai Wong", "Prasert Tan", "Nurul Islam"]
    said(stores, wulan, "T-1", *(person(name, ref=str(n)) for n, name in enumerate(names)))
    said(stores, prasert, "U-1", *(person(name, ref=str(n)) for n, name in enumerate(names)))
    monkeypatch.setattr(blind_check, "MOST_TOLD", 1)

    nights = [check_standing(stores, NOW + timedelta(days=n)) for n in range(4)]

    assert nights == [2, 2, 1, 0]
    event = stores.audit.events(tag=AuditTag.BLIND_CHECKED.value, limit=1)[0]
    assert (event.actor, event.details) == ("owner", {"pairs": 2, "told": 0})
