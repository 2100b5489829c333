"""Packages through the browser's requests: tick, preview, draft, release with password anew, file, record, receive, adopt, receipt; keys."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from jpa.cli import main, refusal
from jpa.cli import packages as commands_of
from jpa.errors import JpaError
from jpa.model.case import Agency
from jpa.model.job import JobKind, JobState
from jpa.model.officer import Role
from jpa.services import agencies, agency_keys, cases, package_previews, packages, reports, retractions
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.package_setting import Order
from jpa.services.release_upkeep import sweep_releases
from jpa.services.stores import Ask, Stores
from tests.conftest import EMPTY, NOW, officer
from tests.integration.services.test_packages import MONEY, RECIPIENT, agreed, person, phone, pin, report
from tests.web.conftest import PASSWORD, Login, asking, token_of, worked

TIP = Agency("tip", "Tenggara Immigration Police", "XA")


@pytest.fixture
def case(stores: Stores, wulan: Ask) -> str:
    agencies.save_agency(stores, RECIPIENT, NOW)
    pin(stores, "tip", RECIPIENT)
    this = cases.open_case(stores, wulan, NewCase("T-1", "Boat", open_in_agency=True)).id
    reports.add_report(stores, wulan, report(this, person("1", "Rahim <b>Uddin"), phone("2", "+66812345678")))
    return this


def post(client: FlaskClient, path: str, **data: object) -> tuple[int, str]:
    sent = {**data, "csrf_token": token_of(client, "/account")}
    answer = client.post(path, data=sent, follow_redirects=True, content_type="multipart/form-data")
    return answer.status_code, answer.text


def test_a_package_goes_from_the_case_page_to_a_closed_file_and_into_a_case_abroad(
    login: Login, installation: Installation, stores: Stores, case: str
) -> None:
    maker = login(Role.LIAISON)
    second = login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    agreement = agreed(stores, asking(installation, "liaison.tip"), asking(installation, "supervisor.tip"))
    terms = f"sfi~{agreement}~{MONEY}"
    new = f"/packages/new/{case}"
    assert new in maker.get(f"/cases/{case}").text
    assert "Memorandum" in maker.get(new).text

    _, preview = post(maker, new, terms=terms, do="preview", compare="yes")
    assert "Exactly what Selat Financial Intelligence will see" in preview
    assert "Rahim &lt;b&gt;Uddin" in preview
    assert "Nothing stays behind" in preview
    assert post(maker, new, terms=terms, types="Vessel", do="preview")[0] == 422
    assert post(maker, new, terms="", do="draft")[0] == 422
    assert post(maker, new, terms=terms, hops="99", do="draft")[0] == 422
    _, fewer = post(maker, new, terms=terms, types="Person", do="preview", compare="yes")
    assert "not chosen" in fewer
    _, waits = post(maker, new, terms=terms, do="draft", compare="yes")
    assert ("The draft is being made" in waits, "waits for the worker" in waits) == (True, True)
    job = worked(installation, JobKind.PACKAGE)
    page = f"/packages/{job.id}"
    assert f'data-done="{page}"' in maker.get(f"/jobs/{job.id}/progress").text
    assert f'href="{page}">Open' in maker.get("/jobs/").text
    kept = maker.get(page).text
    assert "You made this draft" in kept
    assert post(maker, f"{page}/release", password=PASSWORD)[0] == 403
    assert "Waits for a second officer" in second.get("/packages/").text
    assert [post(second, f"{page}/release", password="wrong")[0], second.get(f"{page}/record").status_code] == [
        422,
        409,
    ]
    post(second, f"{page}/release", password=PASSWORD)
    worked(installation, JobKind.PACKAGE_RELEASE)
    closed = maker.get(f"{page}/file")
    assert closed.data.startswith(b"age-encryption.org/v1")
    record = second.get(f"{page}/record")
    assert (record.status_code, record.data[:5]) == (200, b"%PDF-")
    assert login(Role.LIAISON, "ucg", "XB").get(page).status_code == 404

    stores.graph.upkeep(lambda tx: tx.run(EMPTY).consume())
    for agency in (RECIPIENT, TIP):
        agencies.save_agency(stores, agency, NOW)
    pin(stores, "sfi", TIP)
    there = login(Role.LIAISON, "sfi", "XC", Role.LEAD, Role.CONTRIBUTE)
    post(there, "/cases/new", number="S-1", title="Money")
    _, inbox = post(there, "/packages/receive", file=(io.BytesIO(closed.data[:-5]), "p.age"))
    assert "cut off" in inbox
    status, shown = post(there, "/packages/receive", file=(io.BytesIO(closed.data), "p.age"))
    assert (status, "2 new, 0 known, 0 refused" in shown, "Rahim &lt;b&gt;Uddin" in shown) == (200, True, True)
    assert "here already" in post(there, "/packages/receive", file=(io.BytesIO(closed.data), "p.age"))[1]
    mine = re.findall(r'<option value="([0-9a-f]{32})">S-1', shown)[0]
    assert "Adopted: its records stand in the case" in post(there, f"{page}/adopt", case=mine, compare="yes")[1]
    assert "Rahim &lt;b&gt;Uddin" in there.get(f"/cases/{mine}").text
    receipt = there.get(f"{page}/receipt").data
    assert b'"state":"adopted"' in receipt
    assert post(there, "/packages/receipt", receipt=(io.BytesIO(receipt), "r.jsonl"))[0] == 422


def test_an_order_that_cannot_be_done_any_more_says_so_on_the_page_and_leaves_nothing(
    login: Login, installation: Installation, stores: Stores, case: str
) -> None:
    maker = login(Role.LIAISON)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    agreement = agreed(stores, asking(installation, "liaison.tip"), asking(installation, "supervisor.tip"))
    new, order = f"/packages/new/{case}", {"terms": f"sfi~{agreement}~{MONEY}", "do": "draft"}

    post(maker, new, **order)
    post(maker, new, **order)
    job = worked(installation, JobKind.PACKAGE)
    post(maker, new, **order, types="Vessel")
    failed = worked(installation, JobKind.PACKAGE)
    page = maker.get("/packages/").text
    post(maker, new, **order)
    (waiting,) = (j for j in stores.jobs.waiting() if j.kind is JobKind.PACKAGE)
    post(maker, f"/jobs/{waiting.id}/cancel")
    ended = worked(installation, JobKind.PACKAGE)

    assert (job.state, failed.state, ended.state) == (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
    assert "Making a package: did not succeed. The package was not made. Nothing of this case may go to" in page
    assert page.count(f"/packages/{job.id}") == 1
    assert [stores.releases.names(j.id) for j in (failed, ended)] == [[], [ended.object]]
    assert sweep_releases(stores, datetime.now(UTC), timedelta()) >= 1
    assert stores.releases.names(ended.id) == []
    assert post(maker, new, terms=f"tip~{agreement}~{MONEY}", do="draft")[0] == 422


def test_a_large_case_is_shown_by_the_worker_and_leafed_through(
    login: Login, installation: Installation, stores: Stores, wulan: Ask, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_previews, "LARGE", 300)
    maker = login(Role.LIAISON)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    agreement = agreed(stores, asking(installation, "liaison.tip"), asking(installation, "supervisor.tip"))
    crowd = [person(str(n), f"Crowd {n}") for n in range(300)]
    reports.add_report(stores, wulan, report(case, *crowd))
    new, order = f"/packages/new/{case}", {"terms": f"sfi~{agreement}~{MONEY}", "compare": "yes", "tags": ""}

    status, waits = post(maker, new, **order, do="preview", least_grade="0.25")
    job = worked(installation, JobKind.PREVIEW)
    page = f"/packages/previews/{job.id}"
    first = maker.get(page).text
    _, second = post(maker, new, **order, preview=job.id, skip="200", left_out=["1" * 32, "2" * 32])
    _, fewer = post(maker, new, **order, types="Phone", do="preview")
    phones = worked(installation, JobKind.PREVIEW)

    assert (status, "waits for the worker" in waits, "Exactly what" in waits) == (200, True, False)
    assert f'data-done="{page}"' in maker.get(f"/jobs/{job.id}/progress").text
    assert "Exactly what Selat Financial Intelligence will see" in first
    assert "as things stood at" in first
    assert (first.count('name="left_out"'), 'value="0.25" selected' in first) == (200, True)
    assert (second.count('type="hidden" name="left_out"'), 'type="checkbox" name="left_out"' in second) == (2, True)
    assert captions(first).isdisjoint(captions(second))
    number = "+66 81 234 5678"
    assert [number in captions(p) for p in (first, second)] == [False, True], "people first"
    assert captions(maker.get(f"/packages/previews/{phones.id}").text) == {"+66 81 234 5678"}
    assert "waits for the worker" in fewer
    assert login(Role.LIAISON, "ucg", "XB").get(page).status_code == 404
    assert "No package made yet" in maker.get("/packages/").text


def captions(page: str) -> set[str]:
    """Read the records that a page shows."""
    return set(re.findall(r"Leave out ([^\"]+)", page))


def test_a_release_whose_grounds_fell_away_says_so_on_the_page_and_can_be_ordered_anew(
    login: Login, installation: Installation, stores: Stores, wulan: Ask, case: str
) -> None:
    maker, second = login(Role.LIAISON), login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    asked = asking(installation, "liaison.tip")
    agreement = agreed(stores, asked, asking(installation, "supervisor.tip"))
    draft = packages.draft_package(stores, asked, Order(case, "sfi", agreement, MONEY)).id
    page = f"/packages/{draft}"

    status, waits = post(second, f"{page}/release", password=PASSWORD)
    assert (status, "waits for the worker" in waits, "Your password, again" in waits) == (200, True, False)
    assert "Its release was ordered; the worker is at it." in maker.get(page).text
    assert post(second, f"{page}/release", password=PASSWORD)[0] == 409
    (job,) = (j for j in stores.jobs.waiting() if j.kind is JobKind.PACKAGE_RELEASE)
    typed = reports.add_report(stores, wulan, report(case, person("3", "Late Arrival")))
    failed = worked(installation, JobKind.PACKAGE_RELEASE)
    told = second.get(page).text
    retractions.retract_report(stores, wulan, typed.report.id, "typed into the wrong case")
    post(second, f"{page}/release", password=PASSWORD)
    post(second, f"/jobs/{stores.jobs.waiting()[0].id}/cancel")
    ended = worked(installation, JobKind.PACKAGE_RELEASE)
    after = second.get(page).text
    post(second, f"{page}/release", password=PASSWORD)
    done = worked(installation, JobKind.PACKAGE_RELEASE)

    assert (failed.id, failed.state, ended.state, done.state) == (job.id, "failed", "cancelled", "done")
    assert "Releasing a package: did not succeed. What may go is not what was drafted any more" in told
    assert "Your password, again" in told
    assert "Releasing a package: was ended." in after
    assert "did not succeed" not in second.get(page).text
    assert maker.get(f"/jobs/{job.id}/progress").status_code == 404
    assert f'data-done="{page}"' in second.get(f"/jobs/{done.id}/progress").text


def test_the_keys_page_shows_card_words_and_picture_and_pins_a_card(login: Login, stores: Stores) -> None:
    administrator = login(Role.ADMINISTRATOR)
    foreign = officer(stores, "x", "ucg", "XB", Role.ADMINISTRATOR)
    card = agency_keys.read_keys(stores, foreign).own.card
    page = administrator.get("/returns/keys").text

    assert page.count("<svg") > 0
    assert "jpa-keys-1 tip XA" in page
    assert post(administrator, "/returns/keys", agency="tip", key=card.text)[0] == 422
    assert card.words in post(administrator, "/returns/keys", agency="ucg", key=card.text)[1]


def run(*words: str, also: str = "") -> tuple[int, str]:
    answer = CliRunner().invoke(main, ["package", *words], input=f"{PASSWORD}\n{also}")
    return answer.exit_code, answer.output


@pytest.fixture
def commands(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the installation of the run for each command."""

    @contextmanager
    def opened() -> Iterator[Installation]:
        try:
            yield installation
        except JpaError as error:
            raise refusal(error) from error

    monkeypatch.setattr(commands_of, "Opened", opened)


