"""Requests through the browser's requests: asked from a case, sent, answered, refused, counted; the API; nobody else is told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jpa.model.agreement import Purpose, Way
from jpa.model.case import Agency
from jpa.model.officer import Role
from jpa.services import agencies, cases, requests
from jpa.services.agreement_drafts import TypedAgreement
from jpa.services.cases import NewCase
from jpa.services.requests import TypedRequest
from jpa.services.stores import Ask, Stores
from tests.conftest import officer
from tests.integration.services.test_agreements import in_force
from tests.web.conftest import Bearer, Login, token_of
from tests.web.test_gate import addresses

TODAY = datetime.now(UTC).date()
DUE = (TODAY + timedelta(days=7)).strftime("%d.%m.%Y")
SECRET = "Canarywala"


def asked_about(stores: Stores, case: str) -> str:
    """Draft a request about a case of the Tenggara police; returns its id."""
    liaison = replaced(officer(stores, "perera", "tip", "XA", Role.LIAISON))
    typed = TypedRequest(
        case, "ucg", agreed(stores), Purpose.SMUGGLING.value, "identity check", f"Who is {SECRET}?", "MoU", TODAY.isoformat()
    )  # fmt: skip
    return requests.draft_request(stores, liaison, typed).id


def agreed(stores: Stores) -> str:
    """Bring an agreement into force that lets both agencies ask; returns its id."""
    drafter, other = (
        replaced(officer(stores, f"signs.{a}", a, s, Role.LIAISON)) for a, s in (("tip", "XA"), ("ucg", "XB"))
    )
    days = (TODAY - timedelta(days=1)).isoformat(), (TODAY + timedelta(days=90)).isoformat()
    typed = TypedAgreement(
        "MoU 2024/7", "Memorandum 2024/7", ("ucg",), (Purpose.SMUGGLING.value,), (Way.REQUEST.value,), *days
    )
    return in_force(stores, drafter, other, typed).id


def replaced(ask: Ask) -> Ask:
    """Let an officer act now: pages know no other moment."""
    return Ask(ask.officer, datetime.now(UTC))


@pytest.fixture
def case(stores: Stores, wulan: Ask) -> str:
    return cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing", open_in_agency=True)).id


def post(client: FlaskClient, path: str, **data: object) -> tuple[int, str]:
    answer = client.post(path, data={**data, "csrf_token": token_of(client, "/account")}, follow_redirects=True)
    return answer.status_code, answer.text


def form(agreement: str, **more: str) -> dict[str, object]:
    return {
        "under": f"{agreement}:ucg", "purpose": "migrant smuggling", "kind": "identity check", "text": f"Who is {SECRET}?",
        "basis": "MoU 2024/7, article 4", "due": DUE, "urgency": "urgent", "tlp": "TLP:AMBER", "release": "named states",
        "handling": "", "pap": "PAP:AMBER", "jpa": "", **more,
    }  # fmt: skip


def asked(liaison: FlaskClient, case: str, agreement: str) -> str:
    """Draft and send the form's request; returns its address."""
    _, kept = post(liaison, f"/requests/new?case={case}", **form(agreement))
    page = str(re.findall(r'action="(/requests/[0-9a-f]{32})/send', kept)[0])
    assert "other desk&#39;s inbox" in post(liaison, f"{page}/send")[1]
    return page


def test_a_request_goes_from_a_case_to_the_other_desk_and_its_answer_back(
    login: Login, stores: Stores, case: str
) -> None:
    liaison, desk, supervisor = login(Role.LIAISON), login(Role.LIAISON, "ucg", "XB"), login(Role.SUPERVISOR)
    assert "Your agency has asked nothing yet" in liaison.get("/requests/").text
    assert "Nothing was asked of your agency" in desk.get("/requests/").text
    assert "Nobody can be asked yet" in liaison.get(f"/requests/new?case={case}").text
    assert "Nothing passed between agencies yet" in liaison.get("/requests/reciprocity").text
    agreement = agreed(stores)
    assert f"/requests/new?case={case}" in liaison.get(f"/cases/{case}").text

    for field, flawed, problem in (
        ("due", {"due": "soon"}, "Enter a whole day"),
        ("purpose", {"purpose": "search and rescue at sea"}, "names this purpose"),
        ("under", {"under": "x:nobody"}, "No agency of that name"),
        ("tlp", {"tlp": "TLP:GREEN", "handling": "H9"}, "It is none of"),
        ("text", {"text": ""}, "Say what you ask"),
    ):
        code, page = post(liaison, f"/requests/new?case={case}", **form(agreement, **flawed))
        assert (code, problem in page) == (422, True), field
        assert 'value="MoU 2024/7, article 4"' in page
    page = asked(liaison, case, agreement)
    assert "to acknowledge" in desk.get("/").text
    assert f'href="{page}"' in desk.get("/").text
    seen = desk.get(page).text
    for hidden in ("T-2024-0117", case, "Liaison.tip", "Selat crossing"):
        assert hidden not in seen
    assert "days left" in desk.get("/requests/").text
    assert post(liaison, f"{page}/acknowledge")[0] == 403
    assert "working on it" in post(desk, f"{page}/acknowledge")[1]
    assert post(desk, f"{page}/answer", text="", reference="")[0] == 422
    assert "sees your message" in post(desk, f"{page}/message", text="Which passport?")[1]
    assert post(desk, f"{page}/refuse", code="because")[0] == 422
    assert "The answer lies" in post(desk, f"{page}/answer", text="He is known.", reference="a" * 32)[1]
    assert post(desk, f"{page}/answer", text="Again.")[0] == 409
    assert post(liaison, f"{page}/withdraw")[0] == 409
    answered = liaison.get(page).text
    for said in ("Which passport?", "He is known.", "a" * 32, "answered in full", "T-2024-0117"):
        assert said in answered
    assert "answered in full" in liaison.get(f"/cases/{case}").text
    assert "1</span> answered or refused to you" in supervisor.get("/").text


