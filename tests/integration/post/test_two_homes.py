"""Two installations, each with its home, its Neo4j and its certificate, send each other post over HTTPS while either side is killed."""

import io
import random
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from jpa.config import Settings, load_settings
from jpa.model.agreement import Purpose, Way
from jpa.model.case import Agency, TeamRole
from jpa.model.draft import TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.notice import NoticeState
from jpa.model.officer import Role
from jpa.model.package import Package, PackageState, Selection
from jpa.model.post import Posted, PostKind, PostState
from jpa.model.request import Request
from jpa.model.returns import ReturnState
from jpa.operations.post_keys import calling
from jpa.services import (
    agencies,
    agency_keys,
    cases,
    package_adoption,
    packages,
    planned,
    post,
    recalls,
    reports,
    teams,
)
from jpa.services.agreement_drafts import TypedAgreement, draft_agreement, sign_agreement
from jpa.services.cases import NewCase
from jpa.services.evidence import TypedFile
from jpa.services.installation import Installation, migrate_all, opened
from jpa.services.package_setting import Order
from jpa.services.planned import TypedPlan, post_plan
from jpa.services.stores import Ask, Stores
from jpa.sharing.courier import UNKNOWN
from tests.conftest import CHEAP, NOW
from tests.integration.keeping.conftest import jpa_at
from tests.integration.post.desks import Desk, Stand, spoken
from tests.integration.post.line import Line
from tests.processes import POST, WORKER, killed, part
from tests.web.conftest import PASSWORD, account_of, empty_accounts

TIP = Agency("tip", "Tenggara Immigration Police", "XA")
SFI = Agency("sfi", "Selat Financial Intelligence", "XC")
MONEY = Purpose.MONEY.value
MIB = 1024 * 1024
FILE = random.Random(7).randbytes(9 * MIB)


@dataclass(slots=True)
class Home:
    """One installation with an officer who may do everything that the post needs, and one who signs second."""

    here: Installation
    ask: Ask
    second: Ask
    case: str
    chief: Ask
    """Administrator."""

    @property
    def stores(self) -> Stores:
        return self.here.stores

    @property
    def agency(self) -> str:
        return self.ask.officer.agency

    def jpa(self, *words: str, role: str = "liaison", again: bool = False, **variables: str) -> str:
        """Run a command of the tutorial in this home, as one of its officers; returns what it says."""
        typed = f"{PASSWORD}\n{PASSWORD}\n\n" if again else f"{PASSWORD}\n"
        group, command, *rest = words
        login = ("--officer", f"{role}.{self.agency}")
        done = jpa_at(self.here.settings.home, group, command, *login, *rest, typed=typed, JPA_DEMO="1", **variables)
        assert done.exit_code == 0, done.output
        return done.output


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def settled(here: Installation, stores: Stores, agency: Agency, now: datetime) -> Home:
    empty_accounts(here)
    for known in (TIP, SFI):
        agencies.save_agency(stores, known, NOW)
    both = (Role.LIAISON, Role.LEAD, Role.CONTRIBUTE)
    first = Ask(account_of(here, stores, Role.LIAISON, agency.id, agency.state, *both).officer, now)
    second = Ask(account_of(here, stores, Role.SUPERVISOR, agency.id, agency.state, Role.LIAISON).officer, now)
    chief = Ask(account_of(here, stores, Role.ADMINISTRATOR, agency.id, agency.state).officer, now)
    case = cases.open_case(
        stores, first, NewCase("C-1", "Boat")
    ).id  # closed to all but its team: the post reaches it all the same
    teams.join_team(stores, first, case, second.officer.id, TeamRole.MEMBER)
    return Home(here, first, second, case, chief)


def introduced(home: Home, other: Home, address: str, folder: Path) -> None:
    """Pin the card of keys, as compared by telephone, and then the post card that it signed."""
    card = re.findall("jpa-keys-1 .+", other.jpa("package", "keys"))[0]
    home.jpa("return", "pin", "--agency", other.agency, "--key", card, role="administrator")
    written = folder / f"post-{other.agency}.jsonl"
    assert address in other.jpa("post", "card", "--out", str(written), JPA_POST_ADDRESS=address)
    assert f"{other.agency} takes post at {address}" in home.jpa("post", "pin", str(written), role="administrator")


