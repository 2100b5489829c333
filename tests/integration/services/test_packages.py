"""Packages on the real store: chosen, drafted, released by two, received elsewhere, adopted, acknowledged.

Two installations share one server here, one after the other: the graph is emptied in between, and the keys of both agencies stay.
"""

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, JpaError, NotFoundError
from jpa.model.account import Account
from jpa.model.agreement import Purpose, Way
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.model.package import Package, PackageState, Selection
from jpa.services import (
    agencies,
    agency_keys,
    agreement_drafts,
    cases,
    evidence,
    package_adoption,
    package_inbox,
    packages,
    reports,
    resolution,
    retractions,
)
from jpa.services.agreement_drafts import TypedAgreement, TypedCeiling
from jpa.services.cases import NewCase
from jpa.services.evidence import TypedFile
from jpa.services.installation import Installation
from jpa.services.package_setting import Order
from jpa.services.release_upkeep import sweep_releases, sweep_work
from jpa.services.stores import Ask, Stores
from jpa.sharing.closing import open_closed
from tests.conftest import EMPTY, NOW, officer
from tests.web.conftest import PASSWORD, account_of, empty_accounts

SHARED = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XC",))
RECIPIENT = Agency("sfi", "Selat Financial Intelligence", "XC")
MONEY = Purpose.MONEY.value


@dataclass(frozen=True, slots=True)
class Desk:
    """The sender's side: a case, its lead, the one who drafts, the one who releases."""

    case: str
    lead: Ask
    maker: Ask
    second: Ask
    agreement: str


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    return set_desk(installation, stores)


def set_desk(installation: Installation, stores: Stores) -> Desk:
    """Open a case at an agency that may send packages to another, with two officers who may release them."""
    empty_accounts(installation)
    lead = officer(stores, "wulan", "tip", "XA", Role.CONTRIBUTE, Role.LEAD, Role.ANALYST)
    maker = asking(account_of(installation, stores, Role.LIAISON, "tip", "XA"))
    second = asking(account_of(installation, stores, Role.SUPERVISOR, "tip", "XA", Role.LIAISON))
    agencies.save_agency(stores, RECIPIENT, NOW)
    pin(stores, "tip", RECIPIENT)
    agreement = agreed(stores, maker, second)
    case = cases.open_case(stores, lead, NewCase("T-1", "Boat", open_in_agency=True)).id
    return Desk(case, lead, maker, second, agreement)


def asking(account: Account) -> Ask:
    return Ask(account.officer, NOW)


def agreed(stores: Stores, maker: Ask, second: Ask, **more: Any) -> str:
    typed = TypedAgreement(
        "Memorandum", "Smuggling Protocol art. 10", ("sfi",), (MONEY,), (Way.PACKAGE.value,), "2026-01-01", "2027-12-31", **more
    )  # fmt: skip
    drafted = agreement_drafts.draft_agreement(stores, maker, typed)
    return agreement_drafts.sign_agreement(stores, second, drafted.id, "sfi").id


def pin(stores: Stores, at: str, whose: Agency) -> None:
    chief = officer(stores, f"chief-{at}", at, "XA" if at == "tip" else "XC", Role.ADMINISTRATOR)
    card = agency_keys.own_key(stores, whose.id, whose.state).card
    agency_keys.pin_key(stores, chief, whose.id, card.text)


def report(case: str, *records: TypedRecord, marking: Marking = SHARED, text: str = "", **more: Any) -> TypedReport:
    return TypedReport(
        case, "Boarding report", "R/1", "2024-03-12", Grade("4x4", "A", "1"), marking, text, records=records, **more
    )  # fmt: skip


def person(ref: str, name: str, role: str = "suspect", **more: list[str]) -> TypedRecord:
    return TypedRecord(ref, "Person", {"name": [name], **more}, role=role)


def phone(ref: str, number: str) -> TypedRecord:
    return TypedRecord(ref, "Phone", {"number": [number]})


def ordered(desk: Desk, **ticked: Any) -> Order:
    return Order(desk.case, "sfi", desk.agreement, MONEY, Selection(**ticked))


def released(here: Installation, desk: Desk, order: Order) -> tuple[Package, bytes]:
    made = packages.draft_package(here.stores, desk.maker, order)
    package = packages.release_package(here, desk.second, made.id, PASSWORD, "")
    return package, b"".join(packages.write_package_file(here.stores, desk.maker, made.id)[1])


