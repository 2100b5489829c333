"""The API answers what the pages' services answer, to bearer tokens alone, and says the same about hidden and unknown."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jpa.model.access import Action, can
from jpa.model.audit import AuditTag
from jpa.model.catalogue import ENTITY_TYPES, LINK_TYPES
from jpa.model.officer import Role
from jpa.services import cases, charts, entities, networks, reports, resolution, search
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.services.tokens import make_token
from tests.web.conftest import Bearer, Login
from tests.web.scene import VICTIM, Scene, set_scene

V1 = "/api/v1"


@pytest.fixture
def scene(stores: Stores, wulan: Ask) -> Scene:
    return set_scene(stores, wulan)


def got(client: FlaskClient, path: str, **query: Any) -> Any:
    answer = client.get(V1 + path, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json


def everything(scene: Scene) -> list[str]:
    """Each address of the API over the scene's ids."""
    ids = {
        "case": scene.case, "report": scene.boarding.report.id, "record": scene.person, "left": scene.person,
        "right": scene.namesake, "candidate": scene.candidate,
    }  # fmt: skip
    plain = [
        "/whoami", "/catalogue", "/cases", "/proposals", "/candidates", "/cases/{case}", "/cases/{case}/chart", "/cases/{case}/outcomes", "/reports/{report}",
        "/entities/{record}", "/entities/{record}/ties", "/proposals/{left}/{right}", "/candidates/{candidate}", "/incidents", "/incidents/flows", "/incidents/warnings", "/openapi.json",
    ]  # fmt: skip
    return [V1 + path.format(**ids) for path in plain]


def test_cases_are_those_of_the_page(stores: Stores, scene: Scene, bearer: Bearer) -> None:
    client, ask = bearer(Role.READ)

    listed, one = got(client, "/cases"), got(client, f"/cases/{scene.case}")

    page, file = cases.list_cases(stores, ask), cases.read_case(stores, ask, scene.case)
    assert [(r["case"]["id"], r["case"]["number"], r["reports"], r["records"]) for r in listed["items"]] == [
        (r.case.id, r.case.number, r.reports, r.records) for r in page.rows
    ]
    assert (listed["total"], listed["more"]) == (page.total, False) == (1, False)
    assert [(r["report"]["id"], r["records"]) for r in one["reports"]["items"]] == [(r.id, n) for r, n in file.reports]
    assert one["case"]["opened"] == file.case.opened.isoformat()
    assert [m["officer"] for m in one["team"]] == ["wulan"]
    assert [a["title"] for a in one["actions"]] == ["Ask the bank"]
    assert [d["reason"] for d in one["decisions"]] == ["The boat is out"]


def test_a_report_says_each_value_as_typed_and_as_understood(stores: Stores, scene: Scene, bearer: Bearer) -> None:
    client, ask = bearer(Role.READ)

    said = got(client, f"/reports/{scene.boarding.report.id}")

    file = reports.read_report(stores, ask, scene.boarding.report.id)
    assert said["report"]["text"] == file.report.text
    assert said["report"]["date"] == "2024-03-12"
    assert said["report"]["grade"]["caption"] == "B2"
    for record, stated in zip(file.records, said["records"], strict=True):
        assert stated["entity"]["id"] == file.glances[record.id].id
        assert stated["record"]["properties"] == {
            name: [{"typed": v.typed, "clean": v.clean, "flag": v.flag} for v in values]
            for name, values in record.properties.items()
        }


def test_an_entity_says_who_states_each_value_and_how_sure(stores: Stores, scene: Scene, bearer: Bearer) -> None:
    client, ask = bearer(Role.READ)

    file = got(client, f"/entities/{scene.person}")

    page = entities.read_entity(stores, ask, scene.person)
    assert file["entity"]["caption"] == "RAHIM UDDIN"
    assert [(s["property"], s["value"], [x["record"] for x in s["sources"]]) for s in file["entity"]["values"]] == [
        (s.declared.name, s.best, [x.record.id for x in s.sources]) for s in page.entity.stated()
    ]
    assert {x["grade"]["caption"] for s in file["entity"]["values"] for x in s["sources"]} == {"B2"}
    assert file["tie_counts"] == page.tie_counts
    assert [p["other"]["id"] for p in file["proposals"]] == [g.id for _, g in page.proposals] == [scene.namesake]
    assert [c["id"] for c in file["cases"]] == [scene.case]