def reported(home: Home) -> tuple[str, str]:
    """Sign an agreement and report a man with nine mebibytes of film; returns the agreement and the file."""
    stores, now, marking = home.stores, home.ask.at, Marking(Tlp.AMBER, Release.NAMED_STATES, ("XC",))
    terms = TypedAgreement(
        "Memorandum", "Smuggling Protocol art. 10", ("sfi",), (MONEY,), (Way.PACKAGE.value,),
        (now - timedelta(days=30)).date().isoformat(), (now + timedelta(days=300)).date().isoformat(),
    )  # fmt: skip
    agreement = sign_agreement(stores, home.second, draft_agreement(stores, home.ask, terms).id, "sfi").id
    man = TypedRecord("1", "Person", {"name": ["Rahim Uddin"]}, role="suspect")
    said = TypedReport(
        home.case, "Boarding report", "R/1", "2024-03-12", Grade("4x4", "A", "1"), marking, records=(man,)
    )
    made = reports.add_report(stores, home.ask, said, [TypedFile("film.bin", io.BytesIO(FILE), "the film")])
    return agreement, reports.read_report(stores, home.ask, made.report.id).files[0].id


def released(home: Home, agreement: str, file: str) -> Package:
    order = Order(home.case, "sfi", agreement, MONEY, Selection(files=(file,)), compare=True)
    draft = packages.draft_package(home.stores, home.ask, order)
    return packages.release_package(home.here, home.second, draft.id, PASSWORD, "")


def put_in(home: Home, kind: str, this: str) -> Posted:
    """Send something by the command; returns the item on its way."""
    item = home.stores.post.item(re.findall("([0-9a-f]{32}): ", home.jpa("post", "send", kind, this))[0])
    assert item is not None
    return item


