"""Recalls and corrections on the real store: drafted, released by two, followed at the recipient's, answered, shown on the board.

Two installations share one server here: what one keeps is taken out while the other works, and put back afterwards.
"""

import io
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph.copying import LINKS, NODES, create_links_tx, create_nodes_tx
from jpa.graph.cypher import upkeep
from jpa.graph.session import Tx
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.draft import TypedLink, TypedRecord
from jpa.model.judgement import Verdict
from jpa.model.marking import Release, Tlp
from jpa.model.notice import Marked, Notice, NoticeKind, NoticeState, RecallReason, What
from jpa.model.officer import Role
from jpa.model.package import Package, PackageState
from jpa.operations.messages import sign_message
from jpa.services import (
    agencies,
    cases,
    entities,
    package_adoption,
    package_inbox,
    packages,
    recall_inbox,
    recalls,
    reports,
    resolution,
    search,
    victims,
)
from jpa.services.cases import NewCase
from jpa.services.installation import Installation
from jpa.services.notice_drafts import TypedNotice
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores
from tests.conftest import EMPTY, NOW, officer
from tests.integration.services.test_packages import (
    RECIPIENT,
    Desk,
    audited,
    ordered,
    person,
    phone,
    pin,
    released,
    report,
    set_desk,
)
from tests.web.conftest import PASSWORD

Graph = tuple[list[dict[str, Any]], list[dict[str, Any]]]
TIP = Agency("tip", "Tenggara Immigration Police", "XA")
DAY = "2026-12-08"
EVERYTHING = upkeep("""
MATCH (n) WHERE NOT n:Migration
RETURN collect(reduce(t = '', k IN keys(n) | t + ' ' + CASE WHEN n[k] IS :: LIST<STRING> THEN reduce(s = '', x IN n[k] | s + ' ' + x)
  WHEN n[k] IS :: STRING THEN n[k] ELSE '' END)) AS texts
""")


@dataclass(slots=True)
class Sent:
    """A package that one installation sent and the other has in its hands."""

    made: Statements
    package: Package
    closed: bytes
    home: Graph
    """What the sender's installation keeps."""
    dao: Ask
    case: str
    """Of the recipient."""


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    return set_desk(installation, stores)


def taken(stores: Stores) -> Graph:
    """Take everything out of the graph, as if its server stood elsewhere."""

    def work(tx: Tx) -> Graph:
        return [r.data() for r in tx.run(NODES)], [r.data() for r in tx.run(LINKS)]

    kept = stores.graph.upkeep(work)
    stores.graph.upkeep(lambda tx: tx.run(EMPTY).consume())
    return kept


def put_back(stores: Stores, kept: Graph) -> None:
    """Put it back in place of whatever is there."""
    stores.graph.upkeep(lambda tx: tx.run(EMPTY).consume())
    nodes, links = kept

    def work(tx: Tx) -> None:
        create_links_tx(tx, links, create_nodes_tx(tx, nodes))

    stores.graph.upkeep(work)


def abroad(stores: Stores) -> tuple[Ask, str]:
    """Begin the recipient's installation in an empty graph."""
    for agency in (RECIPIENT, TIP):
        agencies.save_agency(stores, agency, NOW)
    dao = officer(stores, "dao", "sfi", "XC", Role.LIAISON, Role.LEAD, Role.CONTRIBUTE, Role.ANALYST)
    pin(stores, "sfi", TIP)
    return dao, cases.open_case(stores, dao, NewCase("S-1", "Money", open_in_agency=True)).id


def sent(here: Installation, desk: Desk, *, adopt: bool = True, text: str = "") -> Sent:
    """Send two people with a telephone, and let the recipient receive them."""
    made = reports.add_report(
        here.stores,
        desk.lead,
        report(
            desk.case, person("1", "Rahim Uddin"), person("2", "Karim Boatman"), phone("3", "+66812345678"), text=text,
            links=(TypedLink("USES", "1", "3"), TypedLink("USES", "2", "3")),
        ),
    )  # fmt: skip
    package, closed = released(here, desk, ordered(desk, texts=text != ""))
    home = taken(here.stores)
    dao, case = abroad(here.stores)
    arrived, _ = package_inbox.receive_package(here.stores, dao, io.BytesIO(closed))
    if adopt:
        package_adoption.adopt_package(here.stores, dao, arrived.id, case, compare=True)
    return Sent(made, package, closed, home, dao, case)


