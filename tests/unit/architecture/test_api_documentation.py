"""The API's page names every operation, every status and every limit that the code has."""

import re
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask

from jpa.web import api, limits
from jpa.web.addresses import IdConverter
from jpa.web.api.document import DOCUMENT
from jpa.web.api.shapes import FARTHEST, LIMIT, MOST

pytestmark = pytest.mark.fast
PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture
def app() -> APIFlask:
    made = APIFlask(__name__, docs_path=None, openapi_blueprint_url_prefix="/api/v1", json_errors=False)
    made.url_map.converters["id"] = IdConverter
    api.init(made)
    return made


def test_the_page_names_exactly_the_operations_that_there_are(app: APIFlask) -> None:
    rows = set(re.findall(r"^\| `(GET|POST) (\S+)` \|", PAGE, re.MULTILINE))

    routes = {
        (method, re.sub(r"<id:(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rows == routes
    assert ("GET", DOCUMENT) in routes


def test_the_page_gives_an_example_of_each_operation(app: APIFlask) -> None:
    examples = set(re.findall(r"^curl .*?\$JPA(/[^\s\"?]*)", PAGE, re.MULTILINE))

    routes = {r.rule.removeprefix("/api/v1") for r in app.url_map.iter_rules() if r.rule.startswith("/api/")}
    assert {re.sub(r"\$(\w+)", "*", example) for example in examples} == {
        re.sub(r"<id:\w+>", "*", route) for route in routes
    }


def test_the_page_explains_every_status_that_the_document_declares(app: APIFlask) -> None:
    explained = {int(code) for code in re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE)}

    with app.test_request_context():
        paths: Any = app.spec["paths"]  # type: ignore[index]  # the format is JSON, so a dict
    declared = {int(code) for o in paths.values() for operation in o.values() for code in operation["responses"]}
    assert declared - {200} <= explained


def test_the_page_gives_the_limits_of_the_code() -> None:
    for number in (f"{FARTHEST:,}", f"1 to {MOST}", f"else {LIMIT}", limits.API.split()[0], limits.SEARCH.split()[0]):
        assert number in PAGE