def test_ties_come_a_page_at_a_time_and_none_is_lost(stores: Stores, scene: Scene, bearer: Bearer) -> None:
    client, ask = bearer(Role.READ)

    parts = [got(client, f"/entities/{scene.person}/ties", skip=skip, limit=2) for skip in (0, 2)]

    ties = entities.read_ties(stores, ask, scene.person)
    assert [t["id"] for part in parts for t in part["items"]] == [t.link.id for t in ties]
    assert [part["more"] for part in parts] == [True, False]
    assert {part["total"] for part in parts} == {len(ties)}
    assert {t["report"]["grade"]["caption"] for part in parts for t in part["items"]} == {"B2"}


def test_a_search_finds_what_the_box_finds_and_its_words_stay_out_of_the_log(
    stores: Stores, scene: Scene, bearer: Bearer
) -> None:
    client, ask = bearer(Role.READ)

    found = client.post(f"{V1}/search", json={"words": "rohim udin"}).json

    box = search.search_all(stores, ask, "rohim udin")
    assert found is not None
    assert [(h["entity"]["id"], h["score"], h["reason"]) for h in found["hits"]] == [
        (h.glance.id, h.score, h.reason) for h in box.hits
    ]
    assert scene.person in {h["entity"]["id"] for h in found["hits"]}
    events = stores.audit.events(actor=ask.officer.id)
    assert "udin" not in json.dumps([dict(e.details) for e in events])
    assert {e.purpose for e in events if e.tag is AuditTag.ENTITY_SEARCHED and e.outcome is None} == {"api: figures"}


def test_proposals_and_a_comparison_are_those_of_the_page(stores: Stores, scene: Scene, bearer: Bearer) -> None:
    client, ask = bearer(Role.READ)

    listed = got(client, "/proposals", limit=1)
    one = got(client, f"/proposals/{scene.person}/{scene.namesake}")

    rows, total = resolution.list_proposals(stores, ask, limit=1)
    shown = resolution.compare_records(stores, ask, scene.person, scene.namesake)
    assert [(r["proposal"]["left"], r["left"]["id"]) for r in listed["items"]] == [
        (r.proposal.left, r.left.id) for r in rows
    ]
    assert (listed["total"], listed["more"]) == (total, total > 1)
    assert [f["bits"] for f in one["proposal"]["features"]] == [f.bits for f in shown.proposal.features]
    assert (one["left"]["id"], one["right"]["id"], one["together"]) == (scene.person, scene.namesake, False)


def test_a_candidate_comes_with_its_members_and_reasons(stores: Stores, scene: Scene, bearer: Bearer) -> None:
    client, ask = bearer(Role.READ)

    listed, one = got(client, "/candidates"), got(client, f"/candidates/{scene.candidate}")
    nothing = got(bearer(Role.READ, "ucg", "XB")[0], "/candidates")
    past = got(client, "/candidates", skip=500)

    file = networks.read_candidate(stores, ask, scene.candidate)
    assert listed["items"] == [one["candidate"]]
    assert [(m["record"], m["caption"]) for m in one["candidate"]["members"]] == list(file.captions.items())
    assert one["candidate"]["reasons"] == list(file.candidate.reasons)
    assert listed["total"] == past["total"] == len(networks.list_candidates(stores, ask, limit=500)) > 0
    assert (nothing["total"], nothing["items"], past["items"]) == (0, [], [])


