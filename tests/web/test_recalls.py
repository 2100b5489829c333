"""Recalls through the browser's requests and by command: draft, release, board, file, followed abroad, answered."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from jpa.cli import packages as package_commands
from jpa.cli import recalls as recall_commands
from jpa.cli import refusal
from jpa.errors import JpaError
from jpa.model.officer import Role
from jpa.services import agencies, cases, packages, reports
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.package_setting import Order
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW
from tests.integration.services.test_packages import MONEY, RECIPIENT, agreed, person, pin, report
from tests.integration.services.test_recalls import abroad, put_back, taken
from tests.web.conftest import PASSWORD, Login, asking
from tests.web.test_packages import post, run


def sent(here: Installation, wulan: Ask) -> tuple[str, str, bytes]:
    """Send a package from the command's and the page's officers; returns its id, a record's id and the closed file."""
    stores = here.stores
    agencies.save_agency(stores, RECIPIENT, NOW)
    pin(stores, "tip", RECIPIENT)
    maker, second = asking(here, "liaison.tip"), asking(here, "supervisor.tip")
    agreement = agreed(stores, maker, second)
    case = cases.open_case(stores, wulan, NewCase("T-1", "Boat", open_in_agency=True)).id
    made = reports.add_report(stores, wulan, report(case, person("1", "Rahim <b>Uddin"), person("2", "Karim Boatman")))
    draft = packages.draft_package(stores, maker, Order(case, "sfi", agreement, MONEY))
    packages.release_package(here, second, draft.id, PASSWORD, "")
    return draft.id, made.records[0].id, b"".join(packages.write_package_file(stores, maker, draft.id)[1])


def test_a_recall_goes_from_the_package_page_to_the_recipient_and_its_answer_back(
    login: Login, installation: Installation, stores: Stores, wulan: Ask
) -> None:
    maker, second = login(Role.LIAISON), login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    assert "Nothing was sent yet" in maker.get("/packages/recalls/").text
    package, record, closed = sent(installation, wulan)
    new = f"/packages/recalls/new/{package}"
    assert new in maker.get(f"/packages/{package}").text
    assert "the whole package is recalled" in maker.get(new).text
    assert post(maker, new, kind="recall", reason="whim", deadline="2027-01-01")[0] == 422
    assert post(maker, new, kind="whim", deadline="2027-01-01")[0] == 422
    good = {"kind": "recall", "reason": "error", "deadline": _soon(maker.get(new).text)}
    _, kept = post(maker, new, **good, items=record)
    page = re.findall(r'action="(/packages/recalls/[0-9a-f]{32})/', kept)[0]
    assert "You made this draft" in kept
    assert "Waits for a second officer" in second.get("/packages/recalls/").text
    assert post(maker, f"{page}/release", password=PASSWORD)[0] == 403
    assert post(second, f"{page}/release", password="wrong")[0] == 422
    assert "You released this notice" in post(second, f"{page}/release", password=PASSWORD)[1]
    file = maker.get(f"{page}/file").data
    assert b'"jpa":"recall"' in file
    assert "released" in maker.get("/packages/recalls/").text
    stranger = login(Role.LIAISON, "ucg", "XB")
    for address in (page, f"{page}/file", f"{page}/acknowledgement", new):
        assert stranger.get(address).status_code == 404

    home = taken(stores)
    abroad(stores)
    there = login(Role.LIAISON, "sfi", "XC", Role.LEAD, Role.CONTRIBUTE)
    post(there, "/cases/new", number="S-2", title="Money")
    _, shown = post(there, "/packages/receive", file=(io.BytesIO(closed), "p.age"))
    mine = re.findall(r'<option value="([0-9a-f]{32})">S-2', shown)[0]
    post(there, f"/packages/{package}/adopt", case=mine, compare="yes")
    assert "Rahim" in there.get(f"/cases/{mine}").text
    assert post(there, "/packages/recalls/receive", message=(io.BytesIO(b"{}"), "m"))[0] == 422
    _, followed = post(there, "/packages/recalls/receive", message=(io.BytesIO(file), "m"))
    assert "1 sealed, 0 corrected, 0 not here" in followed
    assert "nothing changed" in post(there, "/packages/recalls/receive", message=(io.BytesIO(file), "m"))[1]
    assert "answer until" in there.get("/packages/recalls/").text
    assert "Rahim" not in there.get(f"/cases/{mine}").text
    assert "Karim" in there.get(f"/cases/{mine}").text
    for page_here in (f"/packages/{package}", "/search?q=Rahim", f"/cases/{mine}/chart", f"/entities/{record}"):
        assert "&lt;b&gt;Uddin" not in there.get(page_here).text
    assert "is not kept any more" in there.get(f"/packages/{package}").text
    answer = there.get(f"{page}/acknowledgement").data

    taken(stores)
    put_back(stores, home)
    _, acknowledged = post(maker, "/packages/recalls/receive", message=(io.BytesIO(answer), "m"))
    assert "1 sealed, 0 corrected, 0 absent" in acknowledged
    assert "acknowledged" in maker.get("/packages/recalls/").text


def _soon(page: str) -> str:
    return str(re.findall(r'name="deadline" type="date" value="([0-9-]{10})"', page)[0])


@pytest.fixture
def commands(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the installation of the run for each command."""

    @contextmanager
    def opened() -> Iterator[Installation]:
        try:
            yield installation
        except JpaError as error:
            raise refusal(error) from error

    for module in (package_commands, recall_commands):
        monkeypatch.setattr(module, "Opened", opened)


@pytest.mark.usefixtures("commands")
def test_the_commands_draft_release_and_follow_a_recall(
    login: Login, installation: Installation, stores: Stores, wulan: Ask, tmp_path: Path
) -> None:
    login(Role.LIAISON)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    package, record, closed = sent(installation, wulan)
    (tmp_path / "p.age").write_bytes(closed)
    out, again = str(tmp_path / "r.jsonl"), f"{PASSWORD}\n\n"

    assert "deadline" in run("recall", "--officer", "liaison.tip", package, "--reason", "error", "--until", "soon")[1]
    _, drafted = run("recall", "--officer", "liaison.tip", package, "--reason", "agreement ended")
    this = re.findall(r"Draft ([0-9a-f]{32}): recall of all of it", drafted)[0]
    _, corrected = run("correct", "--officer", "liaison.tip", package, "--item", record)
    assert "correction of 1 items" in corrected
    assert "You made this draft" in run("notice", "--officer", "liaison.tip", this, "--out", out, also=again)[1]
    code, released = run("notice", "--officer", "supervisor.tip", this, "--out", out, also=again)
    assert (code, "Recall 1 for sfi" in released) == (0, True), released

    taken(stores)
    abroad(stores)
    login(Role.LIAISON, "sfi", "XC")
    assert "that is not here" in run("receive", "--officer", "liaison.sfi", out)[1]
    run("receive", "--officer", "liaison.sfi", str(tmp_path / "p.age"))
    answer = tmp_path / "answer"
    assert "3 sealed" in run("receive", "--officer", "liaison.sfi", out, "--receipt", str(answer))[1]
    assert b'"jpa":"acknowledgement"' in answer.read_bytes()
