"""What changes in a case propose to the recipients of its packages, and what recipients propose back, on the real store."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph import answers as answer_store
from jpa.graph.cypher import upkeep
from jpa.model.answer import AnswerKind
from jpa.model.audit import AuditTag
from jpa.model.case import Agency
from jpa.model.draft import TypedLink, TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.notice import Notice, NoticeKind, NoticeState, RecallReason, What
from jpa.model.officer import Role
from jpa.model.package import Package
from jpa.model.record import Link, Record
from jpa.operations.messages import sign_message
from jpa.services import (
    answers,
    entities,
    messages_in,
    packages,
    recalls,
    reports,
    resolution,
    retractions,
    victims,
)
from jpa.services.installation import Installation
from jpa.services.statements import Statements
from jpa.services.stores import Stores
from jpa.sharing.manifest import Party
from jpa.sharing.proposals import Item, Proposals, write_proposals
from tests.conftest import officer
from tests.integration.services.test_packages import (
    RECIPIENT,
    SHARED,
    Desk,
    audited,
    ordered,
    person,
    phone,
    released,
    report,
    set_desk,
)
from tests.web.conftest import PASSWORD

STANDING = upkeep("MATCH (n) WHERE n:Record OR n:Report OR n:Judgement OR n:NoticeAct OR n:Notice RETURN count(n) AS n")
PROPOSED = upkeep("MATCH (a:NoticeAct)-[:ABOUT]->(n:PackageAnswer) RETURN count(a) AS n")


@pytest.fixture
def desk(installation: Installation, stores: Stores) -> Desk:
    return set_desk(installation, stores)


def sent(here: Installation, desk: Desk, text: str = "") -> tuple[Statements, Package]:
    made = reports.add_report(
        here.stores,
        desk.lead,
        report(
            desk.case, person("1", "Rahim Uddin"), person("2", "Karim Boatman"), phone("3", "+66812345678"),
            text=text, links=(TypedLink("USES", "1", "3"), TypedLink("USES", "2", "3")),
        ),
    )  # fmt: skip
    return made, released(here, desk, ordered(desk, texts=True))[0]


def drafts(stores: Stores, desk: Desk) -> list[Notice]:
    return [n for line in recalls.read_board(stores, desk.maker)[0] for n in line.notices]


def correction(desk: Desk) -> TypedReport:
    return TypedReport(desk.case, "Correction", "R/2", "2024-04-01", Grade("4x4", "A", "1"), SHARED)


def test_sealing_a_victim_drafts_the_recall_of_every_package_that_held_or_names_them(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    made, first = sent(installation, desk)
    other = reports.add_report(
        stores, desk.lead, report(desk.case, person("1", "Third Person"), text="RAHIM  Uddin was with him.")
    )
    second, _ = released(installation, desk, ordered(desk, left_out=tuple(r.id for r in made.records), texts=True))
    waiting = packages.draft_package(stores, desk.maker, ordered(desk, types=("Person",)))
    reports.add_report(stores, desk.lead, report(desk.case, person("1", "Unrelated Man")))

    victims.seal_entity(stores, desk.lead, made.records[0].id, {})

    found = {n.package: n for n in drafts(stores, desk)}
    assert set(found) == {first.id, second.id}
    assert all(n.automatic and n.kind is NoticeKind.RECALL and n.state is NoticeState.DRAFT for n in found.values())
    held = {(i.what, i.id, i.reason) for i in found[first.id].items}
    assert (What.RECORD, made.records[0].id, RecallReason.VICTIM.value) in held
    assert all(i.id != made.records[1].id for i in found[first.id].items)
    assert {(i.what, i.id, i.reason) for i in found[second.id].items} == {
        (What.REPORT, other.report.id, RecallReason.OTHER.value)
    }
    for package in (first, second, waiting):
        with pytest.raises(ConflictError, match="not kept any more"):
            packages.read_package(stores, desk.maker, package.id)
    with pytest.raises(ConflictError, match="not kept any more"):
        packages.release_package(installation, desk.second, waiting.id, PASSWORD, "")
    with pytest.raises(ConflictError, match="was recalled"):
        packages.write_package_file(stores, desk.maker, first.id)
    with pytest.raises(ConflictError, match="A victim waits"):
        recalls.discard_notice(stores, desk.second, found[first.id].id)
    done = recalls.release_notice(installation, desk.second, found[first.id].id, PASSWORD, "")
    assert (done.number, done.deadline) == (1, "2026-11-27")


def test_corrections_retractions_and_undone_merges_of_what_was_released_draft_one_correction(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    made, package = sent(installation, desk)
    rahim, karim, number = made.records
    same = resolution.judge(stores, desk.lead, rahim.id, karim.id, Verdict.SAME, "same prints")
    assert drafts(stores, desk) == []

    resolution.undo(stores, desk.lead, same.id, "two men")
    reports.correct_record(stores, desk.lead, karim.id, {"name": ["Karim Boatmaker"]}, correction(desk))
    retractions.retract_link(stores, desk.lead, made.report.id, made.links[0].id, "not his")
    retractions.retract_record(stores, desk.lead, number.id, "wrong number")

    (notice,) = drafts(stores, desk)
    assert (notice.package, notice.kind, notice.automatic) == (package.id, NoticeKind.CORRECTION, True)
    assert [(i.what, i.id, i.reason) for i in notice.items] == [
        (What.RECORD, karim.id, ""),
        (What.LINK, made.links[0].id, ""),
        (What.RECORD, number.id, ""),
    ]
    assert notice.apart == ((rahim.id, karim.id),)
    done = recalls.release_notice(installation, desk.second, notice.id, PASSWORD, "")
    assert (done.number, len(done.items)) == (1, 3)
    body = recalls.write_notice_file(stores, desk.second, done.id)[1]
    assert b'"apart":[{"left":"' in body
    assert b"Karim" not in body
    retractions.retract_record(stores, desk.lead, rahim.id, "wrong man")
    later = next(n for n in drafts(stores, desk) if n.state is NoticeState.DRAFT)
    assert [(i.what, i.id) for i in later.items] == [(What.RECORD, rahim.id)]
    again = recalls.release_notice(installation, desk.second, later.id, PASSWORD, "")
    assert (again.number, len(again.items), again.apart) == (2, 4, notice.apart)


def item(kind: str, about: Record | Link, n: int, **more: str) -> Item:
    what = "record" if isinstance(about, Record) else "link"
    said = {"id": f"{n:032x}", "kind": kind, "what": what, "about": about.id, "hash": about.content_hash}
    return Item.model_validate({**said, "reference": "S-9", "text": "", **more})


def filed(package: Package, items: Sequence[Item], by: Agency = RECIPIENT) -> bytes:
    return write_proposals(
        Proposals(
            format="1", jpa="proposals", package=package.id, manifest=package.manifest,
            by=Party(agency=by.id, name=by.name, state=by.state), contact="desk 4", made="2026-11-25T10:00:00.000000+00:00",
            items=list(items),
        )
    )  # fmt: skip


def signed(stores: Stores, agency: str, body: bytes) -> bytes:
    return sign_message(stores.agency_keys.signer(agency), "proposals", body).encode() + b"\n" + body


def test_proposals_are_taken_in_once_and_accepted_or_refused_one_by_one(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    made, package = sent(installation, desk)
    rahim, karim, number = made.records
    stray = replace(rahim, id="e" * 32)
    items = [
        item("seen here too", rahim, 1, text="held in March"),
        item("not the same", rahim, 2, other=karim.id, text="other prints"),
        item("another value", karim, 3, property="name", stated="Karim Boatman", value="Karim Boatwright"),
        item("seen here too", number, 4),
        item("seen here too", stray, 5),
        item("another value", rahim, 6, property="birthDate", value="1990-05-01").model_copy(update={"hash": "0" * 64}),
    ]

    taken = messages_in.receive_message(stores, desk.maker, signed(stores, "sfi", filed(package, items)))
    again = messages_in.receive_message(stores, desk.maker, filed(package, items))

    assert taken.words.startswith("4 proposals taken in, 0 known, 2 refused")
    assert again.words.startswith("0 proposals taken in, 4 known, 2 refused")
    _, listed = answers.list_answers(stores, desk.lead, package.id)
    by_kind = {a.id[-1]: a for a in listed}
    assert {a.kind for a in listed} == set(AnswerKind)
    assert all(a.signed for a in listed)
    with pytest.raises(ForbiddenError):
        answers.accept_answer(stores, desk.maker, by_kind["1"].id)
    with pytest.raises(InvalidInputError, match="Nothing was decided"):
        answers.refuse_answer(stores, desk.lead, by_kind["4"].id, " ")
    done = {n: answers.accept_answer(stores, desk.lead, by_kind[n].id).decision for n in "123"}
    refused = answers.refuse_answer(stores, desk.lead, by_kind["4"].id, "not ours").decision
    assert refused is not None
    assert (refused.accepted, refused.text, refused.made) == (False, "not ours", "")
    assert [d.text for d in done.values() if d is not None] == [
        "a report",
        "a judgement: not the same",
        "a correction of the record",
    ]
    first, third = done["1"], done["3"]
    assert first is not None
    assert third is not None
    said = reports.read_report(stores, desk.lead, first.made).report
    assert ("held in March" in said.text, said.title) == (True, "Proposal of sfi")
    new = entities.read_entity(stores, desk.lead, third.made).entity
    assert new.caption == "Karim Boatwright"
    for n in "14":
        with pytest.raises(ConflictError, match="decided already"):
            answers.accept_answer(stores, desk.lead, by_kind[n].id)
    row = stores.graph.upkeep(lambda tx: tx.run(PROPOSED).single(strict=True))
    assert row["n"] == 4
    assert next(n for n in drafts(stores, desk)).items[0].id == karim.id, (
        "an accepted value is a correction that travels"
    )


def test_proposals_of_others_about_others_or_of_strangers_are_refused_and_logged(
    installation: Installation, stores: Stores, desk: Desk
) -> None:
    made, package = sent(installation, desk)
    good = [item("seen here too", made.records[0], 1)]
    ucg = Agency("ucg", "Utara Coast Guard", "XB")
    for content in (
        filed(replace(package, id="f" * 32), good),
        filed(replace(package, manifest="f" * 64), good),
        filed(package, good, by=ucg),
        signed(stores, "tip", filed(package, good)),
        signed(stores, "sfi", filed(package, good))[:-4],
        filed(package, good)[:-4],
    ):
        with pytest.raises(InvalidInputError):
            answers.receive_proposals(stores, desk.maker, content)
        assert audited(stores, AuditTag.ANSWER_RECEIVED)[0][0] == "refused"
    lee = officer(stores, "lee", "ucg", "XB", Role.LIAISON, Role.LEAD)
    with pytest.raises(NotFoundError):
        answers.list_answers(stores, lee, package.id)
    answers.receive_proposals(stores, desk.maker, filed(package, good))
    with pytest.raises(NotFoundError):
        answers.accept_answer(stores, lee, good[0].id)
    with pytest.raises(InvalidInputError):
        answers.sign_proposals(stores, desk.maker, filed(package, good))
    assert answers.list_answers(stores, desk.lead, package.id)[1][0].signed is False


class TornError(Exception):
    """The process ended here, as far as the store knows."""


@pytest.mark.parametrize("kind", ["seen here too", "not the same", "another value", "another value of the tie"])
def test_a_crash_while_an_item_is_accepted_leaves_nothing_half_done(
    installation: Installation, stores: Stores, desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    made, package = sent(installation, desk)
    rahim, karim, _ = made.records
    proposed = {
        "seen here too": item("seen here too", rahim, 1),
        "not the same": item("not the same", rahim, 1, other=karim.id),
        "another value": item("another value", karim, 1, property="name", stated="Karim Boatman", value="Karim Boatwright"),
        "another value of the tie": item("another value", made.links[0], 1, property="role", value="lent it"),
    }  # fmt: skip
    messages_in.receive_message(stores, desk.maker, filed(package, [proposed[kind]]))
    (this,) = answers.list_answers(stores, desk.lead, package.id)[1]
    before = stores.graph.upkeep(lambda tx: tx.run(STANDING).single(strict=True)["n"])
    decide = answer_store.decide_tx

    def torn(*given: Any) -> None:
        decide(*given)
        raise TornError

    with monkeypatch.context() as crash:
        crash.setattr(answer_store, "decide_tx", torn)
        with pytest.raises(TornError):
            answers.accept_answer(stores, desk.lead, this.id)

    after = stores.graph.upkeep(lambda tx: tx.run(STANDING).single(strict=True)["n"])
    assert after == before, "neither the item's decision nor what it became stands"
    decision = answers.accept_answer(stores, desk.lead, this.id).decision
    assert decision is not None
    assert (decision.accepted, decision.made != "") == (True, True)
    with pytest.raises(ConflictError, match="decided already"):
        answers.accept_answer(stores, desk.lead, this.id)
