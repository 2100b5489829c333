"""A case's own pages: changed, closed, handed over, who is involved."""

from jpa.model.case import TeamRole
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import cases, reports, teams
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from tests.web.conftest import Login, asking, id_of, post


def test_a_lead_changes_closes_and_opens_a_case_and_a_member_does_not(login: Login, installation: Installation) -> None:
    lead, member = login(Role.LEAD), login(Role.CONTRIBUTE, "tip", "XA", Role.LEAD)
    asked = asking(installation, "lead.tip")
    case = cases.open_case(installation.stores, asked, NewCase("T-1", "Selat")).id
    teams.join_team(installation.stores, asked, case, id_of(installation, "contribute.tip"), TeamRole.MEMBER)
    path = f"/cases/{case}/change"

    changed = post(lead, path, summary="Two boats", open="1")
    closed = post(lead, path, status="closed")
    page = lead.get(f"/cases/{case}").text
    odd = post(lead, path, status="burnt")
    long = post(lead, path, summary="s" * 4001)
    again = post(lead, path, status="open")

    assert [a.status_code for a in (changed, closed, odd, long, again)] == [302, 302, 422, 422, 302]
    assert "Two boats" in page
    assert "Every officer of the agency." in page
    assert "T-1 is closed" in page
    assert "Use at most 4000 characters" in long.text
    assert "will be closed" in lead.get(path).text
    assert member.get(path).status_code == 403
    assert post(member, path, page="/account", status="closed").status_code == 403
    assert login(Role.READ, "ucg", "XB", Role.LEAD).get(path).status_code == 404


def test_a_case_is_handed_over_on_its_page_and_shown_in_my_teams(login: Login, installation: Installation) -> None:
    lead, other = login(Role.LEAD), login(Role.CONTRIBUTE, "tip", "XA", Role.LEAD)
    asked, new = asking(installation, "lead.tip"), id_of(installation, "contribute.tip")
    case = cases.open_case(installation.stores, asked, NewCase("T-1", "Selat")).id
    path = f"/cases/{case}"

    added = post(lead, f"{path}/team", page=path, officer=new, role="member")
    odd = post(lead, f"{path}/team", page=path, officer=new, role="emperor")
    handed = post(lead, f"{path}/team", page=path, hand_over=new)

    assert [a.status_code for a in (added, odd, handed)] == [302, 422, 302]
    assert "A lead changes the team." in lead.get(path).text
    assert "Hand over</button>" in other.get(path).text
    mine = other.get("/cases/teams").text
    assert "T-1" in mine
    assert "lead</span>" in mine
    assert "member</span>" in lead.get("/cases/teams").text


def test_a_case_shows_who_is_involved_by_role(login: Login, installation: Installation) -> None:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    asked = asking(installation, "lead.tip")
    case = cases.open_case(installation.stores, asked, NewCase("T-1", "Selat")).id
    people = tuple(
        TypedRecord(str(n), "Person", {"name": [name]}, role=role)
        for n, (name, role) in enumerate(
            (("Rahim Uddin", "suspect"), ("Min Ko", "witness"), ("Abdul Karim", "suspect"))
        )
    )
    typed = TypedReport(case, "Boarding report", "R-1", "2024", Grade("4x4", "A", "1"), Marking(), records=people)
    reports.add_report(installation.stores, asked, typed)

    page = client.get(f"/cases/{case}").text.split("by role")[1].split("Decision log")[0]

    assert page.index("suspect") < page.index("Abdul Karim") < page.index("witness") < page.index("Min Ko")
    assert "Rahim Uddin" in page
