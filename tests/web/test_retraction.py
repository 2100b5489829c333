"""Retraction through the pages: marked for those who may read it, undone by a lead, closed to others."""

from flask.testing import FlaskClient

from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import cases, reports
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW
from tests.web.conftest import Login, token_of


def entered(installation: Installation, stores: Stores) -> Statements:
    account = next(a for a in installation.accounts.listed() if a.login == "lead.tip")
    ask = Ask(account.officer, NOW)
    case = cases.open_case(stores, ask, NewCase("T-1", "Selat crossing")).id
    said = TypedReport(
        case, "Boarding report", "CG-118/24", "2024", Grade("4x4", "A", "1"), Marking(),
        records=(TypedRecord("1", "Person", {"name": ["Rahim Uddin"]}), TypedRecord("2", "Vessel", {"name": ["Jaya"]})),
        links=(TypedLink("CREW_OF", "1", "2"),),
    )  # fmt: skip
    return reports.add_report(stores, ask, said)


def post(client: FlaskClient, path: str, reason: str) -> int:
    return client.post(path, data={"reason": reason, "csrf_token": token_of(client, "/account")}).status_code


def test_a_lead_retracts_a_report_a_record_and_a_tie_and_each_is_marked(
    login: Login, installation: Installation, stores: Stores
) -> None:
    lead = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    report, person = f"/reports/{made.report.id}", f"/entities/{made.records[0].id}"

    untouched = lead.get(report).text
    tie = post(lead, f"{report}/links/{made.links[0].id}/retract", "never aboard")
    after_tie = lead.get(report).text
    record = post(lead, f"{person}/retract", "another man")
    after_record = lead.get(person).text
    whole = post(lead, f"{report}/retract", "withdrawn by its source")
    after_report = lead.get(report).text

    case = lead.get(f"/cases/{made.report.case}").text

    assert ">retracted<" in case
    assert (tie, record, whole) == (302, 302, 302)
    assert "never aboard" not in untouched
    assert "Retract this report" in untouched
    assert "never aboard" in after_tie
    assert "Nothing said about it is in force" in after_record
    assert "another man" in after_record
    assert "This report is retracted with everything that it states" in after_report
    assert "withdrawn by its source" in after_report
    assert "Retract this report" not in after_report


def test_undoing_from_the_page_leads_back_to_what_is_in_force_again(
    login: Login, installation: Installation, stores: Stores
) -> None:
    lead = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    person = f"/entities/{made.records[0].id}"
    post(lead, f"{person}/retract", "another man")
    undo = lead.get(person).text.split('action="/retractions/')[1].split('"')[0]

    answer = lead.post(f"/retractions/{undo}", data={"reason": "right", "csrf_token": token_of(lead, "/account")})
    again = post(lead, f"/retractions/{undo}", "right")

    assert answer.location.endswith(person)
    assert "Nothing said about it is in force" not in lead.get(person).text
    assert "Retraction undone" in lead.get(person).text
    assert again == 409


def test_a_foreign_lead_gets_the_same_answer_for_what_exists_and_what_does_not(
    login: Login, installation: Installation, stores: Stores
) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    made = entered(installation, stores)
    foreign = login(Role.LEAD, "ucg", "XB")

    for path in ("/reports/{}/retract", "/entities/{}/retract", "/retractions/{}/undo", "/reports/{}/links/x/retract"):
        answers = {post(foreign, path.format(i), "why") for i in (made.report.id, made.records[0].id, "0" * 32)}
        assert answers == {404}, path
    assert post(foreign, f"/reports/{made.report.id}/links/{made.links[0].id}/retract", "why") == 404
