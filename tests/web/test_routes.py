"""Every route: forged requests fail, headers are right on every answer, nothing happens unlogged."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from jpa.model.draft import TypedIncident, TypedLink, TypedOutcome, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.networks.detect import Parameters
from jpa.services import cases, incidents, networks, outcomes, reports, resolution
from jpa.services.cases import NewCase
from jpa.services.frames import TypedJpa, create_jpa
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.web import create_app
from jpa.web.gate import PUBLIC
from tests.conftest import NOW
from tests.web.conftest import PASSWORD, Login, token_of

SAFE = {"GET", "HEAD", "OPTIONS"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
SECRET = "Canarywala"
FORMS: dict[str, dict[str, str]] = {
    "cases.new": {"number": "T-9", "title": "Another"},
    "cases.team": {"officer": "nobody", "role": "member"},
    "cases.act": {"title": "Ask", "state": "for allocation"},
    "cases.decide": {"decision": "Go on", "reason": "why"},
    "reports.new": {"title": "Log", "source_reference": "R", "date": "2024", "grade_scheme": "4x4", "grade_source": "A",
                    "grade_information": "1", "text": "Seen."},
    "reports.understand": {"line": "person Rahim Uddin"},
    "reports.known": {"line": "person Rahim Uddin"},
    "entities.correct": {"name": "Rahim Canarywala Khan", "source_reference": "R", "reason": "typing slip"},
    "entities.seal": {},
    "search.find": {"words": "Canarywala"},
    "imports.export": {"form": "ftm", "purpose": "check"},
    "jobs.nightly": {"kind": "resolution", "wanted": "0"},
    "chart.expand": {"record": "{record}"},
    "resolution.judge": {"verdict": "unsure", "reason": ""},
    "resolution.undo": {"reason": "slip"},
    "networks.decide": {"state": "under review", "reason": "look"},
    "evidence.download": {"purpose": "to read it"},
    "outcomes.new": {"kind": "arrested", "person": "{record}", "date": "2024"},
    "outcomes.correct": {"kind": "charged", "person": "{record}", "date": "2024", "reason": "slip"},
    "outcomes.retract": {"reason": "slip"},
    "outcomes.file": {"form": "csv", "purpose": "check"},
    "outcomes.agency_new": {"kind": "officer trained", "count": "12"},
    "leads.name": {"officer": "nobody", "reason": "why"},
    "figures.save": {"measure": "persons_arrested", "name": "Ours"},
    "claims.show": {"basis": "advanced under", "share": "1", "reason": "why", "evidence": "R"},
    "claims.own": {"basis": "opened under", "share": "1", "reason": "why", "evidence": "R", "jpa": "{jpa}"},
    "claims.withdraw": {"reason": "why"},
    "register.add_meeting": {"kind": "planning", "date": "2024-01-02", "place": "Selat"},
    "register.set_target": {"measure": "persons_arrested", "number": "4"},
    "incidents.new": {"date": "2024-03-12", "place": "Jetty 4", "confirmed": "1"},
    "incidents.correct": {"date": "2024-03-13", "place": "Jetty 4", "reason": "slip in typing"},
    "incidents.retract": {"reason": "entered twice"},
    "incidents.file": {"form": "csv", "purpose": "check"},
    "blind.new": {"type": "Phone", "number": "+66898259791", "partner": "ucg", "purpose": "migrant smuggling", "about": "T-1"},
    "planned.new": {"kind": "arrest", "purpose": "migrant smuggling", "about": "Op", "start": "2030-01-01", "name": "Canarywala Khan", "born": "1980"},
    "auth.password": {"old": PASSWORD, "password": PASSWORD + " again"},
    "auth.factor": {"code": "000000"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """One installation with something of every kind, and the officer who may do everything to it."""

    client: FlaskClient
    officer: str
    values: dict[str, str]


@pytest.fixture
def spot(login: Login, installation: Installation, stores: Stores) -> Spot:
    client = login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE, Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR)
    account = installation.accounts.find("lead.tip")
    assert account is not None
    ask = Ask(account.officer, NOW)
    case = cases.open_case(stores, ask, NewCase("T-1", f"{SECRET} case")).id
    people = tuple(TypedRecord(str(i), "Person", {"name": [f"Man {SECRET} {i}"]}) for i in range(4))
    links = tuple(TypedLink("ASSOCIATE_OF", str(i), str(j)) for i in range(4) for j in range(i))
    grade = Grade("4x4", "A", "1")
    made = reports.add_report(
        stores, ask, TypedReport(case, "Log", "R", "2024", grade, Marking(), records=people, links=links)
    )
    left, right, *_ = (r.id for r in made.records)
    verdict = resolution.judge(stores, ask, left, right, Verdict.NOT_SAME, "brothers")
    networks.run_detection(stores, ask, "b" * 32, Parameters())
    found = networks.list_candidates(stores, ask)[0].candidate.id
    values = {"case": case, "record": left, "left": left, "right": right, "report": made.report.id}
    arrest = TypedOutcome("arrested", {"note": [f"{SECRET} was there"]}, case, person=left, report=made.report.id)
    [outcome] = outcomes.record_outcomes(stores, ask, [arrest])
    jpa = create_jpa(stores, ask, TypedJpa("7", "JPA 7", "2024-01-01", "2024-12-31", ("XA", "XC"))).id
    boat = TypedIncident({"date": ["2024-03-12"], "place": [f"{SECRET} jetty"]}, confirmed=True)
    [incident] = incidents.record_incidents(stores, ask, [boat])
    values |= {"candidate": found, "judgement": verdict.id, "outcome": outcome.id, "jpa": jpa, "incident": incident.id}
    return Spot(client, account.id, values)


def requests(app: Flask, values: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Give endpoint, method and address of every route; reads before changes, log-out and sealing last."""
    last = {"entities.correct": 1, "auth.password": 2, "entities.seal": 3, "auth.logout": 4}
    rules = sorted(app.url_map.iter_rules(), key=lambda r: (last.get(r.endpoint, 0), r.endpoint))
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        for rule in rules:
            # The API takes no session at all: tests/web/test_api.py walks it with tokens.
            if rule.endpoint != "static" and not rule.rule.startswith("/api/") and method in (rule.methods or ()):
                unknown = {name: values.get(name, "0" * 32) for name in rule.arguments}
                yield rule.endpoint, method, rule.build(unknown, append_unknown=False)[1]  # type: ignore[index]


