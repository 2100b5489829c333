"""The OpenAPI document says exactly what the app does: generated requests, right and wrong, against the real thing."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from jpa.model.officer import Role
from jpa.services.stores import Ask, Stores
from jpa.web.api import pages
from tests.web.conftest import Bearer
from tests.web.scene import Scene, set_scene
from tests.web.test_requests import asked_about

DOCUMENT = "/api/v1/openapi.json"
STATISTICS = {"/api/v1/measures", "/api/v1/figures", "/api/v1/figures/records"}
"""What supervisors and analysts may ask alone."""
RETURNS = {"/api/v1/returns"}
"""What supervisors and liaison officers may ask alone."""
AGREEMENTS = {"/api/v1/agreements"}
"""What those who speak for an agency may ask alone."""
PACKAGES = {f"/api/v1/packages{rest}" for rest in ("", "/{package}", "/board", "/notices")}
"""The same of packages."""
BLIND = {"/api/v1/blind-questions"}
"""What supervisors, liaison officers and leads may ask alone."""
REQUESTS = {"/api/v1/requests/figures"}
"""What the desks that deal with other agencies may ask alone."""
REFUSED = {Role.LEAD: STATISTICS | RETURNS | REQUESTS, Role.ANALYST: RETURNS | AGREEMENTS | PACKAGES | BLIND | REQUESTS}
EXAMPLES = {Role.ANALYST: 8, Role.LEAD: 4, Role.ADMINISTRATOR: 3}
"""Requests of each kind to each operation: enough to try every parameter wrong, and fewer of those who are refused whatever they ask."""


@pytest.fixture
def scene(stores: Stores, wulan: Ask) -> Scene:
    return set_scene(stores, wulan)


def document_of(client: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] | None = client.get(DOCUMENT).json
    assert found is not None
    return found


def test_the_document_is_closed_and_names_every_operation_and_no_page(app: Flask, bearer: Bearer) -> None:
    client, _ = bearer(Role.READ)

    document = document_of(client)

    routes = [r for r in app.url_map.iter_rules() if r.endpoint.startswith(f"{pages.name}.")]
    declared = {(path, method) for path, operations in document["paths"].items() for method in operations}
    assert app.test_client().get(DOCUMENT).status_code == 401
    assert declared == {
        (rule.rule.replace("<id:", "{").replace(">", "}"), method.lower())
        for rule in routes
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert all(operation["security"] == [{"token": []}] for o in document["paths"].values() for operation in o.values())
    assert document["servers"] == [{"url": "/"}]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize(("role", "agency"), [(Role.ANALYST, "tip"), (Role.LEAD, "ucg"), (Role.ADMINISTRATOR, "tip")])
def test_the_app_keeps_to_its_document(
    app: Flask, scene: Scene, bearer: Bearer, stores: Stores, role: Role, agency: str, mode: GenerationMode
) -> None:
    client, _ = bearer(role, agency, "XA" if agency == "tip" else "XB")
    sent = {"Authorization": client.environ_base["HTTP_AUTHORIZATION"]}
    document = schemathesis.openapi.from_wsgi(DOCUMENT, app, headers=sent)
    known = {
        "case": scene.case, "report": scene.boarding.report.id, "record": scene.person, "left": scene.person,
        "right": scene.namesake, "candidate": scene.candidate, "this": asked_about(stores, scene.case), "package": scene.case,
    }  # fmt: skip
    answered: set[tuple[str, int]] = set()

    for found in document.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES[role],
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), stands=st.booleans())
        def probe(case: Any, stands: bool) -> None:
            assume(all(value not in ([], {}) for value in (case.query or {}).values()))  # is sent as nothing at all
            if stands and mode is GenerationMode.POSITIVE and case.path_parameters:
                case.path_parameters.update({name: known[name] for name in case.path_parameters})
            answered.add((case.path, case.call_and_validate(headers=sent).status_code))

        probe()

    closed = REFUSED.get(role, set())
    refused = {status for path, status in answered if path in closed}
    assert refused <= {403} | ({400, 401, 404, 422} if mode is GenerationMode.NEGATIVE else set())
    assert {path for path, _ in answered} == set(document.raw_schema["paths"])
    allowed = {200, 409} | ({403} if role is Role.ADMINISTRATOR else {404})
    allowed |= {400, 401, 404, 422} if mode is GenerationMode.NEGATIVE else set()
    assert {(path, status) for path, status in answered if path not in closed and status not in allowed} == set()
    if mode is GenerationMode.POSITIVE and (role, agency) == (Role.ANALYST, "tip"):
        assert {path for path, status in answered if status == 200} == set(document.raw_schema["paths"]) - closed
