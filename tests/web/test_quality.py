"""Open questions and the table of articles through the pages."""

import io
from typing import TYPE_CHECKING

import pytest

from jpa.model.draft import TypedOutcome
from jpa.model.officer import Role
from jpa.services import cases, outcomes
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW
from tests.web.conftest import Login, token_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

CITED = "Anti-Trafficking Act 2008 s. 6(1)"


@pytest.fixture
def supervisor(login: Login, installation: Installation, stores: Stores) -> "FlaskClient":
    client = login(Role.SUPERVISOR, "tip", "XA", Role.LEAD, Role.CONTRIBUTE)
    account = installation.accounts.find("supervisor.tip")
    assert account is not None
    ask = Ask(account.officer, NOW)
    case = cases.open_case(stores, ask, NewCase("T-1", "Camp")).id
    said = {"date": ["2023-05-01"], "state": ["XA"], "article": [CITED], "reference": ["D-14"]}
    outcomes.record_outcomes(stores, ask, [TypedOutcome("convicted", said, case)])
    return client


def test_an_article_in_no_table_is_asked_about_until_an_entry_maps_it(supervisor: "FlaskClient") -> None:
    before = supervisor.get("/questions").text
    token = token_of(supervisor, "/articles")

    added = supervisor.post(
        "/articles", data={"csrf_token": token, "article": "anti-trafficking act 2008, s 6 (1)", "offence": "0204"}
    )

    assert "Article in no table" in before
    assert added.status_code == 302
    assert "Article in no table" not in supervisor.get("/questions").text
    assert "0204 Trafficking in persons" in supervisor.get("/articles").text


def test_a_file_with_one_bad_row_adds_nothing_and_names_the_row(supervisor: "FlaskClient") -> None:
    rows = f'article,offence\n"{CITED}",0204\nsomething,9999\n'

    answer = supervisor.post(
        "/articles",
        data={"csrf_token": token_of(supervisor, "/articles"), "file": (io.BytesIO(rows.encode()), "articles.csv")},
    )

    assert answer.status_code == 422
    assert "row 2: offence" in answer.text
    assert "No entry yet" in answer.text


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"one,two\n1,2\n"])
def test_a_file_that_is_no_table_of_articles_is_refused_by_name(supervisor: "FlaskClient", content: bytes) -> None:
    answer = supervisor.post(
        "/articles", data={"csrf_token": token_of(supervisor, "/articles"), "file": (io.BytesIO(content), "a.csv")}
    )

    assert answer.status_code == 422
    assert "file:" in answer.text


def test_an_investigator_opens_neither(login: Login) -> None:
    client = login(Role.CONTRIBUTE, "tip", "XA")

    assert client.get("/questions").status_code == 403
    assert client.get("/articles").status_code == 403