def listening(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


def until(home: Home, item: Posted, good: Callable[[Posted], bool], seconds: float = 90) -> Posted:
    deadline = time.monotonic() + seconds
    while True:
        found = home.stores.post.item(item.id)
        assert found is not None
        if good(found):
            return found
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


@dataclass(slots=True)
class Pair:
    """Two installations that have pinned each other's cards, and the line from the near one to the far one."""

    near: Home
    far: Home
    line: Line
    port: int
    """Where the far one takes post."""
    back: int
    """Where the near one does."""

    def worker(self, home: Home) -> AbstractContextManager[BaseProcess]:
        return part(WORKER, home.here.settings, JPA_DEMO="1")

    def listener(self, home: Home) -> AbstractContextManager[BaseProcess]:
        port = str(self.port if home is self.far else self.back)
        return part(POST, home.here.settings, JPA_DEMO="1", JPA_POST_PORT=port, JPA_BLIND_STEP="0.2")


@pytest.fixture
def pair(
    installation: Installation, stores: Stores, tmp_path: Path, founded: Callable[[Settings], Settings]
) -> Iterator[Pair]:
    now, port, back = datetime.now(UTC), free_port(), free_port()
    settings = load_settings(home=tmp_path / "far", neo4j_heap="256m", neo4j_pagecache="64m", demo=True)
    line = Line(port)
    with opened(founded(settings)) as there:
        migrate_all(there, NOW)
        there.accounts.hasher = CHEAP
        made = Pair(settled(installation, stores, TIP, now), settled(there, there.stores, SFI, now), line, port, back)
        introduced(made.near, made.far, f"https://127.0.0.1:{line.port}", tmp_path)
        introduced(made.far, made.near, f"https://127.0.0.1:{back}", tmp_path)
        yield made
    line.close()


def carried_by_hand(pair: Pair, folder: Path) -> tuple[Package, Package]:
    """Build, release, receive and acknowledge a package as files; returns how both sides have it."""
    near, far, age, receipt = pair.near, pair.far, str(folder / "package.age"), str(folder / "receipt.jsonl")
    terms = ("--case", "C-1", "--to", "sfi", "--agreement", "Memorandum", "--purpose", MONEY)
    this = re.findall("Draft ([0-9a-f]{32})", near.jpa("package", "build", *terms))[0]
    near.jpa("package", "release", this, "--out", age, role="supervisor", again=True)
    assert "1 new, 0 known, 0 refused" in far.jpa("package", "receive", age, "--receipt", receipt)
    near.jpa("package", "receive", receipt)
    return packages.find_package(near.stores, near.ask, this), packages.find_package(far.stores, far.ask, this)


def brought_through_kills(pair: Pair, package: Package, running: ExitStack) -> Posted:
    """Send nine mebibytes while the receiver, and then the sender, is killed in the middle; both are up again at the end and stay up."""
    near, far, line = pair.near, pair.far, pair.line
    sent = put_in(near, "package", package.id)
    assert post.send_by_post(near.stores, near.ask, PostKind.PACKAGE, package.id).id == sent.id
    with pair.worker(near) as sender:
        with pair.listener(far) as receiver:
            listening(pair.port)
            line.allowed = 2 * MIB
            line.reached(MIB)
            killed(receiver)
        line.allowed = 6 * MIB
        running.enter_context(pair.listener(far))
        line.reached(4 * MIB)
        killed(sender)
    line.allowed = 10**9
    running.enter_context(pair.worker(near))
    return until(near, sent, lambda i: not i.open)


def answered_back(pair: Pair, package: Package) -> Posted:
    """Adopt it over there, and send the receipt that says so the other way."""
    far = pair.far
    package_adoption.adopt_package(far.stores, far.ask, package.id, far.case, compare=True)
    return until(far, put_in(far, "receipt", package.id), lambda i: not i.open)


def bound(home: Home, other: str) -> None:
    """Sign an agreement that allows blind questions and planned actions, as each side's register has it."""
    stores, now = home.stores, home.ask.at
    terms = TypedAgreement(
        "Letters", "MoU 3", (other,), (MONEY,), (Way.QUERY.value, Way.PLANNED_ACTION.value), (now - timedelta(days=3)).date().isoformat(),
        (now + timedelta(days=300)).date().isoformat(),
    )  # fmt: skip
    sign_agreement(stores, home.second, draft_agreement(stores, home.ask, terms).id, other)


def planned_on_both_sides(pair: Pair) -> None:
    """Post a search here and an arrest there of one woman in one week, before either side has heard of the other's."""
    bound(pair.near, "sfi")
    bound(pair.far, "tip")
    for home, kind, days in ((pair.near, "search", 3), (pair.far, "arrest", 8)):
        day = (home.ask.at + timedelta(days=days)).date().isoformat()
        post_plan(
            home.stores, home.ask, TypedPlan(kind, MONEY, f"Op {kind}", day, day, name="Siti Rahmawati", born="1987")
        )


def asked_blindly(pair: Pair) -> tuple[str, str, tuple[Stand, tuple[Request, Request]]]:
    """Ask over there for a woman that they hold, in a process that ends; returns what both logs say once everything was heard.

    While both sides are at work, a return and a request go over as well.
    """
    near, far = pair.near, pair.far
    woman = TypedRecord("1", "Person", {"name": ["Siti Rahmawati"], "birthDate": ["1987"]})
    marking = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XA",))
    said = TypedReport(far.case, "Bank report", "B/1", "2024-03-12", Grade("4x4", "A", "1"), marking, records=(woman,))
    reports.add_report(far.stores, far.ask, said)
    terms = ("--partner", "sfi", "--purpose", MONEY, "--about", "T-17", "--with", "name=Siti Rahmawati")
    near.jpa("blind", "ask", *terms, "--with", "birthDate=1987", "--post")
    deadline = time.monotonic() + 90
    while any(i.open for home in (near, far) for i in home.stores.post.items(home.agency)):
        assert time.monotonic() < deadline, near.jpa("post", "status") + far.jpa("post", "status")
        time.sleep(0.2)
    talked = spoken(*(Desk(home.stores, home.ask, home.second, home.chief, home.case) for home in (near, far)))
    return near.jpa("blind", "told"), far.jpa("blind", "told"), talked


def recalled(pair: Pair, package: Package, folder: Path) -> tuple[str, Posted, Posted]:
    """Recall it, and then be a stranger to the other side; returns the notice, how it arrived, and how the next one does not."""
    near, far = pair.near, pair.far
    drafted = near.jpa("package", "recall", package.id, "--reason", "agreement ended")
    notice = re.findall("Draft ([0-9a-f]{32})", drafted)[0]
    near.jpa("package", "notice", notice, "--out", str(folder / "recall.jsonl"), role="supervisor", again=True)
    followed = until(near, put_in(near, "notice", notice), lambda i: not i.open)
    assert stranger_is_refused(pair)
    key = agency_keys.own_key(near.stores, "tip", "XA")
    agency_keys.withdraw_key(far.stores, far.chief, key.fingerprint)
    waiting = until(near, put_in(near, "notice", notice), lambda i: i.error != "")
    assert "next try" in near.jpa("post", "status")
    near.jpa("post", "take-back", waiting.id)
    return notice, followed, waiting


def stranger_is_refused(pair: Pair) -> bool:
    """Call with a certificate that nobody pinned."""
    folder = pair.far.here.settings.home.parent / "stranger"
    folder.mkdir(mode=0o700)
    context = calling(folder, pair.near.stores.post.partners(agency="sfi")[0].certificate)
    try:
        with (
            socket.create_connection(("127.0.0.1", pair.port), 5) as plain,
            context.wrap_socket(plain, server_hostname="x") as shown,
        ):
            shown.sendall(b"GET /post/1/tip/sfi/" + b"0" * 64 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            return shown.recv(16) == b""
    except (ssl.SSLError, ConnectionError):
        return True


def test_files_and_then_post_go_both_ways_between_two_homes_through_kills_on_either_side(
    pair: Pair, tmp_path: Path
) -> None:
    near, far = pair.near, pair.far
    agreement, file = reported(near)
    by_hand = carried_by_hand(pair, tmp_path)
    package = released(near, agreement, file)
    planned_on_both_sides(pair)

    with ExitStack() as running:
        arrived = brought_through_kills(pair, package, running)
        carried = pair.line.carried
        running.enter_context(pair.listener(near))
        running.enter_context(pair.worker(far))
        listening(pair.back)
        answered = answered_back(pair, package)
        acknowledged = packages.find_package(near.stores, near.ask, package.id)
        told, was, (decided, (ours, theirs)) = asked_blindly(pair)
        notice, followed, waiting = recalled(pair, package, tmp_path)

    assert [p.state for p in by_hand] == [PackageState.ACKNOWLEDGED, PackageState.RECEIVED]
    assert (arrived.state, arrived.sent, arrived.error) == (PostState.ARRIVED, arrived.size, "")
    assert carried < arrived.size + 5 * MIB, "what was there was sent again: six mebibytes stood before the last start"
    assert (answered.state, answered.error) == (PostState.ARRIVED, "")
    assert [a.text for a in acknowledged.acts[1:]] == [
        "received: 1 new, 0 known, 0 refused", "adopted: 1 new, 0 known, 0 refused",
    ]  # fmt: skip
    assert "asked Selat Financial Intelligence (asked by post" in told
    assert "hit, ask" in told
    assert "was asked by Tenggara Immigration Police (asked by post" in was
    assert "answer not known here" in was
    assert decided == ("fewer than before", "Where are the others?", ReturnState.ACCEPTED)
    assert [m.id for m in ours.moves] == [m.id for m in theirs.moves]
    assert [m.kind.value for m in ours.moves] == ["sent", "acknowledged", "answered in full"]
    assert (ours.moves[-1].text, ours.state) == ("He is known.", theirs.state)
    [met], [met_there] = (planned.read_board(home.stores, home.ask).met for home in (near, far))
    assert (met.other.id, met_there.other.id, met.collision.elsewhere) == ("sfi", "tip", True)
    assert (met.reference, met.own) == (met_there.own, met_there.reference)
    assert (followed.state, followed.error) == (PostState.ARRIVED, "")
    assert recalls.read_notice(near.stores, near.ask, notice)[0].state is NoticeState.ACKNOWLEDGED
    assert {p.id: p.state for p in packages.list_packages(far.stores, far.ask)} == {
        package.id: PackageState.RECALLED,
        by_hand[0].id: PackageState.RECEIVED,
    }
    assert (waiting.state, waiting.error) == (PostState.WAITING, UNKNOWN)
    assert [(a.state, a.reason) for a in post.read_post(far.stores, far.ask).came] == [(PostState.ARRIVED, "")] * 8
    assert list((far.here.settings.home / "post").glob("*/*")) == []
    assert near.stores.audit.verify().whole
    assert far.stores.audit.verify().whole
