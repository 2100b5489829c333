"""Blind questions by signed files: asked, answered once, heard once; and every file that is not what it should be."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from jpa.errors import ConflictError, InvalidInputError
from jpa.interchange.blind_file import ANSWER, QUESTION, read_answer, read_question, write_answer, write_question
from jpa.model.audit import AuditTag, Outcome
from jpa.model.blind import LONGEST_OPEN
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.operations.messages import sign_message
from jpa.services import blind_files, blind_log
from jpa.services.blind_files import answer_file, ask_by_file, hear_answer, sweep_questions
from jpa.services.installation import Installation
from jpa.services.stores import Ask, Stores
from jpa.sharing.blind import ELEMENT, ENTRY, OUTPUT, SIZE, answer_blind, asked_again
from tests.conftest import NOW, officer
from tests.partners import agreed, person, question, said


@pytest.fixture
def liaison(stores: Stores) -> Ask:
    agreed(stores)
    return officer(stores, "perera", "tip", "XA", Role.LIAISON)


@pytest.fixture
def desk(stores: Stores, liaison: Ask) -> Ask:
    officer(stores, "tip.too", "tip", "XA", Role.LEAD)
    assert liaison.officer.agency == "tip"
    return officer(stores, "desk", "ucg", "XB", Role.LIAISON)


def refused(stores: Stores, ask: Ask, content: bytes) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as error:
        answer_file(stores, ask, content)
    event = stores.audit.events(tag=AuditTag.BLIND_ANSWERED.value, limit=1)[0]
    assert event.outcome is Outcome.REFUSED
    return error.value.fields.get("file", str(error.value.fields)), str(event.details.get("cause", ""))


def test_a_question_travels_and_only_the_asker_learns_the_answer(
    stores: Stores, liaison: Ask, desk: Ask, prasert: Ask
) -> None:
    record = said(stores, prasert, "U-1", person("Rahim Uddin")).records[0]
    said(stores, prasert, "U-2", person("Karim Wong"), marking=Marking())

    opened, file = ask_by_file(stores, liaison, question())
    heard = hear_answer(stores, liaison, answer_file(stores, desk, file))
    later = replace(liaison, at=NOW + timedelta(minutes=1))
    _other, file = ask_by_file(stores, later, question(name="Karim Wong", birthDate="1987"))
    nothing = hear_answer(stores, liaison, answer_file(stores, desk, file))

    [reference] = heard.references
    asked, was = blind_log.read_log(stores, liaison).lines, blind_log.read_log(stores, desk).lines
    assert (heard.partner.id, heard.desk, nothing.references) == ("ucg", "Utara Coast Guard", ())
    assert [(line.asked, line.this.hit) for line in asked] == [(True, False), (True, True)]
    assert [(line.asked, line.this.hit, line.about) for line in was] == [(False, None, ""), (False, None, "")]
    holder = next(line.this.id for line in was if line.this.question == opened)
    found = blind_log.find_reference(stores, prasert, holder, reference)
    assert found.glance is not None
    assert found.glance.id == record.id
    assert blind_log.find_reference(stores, desk, holder, reference).glance is None


def test_the_files_of_a_hit_and_of_none_have_the_same_form(
    stores: Stores, liaison: Ask, desk: Ask, prasert: Ask
) -> None:
    said(stores, prasert, "U-1", person("Rahim Uddin"))
    files = []
    for typed in (
        question(),
        question(name="Nobody Known Here", birthDate="1960"),
        question("Phone", number="+66898259791"),
    ):
        _, asked = ask_by_file(stores, liaison, typed)
        answer = answer_file(stores, desk, asked)
        sent = read_question(asked.partition(b"\n")[2], ELEMENT)
        came = read_answer(answer.partition(b"\n")[2], OUTPUT, ENTRY)
        files.append((len(asked), len(sent.elements), len(answer), len(came.outputs), len(came.entries)))

    assert len({f[1:2] + f[3:] for f in files}) == 1
    assert files[0][1:2] + files[0][3:] == (SIZE, SIZE, 256)
    assert max(f[0] for f in files) - min(f[0] for f in files) == 0
    assert max(f[2] for f in files) - min(f[2] for f in files) == 0


def other_answer(stores: Stores, file: bytes, answer: bytes) -> bytes:
    """Sign another answer to the same question, as a dishonest holder could."""
    asked, first = (
        read_question(file.partition(b"\n")[2], ELEMENT),
        read_answer(answer.partition(b"\n")[2], OUTPUT, ENTRY),
    )
    made = answer_blind(asked.elements, {}, secrets.token_bytes(32), asked.id.encode())
    body = write_answer(replace(first, public=made.public, outputs=made.outputs, entries=made.entries))
    return sign_message(stores.agency_keys.signer("ucg"), ANSWER, body).encode() + b"\n" + body


def test_an_answer_is_given_once_and_heard_once(stores: Stores, liaison: Ask, desk: Ask) -> None:
    opened, file = ask_by_file(stores, liaison, question())
    answer = answer_file(stores, desk, file)

    assert refused(stores, desk, file) == (
        "It was answered before. An answer is given once; let them ask anew.",
        "replay",
    )
    heard = hear_answer(stores, liaison, answer)
    assert stores.questions.find("tip", opened) is None
    assert hear_answer(stores, liaison, answer) == heard, "the same answer again changes nothing"
    with pytest.raises(ConflictError):
        hear_answer(stores, liaison, other_answer(stores, file, answer))


def test_every_file_that_is_not_what_it_should_be_has_its_own_refusal(stores: Stores, liaison: Ask, desk: Ask) -> None:
    _, file = ask_by_file(stores, liaison, question())
    line, _, body = file.partition(b"\n")
    foreign = Ed25519PrivateKey.from_private_bytes(secrets.token_bytes(32))
    own = stores.agency_keys.signer("tip")
    asked = read_question(body, ELEMENT)

    def resigned(**changed: object) -> bytes:
        other = write_question(replace(asked, **changed))  # type: ignore[arg-type]
        return sign_message(own, QUESTION, other).encode() + b"\n" + other

    assert (
        "is not pinned here" in refused(stores, desk, sign_message(foreign, QUESTION, body).encode() + b"\n" + body)[0]
    )
    assert "cut off" in refused(stores, desk, file[:-20])[0]
    assert "altered" in refused(stores, desk, line + b"\n" + body.replace(b"smuggling", b"smugglinG"))[0]
    assert "not a blind-question" in refused(stores, desk, sign_message(own, ANSWER, body).encode() + b"\n" + body)[0]
    assert "no blind-question made by jpa" in refused(stores, desk, b"anything at all")[0]
    assert refused(stores, desk, resigned(to="0" * 64))[1] == "recipient"
    assert refused(stores, desk, resigned(made="2026-10-01T00:00:00Z"))[1] == "age"
    assert refused(stores, desk, resigned(made="2026-11-25T00:00:00Z"))[1] == "clock"
    assert refused(stores, desk, resigned(made="2026-13-31T00:00:00Z"))[1] in {"format", ""}
    assert "elements" in refused(stores, desk, resigned(elements=(b"x" * 31,)))[0]
    assert "elements" in refused(stores, desk, resigned(elements=asked.elements[:3]))[0]
    assert "element" in refused(stores, desk, resigned(elements=(b"\xff" * 32,) * SIZE))[0]
    assert refused(stores, desk, resigned(purpose="money laundering and proceeds"))[1] == "purpose"
    assert refused(stores, officer(stores, "own.desk", "tip", "XA", Role.LIAISON), file)[1] == "recipient"
    answer_file(stores, desk, file)


def test_files_are_limited_on_both_sides(
    stores: Stores, liaison: Ask, desk: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = ask_by_file(stores, liaison, question())
    _, second = ask_by_file(stores, liaison, question())
    monkeypatch.setattr(blind_files, "MOST_UNDER_AGREEMENT", 1)
    answer_file(stores, desk, first)

    assert refused(stores, desk, second)[1] == "limit"
    answer_file(stores, replace(desk, at=NOW + timedelta(days=1)), second)


def test_an_answer_that_is_not_what_it_should_be_is_refused(stores: Stores, liaison: Ask, desk: Ask) -> None:
    first, _ = ask_by_file(stores, liaison, question())
    _, file = ask_by_file(stores, liaison, question())
    answer = answer_file(stores, desk, file)
    said = read_answer(answer.partition(b"\n")[2], OUTPUT, ENTRY)

    def signed(by: str, **changed: str) -> bytes:
        body = write_answer(replace(said, **changed))  # type: ignore[arg-type]
        return sign_message(stores.agency_keys.signer(by), ANSWER, body).encode() + b"\n" + body

    for content, why in (
        (signed("ucg", question=first), "another question"),
        (signed("ucg", question="0" * 32), "no question that your agency"),
        (signed("ucg", digest="0" * 64), "another question"),
        (signed("ucg", made="2026-10-01T00:00:00Z"), "Ask anew"),
        (answer[:-9], "cut off"),
        (answer.replace(b"Utara", b"utara"), "altered"),
        (signed("tip"), "no question that your agency"),
    ):
        with pytest.raises(InvalidInputError, match="refused") as error:
            hear_answer(stores, liaison, content)
        assert why in error.value.fields["file"]
    stranger = officer(stores, "own.desk", "ucg", "XB", Role.LIAISON)
    with pytest.raises(InvalidInputError):
        hear_answer(stores, stranger, answer)
    assert hear_answer(stores, liaison, answer).references == ()


def test_what_opens_an_answer_lies_closed_and_is_deleted_in_time(
    installation: Installation, stores: Stores, liaison: Ask, desk: Ask
) -> None:
    this, file = ask_by_file(stores, liaison, question())
    answer = answer_file(stores, desk, file)
    kept = stores.questions.find("tip", this)
    with installation.operations.reading() as connection:
        sealed = connection.exec_driver_sql("SELECT sealed FROM blind_open WHERE question = ?", (this,)).scalar()

    assert kept is not None
    assert asked_again(kept.asked).elements == read_question(file.partition(b"\n")[2], ELEMENT).elements
    assert not any(part in bytes(sealed or b"") for part in (kept.asked[:64], b"keys", b"blinds"))
    assert stores.questions.find("ucg", this) is None
    assert sweep_questions(stores, NOW + LONGEST_OPEN - timedelta(seconds=1)) == 0
    assert sweep_questions(stores, NOW + LONGEST_OPEN + timedelta(seconds=1)) >= 1
    with pytest.raises(InvalidInputError) as late:
        hear_answer(stores, liaison, answer)
    assert "28 days ago" in late.value.fields["file"]