def test_figures_open_their_requests_and_are_handed_out_as_files(login: Login, stores: Stores, case: str) -> None:
    liaison, desk, supervisor = login(Role.LIAISON), login(Role.LIAISON, "ucg", "XB"), login(Role.SUPERVISOR)
    agreement = agreed(stores)
    first, second = (asked(liaison, case, agreement) for _ in range(2))
    post(desk, f"{first}/refuse", code="not allowed by our law")
    post(desk, f"{second}/answer", text="Known.", part="1")

    table = supervisor.get("/requests/figures").text
    link = re.findall(r'href="(/requests/\?[^"]*asking_state[^"]*)"', table)[0].replace("&amp;", "&")
    behind = supervisor.get(link).text
    assert (first in behind, second in behind) == (True, True)
    refused = supervisor.get("/requests/?measure=requests_refused&where=refusal:not+allowed+by+our+law").text
    assert (first in refused, second in refused) == (True, False)
    assert "None of that kind" in supervisor.get("/requests/?measure=requests_overdue").text
    for client in (supervisor, desk):
        csv = client.get("/requests/figures/file?form=csv&measure=requests_answered").text
        assert csv.splitlines()[1].endswith(",1,1")
        assert client.get("/requests/figures/file?form=xlsx").data[:2] == b"PK"
        assert client.get("/requests/figures/file?form=pdf").status_code == 422
        assert client.get("/requests/figures?measure=nonsense").status_code == 422
        assert "Days to answer, median" in client.get("/requests/reciprocity").text
    numbers = [
        re.findall(
            r'<td class="num">(?:<a [^>]*>)?([^<]*)', client.get("/requests/reciprocity").text.split("t-states")[0]
        )
        for client in (liaison, desk)
    ]
    assert numbers[0] == [n for i in range(0, len(numbers[1]), 2) for n in (numbers[1][i + 1], numbers[1][i])]


def test_an_agency_that_was_not_asked_sees_nothing_by_any_route(
    app: Flask, login: Login, stores: Stores, case: str
) -> None:
    agencies.save_agency(stores, Agency("usp", "Utara State Police", "XB"), datetime.now(UTC))
    stranger = login(Role.LIAISON, "usp", "XB", Role.SUPERVISOR, Role.LEAD)
    fixed = (
        "/",
        "/requests/",
        "/requests/figures",
        "/requests/reciprocity",
        "/requests/figures/file?form=csv",
        "/cases/",
    )
    before = {path: re.sub(r'name="csrf_token" value="[^"]*"', "", stranger.get(path).text) for path in fixed}
    this = asked(login(Role.LIAISON), case, agreed(stores)).rsplit("/", 1)[-1]

    for path in fixed:
        assert re.sub(r'name="csrf_token" value="[^"]*"', "", stranger.get(path).text) == before[path], path
    token = token_of(stranger, "/account")
    for (rule, path), (_, unknown) in zip(addresses(app, this), addresses(app, "0" * 32), strict=True):
        for method in {"GET", "POST"} & set(rule.methods or ()):
            if method == "POST" and not rule.endpoint.startswith("requests."):
                continue
            data = {"csrf_token": token, "text": "x", "code": "other"} if method == "POST" else None
            seen, blank = (stranger.open(where, method=method, data=data) for where in (path, unknown))
            assert seen.status_code == blank.status_code, path
            assert SECRET not in seen.text, path
            if rule.endpoint.startswith("requests.") and rule.arguments:
                assert seen.status_code == 404, path


def test_the_api_reads_requests_and_figures_as_each_side_sees_them(
    bearer: Bearer, login: Login, stores: Stores, case: str
) -> None:
    page = asked(login(Role.LIAISON), case, agreed(stores))
    this = page.rsplit("/", 1)[-1]
    ours, _ = bearer(Role.SUPERVISOR)
    theirs, _ = bearer(Role.LIAISON, "ucg", "XB")
    analyst, _ = bearer(Role.ANALYST, "ucg", "XB")

    for client, own in ((ours, case), (theirs, "")):
        listed = client.get("/api/v1/requests?where=kind:identity+check").json
        assert listed is not None
        assert [(i["id"], i["standing"], i["overdue"]) for i in listed["items"]] == [(this, "sent", False)]
        read = client.get(f"/api/v1/requests/{this}").json
        assert read is not None
        assert (read["text"], read["case"], [m["kind"] for m in read["moves"]]) == (f"Who is {SECRET}?", own, ["sent"])
        table = client.get("/api/v1/requests/figures?measure=days_to_answer&by=asked_state").json
        assert table is not None
        assert (table["cells"], table["total"]["value"]) == ([], None)
        assert client.get("/api/v1/requests/figures?by=kind&by=kind").status_code == 422
        assert client.get("/api/v1/requests?where=weather:x").status_code == 422
    assert analyst.get("/api/v1/requests").json["items"] == []  # type: ignore[index]
    assert analyst.get(f"/api/v1/requests/{this}").status_code == 404
    assert analyst.get("/api/v1/requests/figures").status_code == 403
