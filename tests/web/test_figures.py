"""Figures: one number everywhere, unknown always in sight, and nothing of what the officer may not count."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import load_workbook

from jpa.graph import grants
from jpa.graph.cypher import upkeep
from jpa.model.account import Account
from jpa.model.draft import TypedOutcome
from jpa.model.grant import Grant
from jpa.model.officer import Role
from jpa.services import outcomes, tokens
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.statistics.measures import MEASURES
from jpa.statistics.tables import Credit
from tests.conftest import NOW, emptied, officer
from tests.web.conftest import PASSWORD, Bearer, Login, account_of, empty_accounts, token_of
from tests.web.ledger import set_ledger


@dataclass(frozen=True, slots=True)
class Scene:
    """A ledger with all kinds, and who looks at it."""

    jpa: str
    case: str
    client: FlaskClient
    api: FlaskClient

    def table(self, **asked: object) -> str:
        """Read the table builder's page."""
        return self.client.get("/figures/table", query_string=asked).text

    def file(self, **asked: object) -> bytes:
        """Read a table as a file."""
        content: bytes = self.client.get("/figures/file", query_string=asked).data
        return content

    def asked(self, what: str, **asked: object) -> dict[str, Any]:
        """Ask the API."""
        found: dict[str, Any] | None = self.api.get(f"/api/v1/{what}", query_string=asked).json
        assert found is not None
        return found


@pytest.fixture(scope="module")
def standing(app: Flask, installation: Installation) -> Scene:
    """One ledger for the tests that only read: they stand before those that write, each of which gets a ledger of its own."""
    stores = emptied(installation)
    return set_scene(
        app, installation, stores, officer(stores, "wulan", "tip", "XA", Role.CONTRIBUTE, Role.LEAD, Role.ANALYST)
    )


@pytest.fixture
def scene(app: Flask, installation: Installation, stores: Stores, wulan: Ask) -> Scene:
    return set_scene(app, installation, stores, wulan)


def set_scene(app: Flask, installation: Installation, stores: Stores, wulan: Ask) -> Scene:
    empty_accounts(installation)
    jpa, case = set_ledger(stores, wulan)
    account = account_of(installation, stores, Role.SUPERVISOR, "tip", "XA")
    return Scene(jpa, case, page_client(app, account), api_client(app, installation, account))


def page_client(app: Flask, account: Account) -> FlaskClient:
    client = app.test_client()
    data = {"login": account.login, "password": PASSWORD, "csrf_token": token_of(client)}
    assert client.post("/login", data=data).status_code == 302
    return client


def api_client(app: Flask, installation: Installation, account: Account) -> FlaskClient:
    client = app.test_client()
    made = tokens.make_token(installation, Ask(account.officer, NOW.replace(year=NOW.year), ""), "figures", "30")
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {made.secret}"
    return client


def body_of(page: str, table: str) -> str:
    return page.split(f'id="{table}"')[1].split("</table>", maxsplit=1)[0]


def values(page: str, table: str) -> list[float]:
    """Read what the chart of a table is drawn from."""
    body = body_of(page, table)
    return [float(v) for v in re.findall(r'<td class="num" data-value="([\d.]+)">', body)]


def total_of(page: str, table: str) -> float:
    return float(re.findall(rf'id="{table}" data-total="([\d.]+)"', page)[0])


def listed(scene: Scene, asked: dict[str, str]) -> float:
    """Add up the records of every page of a figure."""
    added, skip = 0.0, 0
    while True:
        page = scene.client.get("/figures/records", query_string={**asked, "skip": skip}).text
        found = re.findall(r'<tr data-value="([\d.]+)">', page)
        added, skip = added + sum(map(float, found)), skip + 50
        if len(found) < 50:
            return added


def pairs_of(page: str) -> Iterator[tuple[str, float, float]]:
    for name, inside, because in re.findall(
        r'<tr data-measure="(\w+)">.*?data-value="([\d.]+)".*?data-value="([\d.]+)"', page, re.DOTALL
    ):
        yield name, float(inside), float(because)


