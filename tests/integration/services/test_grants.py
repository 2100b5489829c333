"""Grants of a case: another agency reads from the grant to its revocation, under an agreement, and only what its marking permits."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, JpaError, NotFoundError
from jpa.graph import cases as graph_cases
from jpa.graph.session import Tx
from jpa.model.agreement import Purpose
from jpa.model.audit import AuditTag, Outcome
from jpa.model.case import ActionState, Agency, Jpa, Plan
from jpa.model.draft import TypedOutcome, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.grant import GrantState
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import (
    agencies,
    agreement_drafts,
    case_entries,
    cases,
    grant_offers,
    grants,
    outcomes,
    reports,
    resolution,
    search,
    starts,
)
from jpa.services.agreement_drafts import TypedCeiling
from jpa.services.cases import NewCase
from jpa.services.grant_offers import NewGrant
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.integration.services.test_agreements import TYPED, in_force

JPA = "9" * 32
SHARED = Marking(Tlp.AMBER, Release.JPA, (JPA,))


@dataclass(frozen=True, slots=True)
class Desk:
    """A case of the Tenggara police, and the agreement under which it may be granted to the Utara coast guard."""

    case: str
    liaison: Ask
    agreement: str

    def new(self, *officers: Ask) -> NewGrant:
        """Return a grant of the case."""
        end, named = NOW + timedelta(days=30), [o.officer.id for o in officers]
        return NewGrant(self.case, "ucg", self.agreement, Purpose.SMUGGLING.value, end, named, why="Plan Selat")


@pytest.fixture
def desk(stores: Stores, wulan: Ask, prasert: Ask) -> Desk:
    def frame(tx: Tx) -> None:
        graph_cases.save_frame_tx(
            tx, Jpa(JPA, 3, "JPA 3", "2024-01-15", "2024-06-30", ("XA", "XB")), Plan("8" * 32, JPA, "P", ("XA", "XB"))
        )

    stores.graph.write(stores.audit.intend(AuditTag.JPA_CREATED, None, at=NOW), frame)
    opened = cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing", jpa=JPA, open_in_agency=True))
    reports.add_report(stores, wulan, report(opened.id, "Rahim Uddin", SHARED))
    reports.add_report(stores, wulan, report(opened.id, "Karim Kept", Marking()))
    liaison = officer(stores, "perera", "tip", "XA", Role.LIAISON)
    agreed = in_force(stores, liaison, prasert, replace(TYPED, ceilings={"ucg": TypedCeiling()}))
    return Desk(opened.id, liaison, agreed.id)


def report(case: str, name: str, marking: Marking) -> TypedReport:
    person = TypedRecord("1", "Person", {"name": [name], "birthDate": ["1987-04-12"]})
    return TypedReport(case, "Interview", f"I {name}", "2024-03-13", Grade("4x4", "B", "2", "H2"), marking, records=(person,))  # fmt: skip


def captions(stores: Stores, ask: Ask, words: str) -> list[str]:
    return [hit.glance.caption for hit in search.search_all(stores, ask, words).hits]


def test_a_granted_case_is_read_from_the_grant_to_its_revocation(stores: Stores, desk: Desk, prasert: Ask) -> None:
    before = captions(stores, prasert, "Rahim Uddin")
    grant = grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))
    during = captions(stores, prasert, "Rahim Uddin")
    title = cases.read_case(stores, prasert, desk.case).case.title
    grants.revoke_grant(stores, desk.liaison, grant.id, "the plan ended early")

    assert (before, during, title) == ([], ["Rahim Uddin"], "Selat crossing")
    assert captions(stores, prasert, "Rahim Uddin") == []
    with pytest.raises(NotFoundError):
        cases.read_case(stores, prasert, desk.case)


def test_a_start_page_abroad_tells_of_a_granted_cases_reports_and_not_of_its_action_book_and_decisions(
    stores: Stores, desk: Desk, wulan: Ask, prasert: Ask
) -> None:
    case_entries.record_decision(stores, wulan, desk.case, decision="Go on", reason="Because", alternative="")
    case_entries.record_action(
        stores, wulan, desk.case, title="Ask", due="", state=ActionState.FOR_ALLOCATION, officer=""
    )
    grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))

    told = [c.what for c in starts.for_investigator(stores, prasert).changes]
    own = [c.what for c in starts.for_investigator(stores, wulan).changes]

    assert told == ["Interview"]
    assert sorted(own) == ["Ask: for allocation", "Go on", "Interview", "Interview"]


def test_a_grant_to_an_agency_opens_to_every_officer_of_it_and_one_to_an_officer_to_nobody_else(
    stores: Stores, desk: Desk, prasert: Ask
) -> None:
    colleague = officer(stores, "colleague", "ucg", "XB", Role.ANALYST)
    named = grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))
    alone = [captions(stores, ask, "Rahim Uddin") for ask in (prasert, colleague)]
    grants.revoke_grant(stores, desk.liaison, named.id, "all of them instead")
    grant_offers.offer_grant(stores, desk.liaison, desk.new())
    together = [captions(stores, ask, "Rahim Uddin") for ask in (prasert, colleague)]
    moved = officer(stores, "colleague", "tip", "XA", Role.ANALYST)

    assert alone == [["Rahim Uddin"], []]
    assert together == [["Rahim Uddin"], ["Rahim Uddin"]]
    assert captions(stores, replace(moved, officer=replace(moved.officer, agency="far", state="XD")), "Rahim") == []


def test_an_officer_who_changed_the_agency_loses_what_named_them(stores: Stores, desk: Desk, prasert: Ask) -> None:
    agencies.save_agency(stores, Agency("tcg", "Utara Customs", "XB"), NOW)
    grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))
    moved = officer(stores, "prasert", "tcg", "XB", Role.ANALYST)

    assert captions(stores, moved, "Rahim Uddin") == []


def test_a_grant_does_not_open_what_its_marking_keeps_inside_the_agency(
    stores: Stores, desk: Desk, prasert: Ask
) -> None:
    grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))

    assert captions(stores, prasert, "Karim Kept") == []
    assert cases.read_case(stores, prasert, desk.case).report_count == 1


def test_a_grant_opens_nothing_after_its_last_day(stores: Stores, desk: Desk, prasert: Ask) -> None:
    grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))
    later = replace(prasert, at=NOW + timedelta(days=31))

    assert captions(stores, later, "Rahim Uddin") == []


def test_a_grant_opens_nothing_once_its_agreement_is_ended_or_expired(stores: Stores, desk: Desk, prasert: Ask) -> None:
    end = NOW.replace(year=2027, month=1, day=1, hour=0)
    grant_offers.offer_grant(stores, desk.liaison, replace(desk.new(prasert), end=end))
    last_day, day_after = (replace(prasert, at=end + timedelta(minutes=m)) for m in (-1, 1))
    during = captions(stores, last_day, "Rahim Uddin")
    stores.graph.upkeep(lambda tx: tx.run("MATCH (g:Grant) SET g.end = '2027-06-01T00:00:00.000000+00:00'").consume())
    expired = captions(stores, day_after, "Rahim Uddin")
    agreement_drafts.end_agreement(stores, prasert, desk.agreement, "renegotiated")

    assert (during, expired) == (["Rahim Uddin"], [])
    assert captions(stores, prasert, "Rahim Uddin") == []
    [shown] = grants.list_received(stores, prasert)
    assert (shown.state, shown.rests) == (GrantState.IN_FORCE, False)


def test_a_grant_lets_nobody_write(stores: Stores, desk: Desk, prasert: Ask) -> None:
    grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))

    with pytest.raises(ForbiddenError):
        reports.add_report(stores, prasert, report(desk.case, "Min Ko", Marking()))


def test_a_duplicate_across_the_border_is_proposed_only_while_granted(stores: Stores, desk: Desk, prasert: Ask) -> None:
    own = cases.open_case(stores, prasert, NewCase("U-2024-0201", "Second blue boat"))
    reports.add_report(stores, prasert, report(own.id, "Rohim Uddin", Marking()))

    alone = resolution.run_resolution(stores, prasert, "a" * 32)
    grant = grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))
    together = resolution.run_resolution(stores, prasert, "b" * 32)
    shown = resolution.list_proposals(stores, prasert)[1]
    grants.revoke_grant(stores, desk.liaison, grant.id, "ended")

    assert (alone, together, shown) == (0, 1, 1)
    assert resolution.list_proposals(stores, prasert)[1] == 0


def test_both_sides_see_what_was_granted_used_and_revoked(stores: Stores, desk: Desk, prasert: Ask) -> None:
    colleague = officer(stores, "colleague", "ucg", "XB", Role.ANALYST)
    grant = grant_offers.offer_grant(stores, desk.liaison, desk.new(prasert))
    cases.read_case(stores, prasert, desk.case)
    reports.read_report(stores, prasert, reports_of(stores, prasert, desk.case)[0])
    with pytest.raises(NotFoundError):
        cases.read_case(stores, colleague, desk.case)
    grants.revoke_grant(stores, replace(desk.liaison, at=NOW + timedelta(hours=1)), grant.id, "the plan ended early")

    for ask in (desk.liaison, prasert):
        opened = grants.read_grant(stores, replace(ask, at=NOW + timedelta(hours=2)), grant.id)
        assert opened.listed.state is GrantState.REVOKED
        assert (opened.listed.this.reason, opened.listed.this.why) == ("the plan ended early", "Plan Selat")
        assert (opened.use.times, opened.use.officers) == (2, 1)
        assert opened.officers == ["Prasert"]
    assert grants.list_received(stores, colleague) == []
    tags = [(e.tag, e.object) for e in stores.audit.events(actor="perera", limit=40)]
    assert (AuditTag.GRANT_CREATED, desk.case) in tags
    assert (AuditTag.GRANT_REVOKED, grant.id) in tags
    with pytest.raises(ConflictError):
        grants.revoke_grant(stores, desk.liaison, grant.id, "again")


def reports_of(stores: Stores, ask: Ask, case: str) -> list[str]:
    return [r.id for r, _ in cases.read_case(stores, ask, case).reports]


def test_only_a_liaison_officer_of_the_own_agency_grants_and_revokes(
    stores: Stores, desk: Desk, wulan: Ask, prasert: Ask
) -> None:
    foreign = officer(stores, "other", "ucg", "XB", Role.LIAISON)
    grant = grant_offers.offer_grant(stores, desk.liaison, desk.new())

    with pytest.raises(ForbiddenError):
        grant_offers.offer_grant(stores, wulan, desk.new())
    with pytest.raises(NotFoundError):
        grant_offers.offer_grant(stores, foreign, desk.new())
    with pytest.raises(NotFoundError):
        grants.revoke_grant(stores, foreign, grant.id, "mine now")
    with pytest.raises(NotFoundError):
        grants.read_grant(stores, wulan, "0" * 32)
    assert captions(stores, prasert, "Rahim Uddin") == ["Rahim Uddin"]


def test_a_grant_that_makes_no_sense_is_refused_by_field_and_leaves_nothing(
    stores: Stores, desk: Desk, wulan: Ask, prasert: Ask
) -> None:
    agencies.save_agency(stores, Agency("sfi", "Selatan FIU", "XC"), NOW)
    outsider = officer(stores, "outsider", "sfi", "XC", Role.ANALYST)
    good = desk.new(prasert)
    refused: list[tuple[NewGrant, str]] = [
        (replace(good, purpose="anything"), "purpose"),
        (replace(good, end=NOW), "end"),
        (replace(good, end=NOW + timedelta(days=60)), "end"),
        (desk.new(outsider), "officers"),
        (desk.new(wulan), "officers"),
        (replace(good, officers=["nobody"]), "officers"),
        (replace(good, partner="sfi"), "agreement"),
        (replace(good, agreement="0" * 32), "agreement"),
        (replace(good, partner="nobody"), "partner"),
        (replace(good, chosen=["0" * 32]), "chosen"),
    ]

    for new, field in refused:
        with pytest.raises(InvalidInputError) as error:
            grant_offers.offer_grant(stores, desk.liaison, new)
        assert field in error.value.fields
    with pytest.raises(JpaError):
        grants.revoke_grant(stores, desk.liaison, "0" * 32, "nothing there")
    assert grants.list_grants(stores, desk.liaison, desk.case) == []


def test_a_case_above_the_ceiling_is_not_granted_and_stays_below_it_afterwards(
    stores: Stores, desk: Desk, wulan: Ask, prasert: Ask
) -> None:
    strict = in_force(stores, desk.liaison, prasert, replace(TYPED, title="MoU green"))
    under = replace(desk.new(prasert), agreement=strict.id)
    with pytest.raises(InvalidInputError) as whole:
        grant_offers.offer_grant(stores, desk.liaison, under)
    other = cases.open_case(stores, wulan, NewCase("T-2", "Green case", jpa=JPA, open_in_agency=True)).id
    green = Marking(Tlp.GREEN, Release.NAMED_STATES, ("XB",))
    reports.add_report(stores, wulan, report(other, "Green Man", green))
    grant_offers.offer_grant(stores, desk.liaison, replace(under, case=other))

    with pytest.raises(InvalidInputError) as added:
        reports.add_report(stores, wulan, report(other, "Amber Man", SHARED))
    with pytest.raises(InvalidInputError):
        reports.add_reports(stores, wulan, [report(other, "Amber Man", SHARED)])
    typed = TypedOutcome("arrested", {"date": ["2024"]}, other, marking=SHARED, marked=True)
    with pytest.raises(InvalidInputError):
        outcomes.record_outcomes(stores, wulan, [typed])
    reports.add_report(stores, wulan, report(other, "Own Man", Marking()))

    assert "1 of its reports" in whole.value.fields["marking"]
    assert "TLP:AMBER; the ceiling for Utara Coast Guard is TLP:GREEN" in added.value.fields["release"]
    assert [captions(stores, prasert, f"{n} Man") for n in ("Green", "Amber", "Own")] == [["Green Man"], [], []]
    refused = stores.audit.events(actor="wulan", outcomes=[Outcome.REFUSED], limit=1)[0]
    assert refused.details["cause"] == "ceiling"


def test_of_two_who_grant_a_case_and_add_to_it_at_once_one_is_refused(
    stores: Stores, desk: Desk, wulan: Ask, prasert: Ask
) -> None:
    strict = in_force(stores, desk.liaison, prasert, replace(TYPED, title="MoU green"))
    numbers = range(4)
    opened = [cases.open_case(stores, wulan, NewCase(f"T-{n}", "Race", jpa=JPA, open_in_agency=True)) for n in numbers]

    for case in opened:
        new = replace(desk.new(prasert), case=case.id, agreement=strict.id)
        with ThreadPoolExecutor(2) as both:
            acts: list[Future[object]] = [
                both.submit(grant_offers.offer_grant, stores, desk.liaison, new),
                both.submit(reports.add_report, stores, wulan, report(case.id, "Amber Man", SHARED)),
            ]
        assert [isinstance(act.exception(), InvalidInputError) for act in acts].count(True) == 1
    assert captions(stores, prasert, "Amber Man") == []
