"""The post through the browser's requests and by command: a card pinned, a package sent, hurried, taken back; what came is listed."""

import hashlib
import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from jpa.cli import main, refusal
from jpa.cli import post as commands
from jpa.cli.parts import _wanted
from jpa.errors import JpaError
from jpa.model.job import JobKind, JobState
from jpa.model.officer import Role
from jpa.model.package import PackageState
from jpa.model.post import Arrival, Parcel, PostState
from jpa.services import agencies, packages, post_cards
from jpa.services.installation import Installation
from jpa.services.package_setting import Order
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer
from tests.integration.services.test_packages import MONEY
from tests.web.conftest import PASSWORD, Login, asking, worked
from tests.web.test_packages import commands as package_commands
from tests.web.test_packages import post
from tests.web.test_packages import run as package_run
from tests.web.test_recalls import sent

__all__ = ["package_commands"]


@pytest.fixture(autouse=True)
def _empty(installation: Installation) -> None:
    with installation.operations.writing() as connection:
        for table in ("post_items", "post_arrivals", "post_partners"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 -- a constant


def card_of(stores: Stores, address: str | None = "https://127.0.0.1:9") -> bytes:
    """Sign the recipient's post card, as its installation would."""
    there = officer(stores, "chief-sfi", "sfi", "XC", Role.ADMINISTRATOR)
    reached = replace(stores, settings=stores.settings.model_copy(update={"post_address": address}))
    return post_cards.write_post_card_file(reached, there)[1]


def test_a_package_is_sent_from_its_page_hurried_and_taken_back(
    login: Login, installation: Installation, stores: Stores, wulan: Ask
) -> None:
    maker, _second = login(Role.LIAISON), login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    chief = login(Role.ADMINISTRATOR)
    package, _record, _closed = sent(installation, wulan)
    assert "Nothing sent by post yet" in maker.get("/packages/post/").text
    assert f"/packages/post/send/{package}" in maker.get(f"/packages/{package}").text
    status, unpinned = post(maker, f"/packages/post/send/{package}", kind="package")
    assert (status, "No address of sfi is pinned" in unpinned) == (422, True)
    assert "No post card pinned" in chief.get("/packages/post/places").text
    assert post(chief, "/packages/post/places", card=(io.BytesIO(b"nothing"), "c.jsonl"))[0] == 422
    assert post(chief, "/packages/post/places")[0] == 422
    card = card_of(stores)
    assert post(maker, "/packages/post/places", card=(io.BytesIO(card), "c.jsonl"))[0] == 403
    _, pinned = post(chief, "/packages/post/places", card=(io.BytesIO(card), "c.jsonl"))
    assert "https://127.0.0.1:9" in pinned
    own = maker.get("/packages/post/card")
    assert (b'"jpa":"post-card"' in own.data, "post-XA-tip.jsonl" in own.headers["Content-Disposition"]) == (True, True)

    for kind in ("letter", "proposals", "receipt", "notice"):
        assert post(maker, f"/packages/post/send/{package}", kind=kind)[0] in {404, 422}, kind
    _, listed = post(maker, f"/packages/post/send/{package}", kind="package")
    item = re.findall(r'action="(/packages/post/[0-9a-f]{32})/take-back"', listed)[0]
    assert "0 of" in listed
    assert "waiting" in maker.get(f"/packages/{package}").text
    assert "by post: waiting" in maker.get("/packages/").text
    stranger = login(Role.LIAISON, "ucg", "XB")
    for act in ("now", "take-back"):
        assert post(stranger, f"{item}/{act}")[0] == 404
    assert package not in stranger.get("/packages/post/").text
    assert "It is tried now" in post(maker, f"{item}/now")[1]
    assert "taken back" in post(maker, f"{item}/take-back")[1]
    assert post(maker, f"{item}/take-back")[0] == 409
    status, told = post(maker, "/packages/post/proposals", proposals=(io.BytesIO(b"{}"), "p.json"))
    assert (status, "Save the file again" in told) == (422, True)


def test_a_package_leaves_by_post_at_its_release_and_what_goes_wrong_stands_on_the_start_page(
    login: Login, installation: Installation, stores: Stores, wulan: Ask
) -> None:
    maker, second = login(Role.LIAISON), login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    chief = login(Role.ADMINISTRATOR)
    package, _record, _closed = sent(installation, wulan)
    draft = drafted_again(installation, package)
    assert "Send it by post now" not in second.get(f"/packages/{draft}").text
    post(chief, "/packages/post/places", card=(io.BytesIO(card_of(stores)), "c.jsonl"))
    there = officer(stores, "chief-sfi", "sfi", "XC", Role.ADMINISTRATOR).officer
    agencies.save_officer(stores, there, NOW, active=False)
    assert "Send it by post now" in second.get(f"/packages/{draft}").text

    post(second, f"/packages/{draft}/release", password=PASSWORD, post="yes")
    assert stores.post.items("tip") == []
    done = worked(installation, JobKind.PACKAGE_RELEASE)
    [item] = stores.post.items("tip")
    told = second.get(f"/packages/{draft}").text
    before = maker.get("/?as=liaison").text
    stores.post.end(item.id, PostState.REFUSED, "Telephone them.", datetime.now(UTC))
    parcel = Parcel("sfi", "tip", "package", hashlib.sha256(b"x").hexdigest(), 1)
    stores.post.note(Arrival(parcel, "", PostState.REFUSED, "It was altered.", b"", datetime.now(UTC)))
    after = maker.get("/?as=liaison").text

    assert (done.state, "goes by post" in told, "waiting" in told, item.object) == (JobState.DONE, True, True, draft)
    assert "Refused there by post" not in before
    assert "Refused there by post" in after
    assert "It was altered." in after
    assert "Refused there" not in login(Role.LIAISON, "ucg", "XB").get("/?as=liaison").text


def drafted_again(installation: Installation, package: str) -> str:
    """Draft the same package once more, as its maker."""
    stores, maker = installation.stores, asking(installation, "liaison.tip")
    this = packages.find_package(stores, maker, package)
    return packages.draft_package(stores, maker, Order(this.case, "sfi", this.agreement, MONEY)).id


def test_what_came_is_listed_with_the_reason_for_those_who_may_know_of_it(login: Login, stores: Stores) -> None:
    reader = login(Role.LIAISON)
    parcel = Parcel("sfi", "tip", "package", hashlib.sha256(b"x").hexdigest(), 1)
    stores.post.note(Arrival(parcel, "", PostState.REFUSED, "It was <b>altered</b>.", b"", NOW))
    stores.post.note(Arrival(replace(parcel, sha256="0" * 64), "5" * 32, PostState.ARRIVED, "", b"", NOW))

    page = reader.get("/packages/post/").text

    assert "It was &lt;b&gt;altered&lt;/b&gt;." in page
    assert "5" * 12 not in page
    assert "altered" not in login(Role.LIAISON, "ucg", "XB").get("/packages/post/").text


@pytest.fixture
def run(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    @contextmanager
    def opened() -> Iterator[Installation]:
        try:
            yield installation
        except JpaError as error:
            raise refusal(error) from error

    monkeypatch.setattr(commands, "Opened", opened)

    def run(*words: str) -> tuple[int, str]:
        answer = CliRunner().invoke(main, ["post", *words], input=f"{PASSWORD}\n")
        return answer.exit_code, answer.output

    return run


def test_the_commands_write_and_pin_cards_send_and_say_how_it_stands(
    login: Login, installation: Installation, stores: Stores, wulan: Ask, tmp_path: Path,
    run: Callable[..., tuple[int, str]],
) -> None:  # fmt: skip
    for role in (Role.LIAISON, Role.ADMINISTRATOR):
        login(role)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    package, _record, _closed = sent(installation, wulan)
    (tmp_path / "sfi.jsonl").write_bytes(card_of(stores))
    me = ("--officer", "liaison.tip")

    code, told = run("card", *me, "--out", str(tmp_path / "tip.jsonl"))
    assert (code, "takes nothing (JPA_POST_PORT is not set)" in told) == (0, True)
    assert b'"jpa":"post-card"' in (tmp_path / "tip.jsonl").read_bytes()
    assert run("pin", *me, str(tmp_path / "sfi.jsonl"))[0] == 1
    assert (
        "sfi takes post at https://127.0.0.1:9"
        in run("pin", "--officer", "administrator.tip", str(tmp_path / "sfi.jsonl"))[1]
    )
    code, told = run("send", *me, "package", package)
    assert (code, "package for sfi" in told) == (0, True)
    item = re.findall(r"([0-9a-f]{32}): package", told)[0]
    assert f"{item}  to sfi  package  waiting, 0 of" in run("status", *me)[1]
    assert "tried now" in run("now", *me, item)[1]
    assert "Taken back" in run("take-back", *me, item)[1]
    assert "taken back" in run("status", *me)[1]
    assert "what has left is recalled" in run("take-back", *me, item)[1].lower()
    (tmp_path / "p.json").write_bytes(b"{}")
    assert run("send-proposals", *me, str(tmp_path / "p.json"))[0] == 1
    assert "JPA_POST_PORT" in run("listen")[1]


@pytest.mark.usefixtures("package_commands")
def test_the_command_releases_a_package_by_post_or_not_at_all(
    login: Login, installation: Installation, stores: Stores, wulan: Ask, tmp_path: Path
) -> None:
    login(Role.LIAISON)
    login(Role.SUPERVISOR, "tip", "XA", Role.LIAISON)
    package, _record, _closed = sent(installation, wulan)
    draft = drafted_again(installation, package)
    release = ("release", "--officer", "supervisor.tip", draft)
    again = f"{PASSWORD}\n\n"

    nowhere = package_run(*release)
    unpinned = package_run(*release, "--post", also=again)
    state = packages.find_package(stores, asking(installation, "liaison.tip"), draft).state
    there = officer(stores, "chief-sfi", "sfi", "XC", Role.ADMINISTRATOR)
    chief = officer(stores, "chief", "tip", "XA", Role.ADMINISTRATOR)
    post_cards.pin_post_card(stores, chief, card_of(stores))
    agencies.save_officer(stores, there.officer, NOW, active=False)
    code, told = package_run(*release, "--post", "--out", str(tmp_path / "p.age"), also=again)

    assert (nowhere[0], "--out FILE, or --post" in nowhere[1]) == (2, True)
    assert (unpinned[0], "No address of sfi is pinned" in unpinned[1], state) == (1, True, PackageState.DRAFT)
    [item] = stores.post.items("tip")
    assert (code, f"{item.id}: on its way by post." in told, item.object) == (0, True, draft), told
    assert hashlib.sha256((tmp_path / "p.age").read_bytes()).hexdigest() == item.sha256


def test_run_starts_the_listener_where_a_port_is_set(installation: Installation) -> None:
    settings = installation.settings

    parts = [_wanted(settings.model_copy(update={"post_port": port})) for port in (None, 8443)]

    assert [[short for _, short, _ in some] for some in parts] == [
        ["jpa-web", "jpa-worker"],
        ["jpa-web", "jpa-worker", "jpa-post"],
    ]
