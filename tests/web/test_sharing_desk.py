"""The start page leads to what waits about packages, and says nothing to whom it does not concern."""

import re

from jpa.model.notice import NoticeKind, RecallReason
from jpa.model.officer import Role
from jpa.services import messages_in, packages, recalls
from jpa.services.installation import Installation
from jpa.services.notice_drafts import TypedNotice
from jpa.services.stores import Ask, Stores
from jpa.sharing.proposals import Item
from tests.integration.services.test_answers import filed
from tests.web.conftest import Login, asking
from tests.web.test_recalls import sent


def waiting(page: str) -> list[str]:
    """Return where the lines of the card lead to."""
    found = re.search(r'<table id="waiting-sharing">.*?</table>', page, re.DOTALL)
    return [] if found is None else re.findall(r'href="([^"]+)"', found.group())


def test_the_start_page_leads_to_what_waits(
    login: Login, installation: Installation, stores: Stores, wulan: Ask
) -> None:
    maker, second = login(Role.LIAISON), login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    package, record, _ = sent(installation, wulan)
    assert waiting(second.get("/").text) == []
    ask = asking(installation, "liaison.tip")
    typed = TypedNotice(NoticeKind.RECALL, "2026-12-20", RecallReason.ERROR.value)
    notice = recalls.draft_notice(stores, ask, package, typed).id
    hash_of = next(
        t.record.content_hash for t in packages.read_package(stores, ask, package).shown.things if t.record.id == record
    )
    said = {
        "id": "1" * 32,
        "kind": "seen here too",
        "what": "record",
        "about": record,
        "hash": hash_of,
        "reference": "S-9",
        "text": "",
    }
    messages_in.receive_message(
        stores, ask, filed(packages.find_package(stores, ask, package), [Item.model_validate(said)])
    )

    proposals = f"/packages/recalls/answers/{package}"
    for page in ("/?as=liaison", "/?as=supervisor"):
        assert waiting(second.get(page).text) == [f"/packages/recalls/{notice}", proposals]
    assert waiting(maker.get("/").text) == [proposals]
    assert waiting(login(Role.LIAISON, "ucg", "XB").get("/").text) == []
    assert all(second.get(address).status_code == 200 for address in (f"/packages/recalls/{notice}", proposals))
