"""The offline page of a package is saved from its page, by whoever may open it, and is told in the log."""

import io
import re

from jpa.model.audit import AuditTag
from jpa.model.officer import Role
from jpa.services import packages
from jpa.services.installation import Installation
from jpa.services.package_setting import Order
from jpa.services.stores import Ask, Stores
from tests.integration.services.test_packages import MONEY, audited
from tests.integration.services.test_recalls import abroad, taken
from tests.web.conftest import Login, asking
from tests.web.test_packages import post
from tests.web.test_recalls import sent


def test_sender_and_recipient_save_the_same_page_and_nobody_else_does(
    login: Login, installation: Installation, stores: Stores, wulan: Ask
) -> None:
    maker, second = login(Role.LIAISON), login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    package, _record, closed = sent(installation, wulan)
    address = f"/packages/{package}/viewer"
    assert address in maker.get(f"/packages/{package}").text

    before = set(stores.settings.work_dir.glob("*"))
    here = second.get(address)

    assert here.status_code == 200
    assert here.headers["Content-Disposition"] == f'attachment; filename="package-{package[:12]}.html"'
    assert here.headers["Content-Type"] == "application/octet-stream"
    assert here.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Rahim \\u003cb\\u003eUddin" in here.text
    assert "Selat Financial Intelligence" in here.text
    here.close()
    assert set(stores.settings.work_dir.glob("*")) == before
    assert audited(stores, AuditTag.PACKAGE_PAGE_WRITTEN)[0] == ("done", "")
    assert login(Role.LIAISON, "ucg", "XB").get(address).status_code == 404
    assert login(Role.CONTRIBUTE).get(address).status_code == 403
    known = packages.find_package(stores, asking(installation, "liaison.tip"), package)
    again = Order(known.case, "sfi", known.agreement, MONEY)
    draft = packages.draft_package(stores, asking(installation, "liaison.tip"), again)
    assert second.get(f"/packages/{draft.id}/viewer").status_code == 409
    assert "Offline page" not in second.get(f"/packages/{draft.id}").text

    taken(stores)
    abroad(stores)
    there = login(Role.LIAISON, "sfi", "XC")
    _, arrived = post(there, "/packages/receive", file=(io.BytesIO(closed), "p.age"))
    assert address in arrived
    saved = there.get(address).text
    rows = [re.findall(r'\{"kind":"record","rows":.*?\]\]\}', page) for page in (here.text, saved)]
    assert rows[0] == rows[1] != []