def noticed(here: Installation, desk: Desk, package: str, **said: Any) -> tuple[Notice, bytes]:
    typed = TypedNotice(**{"kind": NoticeKind.RECALL, "deadline": DAY, "reason": RecallReason.ERROR.value, **said})
    draft = recalls.draft_notice(here.stores, desk.maker, package, typed)
    done = recalls.release_notice(here, desk.second, draft.id, PASSWORD, "")
    return done, recalls.write_notice_file(here.stores, desk.maker, done.id)[1]


def names_found(stores: Stores, ask: Ask, words: str) -> int:
    return len(search.search_all(stores, ask, words).hits)


def texts_of(stores: Stores) -> str:
    row = stores.graph.upkeep(lambda tx: tx.run(EVERYTHING).single(strict=True))
    return "\n".join(row["texts"])


def swapped(stores: Stores, to: Graph) -> Graph:
    """Leave one installation for the other."""
    left = taken(stores)
    put_back(stores, to)
    return left


def test_a_recall_seals_what_was_adopted_is_answered_and_stands_on_the_board(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    one = sent(installation, desk)
    assert names_found(stores, one.dao, "Rahim Uddin") == 1
    there = swapped(stores, one.home)
    line = recalls.read_board(stores, desk.maker)[0][0]
    assert (line.holds, line.notices, line.overdue(NOW.date())) == (True, [], 0)
    notice, file = noticed(installation, desk, one.package.id)
    with pytest.raises(ConflictError, match="was recalled"):
        packages.write_package_file(stores, desk.maker, one.package.id)
    late = (NOW + timedelta(days=20)).date()
    line = recalls.read_board(stores, desk.maker)[0][0]
    assert (line.holds, line.notices[0].state, line.overdue(late)) == (True, NoticeState.RELEASED, 6)

    one.home = swapped(stores, there)
    kept, new = recall_inbox.receive_notice(stores, one.dao, file)
    again, second = recall_inbox.receive_notice(stores, one.dao, file)
    assert (new, second, again.id, again.acts) == (True, False, kept.id, kept.acts)
    assert kept.deadline == DAY
    assert names_found(stores, one.dao, "Rahim Uddin") == 0
    for thing in (one.made.records[0].id, one.made.report.id):
        with pytest.raises(NotFoundError):
            reports.read_report(stores, one.dao, thing)
    with pytest.raises(ConflictError, match="was recalled"):
        package_inbox.read_arrived(stores, one.dao, one.package.id)
    assert packages.find_package(stores, one.dao, one.package.id).state is PackageState.RECALLED
    assert package_inbox.receive_package(stores, one.dao, io.BytesIO(one.closed))[1] is False
    assert b'"state":"adopted"' in package_inbox.write_receipt_file(stores, one.dao, one.package.id)[1]
    name, answer = recall_inbox.write_acknowledgement_file(stores, one.dao, kept.id)
    assert name.startswith("acknowledgement-XC-")

    there = swapped(stores, one.home)
    answered = recalls.receive_acknowledgement(stores, desk.maker, answer)
    assert len(recalls.receive_acknowledgement(stores, desk.maker, answer).acts) == len(answered.acts) == 2
    line = recalls.read_board(stores, desk.maker)[0][0]
    assert (line.holds, line.notices[0].state, line.overdue(late)) == (False, NoticeState.ACKNOWLEDGED, 0)
    assert answered.id == notice.id
    with pytest.raises(InvalidInputError):
        recalls.receive_acknowledgement(stores, desk.maker, answer.replace(b'"absent":"0"', b'"absent":"1"'))


def test_a_recalled_victim_leaves_the_recipients_graph_files_and_texts(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    one = sent(installation, desk, text="Rahim  UDDIN paid Karim Boatman.")
    own = reports.add_report(
        stores,
        one.dao,
        report(one.case, TypedRecord("1", "Person", {"name": ["Rahim Udin"]}), text="Rahim Uddin was seen."),
    )
    resolution.judge(stores, one.dao, one.made.records[0].id, own.records[0].id, Verdict.SAME, "same as Rahim Uddin")
    there = swapped(stores, one.home)
    _, file = noticed(
        installation, desk, one.package.id, reason=RecallReason.VICTIM.value, items=[one.made.records[0].id]
    )
    swapped(stores, there)

    kept, _ = recall_inbox.receive_notice(stores, one.dao, file)

    assert "1 of our own were judged the same" in kept.acts[0].text
    everything = texts_of(stores)
    assert "uddin" not in everything.casefold()
    with pytest.raises(NotFoundError):
        entities.read_entity(stores, one.dao, one.made.records[0].id)
    assert names_found(stores, one.dao, "Karim Boatman") == 1
    assert "[victim] was seen." in reports.read_report(stores, one.dao, own.report.id).report.text
    assert not any(case == one.package.id and name == kept.digest for case, name in stores.releases.older(9e12))
    with pytest.raises(ConflictError, match="was recalled"):
        package_inbox.read_arrived(stores, one.dao, one.package.id)


def test_after_a_victim_is_sealed_at_home_the_recall_goes_out_and_a_new_package_brings_the_rest(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    one = sent(installation, desk, text="Rahim Uddin paid Karim Boatman.")
    there = swapped(stores, one.home)
    victims.seal_entity(stores, desk.lead, one.made.records[0].id, {})
    (draft,) = recalls.read_board(stores, desk.maker)[0][0].notices
    done = recalls.release_notice(installation, desk.second, draft.id, PASSWORD, "")
    recall = recalls.write_notice_file(stores, desk.second, done.id)[1]
    again, closed = released(installation, desk, ordered(desk, texts=True))
    assert dict(again.withheld)["is, names or identifies a protected person"] >= 1
    swapped(stores, there)

    kept, _ = recall_inbox.receive_notice(stores, one.dao, recall)
    arrived, _ = package_inbox.receive_package(stores, one.dao, io.BytesIO(closed))
    package_adoption.adopt_package(stores, one.dao, arrived.id, one.case, compare=True)

    assert kept.deadline == "2026-11-27"
    assert "uddin" not in texts_of(stores).casefold()
    assert names_found(stores, one.dao, "Karim Boatman") == 1
    assert len(reports.read_report(stores, one.dao, one.made.report.id).records) == 2


def test_what_waits_is_not_adopted_after_a_recall_and_is_corrected_when_it_is(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    one = sent(installation, desk, adopt=False)
    there = swapped(stores, one.home)
    stricter = Marked(one.made.report.id, Tlp.AMBER.value, "PAP:RED", Release.NAMED_STATES.value, ("XC",), "")
    _, correction = noticed(
        installation,
        desk,
        one.package.id,
        kind=NoticeKind.CORRECTION,
        items=[one.made.records[1].id],
        marked=[stricter],
    )
    _, recall = noticed(installation, desk, one.package.id)
    swapped(stores, there)

    kept, _ = recall_inbox.receive_notice(stores, one.dao, correction)
    assert kept.acts[0].text.startswith("0 sealed, 0 corrected, 2 not here")
    package_adoption.adopt_package(stores, one.dao, one.package.id, one.case, compare=True)
    file = reports.read_report(stores, one.dao, one.made.report.id)
    assert file.retracted(one.made.records[1].id) is not None
    assert file.retracted(one.made.records[0].id) is None
    assert file.report.marking.pap.value == "PAP:RED"
    assert names_found(stores, one.dao, "Karim Boatman") == 0
    recall_inbox.receive_notice(stores, one.dao, recall)
    assert names_found(stores, one.dao, "Rahim Uddin") == 0
    with pytest.raises(ConflictError, match="recalled already"):
        package_adoption.adopt_package(stores, one.dao, one.package.id, one.case, compare=True)


def test_a_notice_that_does_not_hold_is_refused_by_name_and_changes_nothing(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    one = sent(installation, desk)
    there = swapped(stores, one.home)
    _, first = noticed(installation, desk, one.package.id, items=[one.made.records[0].id])
    _, later = noticed(installation, desk, one.package.id, items=[one.made.records[1].id])
    other, _ = released(installation, desk, ordered(desk, types=("Person",)))
    _, strange = noticed(installation, desk, other.id)
    swapped(stores, there)

    def refused(content: bytes, ask: Ask = one.dao) -> str:
        with pytest.raises(InvalidInputError) as error:
            recall_inbox.receive_notice(stores, ask, content)
        outcome, cause = audited(stores, AuditTag.NOTICE_RECEIVED)[0]
        assert (outcome, cause) == ("refused", error.value.cause)
        return cause

    def signed(agency: str, body: bytes) -> bytes:
        return sign_message(stores.agency_keys.signer(agency), "recall", body).encode() + b"\n" + body

    body = later.partition(b"\n")[2]
    assert refused(strange) == "unknown"
    assert refused(later[:-3]) == "signature"
    assert refused(later.replace(b"error", b"other")) == "signature"
    assert refused(signed("ucg", body)) == "signature"
    assert refused(signed("sfi", body)) == "signer"
    assert refused(signed("tip", body.replace(b'"reason":"error"', b'"reason":"whim"'))) == "notice"
    assert refused(signed("tip", body.replace(b'"format":"1"', b'"format":"9"'))) == "notice"
    assert refused(later, replace(one.dao, at=NOW - timedelta(hours=1))) == "clock"
    with pytest.raises(InvalidInputError):
        recall_inbox.receive_notice(stores, one.dao, b"{}")
    with pytest.raises(ForbiddenError):
        recall_inbox.receive_notice(stores, officer(stores, "lee", "sfi", "XC", Role.CONTRIBUTE), later)
    assert names_found(stores, one.dao, "Rahim Uddin") == 1
    kept, _ = recall_inbox.receive_notice(stores, one.dao, later)
    assert names_found(stores, one.dao, "Rahim Uddin") == names_found(stores, one.dao, "Karim Boatman") == 0
    assert {i.what for i in kept.items} == {What.RECORD}
    assert refused(first) == "older"
    assert refused(signed("tip", body.replace(b'"text":""', b'"text":"again"'))) == "replay"


def test_two_officers_write_a_recall_and_the_second_logs_in_again(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin")))
    package, _ = released(installation, desk, ordered(desk))
    good = TypedNotice(NoticeKind.RECALL, DAY, RecallReason.ERROR.value)
    for flawed, name in (
        (replace(good, deadline="soon"), "deadline"),
        (replace(good, deadline="2020-01-01"), "deadline"),
        (replace(good, reason="whim"), "reason"),
        (replace(good, items=("0" * 32,)), "items"),
        (replace(good, kind=NoticeKind.CORRECTION), "items"),
        (replace(good, text="x" * 501), "text"),
    ):
        with pytest.raises(InvalidInputError) as error:
            recalls.draft_notice(stores, desk.maker, package.id, flawed)
        assert name in error.value.fields
    with pytest.raises(ForbiddenError):
        recalls.draft_notice(stores, desk.lead, package.id, good)
    draft = recalls.draft_notice(stores, desk.maker, package.id, good)

    with pytest.raises(ConflictError, match="A draft is not handed out"):
        recalls.write_notice_file(stores, desk.maker, draft.id)
    with pytest.raises(ForbiddenError, match="You made this draft"):
        recalls.release_notice(installation, desk.maker, draft.id, PASSWORD, "")
    with pytest.raises(InvalidInputError, match="Nothing was done"):
        recalls.release_notice(installation, desk.second, draft.id, "wrong", "")
    recalls.discard_notice(stores, desk.maker, draft.id)
    with pytest.raises(ConflictError, match="discarded already"):
        recalls.release_notice(installation, desk.second, draft.id, PASSWORD, "")
    victim = recalls.draft_notice(stores, desk.maker, package.id, replace(good, reason=RecallReason.VICTIM.value))
    with pytest.raises(ConflictError, match="A victim waits"):
        recalls.discard_notice(stores, desk.second, victim.id)
    done = recalls.release_notice(installation, desk.second, victim.id, PASSWORD, "")
    assert (done.number, done.state, done.whole) == (1, NoticeState.RELEASED, True)