def test_every_figure_is_one_number_on_tile_table_chart_file_api_and_records(standing: Scene) -> None:
    board = standing.client.get("/figures/").text
    tiles = {name: (inside, because) for name, inside, because in pairs_of(board.split('id="t-all"')[1])}
    assert set(tiles) == set(MEASURES)

    for measure in MEASURES:
        asked = {"measure": measure, "credit": Credit.IN_PERIOD.value, "jpa": standing.jpa}
        by_state = {**asked, "by": "state"}

        page = standing.table(**by_state)
        rows = list(csv.reader(io.StringIO(standing.file(**by_state, form="csv").decode())))
        book = load_workbook(io.BytesIO(standing.file(**by_state, form="xlsx")))
        sheet = book.get_sheet_by_name("Figures").to_python()
        answer = standing.asked("figures", **by_state)
        records = standing.asked("figures/records", **asked, limit=200)
        because = standing.asked("figures", **{**asked, "credit": Credit.BECAUSE.value})

        total, cells = total_of(page, "t-table"), values(page, "t-table")
        assert tiles[measure] == (total, because["total"]), measure
        assert [float(row[1]) for row in rows[1:]] == [*cells, total], measure
        assert [float(str(row[1])) for row in sheet[1:]] == [*cells, total], measure
        assert [cell["value"] for cell in answer["cells"]] == cells, measure
        assert answer["total"] == total, measure
        assert sum(item["value"] for item in records["items"]) == records["figure"] == total, measure
        assert listed(standing, asked) == total, measure
        assert answer["cells"][-1]["labels"] == [""], measure
        assert rows[-2][0] == "unknown", measure
        assert '<tr data-label="unknown" data-state="">' in page, measure
        assert MEASURES[measure].definition in page, measure
    # Every acquittal of the scene is set aside by an appeal; all else is there to be counted.
    assert {name for name, (inside, _) in tiles.items() if inside == 0} == {"persons_acquitted", "charges_acquitted"}


def test_each_cell_of_three_dimensions_opens_as_many_records_as_it_says(standing: Scene) -> None:
    by = ["year", "state", "citizenship"]

    answer = standing.asked("figures", measure="persons_arrested", by=by)
    page = standing.table(measure="persons_arrested", by=by)

    assert answer["cells"][-1]["labels"] == ["", "", ""]
    assert sorted(v for v in values(page, "t-table") if v) == sorted(c["value"] for c in answer["cells"] if c["value"])
    for cell in answer["cells"]:
        where = [f"{d}:{label}" for d, label in zip(by, cell["labels"], strict=True)]
        found = standing.asked("figures/records", measure="persons_arrested", where=where)
        assert sum(item["value"] for item in found["items"]) == cell["value"], cell


def test_each_point_of_a_vintage_curve_opens_as_many_records_as_it_says(standing: Scene) -> None:
    body = body_of(standing.client.get("/figures/").text, "t-curves")
    cells = re.findall(r'data-value="([\d.]+)"><a href="([^"]+)">', body)
    told: dict[str, list[str]] = {}
    for value, link in cells:
        told.setdefault(value, []).append(link.replace("&amp;", "&"))

    for value, links in told.items():
        for link in (links[0], links[-1]):
            page = standing.client.get(link).text
            assert sum(float(v) for v in re.findall(r'<tr data-value="([\d.]+)">', page)) == float(value), link

    assert len(told) > 1
    assert len(cells) == len(values(standing.client.get("/figures/").text, "t-curves"))
    refused = standing.client.get("/figures/records", query_string={"measure": "persons_arrested", "months": "3"})
    assert refused.status_code == 422


def test_what_may_belong_to_the_period_is_said_beside_the_figure(standing: Scene) -> None:
    board = standing.client.get("/figures/").text

    tile = board.split('data-measure="persons_arrested"')[1].split("</section>")[0]
    assert "5 more may belong: date or state not known" in tile
    assert "own agency&#39;s outcomes, and those granted for counting" in board
    assert MEASURES["persons_arrested"].definition in board