@pytest.fixture
def abroad(installation: Installation, stores: Stores) -> Callable[[], tuple[Ask, str]]:
    """Leave for the recipient's installation: an empty graph where its own people work."""

    def leave() -> tuple[Ask, str]:
        stores.graph.upkeep(lambda tx: tx.run(EMPTY).consume())
        agencies.save_agency(stores, RECIPIENT, NOW)
        agencies.save_agency(stores, Agency("tip", "Tenggara Immigration Police", "XA"), NOW)
        empty_accounts(installation)
        dao = officer(stores, "dao", "sfi", "XC", Role.LIAISON, Role.LEAD, Role.CONTRIBUTE, Role.ANALYST)
        pin(stores, "sfi", Agency("tip", "", "XA"))
        return dao, cases.open_case(stores, dao, NewCase("S-1", "Money", open_in_agency=True)).id

    return leave


def test_a_package_goes_from_two_officers_to_a_case_abroad_and_its_receipt_comes_back(
    installation: Installation, stores: Stores, desk: Desk, abroad: Callable[[], tuple[Ask, str]]
) -> None:
    made = reports.add_report(
        stores,
        desk.lead,
        report(
            desk.case, person("1", "Rahim Uddin"), person("2", "Rahim Udin"), phone("3", "+66812345678"), text="Seen at night.",
            links=(TypedLink("USES", "1", "3"),),
        ),
        [TypedFile("scan.pdf", io.BytesIO(b"%PDF scan"), "the scan")],
    )  # fmt: skip
    resolution.judge(stores, desk.lead, made.records[0].id, made.records[1].id, Verdict.SAME, "same scar")
    file = evidence_of(stores, desk, made.report.id)
    order = ordered(desk, texts=True, files=(file,))

    manifest, seen = packages.preview_package(stores, desk.maker, order)
    package, closed = released(installation, desk, order)

    assert (manifest.marking.tlp, manifest.counts.records, manifest.counts.evidence) == ("TLP:AMBER", "3", "1")
    assert {t.caption for t in seen.things} == {"Rahim Uddin", "Rahim Udin", "+66 81 234 5678"}
    assert package.state is PackageState.RELEASED
    assert b"Rahim" not in closed

    dao, case = abroad()
    arrived, new = package_inbox.receive_package(stores, dao, io.BytesIO(closed))
    again, second = package_inbox.receive_package(stores, dao, io.BytesIO(closed))
    assert (new, second, arrived.id) == (True, False, again.id)
    assert (arrived.new, arrived.known, arrived.refused) == (4, 0, 0)
    shown = package_inbox.read_arrived(stores, dao, arrived.id).shown
    assert [t.caption for t in shown.things] == [t.caption for t in seen.things]
    adopted = package_adoption.adopt_package(stores, dao, arrived.id, case, compare=True)
    assert adopted.state is PackageState.ADOPTED
    with pytest.raises(ConflictError, match="adopted already"):
        package_adoption.adopt_package(stores, dao, arrived.id, case, compare=True)

    there = reports.read_report(stores, dao, made.report.id)
    assert {r.content_hash for r in there.records} == {r.content_hash for r in made.records}
    assert {r.agency for r in there.records} == {"tip"}
    assert there.report.marking == SHARED
    assert [t.link.content_hash for t in there.links] == [k.content_hash for k in made.links]
    assert b"".join(evidence.open_file(stores, dao, there.files[0].id, "reading")[1]) == b"%PDF scan"
    name, receipt = package_inbox.write_receipt_file(stores, dao, arrived.id)
    assert name.startswith("receipt-XC-")
    assert b'"state":"adopted"' in receipt
    assert b"Rahim" not in receipt


def evidence_of(stores: Stores, desk: Desk, this: str) -> str:
    return reports.read_report(stores, desk.lead, this).files[0].id


def audited(stores: Stores, tag: AuditTag) -> list[tuple[str, str]]:
    """Return outcome and cause of the newest events of a kind, newest first."""
    found = stores.audit.events(tag=tag.value, limit=50)
    return [(str(e.outcome), str(e.details.get("cause", ""))) for e in found if e.outcome is not None]


def plain_of(stores: Stores, package: Package) -> bytes:
    """Return everything that a package says, as the recipient's key opens it."""
    with packages.working(stores) as folder:
        packages.fetch(stores, package.id, package.acts[0].code, folder / "closed")
        open_closed(folder / "closed", folder / "plain", stores.agency_keys.opener("sfi"))
        with zipfile.ZipFile(folder / "plain") as opened:
            return b"\n".join(opened.read(name) for name in opened.namelist())


