"""Grants: another agency's analyst reads a case from the grant to its revocation, and only what its marking permits."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, JpaError, NotFoundError
from jpa.graph import cases as graph_cases
from jpa.graph.session import Tx
from jpa.model.audit import AuditTag
from jpa.model.case import Agency, Jpa, Plan
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import agencies, cases, grants, reports, resolution, search
from jpa.services.cases import NewCase
from jpa.services.grants import NewGrant
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer

JPA = "9" * 32


@pytest.fixture
def case(stores: Stores, wulan: Ask) -> str:
    def frame(tx: Tx) -> None:
        graph_cases.save_frame_tx(
            tx, Jpa(JPA, 3, "JPA 3", "2024-01-15", "2024-06-30", ("XA", "XB")), Plan("8" * 32, JPA, "P", ("XA", "XB"))
        )

    stores.graph.write(stores.audit.intend(AuditTag.JPA_CREATED, None, at=NOW), frame)
    opened = cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing", jpa=JPA, open_in_agency=True))
    reports.add_report(stores, wulan, report(opened.id, "Rahim Uddin", Marking(Tlp.AMBER, Release.JPA, (JPA,))))
    reports.add_report(stores, wulan, report(opened.id, "Karim Kept", Marking()))
    return opened.id


@pytest.fixture
def liaison(stores: Stores) -> Ask:
    return officer(stores, "perera", "tip", "XA", Role.LIAISON)


def report(case: str, name: str, marking: Marking) -> TypedReport:
    person = TypedRecord("1", "Person", {"name": [name], "birthDate": ["1987-04-12"]})
    return TypedReport(case, "Interview", f"I {name}", "2024-03-13", Grade("4x4", "B", "2", "H2"), marking, records=(person,))  # fmt: skip


def granting(case: str, reader: Ask) -> NewGrant:
    return NewGrant(case, [reader.officer.id], "joint analysis under Plan Selat", NOW + timedelta(days=30))


def captions(stores: Stores, ask: Ask, words: str) -> list[str]:
    return [hit.glance.caption for hit in search.search_all(stores, ask, words).hits]


def test_a_granted_case_is_read_from_the_grant_to_its_revocation(
    stores: Stores, case: str, liaison: Ask, prasert: Ask
) -> None:
    before = captions(stores, prasert, "Rahim Uddin")
    grant = grants.grant_case(stores, liaison, granting(case, prasert))
    during = captions(stores, prasert, "Rahim Uddin")
    title = cases.read_case(stores, prasert, case).case.title
    grants.revoke_grant(stores, liaison, grant.id, "the plan ended early")

    assert (before, during, title) == ([], ["Rahim Uddin"], "Selat crossing")
    assert captions(stores, prasert, "Rahim Uddin") == []
    with pytest.raises(NotFoundError):
        cases.read_case(stores, prasert, case)


def test_a_grant_does_not_open_what_its_marking_keeps_inside_the_agency(
    stores: Stores, case: str, liaison: Ask, prasert: Ask
) -> None:
    grants.grant_case(stores, liaison, granting(case, prasert))

    assert captions(stores, prasert, "Karim Kept") == []
    assert cases.read_case(stores, prasert, case).report_count == 1


def test_a_grant_opens_nothing_after_its_last_day(stores: Stores, case: str, liaison: Ask, prasert: Ask) -> None:
    grants.grant_case(stores, liaison, granting(case, prasert))
    later = replace(prasert, at=NOW + timedelta(days=31))

    assert captions(stores, later, "Rahim Uddin") == []


def test_a_grant_lets_nobody_write(stores: Stores, case: str, liaison: Ask, prasert: Ask) -> None:
    grants.grant_case(stores, liaison, granting(case, prasert))

    with pytest.raises(ForbiddenError):
        reports.add_report(stores, prasert, report(case, "Min Ko", Marking()))


def test_a_duplicate_across_the_border_is_proposed_only_while_granted(
    stores: Stores, case: str, liaison: Ask, prasert: Ask
) -> None:
    own = cases.open_case(stores, prasert, NewCase("U-2024-0201", "Second blue boat"))
    reports.add_report(stores, prasert, report(own.id, "Rohim Uddin", Marking()))

    alone = resolution.run_resolution(stores, prasert, "a" * 32)
    grant = grants.grant_case(stores, liaison, granting(case, prasert))
    together = resolution.run_resolution(stores, prasert, "b" * 32)
    shown = resolution.list_proposals(stores, prasert)[1]
    grants.revoke_grant(stores, liaison, grant.id, "ended")

    assert (alone, together, shown) == (0, 1, 1)
    assert resolution.list_proposals(stores, prasert)[1] == 0


def test_granting_and_revoking_are_audited_and_the_grant_stays_as_history(
    stores: Stores, case: str, liaison: Ask, prasert: Ask
) -> None:
    grant = grants.grant_case(stores, liaison, granting(case, prasert))
    grants.revoke_grant(stores, liaison, grant.id, "the plan ended early")

    listed = grants.list_grants(stores, liaison, case)
    tags = [(e.tag, e.object) for e in stores.audit.events(actor=liaison.officer.id, limit=20)]

    assert [(g.officers, g.revoked, g.reason) for g in listed] == [(("prasert",), NOW, "the plan ended early")]
    assert (AuditTag.GRANT_CREATED, case) in tags
    assert (AuditTag.GRANT_REVOKED, grant.id) in tags
    with pytest.raises(ConflictError):
        grants.revoke_grant(stores, liaison, grant.id, "again")


def test_only_a_liaison_officer_of_the_own_agency_grants_and_revokes(
    stores: Stores, case: str, wulan: Ask, liaison: Ask, prasert: Ask
) -> None:
    foreign = officer(stores, "other", "ucg", "XB", Role.LIAISON)
    grant = grants.grant_case(stores, liaison, NewGrant(case, ["prasert", "other"], "joint", NOW + timedelta(days=9)))

    with pytest.raises(ForbiddenError):
        grants.grant_case(stores, wulan, granting(case, prasert))
    with pytest.raises(NotFoundError):
        grants.grant_case(stores, foreign, granting(case, prasert))
    with pytest.raises(NotFoundError):
        grants.revoke_grant(stores, foreign, grant.id, "mine now")
    assert captions(stores, prasert, "Rahim Uddin") == ["Rahim Uddin"]


def test_a_grant_that_makes_no_sense_is_refused_by_field_and_leaves_nothing(
    stores: Stores, case: str, wulan: Ask, liaison: Ask, prasert: Ask
) -> None:
    agencies.save_agency(stores, Agency("sfi", "Selatan FIU", "XC"), NOW)
    outsider = officer(stores, "outsider", "sfi", "XC", Role.ANALYST)
    alone = cases.open_case(stores, wulan, NewCase("T-9", "No joint period", open_in_agency=True)).id
    good = granting(case, prasert)
    refused: list[tuple[NewGrant, str]] = [
        (replace(good, purpose=" "), "purpose"),
        (replace(good, end=NOW), "end"),
        (replace(good, officers=[]), "officers"),
        (granting(case, outsider), "officers"),
        (granting(case, wulan), "officers"),
        (replace(good, officers=["nobody"]), "officers"),
        (granting(alone, prasert), "case"),
    ]

    for new, field in refused:
        with pytest.raises(InvalidInputError) as error:
            grants.grant_case(stores, liaison, new)
        assert field in error.value.fields
    with pytest.raises(JpaError):
        grants.revoke_grant(stores, liaison, "0" * 32, "nothing there")
    assert grants.list_grants(stores, liaison, case) == []