@pytest.mark.usefixtures("commands")
def test_the_commands_build_release_receive_and_show_keys(
    login: Login, installation: Installation, stores: Stores, case: str, tmp_path: Path
) -> None:
    login(Role.LIAISON)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    agreed(stores, asking(installation, "liaison.tip"), asking(installation, "supervisor.tip"))
    order = ("--officer", "liaison.tip", "--to", "sfi", "--agreement", "Memorandum", "--purpose", MONEY)
    out = str(tmp_path / "p.age")

    assert "There is no case T-9" in run("build", *order, "--case", "T-9")[1]
    assert "Choose an agreement" in run("build", *order[:-3], "Nothing", *order[-2:], "--case", "T-1")[1]
    _, built = run("build", *order, "--case", "T-1", "--type", "Person")
    this = re.findall(r"Draft ([0-9a-f]{32}): 1 records, 0 links, TLP:AMBER", built)[0]
    again = f"{PASSWORD}\n\n"
    assert "You made this draft" in run("release", "--officer", "liaison.tip", this, "--out", out, also=again)[1]
    code, released = run("release", "--officer", "supervisor.tip", this, "--out", out, also=again)
    assert (code, "Released to sfi" in released) == (0, True), released
    assert case != this
    assert "words " in run("keys", "--officer", "liaison.tip")[1]

    stores.graph.upkeep(lambda tx: tx.run(EMPTY).consume())
    for agency in (RECIPIENT, TIP):
        agencies.save_agency(stores, agency, NOW)
    pin(stores, "sfi", TIP)
    login(Role.LIAISON, "sfi", "XC")
    receive = ("receive", "--officer", "liaison.sfi", out)
    assert "1 new, 0 known, 0 refused" in run(*receive, "--receipt", str(tmp_path / "r"))[1]
    assert "it was here already" in run(*receive)[1]
    assert b'"state":"received"' in (tmp_path / "r").read_bytes()
