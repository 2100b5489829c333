"""A case whose only lead is gone gets a new one from the administrator's pages, and stays closed to the administrator."""

import pytest
from flask.testing import FlaskClient

from jpa.model.audit import AuditTag
from jpa.model.draft import TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import cases, reports
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW
from tests.web.conftest import Login, account_of, id_of, post, token_of

LEADERLESS = "/administration/leaderless/"
SECRET, VICTIM = "Selat crossing", "Zarinah Canarywala"


def opened(installation: Installation, stores: Stores, login: str = "lead.tip") -> str:
    ask = Ask(installation.accounts.known(id_of(installation, login)).officer, NOW)
    case = cases.open_case(stores, ask, NewCase("T-2024-0117", SECRET, f"{SECRET} at night")).id
    said = TypedReport(case, f"Log of {SECRET}", "R-1", "2024", Grade("4x4", "B", "2"), Marking(), "Text.",
                       victims=(TypedVictim({"name": [VICTIM]}, {}),))  # fmt: skip
    reports.add_report(stores, ask, said)
    return case


def disable(client: FlaskClient, installation: Installation, login: str) -> str:
    path = f"/administration/officers/{id_of(installation, login)}"
    assert post(client, f"{path}/disable", page=path).status_code == 302
    return client.get(path).text


def test_a_case_whose_only_lead_is_disabled_gets_a_new_lead_from_a_page(
    login: Login, installation: Installation, stores: Stores
) -> None:
    administrator, _, member = (
        login(Role.ADMINISTRATOR),
        login(Role.LEAD),
        login(Role.CONTRIBUTE, "tip", "XA", Role.LEAD),
    )
    case = opened(installation, stores)
    nothing = administrator.get(LEADERLESS).text

    told = disable(administrator, installation, "lead.tip")
    start, listed, form = (administrator.get(path).text for path in ("/", LEADERLESS, LEADERLESS + case))
    before = member.get(f"/cases/{case}").status_code
    new = id_of(installation, "contribute.tip")
    named = post(administrator, LEADERLESS + case, LEADERLESS + case, officer=new, reason="The lead left the force")
    page = member.get(f"/cases/{case}").text

    assert "Every case has a lead" in nothing
    assert "Cases that nobody leads now: 1" in told
    assert all("T-2024-0117" in text for text in (start, listed, form))
    assert before == 404
    assert named.headers["Location"].endswith(LEADERLESS)
    assert SECRET in page
    assert "Contribute leads this case" in page
    assert "The lead left the force" in page
    assert "Every case has a lead" in administrator.get(LEADERLESS).text
    event = next(e for e in stores.audit.events(tag=AuditTag.LEAD_NAMED.value) if e.outcome is None)
    assert (event.object, event.purpose, event.details["officer"]) == (case, "The lead left the force", new)


def test_the_administrator_sees_neither_title_nor_content_nor_victims(
    login: Login, installation: Installation, stores: Stores
) -> None:
    administrator = login(Role.ADMINISTRATOR)
    login(Role.LEAD)
    login(Role.SUPERVISOR, "tip", "XA", Role.LEAD)
    case = opened(installation, stores)
    disable(administrator, installation, "lead.tip")
    shown = [administrator.get(path).text for path in ("/", LEADERLESS, LEADERLESS + case)]

    new = id_of(installation, "supervisor.tip")
    shown.append(post(administrator, LEADERLESS + case, LEADERLESS + case, officer=new, reason=f"{VICTIM} waits").text)
    refused = administrator.get(f"/cases/{case}")

    assert all(SECRET not in text and VICTIM not in text for text in shown)
    assert refused.status_code == 403
    assert SECRET not in refused.text
    assert "[victim V-1] waits" in [e.purpose for e in stores.audit.events(tag=AuditTag.LEAD_NAMED.value)]


def test_only_an_able_officer_of_the_same_agency_is_named_and_never_oneself(
    login: Login, installation: Installation, stores: Stores
) -> None:
    administrator = login(Role.ADMINISTRATOR, "tip", "XA", Role.LEAD)
    for role, agency, state in ((Role.LEAD, "tip", "XA"), (Role.LEAD, "ucg", "XB"), (Role.CONTRIBUTE, "tip", "XA")):
        account_of(installation, stores, role, agency, state)
    case = opened(installation, stores)
    disable(administrator, installation, "lead.tip")
    path = LEADERLESS + case
    token = token_of(administrator, path) if "csrf_token" in administrator.get(path).text else ""
    answers = []

    for who in ("lead.ucg", "contribute.tip", "lead.tip", "administrator.tip"):
        data = {"officer": id_of(installation, who), "reason": "why", "csrf_token": token}
        answers.append((who, administrator.post(path, data=data).status_code))
    empty = administrator.get(path).text
    account_of(installation, stores, Role.SUPERVISOR, "tip", "XA", Role.LEAD)
    wordless = post(administrator, path, path, officer=id_of(installation, "supervisor.tip"), reason=" ")

    assert {status for _, status in answers} == {422}
    assert "Nobody of this agency can lead" in empty
    assert wordless.status_code == 422
    assert "Say why" in wordless.text
    assert "T-2024-0117" in administrator.get(LEADERLESS).text


def test_a_case_with_a_lead_and_one_that_is_not_there_look_the_same(
    login: Login, installation: Installation, stores: Stores
) -> None:
    administrator = login(Role.ADMINISTRATOR)
    login(Role.LEAD)
    case = opened(installation, stores)
    token = token_of(administrator, "/account")

    for which in (case, "0" * 32):
        data = {"officer": id_of(installation, "lead.tip"), "reason": "why", "csrf_token": token}
        assert administrator.get(LEADERLESS + which).status_code == 404
        assert administrator.post(LEADERLESS + which, data=data).status_code == 404


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.ADMINISTRATOR])
def test_no_other_role_lists_or_names(login: Login, role: Role) -> None:
    client = login(role)
    token = token_of(client, "/account")

    answers = [client.get(LEADERLESS), client.get(LEADERLESS + "0" * 32)]
    answers.append(client.post(LEADERLESS + "0" * 32, data={"csrf_token": token, "officer": "x", "reason": "y"}))

    assert {a.status_code for a in answers} == {403}


def test_a_lead_who_lost_the_role_leads_no_more_and_one_enabled_again_does(
    login: Login, installation: Installation, stores: Stores
) -> None:
    administrator = login(Role.ADMINISTRATOR)
    login(Role.LEAD)
    opened(installation, stores)
    path = f"/administration/officers/{id_of(installation, 'lead.tip')}"

    post(administrator, path, path, name="Lead", roles=["contribute"])
    demoted = administrator.get(LEADERLESS).text
    post(administrator, path, path, name="Lead", roles=["lead", "contribute"])
    promoted = administrator.get(LEADERLESS).text

    assert "T-2024-0117" in demoted
    assert "Every case has a lead" in promoted
