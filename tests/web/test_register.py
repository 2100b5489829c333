"""The register of joint periods in the pages, and its closing report as a PDF whose figures lead to their records."""

import re
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from jpa.model.draft import TypedOutcome
from jpa.model.officer import Role
from jpa.services import cases, claims, frames, outcomes
from jpa.services.cases import NewCase
from jpa.services.claims import TypedClaim
from jpa.services.closing import COMMUNIQUE, FOLLOWED, MILESTONES
from jpa.services.frames import TypedJpa
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.statistics.measures import MEASURES
from jpa.statistics.requests import REQUEST_MEASURES
from jpa.statistics.tables import Credit
from tests.web.conftest import Login, asking, post, token_of
from tests.web.test_requests import agreed, form
from tests.web.test_requests import post as requested

PERIOD = TypedJpa(
    "1", "JPA 1, 2021", "2021-03-01", "2021-06-30", ("XA", "XB"), "camps", "IOM\nunodc; XC\nIOM", "Australia\nID"
)


@pytest.fixture
def administrator(login: Login) -> FlaskClient:
    return login(Role.ADMINISTRATOR)


@pytest.fixture
def jpa(administrator: FlaskClient, installation: Installation) -> str:
    assert administrator is not None
    return frames.create_jpa(installation.stores, asking(installation, "administrator.tip"), PERIOD).id


def judged(stores: Stores, lead: Ask, second: Ask, jpa: str) -> None:
    """Enter two arrests within the period and a conviction long after it, credited to it by half."""
    case = cases.open_case(stores, lead, NewCase("T-1", "Camp", open_in_agency=True)).id
    said = [("arrested", "2021-06-11", "D-1"), ("arrested", "2021-06-11", "D-2"), ("convicted", "2023-04-28", "D-1")]
    entered = [
        TypedOutcome(kind, {"date": [day], "state": ["XA"], "reference": [who], "charge": ["1"]}, case)
        for kind, day, who in said
    ]
    outcomes.record_outcomes(stores, lead, entered)
    made = claims.make_claim(
        stores, lead, case, TypedClaim(case, jpa, "advanced under", "1/2", "Utara answered.", "R3")
    )
    claims.sign_claim(stores, second, made.id)


