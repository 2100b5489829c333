"""The pages of incidents: entry by form, each figure opens its incidents, a warning with what it rests on, planning, import, API."""

import html
import io
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from jpa.model.draft import TypedIncident
from jpa.model.officer import Officer, Role
from jpa.services import flows, imports, incidents
from jpa.services.frames import TypedJpa, create_jpa
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.statistics import surges
from jpa.statistics.incidents import IncidentQuestion
from tests.conftest import NOW
from tests.web.conftest import Bearer, Login
from tests.web.test_entry import lead_of
from tests.web.test_outcomes import post

BEACH = {"place": ["Tanjung Beach"], "origin": ["XE"], "destination": ["XA"], "state": ["XA"], "means": ["sea"]}


@pytest.fixture
def lead(login: Login) -> FlaskClient:
    return login(Role.LEAD, "tip", "XA", Role.CONTRIBUTE, Role.SUPERVISOR)


def season(stores: Stores, ask: Ask) -> None:
    """Two boats a month in five autumns, twelve in the sixth September."""
    days = [f"{year}-{month}-0{n}" for year in range(2021, 2026) for month in ("08", "09", "10") for n in (1, 2)]
    days += [f"2026-09-{n:02d}" for n in range(1, 13)] + ["2020-01-01", "2026"]
    boats = [
        {**BEACH, "date": [day], "migrants": [str(20 + n)], "nationalities": [f"{15 + n} XE"], "feePaid": [str(100 + n)], "currency": ["MYR"]}
        for n, day in enumerate(days)
    ]  # fmt: skip
    incidents.record_incidents(stores, ask, [TypedIncident(boat, confirmed=True) for boat in boats])


def cells_of(page: str, table: str) -> list[tuple[float, str]]:
    """Return each figure of a table with the address that it opens."""
    [body] = re.findall(rf'<table id="{table}".*?</table>', page, re.DOTALL)
    found = re.findall(r'data-value="([\d.]+)"><a href="([^"]+)"', body)
    return [(float(value), html.unescape(address)) for value, address in found]


def test_an_incident_is_entered_asked_back_corrected_retracted_and_brought_back(lead: FlaskClient) -> None:
    said = {"date": "12.3.2024", "place": "Jetty 4", "origin": "Utara", "destination": "XA", "means": "sea", "migrants": "40", "nationalities": "30 XE, 4 Myanmar"}  # fmt: skip
    empty = [lead.get(f"/incidents/{page}").text for page in ("", "trends", "warnings")]

    asked, told, _ = post(lead, "/incidents/new", **said)
    wrong, why, _ = post(lead, "/incidents/new", **{**said, "origin": "Rahim Uddin"}, confirmed="1")
    saved, _, again = post(lead, "/incidents/new", **said, confirmed="1", then="next")
    kept = lead.get(again).text
    [address] = set(re.findall(r"/incidents/[0-9a-f]{32}", lead.get("/incidents/").text))
    unreasoned, _, _ = post(lead, f"{address}/correct", **{**said, "migrants": "52"})
    corrected, _, now = post(lead, f"{address}/correct", **{**said, "migrants": "52"}, reason="counted again")
    typed_reason, _, _ = post(lead, f"{now}/retract", reason="Rahim said so")
    retracted, _, _ = post(lead, f"{now}/retract", reason="entered twice")
    gone = lead.get(now).text
    [undo] = re.findall(r"/retractions/[0-9a-f]{32}/undo", gone)
    undone, _, back = post(lead, undo, reason="right after all")

    assert all("No incident yet" in page for page in empty)
    assert (asked, wrong, saved, unreasoned, corrected, typed_reason, retracted, undone) == (422, 422, 302, 422, 302, 422, 302, 302)  # fmt: skip
    assert "Named for the first time: “Jetty 4”" in html.unescape(told)
    assert 'name="confirmed"' in told
    assert "it may be a name" in why
    assert 'value="Jetty 4"' in kept
    assert 'value="40"' not in kept
    assert "Retracted by" in gone
    assert back == now
    assert "counted again" in lead.get(address).text
    assert "52" in lead.get("/incidents/").text


def test_every_figure_opens_incidents_that_add_up_to_it(
    lead: FlaskClient, installation: Installation, stores: Stores
) -> None:
    ask = lead_of(installation)
    season(stores, ask)
    registrar = Ask(Officer("lim", "lim", "Lim", "tip", "XA", frozenset({Role.ADMINISTRATOR})), NOW)
    jpa = create_jpa(stores, registrar, TypedJpa("6", "JPA 6", "2026-07-01", "2026-12-31", ("XA", "XB"))).id

    trends = lead.get("/incidents/trends?measure=migrants&by=month&by=nationality").text
    planning = lead.get(f"/jpas/{jpa}/planning?stage=closing+review").text
    opened = [(value, lead.get(address).text) for value, address in cells_of(trends, "t-main")[-4:]]
    opened += [(value, lead.get(address).text) for value, address in cells_of(planning, "t-flows")]
    fees = lead.get("/incidents/trends?measure=fee_paid&by=year").text
    narrowed = lead.get("/incidents/?where=&where=month:2026-09&where=place:Tanjung+Beach").text
    file = lead.get("/incidents/trends/file?measure=migrants&by=route&form=csv").data.decode("utf-8-sig")

    assert len(opened) >= 8
    for value, page in opened:
        [heading] = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
        assert heading.strip().endswith(f": {value:g}")
        assert sum(map(float, re.findall(r'<tr id="[0-9a-f]{32}" data-value="([\d.]+)"', page))) == value
    assert cells_of(fees, "t-main")[-1][0] == 136
    assert "12 incidents" in narrowed
    assert file.splitlines()[1].startswith("Timur → Tenggara,")
    assert 'data-chart="bar"' in trends
    assert "whoever is met twice counts twice" in trends
    assert "1 more may belong" in planning
    assert f"/jpas/{jpa}/planning" in lead.get(f"/jpas/{jpa}").text
    assert lead.get("/incidents/?where=colour:red").status_code == 422
    assert lead.get("/incidents/?since=soon").status_code == 422
    assert lead.get(f"/jpas/{jpa}/planning?stage=party").status_code == 422


