"""The chapters of docs/tutorial.md on real input, driven through the command line and the pages as a new user would."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from followthemoney import model

from jpa.config import Settings
from jpa.graph.server import read_run_file
from jpa.model.case import Case
from jpa.model.draft import TypedReport
from jpa.model.grading import Grade
from jpa.model.job import JobKind, JobState
from jpa.model.marking import Marking
from jpa.services import cases, charts, imports, jobs, networks, resolution, search
from jpa.services.import_files import File
from jpa.services.stores import Ask, Stores
from tests.integration.jobs.test_worker import MAP, beyond, ended, table
from tests.tutorial.conftest import Run
from tests.web.conftest import token_of

DATA = Path(__file__).parents[1] / "data"
FACE = ("--officer", "lead.tip", "--case", "T-2024-0117", "--reference", "DS-1", "--date", "2024", "--grade", "4x4:B:2")
PEOPLE = """
id = "rec_id"
[properties]
firstName = "given_name"
lastName = "surname"
birthDate = "date_of_birth"
socialSecurityNumber = "soc_sec_id"
address = ["address_1", "address_2", "suburb", "postcode"]
"""


def entities(content: str) -> dict[str, dict[str, Any]]:
    """Read FollowTheMoney lines by id, values sorted, as its own library validates them."""
    found = {}
    for line in content.splitlines():
        entity = json.loads(line)
        model.get_proxy(entity, cleaned=False).schema.validate(entity)
        found[entity["id"]] = {
            "schema": entity["schema"],
            "properties": {name: sorted(values) for name, values in entity["properties"].items()},
        }
    return found


def shortened(name: str, folder: Path, most: int) -> Path:
    """Write the first people of one agency's list by number: both lists then hold the same people."""
    with (DATA / "people" / "febrl4" / f"{name}.csv").open(encoding="utf-8") as stream:
        header, *people = csv.reader(stream, skipinitialspace=True)
    people.sort(key=lambda row: int(row[0].split("-")[1]))
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *people[:most]])
    return folder / f"{name}.csv"


def facts(client: FlaskClient, record: str) -> str:
    """Read what an entity's page says of it, without proposals and history."""
    return client.get(f"/entities/{record}").text.split("<h2>What is said")[1].split("<h2>Might be the same")[0]


def test_1_donations_come_back_whole_but_for_the_value_that_was_edited(
    stores: Stores, lead: Ask, case: Case, jpa: Run, client: FlaskClient, tmp_path: Path
) -> None:
    source = (DATA / "ftm" / "donations.ijson").read_text(encoding="utf-8")

    taken = jpa("import", str(DATA / "ftm" / "donations.ijson"), *FACE, "--yes")
    data = client.get(f"/cases/{case.id}/chart/data", headers={"Accept": "application/json"}).json
    edited = next(e for e in entities(source).values() if e["schema"] == "Person")
    name = edited["properties"]["name"][0]
    record = search.search_all(stores, lead, name).hits[0].glance.id
    page = client.get(f"/entities/{record}/correct")
    form = {
        "csrf_token": token_of(client, f"/entities/{record}/correct"),
        "source_reference": "DS-1/1",
        "reason": "misspelt",
    }
    fields = {n: "\n".join(v) for n, v in edited["properties"].items() if f'name="{n}"' in page.text}
    answer = client.post(f"/entities/{record}/correct", data={**form, **fields, "name": "Corrected Name"})
    exported = jpa(
        "export",
        "--officer",
        "lead.tip",
        "--case",
        "T-2024-0117",
        "--purpose",
        "check",
        "--out",
        str(tmp_path / "out.ijson"),
    )

    assert taken.exit_code == 0, taken.output
    assert "New 577, updates 0" in taken.output
    assert data is not None
    assert len(data["things"]) == 184
    assert answer.status_code == 302, answer.text
    assert exported.exit_code == 0, exported.output
    before, after = entities(source), entities((tmp_path / "out.ijson").read_text(encoding="utf-8"))
    changed = {i for i in before if before[i] != after.get(i)}
    assert set(after) == set(before)
    assert len(before) == 474
    assert [before[i]["properties"]["name"] for i in changed] == [[name]]
    assert [after[i]["properties"]["name"] for i in changed] == [["Corrected Name"]]