def links_of(pdf: bytes) -> list[str]:
    """Return the addresses that a PDF links to, out of its object streams."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return [uri.decode() for part in parts for uri in re.findall(rb"/URI \((.*?)\)", part)]


def test_co_chairs_observers_meetings_and_targets_stand_on_the_page_with_their_changes(
    administrator: FlaskClient, jpa: str
) -> None:
    page = f"/jpas/{jpa}"
    meeting = {"kind": "planning", "date": "10.2.2021", "place": "Ban Sai", "note": "Plan Muara agreed."}

    answers = [
        post(administrator, f"{page}/meetings", **meeting),
        post(administrator, f"{page}/meetings", **{**meeting, "kind": "party"}),
        post(administrator, f"{page}/meetings", **meeting),
        post(administrator, f"{page}/targets", measure="persons_arrested", number="40"),
        post(administrator, f"{page}/targets", measure="persons_arrested", number="many"),
        post(administrator, f"{page}/targets", measure="arrests", number="1"),
    ]
    shown = administrator.get(page).text
    form = administrator.get(f"{page}/change").text
    gone = [
        post(administrator, f"{page}/meetings/remove", kind="planning", date="2021-02-10", place="Ban Sai"),
        post(administrator, f"{page}/meetings/remove", kind="planning", date="2021-02-10", place="Ban Sai"),
        post(administrator, f"{page}/targets", measure="persons_arrested", number=""),
    ]
    after = administrator.get(page).text

    assert [a.status_code for a in answers] == [302, 422, 409, 302, 422, 422]
    for text in (
        "Australia, Indonesia",
        "IOM, unodc, Selatan",
        "10 February 2021",
        "Plan Muara agreed.",
        "Persons arrested",
    ):
        assert text in shown, text
    assert "IOM\nunodc\nSelatan</textarea>" in form
    assert [a.status_code for a in gone] == [302, 409, 302]
    assert "No meeting entered" in after
    assert "No target set" in after
    for change in (
        "entered the planning meeting of 2021-02-10",
        "removed a planning meeting",
        "set the target Persons arrested to 40",
    ):
        assert change in after, change


def test_an_observer_that_takes_part_is_refused_and_a_change_keeps_meetings(
    administrator: FlaskClient, jpa: str
) -> None:
    page = f"/jpas/{jpa}"
    post(administrator, f"{page}/meetings", kind="closing", date="2021-07-20", place="Selat")
    said = {"number": "1", "name": "JPA One", "start": "2021-03-01", "end": "2021-06-30"}
    form = {**said, "states": ["XA", "XB"], "csrf_token": token_of(administrator, "/account")}

    refused = administrator.post(f"{page}/change", data={**form, "observers": "IOM\nXB"})
    changed = administrator.post(f"{page}/change", data={**form, "observers": "UNHCR"})
    shown = administrator.get(page).text

    assert (refused.status_code, changed.status_code) == (422, 302)
    assert "takes part already" in refused.text
    assert "UNHCR" in shown
    assert "20 July 2021" in shown


def test_targets_stand_against_figures_for_those_who_may_count(
    administrator: FlaskClient, login: Login, installation: Installation, jpa: str
) -> None:
    lead, supervisor = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE), login(Role.SUPERVISOR)
    judged(installation.stores, asking(installation, "lead.tip"), asking(installation, "supervisor.tip"), jpa)
    post(administrator, f"/jpas/{jpa}/targets", measure="persons_arrested", number="4")

    counted, told = supervisor.get(f"/jpas/{jpa}").text, lead.get(f"/jpas/{jpa}").text

    row = counted.split("<td>Persons arrested</td>")[1].split("</tr>")[0]
    assert re.findall(r'<td class="num">([^<]*)</td>', row) == ["4", "2", "1", "25 %"]
    assert "Unit: person." in counted
    assert "Because of the period" not in told
    assert 'name="number"' not in counted
    assert lead.get(f"/jpas/{jpa}/closing.pdf").status_code == 403


def test_every_figure_of_the_closing_report_leads_to_as_many_records(
    login: Login, installation: Installation, jpa: str
) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    supervisor, foreign = login(Role.SUPERVISOR), login(Role.SUPERVISOR, "sfi", "XC")
    judged(installation.stores, asking(installation, "lead.tip"), asking(installation, "supervisor.tip"), jpa)

    answer = supervisor.get(f"/jpas/{jpa}/closing.pdf")
    totals: dict[tuple[str, str], str] = {}
    points: dict[tuple[str, int], str] = {}
    for link in (one for one in links_of(answer.data) if "/figures/" in one):
        asked = parse_qs(urlsplit(link).query)
        page = supervisor.get(link.removeprefix("http://localhost"))
        assert page.status_code == 200
        heading = page.text.split("<h1>")[1].split("</h1>")[0].strip()
        if "months" in asked:
            points[asked["measure"][0], int(asked["months"][0])] = heading.rpartition(": ")[2]
            assert "before the opening" in page.text or "after the opening" in page.text
        else:
            totals[asked["measure"][0], asked["credit"][0]] = heading

    assert answer.headers["Content-Type"] == "application/pdf"
    assert "closing-report-jpa-1.pdf" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"%PDF-")
    assert set(totals) == {(m, credit.value) for m in COMMUNIQUE for credit in (Credit.IN_PERIOD, Credit.BECAUSE)}
    assert totals["persons_arrested", "in the period"] == f"{MEASURES['persons_arrested'].label}: 2"
    assert totals["persons_convicted", "in the period"].endswith(": 0")
    assert totals["persons_convicted", "because of the period"].endswith(": 0.5")
    assert set(points) == {(measure, months) for measure in FOLLOWED for months in MILESTONES}
    assert [points["persons_convicted", months] for months in (0, 24, 30, 60)] == ["0", "0", "0.5", "0.5"]
    assert [points["persons_arrested", months] for months in (3, 6)] == ["0", "1"]
    assert foreign.get(f"/jpas/{jpa}/closing.pdf").status_code == 404


def test_the_closing_report_counts_the_requests_that_were_put_under_the_period(
    login: Login, installation: Installation, jpa: str
) -> None:
    login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE)
    liaison, supervisor, analyst = login(Role.LIAISON), login(Role.SUPERVISOR), login(Role.ANALYST)
    stores = installation.stores
    case = cases.open_case(stores, asking(installation, "lead.tip"), NewCase("T-1", "Camp", open_in_agency=True)).id
    agreement = agreed(stores)
    for period in (jpa, jpa, ""):
        kept = requested(liaison, f"/requests/new?case={case}", **form(agreement, jpa=period))[1]
        requested(liaison, re.findall(r'action="(/requests/[0-9a-f]{32}/send)', kept)[0])

    links = [one for one in links_of(supervisor.get(f"/jpas/{jpa}/closing.pdf").data) if "/requests/" in one]
    told = {}
    for link in links:
        page = supervisor.get(link.removeprefix("http://localhost"))
        told[parse_qs(urlsplit(link).query)["measure"][0]] = page.text.split("<h1>")[1].split("</h1>")[0].strip()

    assert set(told) == set(REQUEST_MEASURES)
    assert told["requests_sent"] == "Requests sent: 2"
    assert told["days_to_answer"] == "Days to answer, median: –"
    assert not [one for one in links_of(analyst.get(f"/jpas/{jpa}/closing.pdf").data) if "/requests/" in one]
