"""The start page of each role."""

import pytest

from jpa.model.officer import Role
from jpa.services import cases, frames
from jpa.services.cases import NewCase
from jpa.services.frames import TypedJpa, TypedPlan
from jpa.services.installation import Installation
from jpa.services.stores import Ask
from tests.web.conftest import Login, asking

STARTS = {
    Role.READ: ("My cases", "Since yesterday", "Might be the same"),
    Role.CONTRIBUTE: ("My cases", "Since yesterday", "Might be the same"),
    Role.LEAD: ("My cases", "Since yesterday", "Open a case"),
    Role.ANALYST: ("Candidate networks", "Might be the same", "Cases that you may read"),
    Role.LIAISON: ("Joint periods of your state", "Desks to ask", "JPA 7, 2027", "Utara Coast Guard"),
    Role.SUPERVISOR: ("Open cases of the agency", "Persons arrested", "T-WIDE"),
    Role.AUDITOR: ("State of the log", "Refused, denied and failed", "Latest acts"),
    Role.ADMINISTRATOR: ("Locked after failed log-ins", "Without a second factor", "Agencies"),
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_starts_with_its_own_work_and_reads_no_hidden_case(
    login: Login, installation: Installation, wulan: Ask, role: Role
) -> None:
    login(Role.ADMINISTRATOR, "ucg", "XB")
    chief = asking(installation, "administrator.ucg")
    jpa = frames.create_jpa(
        installation.stores, chief, TypedJpa("7", "JPA 7, 2027", "2027-01-01", "2027-12-31", ("XA", "XB"))
    )
    frames.create_plan(installation.stores, chief, jpa.id, TypedPlan("Plan Selat", ("XA", "XB")))
    cases.open_case(installation.stores, wulan, NewCase("T-HIDDEN", "Hidden"))
    cases.open_case(installation.stores, wulan, NewCase("T-WIDE", "Wide", jpa=jpa.id, open_in_agency=True))

    page = login(role).get("/").text

    for text in STARTS[role]:
        assert text in page, text
    assert "T-HIDDEN" not in page
    assert role not in {Role.AUDITOR, Role.ADMINISTRATOR} or "T-WIDE" not in page


def test_an_officer_of_two_roles_switches_between_their_start_pages(login: Login) -> None:
    client = login(Role.ADMINISTRATOR, "tip", "XA", Role.ANALYST)

    assert "Candidate networks" in client.get("/").text
    assert "Without a second factor" in client.get("/?as=administrator").text
    assert "Candidate networks" in client.get("/?as=auditor").text