@pytest.mark.usefixtures("case")
def test_2_two_agencies_people_are_proposed_merged_and_undone_exactly(
    stores: Stores, lead: Ask, jpa: Run, client: FlaskClient, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    each = int(request.config.getoption("people"))
    columns = tmp_path / "people.toml"
    columns.write_text(PEOPLE, encoding="utf-8")
    for name in ("dataset4a", "dataset4b"):
        taken = jpa("import", str(shortened(name, tmp_path, each)), *FACE, "--map", str(columns), "--yes")
        assert taken.exit_code == 0, taken.output
        assert f"New {each}" in taken.output
    compared = jpa("resolve", "--officer", "lead.tip")
    proposals, _total = resolution.list_proposals(stores, lead, limit=1)
    left, right = proposals[0].proposal.left, proposals[0].proposal.right
    before = [facts(client, i) for i in (left, right)]

    token = token_of(client, f"/same/{left}/{right}")
    merged = client.post(
        f"/same/{left}/{right}", data={"csrf_token": token, "verdict": "same", "reason": "same number"}
    )
    together = facts(client, left)
    judgement = client.get(f"/entities/{left}").text.split("/same/undo/")[1].split('"')[0]
    undone = client.post(f"/same/undo/{judgement}", data={"csrf_token": token, "reason": "tried it"})

    assert compared.exit_code == 0, compared.output
    assert int(compared.output.split(" pairs might be the same.")[0].split()[-1]) > 0.6 * each
    assert merged.status_code == undone.status_code == 302
    assert together not in before
    assert [facts(client, i) for i in (left, right)] == before


def test_3_a_real_covert_network_is_imported_detected_and_charted(
    stores: Stores, lead: Ask, case: Case, jpa: Run, client: FlaskClient, tmp_path: Path
) -> None:
    nodes, edges = tmp_path / "nodes.toml", tmp_path / "edges.toml"
    nodes.write_text('id = "id"\n[properties]\nname = "id"\n', encoding="utf-8")
    edges.write_text('[link]\nsource = "source"\ntarget = "target"\ntype = "ASSOCIATE_OF"\n', encoding="utf-8")

    for file, columns in (("noordin_top_nodes.csv", nodes), ("noordin_top_edges.csv", edges)):
        taken = jpa(
            "import", str(DATA / "covert" / file), *FACE, "--map", str(columns), "--dataset", "noordin", "--yes"
        )
        assert taken.exit_code == 0, taken.output
        assert "rejected 0" in taken.output
    detected = jpa("detect", "--officer", "lead.tip")
    found = networks.list_candidates(stores, lead)
    page = client.get(f"/networks/{found[0].candidate.id}")
    chart = charts.case_chart(stores, lead, case.id)

    assert detected.exit_code == 0, detected.output
    assert len(found) > 0
    assert all(len(f.candidate.reasons) > 0 for f in found)
    assert "candidate, for review" in page.text
    assert len(chart.things) == 79
    assert len(chart.ties) > 500


def test_4_kills_during_an_import_of_20000_rows_lose_nothing_and_double_nothing(
    settings: Settings, stores: Stores, lead: Ask, case: Case
) -> None:
    face = TypedReport(case.id, "Subscriber list", "SUB-1", "2024", Grade("4x4", "B", "2"), Marking())
    draft = imports.stage(stores, lead, face, File("people.csv", table(20_000), map_text=MAP))
    job = jobs.start_job(stores, lead, JobKind.IMPORT, draft.id)

    with running(settings) as first:
        ended(stores, job, partial(beyond, 2000))
        neo4j = read_run_file(settings)
        assert neo4j is not None
        os.kill(int(neo4j["pid"]), signal.SIGKILL)
        ended(stores, job, partial(beyond, 6000))
        os.kill(child(first, "jpa-worker"), signal.SIGKILL)
        assert first.wait(15) == 1
    with running(settings) as second:
        ended(stores, job, partial(beyond, 10_000))
        os.kill(child(second, "jpa-web"), signal.SIGKILL)
        assert second.wait(15) == 1
    with running(settings) as third:
        done = ended(stores, job)
        parts = children(third)
        third.kill()
        third.wait()
    deadline = time.monotonic() + 15
    while any(Path(f"/proc/{p}").exists() for p in parts):
        assert time.monotonic() < deadline, "a part outlived what started it"
        time.sleep(0.05)

    (row,) = cases.list_cases(stores, lead).rows
    assert done.state is JobState.DONE
    assert (row.reports, row.records) == (1, 20_000)
    assert stores.audit.verify().whole


@contextmanager
def running(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """Run `jpa run` until its pages and its worker have begun, and end it as Ctrl-C does."""
    environment = {**os.environ, "JPA_HOME": str(settings.home), "JPA_PORT": "0"}  # noqa: TID251 -- handed on to the process
    made = subprocess.Popen([sys.executable, "-m", "jpa.cli", "run"], env=environment, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while made.poll() is None and len(children(made)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert made.poll() is None, "it ended before anything began"
    try:
        yield made
    finally:
        if made.poll() is None:
            made.send_signal(signal.SIGINT)
            assert made.wait(15) == 0


def child(parent: subprocess.Popen[bytes], name: str) -> int:
    """Find the child of a process that bears a name."""
    return next(p for p in children(parent) if Path(f"/proc/{p}/comm").read_text(encoding="ascii").strip() == name)


def children(parent: subprocess.Popen[bytes]) -> list[int]:
    """List the processes that a process started itself."""
    return [int(p) for p in Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text(encoding="ascii").split()]
