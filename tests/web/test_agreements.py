"""Agreements and grants through the browser's requests: draft, sign, warn, grant what is ticked, read, revoke, end; refusals."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.services import cases, reports
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores
from tests.web.conftest import Bearer, Login, token_of

TODAY = datetime.now(UTC).date()
SOON = (TODAY + timedelta(days=30)).isoformat()
FORM: dict[str, object] = {
    "partner": ["ucg"], "title": "MoU 2024/7", "basis": "Memorandum 2024/7, article 4", "start": TODAY.isoformat(), "end": SOON,
    "warning_days": "60", "purposes": ["migrant smuggling"], "ways": ["grants"],
    "tlp_ucg": "TLP:AMBER", "pap_ucg": "PAP:AMBER", "release_ucg": "named states",
    "tlp_tip": "TLP:GREEN", "pap_tip": "PAP:AMBER", "release_tip": "named states",
}  # fmt: skip


def post(client: FlaskClient, path: str, **data: object) -> tuple[int, str]:
    answer = client.post(path, data={**data, "csrf_token": token_of(client, "/account")}, follow_redirects=True)
    return answer.status_code, answer.text


def signed(liaison: FlaskClient, other: FlaskClient) -> str:
    """Draft and sign the agreement of the form; returns its address."""
    _, kept = post(liaison, "/agreements/new", **FORM)
    page = str(re.findall(r'action="(/agreements/[0-9a-f]{32})/', kept)[0])
    assert "You signed this agreement" in post(other, f"{page}/sign")[1]
    return page


@pytest.fixture
def case(stores: Stores, wulan: Ask) -> str:
    made = cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing", open_in_agency=True)).id
    people = (
        TypedRecord("1", "Person", {"name": ["Rahim Uddin"]}),
        TypedRecord("2", "Person", {"name": ["Hla Myint"]}),
    )
    marking = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",))
    grade = Grade("4x4", "B", "2")
    reports.add_report(
        stores, wulan, TypedReport(made, "Boarding report", "CG-1", "2024", grade, marking, "", people, [TypedLink("ASSOCIATE_OF", "1", "2")])
    )  # fmt: skip
    reports.add_report(
        stores, wulan, TypedReport(made, "Own log", "L-1", "2024", grade, Marking(), "", (TypedRecord("1", "Person", {"name": ["Karim Kept"]}),))
    )  # fmt: skip
    return made


def test_an_agreement_goes_from_draft_to_its_end(login: Login) -> None:
    liaison, supervisor = login(Role.LIAISON), login(Role.SUPERVISOR)
    other = login(Role.SUPERVISOR, "ucg", "XB")
    outsider = login(Role.LIAISON, "far", "XD")
    assert "Draft the first one" in liaison.get("/agreements/").text
    assert "Utara Coast Guard" in liaison.get("/agreements/new").text
    form = liaison.get("/agreements/new?partner=ucg").text
    assert "What may go to Utara Coast Guard" in form
    assert "What may go to Tenggara Immigration Police" in form

    status, wrong = post(liaison, "/agreements/new", **{**FORM, "title": "", "end": "2020-01-01"})
    assert (status, wrong.count('class="error"')) == (422, 2)
    assert 'value="Memorandum 2024/7, article 4"' in wrong
    _, kept = post(liaison, "/agreements/new", **FORM)
    page = re.findall(r'action="(/agreements/[0-9a-f]{32})/', kept)[0]
    assert "waits for signature" in kept
    assert "MoU 2024/7" in other.get("/").text  # the start page asks for the second signature
    assert outsider.get(page).status_code == 404
    assert post(liaison, f"{page}/sign")[0] == 409
    assert post(supervisor, f"{page}/sign", party="ucg")[0] == 403
    _, done = post(other, f"{page}/sign")
    assert "in force" in done
    assert "nothing: no handling code with a condition goes" in done
    assert "ends in 30 days" in supervisor.get("/").text
    assert "ends in 30 days" in liaison.get("/agreements/").text
    renewal = liaison.get(f"/agreements/new?from={page[-32:]}").text
    assert 'value="MoU 2024/7"' in renewal
    assert '<option value="TLP:GREEN" selected>' in renewal

    assert post(other, f"{page}/end", reason="")[0] == 422
    assert "is ended" in post(other, f"{page}/end", reason="renegotiated")[1]
    assert "renegotiated" in liaison.get(page).text
    assert post(liaison, f"{page}/end", reason="again")[0] == 409


def test_what_is_ticked_is_read_by_the_other_agency_until_it_is_revoked(login: Login, case: str) -> None:
    liaison = login(Role.LIAISON)
    reader = login(Role.READ, "ucg", "XB")
    other = login(Role.SUPERVISOR, "ucg", "XB")
    assert "No agreement in force lets your agency grant" in liaison.get(f"/cases/{case}/grants/new").text
    agreement = signed(liaison, other)[-32:]
    offer = liaison.get(f"/cases/{case}/grants/new").text
    rahim, report = (
        re.findall(rf'value="([0-9a-f]{{32}})"><label for="c-\1">{text}', offer)[0] for text in ("Rahim", "Boarding")
    )
    own = re.findall(r'value="([0-9a-f]{32})"><label for="c-\1">Own log', offer)[0]
    said = {
        "partner": "ucg",
        "agreement": agreement,
        "purpose": "migrant smuggling",
        "end": SOON,
        "why": "the blue boat",
    }

    assert post(liaison, f"/cases/{case}/grants/new", **said, what="chosen")[0] == 422
    status, above = post(liaison, f"/cases/{case}/grants/new", **said, what="chosen", chosen=[rahim, own])
    assert status == 422
    assert "Own log L-1" in above
    assert f'value="{rahim}" checked' in above
    _, made = post(liaison, f"/cases/{case}/grants/new", **said, what="chosen", chosen=[rahim], follows="1")
    page = re.findall(r'action="(/grants/[0-9a-f]{32})/', made)[0]
    assert "Granted to your agency" in reader.get("/grants/").text
    seen = reader.get(page).text
    assert "Rahim Uddin" in seen
    assert "the blue boat" in seen
    assert "T-2024-0117" not in seen
    assert reader.get(f"/entities/{rahim}").status_code == 200
    assert "Hla Myint" not in reader.get(f"/reports/{report}").text
    assert reader.get(f"/cases/{case}").status_code == 404
    assert "chosen records alone" in liaison.get(f"/cases/{case}").text
    assert "2 times, by 1 officer" in liaison.get(page).text

    assert post(other, f"{page}/revoke", reason="mine")[0] == 403
    assert post(liaison, f"{page}/revoke", reason="")[0] == 422
    assert "Revoked: the next request" in post(liaison, f"{page}/revoke", reason="a slip")[1]
    assert reader.get(f"/entities/{rahim}").status_code == 404
    assert "a slip" in reader.get(page).text
    assert "Rahim" not in reader.get(page).text


def test_a_whole_case_is_granted_and_closed_with_its_agreement(login: Login, case: str) -> None:
    liaison = login(Role.LIAISON)
    reader = login(Role.ANALYST, "ucg", "XB")
    other = login(Role.LIAISON, "ucg", "XB")
    page = signed(liaison, other)
    said = {"partner": "ucg", "agreement": page[-32:], "purpose": "migrant smuggling", "end": SOON, "what": "case"}

    assert post(liaison, f"/cases/{case}/grants/new", **{**said, "end": "2999-01-01"})[0] == 422
    _, made = post(liaison, f"/cases/{case}/grants/new", **said)
    assert "every officer" in made
    assert "Boarding report" in reader.get(f"/cases/{case}").text
    assert "Own log" not in reader.get(f"/cases/{case}").text
    post(other, f"{page}/end", reason="renegotiated")
    assert reader.get(f"/cases/{case}").status_code == 404
    assert "its agreement is not in force" in reader.get("/grants/").text


def test_the_api_lists_agreements_and_grants(bearer: Bearer, login: Login, case: str) -> None:
    supervisor = login(Role.SUPERVISOR, "ucg", "XB")
    liaison = login(Role.LIAISON)
    agreement = signed(liaison, supervisor)[-32:]
    said = {"partner": "ucg", "agreement": agreement, "purpose": "migrant smuggling", "end": SOON, "what": "case"}
    post(liaison, f"/cases/{case}/grants/new", **said)
    program, _ = bearer(Role.LIAISON, "ucg", "XB")

    listed = program.get("/api/v1/agreements").json
    granted = program.get("/api/v1/grants").json

    assert listed is not None
    assert granted is not None
    assert [(a["title"], a["standing"], a["expiring"]) for a in listed["items"]] == [("MoU 2024/7", "in force", True)]
    assert [(c["agency"], c["tlp"], c["conditions"]) for c in listed["items"][0]["ceilings"]] == [
        ("tip", "TLP:GREEN", []), ("ucg", "TLP:AMBER", []),
    ]  # fmt: skip
    assert [(g["case"], g["whole"], g["opens"]) for g in granted["items"]] == [(case, True, True)]