def test_a_warning_says_what_is_usual_and_its_false_alarm_rate_and_other_agencies_see_none(
    lead: FlaskClient, login: Login, installation: Installation, stores: Stores
) -> None:
    season(stores, lead_of(installation))

    page = lead.get("/incidents/warnings?month=2026-09").text
    quiet = lead.get("/incidents/warnings?month=2025-09").text
    foreign = login(Role.CONTRIBUTE, "ucg", "XB").get("/incidents/warnings?month=2026-09").text
    starts = [login(Role.SUPERVISOR, *where).get("/").text for where in ((), ("ucg", "XB"))]

    assert "1 warning, and what it rests on" in starts[0]
    assert "Tanjung Beach" in starts[0]
    assert "Surge warnings" not in starts[1].split("<main")[1]
    assert "1 warning<" in page
    assert "Tanjung Beach" in page
    assert "at most 1 % of months" in page
    assert "at most 5 % are false on average" in page
    assert page.count("month:2026-09") + page.count("month%3A2026-09") == 1
    assert "No warning" in quiet
    assert "No incident yet" in foreign
    assert "Tanjung" not in foreign
    assert lead.get("/incidents/warnings?month=soon").status_code == 422


def test_a_table_comes_in_through_a_draft_and_goes_out_as_a_file(
    lead: FlaskClient, installation: Installation, stores: Stores
) -> None:
    ask = lead_of(installation)
    table = b"id,date,place,migrants,origin\nB-1,2024-03-05,Jetty 4,31,XE\nB-2,2024-03-06,Jetty 4,8,Secretname\n"

    none, _, _ = post(lead, "/incidents/import")
    taken, _, draft = post(lead, "/incidents/import", file=(io.BytesIO(table), "boats.csv"))
    imports.read_rows(stores, ask, draft.rsplit("/", 1)[1])
    shown = lead.get(draft).text
    imports.commit(stores, ask, draft.rsplit("/", 1)[1])
    done = lead.get(draft).text
    unsaid, _, _ = post(lead, "/incidents/file", form="csv", purpose="")
    status, text, _ = post(lead, "/incidents/file", form="csv", purpose="meeting")

    assert (none, taken, unsaid, status) == (422, 302, 422, 200)
    assert "Set out from is left out: not understood, and it may be a name" in shown
    assert "Secretname" not in shown
    assert "was never named before" in shown
    assert "Open the incidents" in done
    assert "B-1" not in text
    assert text.count("Jetty 4") == 2


def test_the_api_says_what_the_pages_say(stores: Stores, bearer: Bearer) -> None:
    client, ask = bearer(Role.LEAD)
    season(stores, Ask(ask.officer, NOW))
    foreign, _ = bearer(Role.LEAD, "ucg", "XB")

    listed = client.get("/api/v1/incidents?where=month:2026-09&measure=migrants&limit=5").json
    table = client.get("/api/v1/incidents/flows?measure=migrants&by=month&by=nationality").json
    warned = client.get("/api/v1/incidents/warnings?month=2026-09").json
    hidden = foreign.get("/api/v1/incidents").json

    assert listed is not None
    assert table is not None
    assert warned is not None
    assert hidden is not None
    asked = IncidentQuestion("migrants", (), {"month": ("2026-09",)})
    page = incidents.list_incidents(stores, ask, asked, 0, 5)
    assert (listed["total"], listed["figure"], listed["more"]) == (page.total, page.figure, True) == (12, listed["figure"], True)  # fmt: skip
    assert [(i["id"], i["counts"]) for i in listed["items"]] == [(x.incident.id, x.counts) for x in page.lines]
    flow = flows.read_flow(stores, ask, IncidentQuestion("migrants", ("month", "nationality"))).table
    assert [(tuple(c["labels"]), c["value"]) for c in table["cells"]] == [(c.labels, c.value) for c in flow.cells]
    assert table["total"] == flow.total
    found = flows.read_warnings(stores, ask, "2026-09")
    assert [(i["place"], i["verdict"], i["count"], i["p"]) for i in warned["items"]] == [
        (r.series.place, r.verdict.value, r.count, r.p) for r in found.readings
    ]
    assert (warned["alpha"], warned["false_share"]) == (surges.ALPHA, surges.FALSE_SHARE)
    assert [i["verdict"] for i in warned["items"]].count("surge") == 1
    assert (hidden["total"], hidden["items"]) == (0, [])
    for bad in ("?where=name:x", "?measure=fee_paid", "?since=soon", "/warnings?month=x", "/flows?by=month&by=route&by=year"):  # fmt: skip
        assert client.get(f"/api/v1/incidents{bad}").status_code == 422, bad
    assert datetime.fromisoformat(table["at"]).tzinfo in {UTC, datetime.now(UTC).tzinfo}
