"""Releases through the browser's requests: preview, draft, two signatures, files, run again, compare, proof, refusals."""

import re

import pytest
from flask.testing import FlaskClient

from jpa.jobs.slices import SLICES
from jpa.model.job import JobKind, JobState, no_progress
from jpa.model.officer import Role
from jpa.services import outcomes, release_orders
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW
from tests.integration.services.test_outcomes import case_with, outcome
from tests.web.conftest import Login, token_of

STATES = ("XA",) * 12 + ("XB",) * 9 + ("XC",) * 2 + ("XD",) * 6
FORM = {
    "title": "Arrests by state", "measure": "persons_arrested", "dimension0": "state", "credit": "all", "k": "3",
    "width": "3", "rounding": "", "filter0": "", "labels0": "",
}  # fmt: skip


@pytest.fixture
def arrests(stores: Stores, wulan: Ask) -> list[str]:
    case, persons = case_with(stores, wulan, *(f"Man {n}" for n in range(len(STATES))))
    typed = [outcome("arrested", case, p, date="2021-06-11", state=s) for p, s in zip(persons, STATES, strict=True)]
    return [o.id for o in outcomes.record_outcomes(stores, wulan, typed)]


def post(client: FlaskClient, path: str, **data: str) -> tuple[int, str]:
    answer = client.post(path, data={**data, "csrf_token": token_of(client, "/account")}, follow_redirects=True)
    return answer.status_code, answer.text


def draft(client: FlaskClient) -> str:
    answer = client.post("/releases/new", data={**FORM, "do": "draft", "csrf_token": token_of(client, "/releases/new")})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_release_is_previewed_drafted_signed_by_two_handed_out_and_withdrawn(
    login: Login, arrests: list[str]
) -> None:
    first = login(Role.SUPERVISOR)
    _, preview = post(first, "/releases/new", **FORM, do="preview")
    assert "fewer than 3" in preview
    assert "held back so that nobody can work out" in preview
    assert "Unit: person." in preview
    assert first.get("/releases/").text.count("Make the first one") == 1

    page = draft(first)
    post(first, f"{page}/sign")
    second = login_beside(login)
    code, text = post(second, f"{page}/sign")

    assert code == 200
    assert '<span class="tag">signed</span>' in text
    files = {form: second.get(f"{page}/file/{form}") for form in ("csv", "sdmx", "dsd", "xlsx", "pdf", "exe")}
    assert {form: f.status_code for form, f in files.items()} == {
        "csv": 200,
        "sdmx": 200,
        "dsd": 200,
        "xlsx": 200,
        "pdf": 200,
        "exe": 404,
    }
    assert files["pdf"].data.startswith(b"%PDF-")
    assert b"XC,suppressed,suppressed" in files["csv"].data
    assert b"fewer than" not in files["csv"].data + files["sdmx"].data
    assert "every byte is the same" in post(second, f"{page}/repeat")[1]
    assert "Proof of inclusion" in post(second, f"{page}/proof", outcome=arrests[0])[1]
    assert post(second, f"{page}/proof", outcome="f" * 32)[0] == 422
    assert post(second, f"{page}/sign")[0] == 409
    assert post(second, f"{page}/withdraw", reason="")[0] == 422
    assert "Wrong period" in post(second, f"{page}/withdraw", reason="Wrong period")[1]


def login_beside(login: Login) -> FlaskClient:
    """Log a second supervisor of the same agency in; the first stays logged in."""
    return login(Role.ANALYST, "tip", "XA", Role.SUPERVISOR)


@pytest.mark.usefixtures("arrests")
def test_two_releases_are_compared(login: Login, stores: Stores, wulan: Ask) -> None:
    client = login(Role.SUPERVISOR)
    old = draft(client)
    case, [person] = case_with(stores, wulan, "Late", number="T-2")
    outcomes.record_outcomes(stores, wulan, [outcome("arrested", case, person, date="2021", state="XD")])
    new = draft(client)

    code, text = post(client, f"{new}/compare", **{"with": old.rsplit("/", 1)[1]})

    assert code == 200
    assert re.search(r'<td class="num">6</td><td class="num">7</td>', text)
    assert "that you may not read" in text
    assert post(client, f"{new}/compare", **{"with": "f" * 32})[0] == 422


def test_a_refusal_is_explained_and_keeps_what_was_typed(login: Login) -> None:
    client = login(Role.SUPERVISOR)

    code, text = post(
        client, "/releases/new", **{**FORM, "measure": "victims_rescued", "dimension0": "court"}, do="preview"
    )

    assert code == 422
    assert "Victims are never published by court" in text
    assert 'value="Arrests by state"' in text
    assert post(client, "/releases/new", **{**FORM, "k": "many"}, do="preview")[0] == 422


@pytest.mark.parametrize("role", [Role.READ, Role.LEAD, Role.ANALYST, Role.ADMINISTRATOR])
def test_no_other_role_makes_or_reads_releases(login: Login, role: Role) -> None:
    client = login(role)

    assert (client.get("/releases/").status_code, client.get("/releases/new").status_code) == (403, 403)


@pytest.mark.usefixtures("arrests")
def test_a_large_table_is_left_to_the_worker_and_the_page_shows_how_far_it_is(
    login: Login, installation: Installation, stores: Stores, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login(Role.SUPERVISOR)
    monkeypatch.setattr(release_orders, "LARGE", 3)

    code, text = post(client, "/releases/new", **FORM, do="preview")

    assert (code, "waits for the worker" in text, "the draft appears here" in text) == (200, True, True)
    job = max((j for j in stores.jobs.waiting() if j.kind is JobKind.RELEASE), key=lambda j: j.created)
    assert SLICES[JobKind.RELEASE](stores, officer_of(installation, job.officer), job, no_progress)
    stores.jobs.end(job.id, JobState.DONE, "", NOW)
    assert "Arrests by state" in client.get("/releases/").text
    assert 'data-done="/releases/"' in client.get(f"/jobs/{job.id}/progress").text


def officer_of(installation: Installation, officer: str) -> Ask:
    account = installation.accounts.get(officer)
    assert account is not None
    return Ask(account.officer, NOW)