def test_the_chart_is_that_of_the_page(stores: Stores, scene: Scene, bearer: Bearer) -> None:
    client, ask = bearer(Role.READ)

    drawn, part = got(client, f"/cases/{scene.case}/chart"), got(client, f"/cases/{scene.case}/chart", limit=3)

    chart = charts.case_chart(stores, ask, scene.case)
    assert [t["id"] for t in drawn["things"]] == [t.id for t in chart.things]
    assert [(t["id"], t["source"], t["target"]) for t in drawn["ties"]] == [
        (t.id, t.source, t.target) for t in chart.ties
    ]
    assert (len(part["things"]), part["more"]) == (3, 8)


def test_whoami_and_the_catalogue_say_what_stands_in_the_code(bearer: Bearer) -> None:
    client, ask = bearer(Role.AUDITOR)

    me, catalogue = got(client, "/whoami"), got(client, "/catalogue")

    assert (me["login"], me["roles"], me["token"]["name"]) == (ask.officer.login, ["auditor"], "figures")
    assert [t["name"] for t in catalogue["things"]] == list(ENTITY_TYPES)
    assert [t["name"] for t in catalogue["ties"]] == list(LINK_TYPES)


def test_every_operation_answers_by_role_and_never_names_a_victim(scene: Scene, bearer: Bearer) -> None:
    callers = [bearer(role) for role in Role]

    answers = [
        (ask, path, client.post(path, json={"words": word}) if path.endswith("/search") else client.get(path))
        for client, ask in callers
        for path in [*everything(scene), f"{V1}/search"]
        for word in (("rahim", VICTIM) if path.endswith("/search") else ("",))
    ]

    free = {f"{V1}/{name}" for name in ("whoami", "catalogue", "openapi.json")}
    for ask, path, answer in answers:
        allowed = path in free or can(ask.officer, Action.READ)
        assert answer.status_code == (200 if allowed else 403), path
        assert answer.mimetype == "application/json", path
        assert VICTIM.split()[1] not in answer.text, path
        assert "Secretname" not in answer.text, path


@pytest.mark.parametrize("role", [Role.READ, Role.ANALYST, Role.SUPERVISOR])
def test_hidden_foreign_and_unknown_ids_get_one_answer(scene: Scene, bearer: Bearer, role: Role) -> None:
    colleague, _ = bearer(role)
    foreigner, _ = bearer(role, "ucg", "XB")
    hidden = {
        "case": scene.hidden_case, "report": scene.hidden.report.id, "record": scene.hidden.records[0].id,
        "candidate": scene.hidden_case,
    }  # fmt: skip
    open_ones = {
        "case": scene.case, "report": scene.boarding.report.id, "record": scene.person, "candidate": scene.candidate,
    }  # fmt: skip
    patterns = [
        "/cases/{case}", "/cases/{case}/chart", "/reports/{report}", "/entities/{record}", "/entities/{record}/ties",
        "/proposals/{record}/{record}", "/candidates/{candidate}",
    ]  # fmt: skip

    asked = [(colleague, p, hidden) for p in patterns] + [(foreigner, p, open_ones) for p in patterns]
    bodies = {client.get(V1 + p.format(**ids)).data for client, p, ids in asked}
    bodies |= {colleague.get(V1 + p.format(**dict.fromkeys(hidden, "0" * 32))).data for p in patterns}
    bodies |= {colleague.get(V1 + p.format(**dict.fromkeys(hidden, "no id"))).data for p in patterns}
    lists = {p: foreigner.get(V1 + p).json for p in ("/cases", "/proposals", "/candidates")}

    assert bodies == {b'{"fields":{},"message":"There is nothing here that you may read."}\n'}
    assert all(answer is not None and answer["items"] == [] for answer in lists.values())


def test_a_session_opens_nothing_here_and_a_token_opens_no_page(scene: Scene, login: Login, bearer: Bearer) -> None:
    program, _ = bearer(Role.LEAD)
    browser = login(Role.ANALYST)

    by_cookie = [browser.get(path) for path in everything(scene)] + [
        browser.post(f"{V1}/search", json={"words": "rahim"})
    ]
    pages = [program.get(path) for path in ("/", "/cases/", f"/entities/{scene.person}", "/account/tokens/")]

    assert {answer.status_code for answer in by_cookie} == {401}
    assert all(answer.status_code == 302 and answer.location.endswith("/login") for answer in pages)
    assert program.get_cookie("jpa") is None