def form_of(endpoint: str, values: dict[str, str], token: str) -> dict[str, str]:
    filled = {name: text.format(**values) for name, text in FORMS.get(endpoint, {}).items()}
    return {**filled, "csrf_token": token}


def assert_safe_headers(answer: TestResponse) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy, answer.request.path
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"Traceback" not in answer.data


@contextmanager
def read_only_log(installation: Installation) -> Iterator[None]:
    refuse = "CREATE TRIGGER read_only BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'read-only'); END"
    with installation.operations.writing() as connection:
        connection.execute(text(refuse))
    try:
        yield
    finally:
        with installation.operations.writing() as connection:
            connection.execute(text("DROP TRIGGER read_only"))


def test_a_forged_request_changes_nothing_on_any_route(app: Flask, login: Login, spot: Spot) -> None:
    foreign = token_of(login(Role.READ), "/account")
    own = token_of(spot.client, "/account")
    stale_client = login(Role.SUPERVISOR)
    stale = token_of(stale_client, "/account")
    stale_client.post("/logout", data={"csrf_token": stale})
    elsewhere = {"Origin": "https://elsewhere.example"}
    answers = {}

    for endpoint, method, path in requests(app, spot.values):
        if method in SAFE:
            continue
        for name, token in (("missing", None), ("empty", ""), ("stale", stale), ("foreign", foreign)):
            data = form_of(endpoint, spot.values, token or "")
            if token is None:
                del data["csrf_token"]
            answers[endpoint, name] = spot.client.open(path, method=method, data=data).status_code
        data = form_of(endpoint, spot.values, own)
        answers[endpoint, "origin"] = spot.client.open(path, method=method, data=data, headers=elsewhere).status_code
        answers[endpoint, "site"] = spot.client.open(
            path, method=method, data=data, headers={"Sec-Fetch-Site": "cross-site"}
        ).status_code

    assert {which: status for which, status in answers.items() if status != 400} == {}
    assert len(answers) >= 6 * 14