def test_records_of_a_closed_team_count_but_show_codes_alone(standing: Scene) -> None:
    page = standing.client.get("/figures/records", query_string={"measure": "persons_arrested"}).text

    assert "closed to you" in page
    assert "Tenggara" in page
    assert "Suspect" not in page
    assert "T-1" not in page
    assert standing.case not in page


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"measure": "nothing"}, "is no measure"),
        ({"measure": "persons_arrested", "by": "where"}, "is no dimension"),
        ({"measure": "persons_arrested", "by": ["year", "year"]}, "each once"),
        ({"measure": "persons_arrested", "by": ["year", "state", "kind", "sex"]}, "Choose up to 3"),
        ({"measure": "persons_arrested", "credit": "mine"}, "because of the period"),
        ({"measure": "persons_arrested", "where": "colour:red"}, "is no dimension"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong_with_it(standing: Scene, asked: dict[str, str], problem: str) -> None:
    answer = standing.client.get("/figures/table", query_string=asked)

    assert answer.status_code == 422
    assert problem in answer.text


def test_the_start_page_of_a_supervisor_shows_the_newest_period_in_both_columns(standing: Scene) -> None:
    page = standing.client.get("/").text

    tile = page.split('data-measure="persons_arrested"')[1].split("</section>")[0]
    assert tile.index("in the period") < tile.index("because of the period")
    assert f"/figures/?jpa={standing.jpa}" in page


def test_a_label_that_a_spreadsheet_would_run_is_written_as_text(scene: Scene, stores: Stores, wulan: Ask) -> None:
    formula = '=HYPERLINK("http://elsewhere.example")'
    outcomes.record_outcomes(stores, wulan, [TypedOutcome("arrested", {"article": [formula]}, scene.case)])

    rows = list(csv.reader(io.StringIO(scene.file(measure="persons_arrested", by="article", form="csv").decode())))

    assert [row[0] for row in rows[1:]] == [f"'{formula}", "unknown", "Total"]


def test_an_officer_of_the_team_who_counts_sees_names_and_the_way_to_them(
    login: Login, stores: Stores, scene: Scene
) -> None:
    analyst = login(Role.ANALYST)
    closed = analyst.get("/figures/records", query_string={"measure": "persons_arrested"}).text
    stores.graph.upkeep(lambda tx: tx.run(OPEN).consume())

    page = analyst.get("/figures/records", query_string={"measure": "persons_arrested"}).text

    assert "The figure is zero" in closed
    assert "Suspect 0" in page
    assert f'href="/cases/{scene.case}"' in page


OPEN = upkeep("MATCH (c:Case) SET c.open_in_agency = true")


@pytest.mark.parametrize(
    "role", [Role.READ, Role.CONTRIBUTE, Role.LEAD, Role.LIAISON, Role.AUDITOR, Role.ADMINISTRATOR]
)
def test_who_neither_supervises_nor_analyses_gets_no_figure(login: Login, role: Role) -> None:
    client = login(role)

    answers = [
        client.get(path) for path in ("/figures/", "/figures/table", "/figures/records", "/figures/file?form=csv")
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert 'href="/figures/"' not in client.get("/").text


def test_the_api_of_figures_opens_to_a_token_of_those_two_roles_alone(bearer: Bearer, scene: Scene) -> None:
    paths = [f"/api/v1/{what}?measure=persons_arrested" for what in ("figures", "figures/records")] + [
        "/api/v1/measures"
    ]
    lead, _ = bearer(Role.LEAD)
    analyst, _ = bearer(Role.ANALYST)

    answers = [[client.get(path).status_code for path in paths] for client in (scene.client, lead, analyst)]

    assert answers == [[401] * 3, [403] * 3, [200] * 3]


def test_a_supervisor_of_another_agency_counts_nothing_of_ours_until_it_is_granted_for_counting(
    scene: Scene, bearer: Bearer, stores: Stores
) -> None:
    client, theirs = bearer(Role.SUPERVISOR, "ucg", "XB")
    before = client.get("/api/v1/figures", query_string={"measure": "persons_arrested"}).json
    grant = Grant(
        "d" * 32,
        scene.case,
        "tip",
        (theirs.officer.id,),
        NOW,
        theirs.at + timedelta(days=1),
        "figures",
        "x",
        counting=True,
    )
    stores.graph.upkeep(lambda tx: grants.save_tx(tx, grant))

    after = client.get("/api/v1/figures", query_string={"measure": "persons_arrested"}).json
    records = client.get("/api/v1/figures/records", query_string={"measure": "persons_arrested"}).json

    assert before is not None
    assert after is not None
    assert records is not None
    assert (before["total"], after["total"]) == (0, 7)
    stores.graph.upkeep(lambda tx: grants.revoke_tx(tx, grant.id, by="x", at=NOW, reason="over"))
    assert client.get("/api/v1/figures", query_string={"measure": "persons_arrested"}).json["total"] == 0  # type: ignore[index]


def test_a_joint_period_of_other_states_is_not_there(scene: Scene, bearer: Bearer) -> None:
    client, _ = bearer(Role.SUPERVISOR, "far", "XC")
    asked = {"measure": "persons_arrested", "credit": "in the period"}

    answers = [client.get("/api/v1/figures", query_string={**asked, "jpa": jpa}) for jpa in (scene.jpa, "0" * 32, "")]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({answer.text for answer in answers}) == 1


def test_a_saved_table_is_the_own_one_until_it_is_shared_inside_the_agency(
    scene: Scene, app: Flask, installation: Installation, stores: Stores
) -> None:
    token = token_of(scene.client, "/figures/table")
    asked = {
        "measure": "persons_charged",
        "by": ["year", "state"],
        "where": ["state:XA", "state:"],
        "credit": "in the period",
        "jpa": scene.jpa,
        "csrf_token": token,
    }
    other = page_client(app, account_of(installation, stores, Role.ANALYST, "tip", "XA"))
    foreign = page_client(app, account_of(installation, stores, Role.SUPERVISOR, "ucg", "XB"))

    own = scene.client.post("/figures/views", data={**asked, "name": "Only mine"})
    shared = scene.client.post("/figures/views", data={**asked, "name": "For the minister", "shared": "1"})
    again = scene.client.post("/figures/views", data={**asked, "name": "only MINE"})

    assert (own.status_code, shared.status_code, again.status_code) == (302, 302, 422)
    assert "choose another name" in again.text
    pages = [client.get("/figures/table").text for client in (scene.client, other, foreign)]
    assert ["Only mine" in page for page in pages] == [True, False, False]
    assert ["For the minister" in page for page in pages] == [True, True, False]
    [link] = set(re.findall(r'href="(/figures/views/\w+)">For', pages[1]))
    opened = other.get(link)
    assert opened.status_code == 302
    assert "where=state:XA&where=state:" in opened.location.replace("%3A", ":")
    assert foreign.get(link).status_code == 404
    assert other.post(f"{link}/remove", data={"csrf_token": token_of(other, "/figures/table")}).status_code == 404
    assert scene.client.post(f"{link}/remove", data={"csrf_token": token}).status_code == 302
    assert "For the minister" not in other.get("/figures/table").text


def test_facts_are_made_once_for_the_same_view_and_anew_after_a_change(
    scene: Scene, stores: Stores, wulan: Ask
) -> None:
    scene.client.get("/figures/")
    [first, *_] = stores.ledger.built
    scene.client.get("/figures/table")
    [second, *_] = stores.ledger.built

    outcomes.record_outcomes(stores, wulan, [TypedOutcome("arrested", {"date": ["2024-03-01"]}, scene.case)])
    scene.client.get("/figures/table")

    assert first is second
    assert stores.ledger.built[0] is not first
    assert total_of(scene.table(measure="persons_arrested"), "t-table") == 8
