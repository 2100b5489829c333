"""A victim who is typed, and stands in a package that left: recalls are drafted, and whoever types learns nothing of it."""

import pytest

from jpa.errors import NotFoundError
from jpa.model.audit import AuditTag
from jpa.model.case import TeamRole
from jpa.model.draft import TypedRecord, TypedVictim
from jpa.model.notice import Notice, NoticeState
from jpa.model.officer import Role
from jpa.services import cases, packages, recalls, reports, teams
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import officer
from tests.integration.services.test_packages import Desk, ordered, person, phone, released, report, set_desk
from tests.web.conftest import PASSWORD


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    return set_desk(installation, stores)


@pytest.fixture
def typist(stores: Stores, desk: Desk) -> tuple[Ask, str]:
    """An officer of the same agency who may not know of the case that the package was made from."""
    for colleague in (desk.maker, desk.second):
        teams.join_team(stores, desk.lead, desk.case, colleague.officer.id, TeamRole.MEMBER)
    cases.change_case(stores, desk.lead, desk.case, open_in_agency=False)
    ask = officer(stores, "dewi", "tip", "XA", Role.CONTRIBUTE, Role.LEAD)
    return ask, cases.open_case(stores, ask, NewCase("T-2", "Shelter")).id


def passport(ref: str, number: str) -> TypedRecord:
    return TypedRecord(ref, "IdentityDocument", {"number": [number], "country": ["XA"]})


def type_victim(stores: Stores, ask: Ask, case: str, **identity: str) -> None:
    victim = TypedVictim({name: [value] for name, value in identity.items()}, {})
    reports.add_report(stores, ask, report(case, victims=(victim,)))


def drafted(stores: Stores, ask: Ask) -> list[Notice]:
    return [n for line in recalls.read_board(stores, ask)[0] for n in line.notices]


def test_a_typed_victim_of_the_case_is_recalled_from_its_packages_and_the_kept_copy_closed(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    stated = report(desk.case, person("1", "Rahim Uddin"), passport("2", "AB1234567"), phone("3", "+66812345678"))
    made = reports.add_report(stores, desk.lead, stated)
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Karim Boatman"), text="Rahim  UDDIN paid."))
    package, _ = released(installation, desk, ordered(desk, texts=True))

    type_victim(stores, desk.lead, desk.case, name="rahim uddin", document="AB 1234567")

    (notice,) = drafted(stores, desk.maker)
    reasons = {(i.what.value, i.id): i.reason for i in notice.items}
    assert (notice.automatic, notice.state, notice.package, len(reasons)) == (True, NoticeState.DRAFT, package.id, 3)
    assert reasons["record", made.records[1].id] == "victim sealed"
    assert reasons["record", made.records[0].id] == "other"
    assert [reason for (what, _), reason in reasons.items() if what == "report"] == ["other"]
    assert packages.find_package(stores, desk.maker, package.id).file == ""
    assert recalls.release_notice(installation, desk.second, notice.id, PASSWORD, "").number == 1


def test_a_namesake_in_another_case_is_proposed_once_told_to_its_readers_alone_and_may_be_discarded(
    installation: Installation, stores: Stores, desk: Desk, typist: tuple[Ask, str]
) -> None:
    made = reports.add_report(
        stores, desk.lead, report(desk.case, person("1", "Rahim Uddin"), phone("3", "+66812345678"))
    )
    package, _ = released(installation, desk, ordered(desk))
    ask, case = typist

    type_victim(stores, ask, case, name="Somebody Else", birthDate="1987")
    nobody = drafted(stores, desk.maker)
    type_victim(stores, ask, case, name="Rahim Uddin")
    (first,) = drafted(stores, desk.maker)
    recalls.discard_notice(stores, desk.second, first.id)
    type_victim(stores, ask, case, name="Rahim Uddin")
    decided = drafted(stores, desk.maker)
    type_victim(stores, ask, case, phone="0812345678")
    (second,) = drafted(stores, desk.maker)

    assert (nobody, decided) == ([], [])
    assert [(i.id, i.reason) for i in first.items] == [(made.records[0].id, "other")]
    assert [(i.id, i.reason) for i in second.items] == [(made.records[1].id, "other")]
    assert packages.find_package(stores, desk.maker, package.id).file == package.file
    assert (recalls.read_board(stores, ask), packages.list_packages(stores, ask)) == (([], []), [])
    with pytest.raises(NotFoundError):
        packages.find_package(stores, ask, package.id)
    with pytest.raises(NotFoundError):
        recalls.read_notice(stores, ask, second.id)
    noted = stores.audit.events(actor=ask.officer.id, tag=AuditTag.REPORT_ADDED.value)
    assert all(package.id not in str(e.details) + e.object for e in noted)


def test_a_draft_that_was_never_released_is_closed_without_a_recall(stores: Stores, desk: Desk) -> None:
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin"), person("2", "Karim Boatman")))
    draft = packages.draft_package(stores, desk.maker, ordered(desk))

    type_victim(stores, desk.lead, desk.case, name="Rahim Uddin")

    assert drafted(stores, desk.maker) == []
    assert packages.find_package(stores, desk.maker, draft.id).file == ""
    again = packages.draft_package(stores, desk.maker, ordered(desk))
    assert all("Uddin" not in t.caption for t in packages.read_package(stores, desk.maker, again.id).shown.things)
