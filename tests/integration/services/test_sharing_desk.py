"""What waits about packages: listed for who has to do it, on either side, of what they may read."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ForbiddenError
from jpa.model.notice import NoticeKind, RecallReason
from jpa.model.officer import Role
from jpa.model.package import Package
from jpa.services import answers, messages_in, packages, recall_inbox, recalls
from jpa.services.installation import Installation
from jpa.services.notice_drafts import TypedNotice
from jpa.services.sharing_desk import SharingWaits, list_sharing
from jpa.services.stores import Stores
from tests.conftest import officer
from tests.integration.services.test_answers import filed, item
from tests.integration.services.test_packages import Desk, desk, ordered
from tests.integration.services.test_recalls import DAY, noticed, put_back, sent, taken

__all__ = ["desk"]


def numbers(waits: SharingWaits) -> dict[str, int]:
    """Say how many lines of each kind there are, of those that are not none."""
    found = {name: len(getattr(waits, name)) for name in SharingWaits.__slots__}
    return {name: n for name, n in found.items() if n > 0}


def test_each_side_is_told_what_it_has_to_do_until_it_is_done(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    out = sent(installation, desk, adopt=False)
    assert numbers(list_sharing(stores, out.dao)) == {"arrived": 1}

    away = taken(stores)
    put_back(stores, out.home)
    packages.draft_package(stores, desk.maker, ordered(desk))
    typed = TypedNotice(NoticeKind.RECALL, DAY, RecallReason.ERROR.value)
    draft = recalls.draft_notice(stores, desk.maker, out.package.id, typed)
    assert numbers(list_sharing(stores, desk.maker)) == {}
    assert numbers(list_sharing(stores, desk.second)) == {"drafts": 1, "notices": 1}
    stranger = officer(stores, "lee", "ucg", "XB", Role.LIAISON)
    assert list_sharing(stores, stranger).number == 0
    with pytest.raises(ForbiddenError):
        list_sharing(stores, officer(stores, "ari", "tip", "XA", Role.CONTRIBUTE))
    recalls.discard_notice(stores, desk.second, draft.id)
    _, file = noticed(installation, desk, out.package.id)
    late = replace(desk.maker, at=desk.maker.at + timedelta(days=60))
    assert numbers(list_sharing(stores, desk.maker)) == {}
    assert numbers(list_sharing(stores, late)) == {"overdue": 1}
    home = taken(stores)

    put_back(stores, away)
    followed = messages_in.receive_message(stores, out.dao, file)
    assert numbers(list_sharing(stores, out.dao)) == {"unanswered": 1}
    answer = recall_inbox.write_acknowledgement_file(stores, out.dao, followed.notice)[1]
    assert numbers(list_sharing(stores, out.dao)) == {}
    taken(stores)
    put_back(stores, home)
    messages_in.receive_message(stores, desk.maker, answer)
    assert numbers(list_sharing(stores, late)) == {}


def test_proposals_wait_until_somebody_decides(installation: Installation, stores: Stores, desk: Desk) -> None:
    out = sent(installation, desk, adopt=False)
    taken(stores)
    put_back(stores, out.home)
    package: Package = out.package
    items = [item("seen here too", record, n) for n, record in enumerate(out.made.records, start=1)]

    messages_in.receive_message(stores, desk.maker, filed(package, items))
    (waits,) = list_sharing(stores, desk.lead).proposed
    for one in answers.list_answers(stores, desk.lead, package.id)[1]:
        answers.refuse_answer(stores, desk.lead, one.id, "not ours")

    assert (waits.package, waits.partner, waits.number) == (package.id, "sfi", len(items))
    assert list_sharing(stores, desk.lead).number == 0
