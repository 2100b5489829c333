"""Packages, their cards and the board of recalls through the API: as the pages show them, to the same officers."""

import io
from typing import Any

from flask.testing import FlaskClient

from jpa.model.notice import NoticeKind
from jpa.model.officer import Role
from jpa.services import package_inbox, packages, recalls, reports
from jpa.services.installation import Installation
from jpa.services.notice_drafts import TypedNotice
from jpa.services.stores import Stores
from tests.conftest import EMPTY
from tests.integration.services.test_packages import SHARED, ordered, person, phone, released, report, set_desk
from tests.integration.services.test_recalls import abroad
from tests.web.conftest import PASSWORD, Bearer


def read(client: FlaskClient, path: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/packages{path}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] | None = answer.json
    assert found is not None
    return found


def test_the_api_reads_packages_cards_and_the_board_as_the_pages_do(
    bearer: Bearer, installation: Installation, stores: Stores
) -> None:
    desk = set_desk(installation, stores)
    said = reports.add_report(
        stores, desk.lead, report(desk.case, person("1", "Rahim Uddin"), phone("2", "+66812345678"))
    )
    package, closed = released(installation, desk, ordered(desk, types=("Person",)))
    draft = packages.draft_package(stores, desk.maker, ordered(desk))
    typed = TypedNotice(NoticeKind.RECALL, "2026-12-31", "error", (said.records[0].id,))
    notice = recalls.draft_notice(stores, desk.maker, package.id, typed)
    recalls.release_notice(installation, desk.second, notice.id, PASSWORD, "")
    program, _ = bearer(Role.LEAD)
    stranger, _ = bearer(Role.LEAD, "ucg", "XB")
    analyst, _ = bearer(Role.ANALYST)

    listed = read(program, "?side=sent")
    card = read(program, f"/{package.id}")
    board = read(program, "/board")
    notices = read(program, "/notices")

    assert {p["id"]: p["standing"] for p in listed["items"]} == {draft.id: "draft", package.id: "recalled"}
    assert (listed["total"], listed["more"]) == (len(packages.list_packages(stores, desk.maker)), False)
    assert [p["id"] for p in read(program, "?standing=draft&limit=1")["items"]] == [draft.id]
    assert (read(program, "?limit=1")["more"], read(program, "?side=received")["items"]) == (True, [])
    assert (card["records"], card["tlp"], card["kept"]) == (1, SHARED.tlp.value, True)
    assert card["withheld"] == [{"reason": reason, "count": n} for reason, n in package.withheld]
    assert [a["kind"] for a in card["acts"]] == ["released", "recalled"]
    assert (card["receipts"], card["manifest"], "Rahim" in str(card)) == ([], package.manifest, False)
    (line,) = board["items"]
    assert (line["package"]["id"], line["holds"], [n["id"] for n in line["notices"]]) == (package.id, True, [notice.id])
    assert [(n["kind"], n["number"], n["items"], n["standing"]) for n in notices["items"]] == [
        ("recall", 1, 1, "released")
    ]
    assert read(program, "/notices?side=received")["total"] == 0
    for path in ("", "/board", "/notices"):
        assert read(stranger, path)["total"] == 0
        assert analyst.get(f"/api/v1/packages{path}").status_code == 403
    assert stranger.get(f"/api/v1/packages/{package.id}").status_code == 404
    assert program.get("/api/v1/packages?side=both").status_code == 422

    stores.graph.upkeep(lambda tx: tx.run(EMPTY).consume())
    dao, _case = abroad(stores)
    arrived, _new = package_inbox.receive_package(stores, dao, io.BytesIO(closed))
    there, _ = bearer(Role.LEAD, "sfi", "XC")
    came = read(there, f"/{arrived.id}")
    assert (came["side"], came["new"], came["known"], came["refused"], came["standing"]) == (
        "received",
        1,
        0,
        0,
        "received",
    )
    assert came["fingerprint"] == arrived.fingerprint
    assert came["made_by"] == "Tenggara Immigration Police"