def test_no_tick_sends_a_victim_a_migrant_or_what_is_marked_for_others(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    victim = TypedVictim({"name": ["Siti Secretname"]}, {})
    made = reports.add_report(
        stores,
        desk.lead,
        report(
            desk.case, person("1", "Rahim Uddin"), person("2", "Nasima Begumjaan", "smuggled migrant"),
            phone("3", "+66898259791"), phone("4", "+66811111111"),
            person("5", "Karim Boatman", "associate", notes=["travelled with NASIMA  Begumjaan"]),
            person("6", "Jalal Caller", "associate", notes=["rang 089 825 9791 twice"]),
            text="Siti Secretname and Nasima Begumjaan were aboard.", victims=(victim,),
            links=(TypedLink("USES", "2", "3"), TypedLink("USES", "1", "4"), TypedLink("USES", "2", "4")),
        ),
        [TypedFile("list.txt", io.BytesIO(b"Nasima Begumjaan"), "the list")],
    )  # fmt: skip
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Redmark Person"), marking=Marking(Tlp.RED)))
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Ownmark Person"), marking=Marking()))
    elsewhere = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",))
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Elsewhere Person"), marking=elsewhere))
    red = cases.open_case(stores, desk.lead, NewCase("T-2", "Other", open_in_agency=True)).id
    same = reports.add_report(stores, desk.lead, report(red, person("1", "Omar Faruk", "smuggled migrant")))
    twin = reports.add_report(
        stores, desk.lead, report(desk.case, person("1", "Umar Farukh"), phone("2", "+66822222222"))
    )
    resolution.judge(stores, desk.lead, same.records[0].id, twin.records[0].id, Verdict.SAME, "same prints")

    package, _ = released(
        installation, desk, ordered(desk, texts=True, files=(evidence_of(stores, desk, made.report.id),))
    )

    content = plain_of(stores, package).decode()
    for name in (
        "Nasima",
        "NASIMA",
        "Secretname",
        "Redmark",
        "Ownmark",
        "Elsewhere",
        "Karim",
        "898259791",
        "Faruk",
        "migrant",
    ):
        assert name not in content, name
    assert ("Rahim Uddin" in content, "+66811111111" in content, "+66822222222" in content) == (True, True, True)
    assert (
        dict(package.withheld)
        == {
            "is, names or identifies a protected person": 7,  # Nasima, her phone, two who are said to know her, Umar; text, file
            "marked for others than the recipient": 2,  # of what is TLP:RED the liaison officer does not know
            "ties something that stays": 2,
        }
    )


def test_ticks_by_kind_grade_tag_and_distance_narrow_what_goes(stores: Stores, desk: Desk) -> None:
    reports.add_report(
        stores,
        desk.lead,
        report(
            desk.case, person("1", "Rahim Uddin"), phone("2", "+66812345678"), person("3", "Karim Boatman", "associate"),
            person("4", "Lone Sailor", "mentioned", keywords=["Boats"]),
            links=(TypedLink("USES", "1", "2"), TypedLink("USES", "3", "2")),
        ),
    )  # fmt: skip
    weak = replace(report(desk.case, person("1", "Weak Rumour", "mentioned")), grade=Grade("4x4", "X", "4"))
    said = reports.add_report(stores, desk.lead, weak)

    def seen(**ticked: Any) -> set[str]:
        return {t.caption for t in packages.preview_package(stores, desk.maker, ordered(desk, **ticked))[1].things}

    number, everybody = "+66 81 234 5678", {"Rahim Uddin", "Karim Boatman", "Lone Sailor", "Weak Rumour"}
    assert seen() == {*everybody, number}
    assert seen(types=("Phone",)) == {number}
    assert seen(hops=0) == {"Rahim Uddin"}
    assert seen(hops=1) == {"Rahim Uddin", number}
    assert seen(hops=2) == {"Rahim Uddin", number, "Karim Boatman"}
    assert seen(tags=("boats", "nothing")) == {"Lone Sailor"}
    assert seen(least_grade=0.5) == {*everybody, number} - {"Weak Rumour"}
    assert seen(left_out=(said.records[0].id,)) == {*everybody, number} - {"Weak Rumour"}
    assert packages.list_packages(stores, desk.maker) == [], "a preview keeps nothing"


def test_nothing_goes_outside_an_agreement_above_its_ceiling_or_to_whom_no_key_is_known(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin")))
    good = ordered(desk)
    late = replace(desk.maker, at=desk.maker.at + timedelta(days=800))
    low = agreed(stores, desk.maker, desk.second, ceilings={"sfi": TypedCeiling(tlp=Tlp.GREEN.value)})
    agencies.save_agency(stores, Agency("xyz", "Keyless", "XD"), NOW)
    for ask, order, cause in (
        (desk.maker, replace(good, agreement="f" * 32), "agreement"),
        (desk.maker, replace(good, purpose="curiosity"), "purpose"),
        (desk.maker, replace(good, partner="nobody"), "partner"),
        (desk.maker, replace(good, partner="xyz"), "none"),
        (late, good, "expired"),
        (desk.maker, replace(good, agreement=low), "empty"),
        (desk.maker, ordered(desk, types=("Vessel",)), "empty"),
    ):
        with pytest.raises(InvalidInputError):
            packages.draft_package(stores, ask, order)
        assert audited(stores, AuditTag.PACKAGE_DRAFTED)[0] == ("refused", cause)
    with pytest.raises(InvalidInputError) as above:
        packages.draft_package(stores, desk.maker, replace(good, agreement=low))
    assert "above the ceiling of the agreement" in above.value.fields[""]
    with pytest.raises(ForbiddenError):
        packages.draft_package(stores, desk.lead, good)
    with pytest.raises(NotFoundError):
        packages.draft_package(stores, desk.maker, replace(good, case="0" * 32))
    made = packages.draft_package(stores, desk.maker, good)
    agreement_drafts.end_agreement(stores, desk.maker, desk.agreement, "over")
    with pytest.raises(InvalidInputError) as ended:
        packages.release_package(installation, desk.second, made.id, PASSWORD, "")
    assert ended.value.cause in {"ended", "agreement"}
    officer(stores, "dao", "sfi", "XC", Role.LIAISON)
    with pytest.raises(InvalidInputError) as here:
        packages.draft_package(stores, desk.maker, replace(good, agreement=low))
    assert here.value.cause == "here"
    assert packages.list_packages(stores, desk.maker)[0].state is PackageState.DRAFT


def test_a_release_needs_a_second_officer_who_logs_in_again_and_finds_nothing_changed(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    made = reports.add_report(
        stores, desk.lead, report(desk.case, person("1", "Rahim Uddin"), person("2", "Karim Boatman"))
    )
    draft = packages.draft_package(stores, desk.maker, ordered(desk))

    with pytest.raises(ForbiddenError, match="You made this draft"):
        packages.release_package(installation, desk.maker, draft.id, PASSWORD, "")
    with pytest.raises(InvalidInputError, match="Nothing was done"):
        packages.release_package(installation, desk.second, draft.id, "wrong", "")
    with pytest.raises(ConflictError, match="A draft is not handed out"):
        packages.write_package_file(stores, desk.maker, draft.id)
    retractions.retract_record(stores, desk.lead, made.records[1].id, "wrong man")
    with pytest.raises(ConflictError, match="not what was drafted"):
        packages.release_package(installation, desk.second, draft.id, PASSWORD, "")
    packages.discard_package(stores, desk.maker, draft.id, "corrected")
    with pytest.raises(ConflictError, match="discarded already"):
        packages.release_package(installation, desk.second, draft.id, PASSWORD, "")
    package, _ = released(installation, desk, ordered(desk))
    assert (package.records, package.state) == (1, PackageState.RELEASED)
    sweep_work(stores, NOW + timedelta(days=9999))  # what other tests left
    left = stores.settings.work_dir / "left-by-a-crash"
    left.mkdir(parents=True)
    (left / "data-entities.jsonl").write_text("Rahim", encoding="utf-8")
    sweep_releases(stores, NOW + timedelta(days=9999))
    assert (sweep_work(stores, NOW), sweep_work(stores, NOW + timedelta(days=9999)), left.exists()) == (0, 1, False)
    assert len(b"".join(packages.write_package_file(stores, desk.maker, package.id)[1])) > 500
    assert packages.read_release(stores, desk.second, package.id).this.made_by == desk.maker.officer.id


def test_of_two_releases_at_once_one_stands_and_nobody_releases_their_own(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Rahim Uddin")))
    draft = packages.draft_package(stores, desk.maker, ordered(desk))
    third = asking(account_of(installation, stores, Role.LEAD, "tip", "XA", Role.LIAISON))
    both, ended = Barrier(3), dict[str, str]()

    def release(ask: Ask) -> None:
        both.wait()
        try:
            packages.release_package(installation, ask, draft.id, PASSWORD, "")
            ended[ask.officer.id] = "released"
        except JpaError as error:
            ended[ask.officer.id] = type(error).__name__

    threads = [Thread(target=release, args=(ask,)) for ask in (desk.second, third, desk.maker)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ended[desk.maker.officer.id] == "ForbiddenError"
    assert sorted([ended[desk.second.officer.id], ended[third.officer.id]]) == ["ConflictError", "released"]
    acts = packages.find_package(stores, desk.maker, draft.id).acts
    assert [a.kind.value for a in acts] == ["released"]
    assert acts[0].by != desk.maker.officer.id