def test_headers_are_right_on_every_error_and_on_every_answer_to_strangers(
    app: Flask, installation: Installation, login: Login, spot: Spot
) -> None:
    token = token_of(spot.client, "/account")
    answers = [app.test_client().get(path) for _, method, path in requests(app, spot.values) if method == "GET"]
    answers.append(spot.client.get("/nowhere"))
    answers.append(spot.client.delete("/cases/"))
    answers.append(spot.client.post("/search", data={}))
    answers.append(spot.client.post("/cases/new", data={"csrf_token": token}))
    answers.append(app.test_client().get("/", headers={"Accept": "application/json"}))
    answers.append(login(Role.AUDITOR).get("/cases/"))
    with read_only_log(installation):
        answers.append(spot.client.get("/"))
    broken = create_app(installation)
    broken.config["MAX_CONTENT_LENGTH"] = 1000
    broken.view_functions["auth.health"] = lambda: str(1 / 0)  # public, so that nothing stands before the fault
    answers.append(broken.test_client().get("/health"))
    answers.append(broken.test_client().post("/login", data={"login": "x" * 2000}))

    assert {200, 302, 400, 401, 403, 404, 405, 413, 422, 500, 503} <= {a.status_code for a in answers}
    for answer in answers:
        assert_safe_headers(answer)


@pytest.mark.parametrize("role", list(Role))
def test_no_method_on_any_route_fails_or_shows_a_foreign_thing_to_any_role(
    app: Flask, login: Login, spot: Spot, role: Role
) -> None:
    client = login(role, "ucg", "XB")
    token = token_of(client, "/account")

    for turn, rule in enumerate(app.url_map.iter_rules()):
        if rule.endpoint in {"static", "auth.logout"}:
            continue
        path = rule.build({n: spot.values.get(n, "0" * 32) for n in rule.arguments}, append_unknown=False)[1]  # type: ignore[index]
        for method in METHODS:
            # What no view answers is answered before anybody asks for the role: the roles take turns.
            has_view = method in (rule.methods or ()) and method != "OPTIONS"
            if not has_view and list(Role)[turn % len(Role)] is not role:
                continue
            filled = [form_of(rule.endpoint, spot.values, token)] if method == "POST" and rule.endpoint in FORMS else []
            for data in ({"csrf_token": token}, *filled):
                answer = client.open(path, method=method, data=data)
                assert answer.status_code < 500, (rule.endpoint, method, answer.text[:300])
                told = answer.text.replace(f'value="{SECRET}"', "")  # the search box repeats what was typed into it
                assert SECRET not in told, (rule.endpoint, method)
                assert_safe_headers(answer)


def test_every_route_leaves_an_event_with_actor_and_object_and_answers_with_safe_headers(
    app: Flask, installation: Installation, spot: Spot
) -> None:
    log = installation.stores.audit
    token = token_of(spot.client, "/account")
    silent = []

    for endpoint, method, path in requests(app, spot.values):
        if endpoint in PUBLIC:
            continue
        before = max(e.sequence for e in log.events(limit=1))
        answer = spot.client.open(path, method=method, data=form_of(endpoint, spot.values, token))
        assert_safe_headers(answer)
        since = log.events(actor=spot.officer, limit=20)
        fresh = [e for e in since if e.sequence > before]
        if len(fresh) == 0 or answer.status_code >= 500:
            silent.append((endpoint, method, answer.status_code))
        if any(v in path for v in spot.values.values()):
            objects = " ".join(f"{e.object} {e.details}" for e in fresh)
            assert any(v in objects for v in spot.values.values() if v in path), (endpoint, method, objects)

    assert silent == []


def test_without_a_log_that_can_be_written_no_route_answers_with_data(
    app: Flask, installation: Installation, spot: Spot
) -> None:
    token = token_of(spot.client, "/account")
    answered = []

    with read_only_log(installation):
        for endpoint, method, path in requests(app, spot.values):
            if endpoint in PUBLIC and method == "GET":
                continue
            data = form_of(endpoint, spot.values, token)
            if endpoint == "auth.login":
                data |= {"login": "lead.tip", "password": PASSWORD}
            answer = spot.client.open(path, method=method, data=data)
            if answer.status_code != 503 or SECRET in answer.text:
                answered.append((endpoint, method, answer.status_code))

    assert answered == []