def test_every_useless_token_gets_one_answer(app: Flask, installation: Installation, bearer: Bearer) -> None:
    def sent(header: str) -> tuple[int, bytes, str | None]:
        answer = app.test_client().get(f"{V1}/whoami", headers={"Authorization": header})
        return answer.status_code, answer.data, answer.headers.get("WWW-Authenticate")

    def secret_of(role: Role) -> tuple[str, Ask]:
        client, ask = bearer(role)
        return client.environ_base["HTTP_AUTHORIZATION"], ask

    live, _ = secret_of(Role.READ)
    revoked, ask = secret_of(Role.LEAD)
    installation.tokens.revoke(installation.tokens.listed(ask.officer.id)[0].id, ask.officer.id)
    disabled, ask = secret_of(Role.ANALYST)
    installation.accounts.change(ask.officer.id, disabled=True)
    locked, ask = secret_of(Role.LIAISON)
    for _ in range(5):
        with pytest.raises(Exception, match="did not succeed"):
            installation.accounts.authenticate(ask.officer.login, "wrong", "", datetime.now(UTC))
    _, ask = secret_of(Role.SUPERVISOR)
    past = Ask(ask.officer, datetime.now(UTC) - timedelta(days=2))
    expired = f"Bearer {make_token(installation, past, 'old', '1').secret}"

    answers = {sent(h) for h in ("", "Bearer", "Bearer jpa_x", "Basic eDp5", revoked, disabled, locked, expired)}

    assert sent(live)[0] == 200
    assert len(answers) == 1
    status, body, challenge = answers.pop()
    assert (status, challenge) == (401, "Bearer")
    assert json.loads(body)["fields"] == {}


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("skip=-1", "skip"), ("skip=x", "skip"), ("limt=5", "limt")],
)
def test_a_bad_page_is_refused_by_the_name_of_the_field(bearer: Bearer, query: str, field: str) -> None:
    client, _ = bearer(Role.READ)

    answer = client.get(f"{V1}/cases?{query}")

    assert answer.status_code == 422
    assert answer.json is not None
    assert list(answer.json["fields"]) == [field]
    assert answer.json["fields"][field].endswith(".")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b'{"words": ""}', 422), (b"{}", 422), (b"[]", 422), (b'{"words": 5}', 422), (b'{"words": "\xff"}', 400),
        (b'{"words": "\\ud800"}', 422), (b'{"words": "a", "more": 1}', 422), (b"", 422),
    ],
)  # fmt: skip
def test_a_bad_search_is_refused_in_words(bearer: Bearer, body: bytes, status: int) -> None:
    client, _ = bearer(Role.READ)

    answer = client.post(f"{V1}/search", data=body, content_type="application/json")

    assert answer.status_code == status
    assert answer.json is not None
    assert set(answer.json) == {"message", "fields"}


def test_other_methods_are_refused_and_named(scene: Scene, bearer: Bearer) -> None:
    client, _ = bearer(Role.READ)

    for path in everything(scene):
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
            answer = client.open(path, method=method)
            assert (answer.status_code, answer.mimetype) == (405, "application/json"), path
            assert {m.strip() for m in answer.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}, path
        assert client.head(path).data == b""
        assert client.head(path).status_code == 200
        assert client.options(path).status_code == 200
        assert "unsafe" not in client.get(path).headers["Content-Security-Policy"]
    assert client.get(f"{V1}/search").status_code == 405


def test_roles_and_revoked_rights_take_effect_with_the_next_request(
    installation: Installation, scene: Scene, bearer: Bearer
) -> None:
    client, ask = bearer(Role.READ)
    before = client.get(f"{V1}/cases/{scene.case}")

    installation.accounts.change(ask.officer.id, roles=frozenset({Role.AUDITOR}))

    assert before.status_code == 200
    assert client.get(f"{V1}/cases/{scene.case}").status_code == 403
