"""Grants of chosen reports, records and links: nothing else is read; corrections follow; migrants and what is above the ceiling stay."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from jpa.errors import InvalidInputError, NotFoundError
from jpa.model.agreement import Purpose
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import cases, entities, grant_offers, grants, links, reports, search
from jpa.services.agreement_drafts import TypedCeiling
from jpa.services.cases import NewCase
from jpa.services.grant_offers import NewGrant
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.integration.services.test_agreements import TYPED, in_force

GREEN = Marking(Tlp.GREEN, Release.NAMED_STATES, ("XB",))
AMBER = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",))


@dataclass(frozen=True, slots=True)
class Desk:
    """Two reports of one case: a crew with a migrant, marked green, and a plain one, marked amber."""

    case: str
    liaison: Ask
    agreement: str
    crew: Statements
    amber: Statements

    def choose(self, *chosen: str, follows: bool = True) -> NewGrant:
        """Return a grant of chosen things to the whole agency."""
        end = NOW + timedelta(days=30)
        return NewGrant(
            self.case, "ucg", self.agreement, Purpose.SMUGGLING.value, end, chosen=chosen, follows=follows
        )  # fmt: skip


@pytest.fixture
def desk(stores: Stores, wulan: Ask, prasert: Ask) -> Desk:
    case = cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing", open_in_agency=True)).id
    crew = reports.add_report(stores, wulan, typed_crew(case))
    amber = reports.add_report(
        stores, wulan, replace(typed_crew(case), marking=AMBER, records=(person("1", "Amber Man"),), links=())
    )
    liaison = officer(stores, "perera", "tip", "XA", Role.LIAISON)
    ceiling = {"ucg": TypedCeiling(tlp="TLP:GREEN")}
    agreed = in_force(stores, liaison, prasert, replace(TYPED, ceilings=ceiling))
    return Desk(case, liaison, agreed.id, crew, amber)


def person(ref: str, name: str, role: str = "") -> TypedRecord:
    return TypedRecord(ref, "Person", {"name": [name]}, role=role)


def typed_crew(case: str) -> TypedReport:
    people = (
        person("1", "Rahim Uddin", "suspect"),
        person("2", "Hla Myint"),
        person("3", "Migrant Woman", "smuggled migrant"),
    )
    ties = (TypedLink("ASSOCIATE_OF", "1", "2"), TypedLink("ASSOCIATE_OF", "1", "3"))
    return TypedReport(
        case, "Boarding report", "CG-1", "2024-03-13", Grade("4x4", "B", "2", "H2"), GREEN, "Seen.", people, ties
    )  # fmt: skip


def read_of(stores: Stores, ask: Ask, words: str) -> list[str]:
    return sorted(hit.glance.caption for hit in search.search_all(stores, ask, words).hits)


def test_a_chosen_record_is_read_alone_until_it_is_revoked(stores: Stores, desk: Desk, prasert: Ask) -> None:
    rahim, hla, _ = desk.crew.records
    grant = grant_offers.offer_grant(stores, desk.liaison, desk.choose(rahim.id))

    assert read_of(stores, prasert, "Rahim Uddin") == ["Rahim Uddin"]
    assert read_of(stores, prasert, "Hla Myint") == []
    assert [r.id for r in reports.read_report(stores, prasert, desk.crew.report.id).records] == [rahim.id]
    with pytest.raises(NotFoundError):
        cases.read_case(stores, prasert, desk.case)
    with pytest.raises(NotFoundError):
        entities.read_entity(stores, prasert, hla.id)
    opened = grants.read_grant(stores, prasert, grant.id)
    assert opened.held == [("report", desk.crew.report.id, "Boarding report"), ("record", rahim.id, "Rahim Uddin")]
    assert opened.listed.case is None
    entities.read_entity(stores, prasert, rahim.id)
    assert grants.read_grant(stores, replace(desk.liaison, at=NOW + timedelta(hours=1)), grant.id).use.times == 2

    grants.revoke_grant(stores, desk.liaison, grant.id, "a slip")
    assert read_of(stores, prasert, "Rahim Uddin") == []
    assert grants.read_grant(stores, prasert, grant.id).held == []


def test_a_chosen_report_brings_all_that_it_states_but_migrants(stores: Stores, desk: Desk, prasert: Ask) -> None:
    rahim, hla, migrant = desk.crew.records
    grant = grant_offers.offer_grant(stores, desk.liaison, desk.choose(desk.crew.report.id))

    file = reports.read_report(stores, prasert, desk.crew.report.id)
    assert {r.id for r in file.records} == {rahim.id, hla.id}
    assert [(k.link.source, k.link.target) for k in file.links] == [(rahim.id, hla.id)]
    assert (grant.reports, grant.records, grant.links) == (1, 2, 1)
    assert read_of(stores, prasert, "Migrant Woman") == []
    with pytest.raises(NotFoundError):
        entities.read_entity(stores, prasert, migrant.id)


def test_a_chosen_link_brings_its_ends(stores: Stores, desk: Desk, prasert: Ask) -> None:
    grant_offers.offer_grant(stores, desk.liaison, desk.choose(desk.crew.links[0].id))

    assert read_of(stores, prasert, "Rahim Uddin") == ["Rahim Uddin"]
    assert read_of(stores, prasert, "Hla Myint") == ["Hla Myint"]
    assert len(entities.read_ties(stores, prasert, desk.crew.records[0].id)) == 1


@pytest.mark.parametrize("which", ["record", "report"])
def test_what_is_above_the_ceiling_is_refused_by_name_and_nothing_is_granted(
    stores: Stores, desk: Desk, prasert: Ask, which: str
) -> None:
    chosen = desk.amber.report.id if which == "report" else desk.amber.records[0].id

    with pytest.raises(InvalidInputError) as error:
        grant_offers.offer_grant(stores, desk.liaison, desk.choose(desk.crew.records[0].id, chosen))

    assert "Boarding report CG-1: It is TLP:AMBER" in error.value.fields["marking"]
    assert read_of(stores, prasert, "Amber Man") == read_of(stores, prasert, "Rahim Uddin") == []
    assert grants.list_given(stores, desk.liaison) == []


def test_a_migrant_is_not_granted_by_itself(stores: Stores, desk: Desk) -> None:
    with pytest.raises(InvalidInputError, match="Nothing was granted") as error:
        grant_offers.offer_grant(stores, desk.liaison, desk.choose(desk.crew.records[2].id))

    assert "smuggled migrant" in error.value.fields["chosen"]


def test_what_lies_in_another_case_looks_as_if_it_were_nowhere(stores: Stores, desk: Desk, wulan: Ask) -> None:
    other = cases.open_case(stores, wulan, NewCase("T-9", "Other")).id
    made = reports.add_report(stores, wulan, typed_crew(other))
    refusals = []

    for chosen in (made.records[0].id, "0" * 32):
        with pytest.raises(InvalidInputError) as error:
            grant_offers.offer_grant(stores, desk.liaison, desk.choose(chosen))
        refusals.append(error.value.fields)

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize(("follows", "marking", "now"), [
    (True, GREEN, ["Rahim Uddin Khan"]), (True, AMBER, ["Rahim Uddin"]), (False, GREEN, ["Rahim Uddin"]),
])  # fmt: skip
def test_a_correction_enters_the_grant_where_the_granter_said_so_and_it_keeps_below_the_ceiling(
    stores: Stores, desk: Desk, wulan: Ask, prasert: Ask, *, follows: bool, marking: Marking, now: list[str]
) -> None:
    rahim = desk.crew.records[0]
    grant_offers.offer_grant(stores, desk.liaison, desk.choose(desk.crew.report.id, follows=follows))
    said = TypedReport(desk.case, "Correction", "CG-1 b", "2024-03-14", Grade("4x4", "B", "2", "H2"), marking)

    reports.correct_record(stores, wulan, rahim.id, {"name": ["Rahim Uddin Khan"]}, said)

    assert read_of(stores, prasert, now[0]) == now
    assert read_of(stores, wulan, "Rahim Uddin Khan") == ["Rahim Uddin Khan"]


def test_the_correction_of_a_link_follows_too(stores: Stores, desk: Desk, wulan: Ask, prasert: Ask) -> None:
    tie, rahim = desk.crew.links[0], desk.crew.records[0]
    grant_offers.offer_grant(stores, desk.liaison, desk.choose(tie.id))
    said = TypedReport(
        desk.case, "Correction", "CG-1 b", "2024-03-14", Grade("4x4", "B", "2", "H2"), GREEN, "He said so."
    )

    new = links.correct_link(stores, wulan, desk.crew.report.id, tie.id, {"relationship": ["brother"]}, said)

    shown = entities.read_ties(stores, prasert, rahim.id)
    assert len(shown) == 1
    assert new.id != tie.id
