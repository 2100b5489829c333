"""Blind questions between two agencies of one installation: who answers with what, what both logs say, and how probing is limited."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from neo4j import ManagedTransaction

from jpa.errors import ForbiddenError, InvalidInputError, JpaError, NotFoundError
from jpa.model import blind as model
from jpa.model.audit import AuditTag, Outcome
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking, Pap, Release, Tlp
from jpa.model.officer import Role
from jpa.services import agencies, blind, blind_log, reports, resolution, retractions, victims
from jpa.services.agreement_drafts import end_agreement
from jpa.services.blind import ask_partners
from jpa.services.stores import Ask, Stores
from jpa.sharing.pacing import Pace
from tests.conftest import NOW, officer
from tests.partners import PURPOSE, SHARED, agreed, passport, person, phone, question, said


@pytest.fixture
def liaison(stores: Stores) -> Ask:
    return officer(stores, "perera", "tip", "XA", Role.LIAISON)


@pytest.fixture
def desk(stores: Stores) -> Ask:
    return officer(stores, "desk", "ucg", "XB", Role.LIAISON)


def hit(stores: Stores, ask: Ask, kind: str = "Person", **properties: str) -> bool | None:
    return ask_partners(stores, ask, question(kind, **properties))[0].question.hit


def test_a_hit_is_a_desk_and_a_reference_and_both_sides_log_it(
    stores: Stores, liaison: Ask, desk: Ask, prasert: Ask
) -> None:
    agreed(stores)
    record = said(stores, prasert, "U-1", person("Rahim Uddin")).records[0]

    [told] = ask_partners(stores, liaison, question())
    later = replace(liaison, at=NOW + timedelta(minutes=1))
    [none] = ask_partners(stores, later, question(name="Nobody Known", birthDate="1986"))
    asked, was = blind_log.read_log(stores, liaison).lines, blind_log.read_log(stores, desk).lines
    lead = blind_log.read_question(stores, prasert, told.question.id)
    outsider = blind_log.read_question(stores, desk, told.question.id)

    assert (told.question.hit, len(told.question.references)) == (True, 1)
    assert (none.question.hit, none.question.references) == (False, ())
    assert [line.this.hit for line in asked] == [line.this.hit for line in was] == [False, True]
    assert [(line.about, line.desk) for line in asked] == [("T-17", "Utara Coast Guard")] * 2
    assert [line.about for line in was] == ["", ""]
    assert [(f.reference, f.glance and f.glance.id) for f in lead.own] == [(told.question.references[0], record.id)]
    assert [f.glance for f in outsider.own] == [None]
    assert blind_log.read_question(stores, liaison, told.question.id).own == []


def test_a_reference_leads_to_the_record_for_whoever_may_read_it_and_nobody_else(
    stores: Stores, liaison: Ask, desk: Ask, prasert: Ask, wulan: Ask
) -> None:
    agreed(stores)
    record = said(stores, prasert, "U-1", person("Rahim Uddin")).records[0]
    [told] = ask_partners(stores, liaison, question())
    [reference] = told.question.references

    found = blind_log.find_reference(stores, prasert, told.question.id, f" {reference.upper()} ")

    assert found.glance is not None
    assert found.glance.id == record.id
    assert blind_log.find_reference(stores, desk, told.question.id, reference).glance is None
    assert blind_log.find_reference(stores, wulan, told.question.id, reference).glance is None
    assert blind_log.find_reference(stores, prasert, told.question.id, "aaaaaaaaaa").glance is None
    with pytest.raises(NotFoundError):
        blind_log.read_question(stores, officer(stores, "third", "xyz", "XC", Role.LIAISON), told.question.id)


@pytest.mark.parametrize(
    ("kind", "record", "asked"),
    [
        ("Phone", phone("+66 89 825 9791"), {"number": "+66898259791"}),
        ("IdentityDocument", passport("AA 123456"), {"number": "aa123456", "country": "XB"}),
        ("Vessel", TypedRecord("1", "Vessel", {"imoNumber": ["9074729"]}), {"imoNumber": "IMO 9074729"}),
        ("BankAccount", TypedRecord("1", "BankAccount", {"accountNumber": ["4471-220-9"], "bic": ["BKKBTHBK"]}), {"accountNumber": "44712209", "bic": "BKKBTHBK"}),
    ],
)  # fmt: skip
def test_every_kind_of_thing_can_be_asked_for(
    stores: Stores, liaison: Ask, prasert: Ask, kind: str, record: TypedRecord, asked: dict[str, str]
) -> None:
    agreed(stores)
    before = hit(stores, liaison, kind, **asked)
    said(stores, prasert, "U-1", record)

    assert (before, hit(stores, liaison, kind, **asked)) == (False, True)


@pytest.mark.parametrize(
    "marking",
    [
        Marking(),
        Marking(Tlp.RED),
        Marking(Tlp.AMBER, Release.OWN_STATE),
        Marking(Tlp.AMBER, Release.NAMED_STATES, ("XC",)),
        Marking(Tlp.AMBER, Release.NAMED_STATES, ("XA",), "5"),
        Marking(Tlp.AMBER, Release.NAMED_STATES, ("XA",), pap=Pap.RED),
        Marking(Tlp.AMBER, Release.ALL_MEMBERS, (), "4"),
    ],
)
def test_nothing_answers_above_the_ceiling_of_the_agreement(
    stores: Stores, liaison: Ask, prasert: Ask, marking: Marking
) -> None:
    agreed(stores)
    said(stores, prasert, "U-1", person("Rahim Uddin"), marking=marking)

    assert hit(stores, liaison) is False


def test_what_is_withdrawn_or_corrected_away_answers_no_more(stores: Stores, liaison: Ask, prasert: Ask) -> None:
    agreed(stores)
    first = said(stores, prasert, "U-1", person("Rahim Uddin"))
    other = said(stores, prasert, "U-2", person("Somchai Prasertsak"))
    before = hit(stores, liaison), hit(stores, liaison, name="Somchai Prasertsak", birthDate="1987")
    retractions.retract_record(stores, prasert, first.records[0].id, "wrong man")
    correction = TypedReport(other.report.case, "Note", "N", "2026", Grade("4x4", "A", "1"), SHARED)
    reports.correct_record(stores, prasert, other.records[0].id, {"name": ["Somsak Wongsa"], "birthDate": ["1960"]}, correction)  # fmt: skip

    after = hit(stores, liaison), hit(stores, liaison, name="Somchai Prasertsak", birthDate="1987")

    assert (before, after) == ((True, True), (False, False))
    assert hit(stores, liaison, name="Somsak Wongsa", birthDate="1960") is True


def test_a_smuggled_migrant_and_what_identifies_only_them_never_answers(
    stores: Stores, liaison: Ask, prasert: Ask
) -> None:
    agreed(stores)
    said(
        stores, prasert, "U-1", person("Nur Begum", role="smuggled migrant"), phone("+66898259791"), passport("AA123456"),
        phone("+66898259792", "4"), person("Rahim Uddin", ref="5", role="facilitator"), passport("BB123456", "6"),
        links=(
            TypedLink("USES", "1", "2"), TypedLink("HAS_DOCUMENT", "1", "3"), TypedLink("USES", "1", "4"), TypedLink("USES", "5", "4"),
            TypedLink("HAS_DOCUMENT", "1", "6"), TypedLink("HAS_DOCUMENT", "5", "6"),
        ),
    )  # fmt: skip

    assert hit(stores, liaison, name="Nur Begum", birthDate="1987") is False
    assert hit(stores, liaison, "Phone", number="+66898259791") is False
    assert hit(stores, liaison, "IdentityDocument", number="AA123456", country="XB") is False
    assert hit(stores, liaison, "IdentityDocument", number="BB123456", country="XB") is False
    assert hit(stores, liaison, "Phone", number="+66898259792") is True
    assert hit(stores, liaison) is True


def test_a_migrant_is_guarded_in_every_record_of_theirs(stores: Stores, liaison: Ask, prasert: Ask) -> None:
    agreed(stores)
    plain = said(stores, prasert, "U-1", person("Nur Begum")).records[0]
    before = hit(stores, liaison, name="Nur Begum", birthDate="1987")
    migrant = said(stores, prasert, "U-2", person("Noor Begam", role="smuggled migrant"), marking=Marking()).records[0]
    resolution.judge(stores, prasert, plain.id, migrant.id, Verdict.SAME, "same woman")

    assert (before, hit(stores, liaison, name="Nur Begum", birthDate="1987")) == (True, False)


def test_a_sealed_victim_never_answers(stores: Stores, liaison: Ask, prasert: Ask) -> None:
    agreed(stores)
    made = said(
        stores, prasert, "U-1", person("Nur Begum"), phone("+66898259791"), links=(TypedLink("USES", "1", "2"),)
    )
    victims.seal_entity(stores, prasert, made.records[0].id, {})

    assert hit(stores, liaison, name="Nur Begum", birthDate="1987") is False
    assert hit(stores, liaison, "Phone", number="+66898259791") is False


def test_an_agency_answers_with_its_own_alone(stores: Stores, liaison: Ask, wulan: Ask) -> None:
    agreed(stores)
    said(stores, wulan, "T-1", person("Rahim Uddin"))

    assert hit(stores, liaison) is False


def cause(stores: Stores, work: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidInputError) as error:
        work()
    event = stores.audit.events(tag=AuditTag.BLIND_ASKED.value, limit=1)[0]
    assert event.outcome is Outcome.REFUSED
    return str(event.details.get("cause", "")), " ".join(error.value.fields)


def test_nothing_is_asked_outside_an_agreement(stores: Stores, liaison: Ask, prasert: Ask) -> None:
    said(stores, prasert, "U-1", person("Rahim Uddin"))

    def ask() -> object:
        return ask_partners(stores, liaison, question())

    assert cause(stores, ask) == ("none", "agreement")
    agreed(stores, ways=["packages"])
    assert cause(stores, ask) == ("way", "agreement")
    made = agreed(stores)
    assert hit(stores, liaison) is True
    assert (
        cause(stores, lambda: ask_partners(stores, liaison, question(purpose="money laundering and proceeds")))[0]
        == "purpose"
    )
    assert (
        cause(stores, lambda: ask_partners(stores, replace(liaison, at=NOW + timedelta(days=60)), question()))[0]
        == "expired"
    )
    end_agreement(stores, officer(stores, "ends", "ucg", "XB", Role.LEAD), made.id, "over")
    assert cause(stores, ask)[0] == "way"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(question(), type="Place"), "type"),
        (replace(question(), partners=()), "partners"),
        (replace(question(), partners=("ucg", "ucg")), "partners"),
        (replace(question(), purpose="curiosity"), "purpose"),
        (replace(question(), about=" "), "about"),
        (replace(question(), about="x" * 121), "about"),
        (question(name="Rahim Uddin"), "name"),
        (question(name="Rahim", birthDate="1987"), "name"),
        (question("Phone", number="unknown"), "number"),
        (replace(question(), partners=("nobody",)), "partner"),
        (replace(question(), partners=("tip",)), "partner"),
    ],
)
def test_a_wrong_question_names_its_field(stores: Stores, liaison: Ask, typed: blind.TypedQuestion, field: str) -> None:
    agreed(stores)

    with pytest.raises(InvalidInputError) as error:
        ask_partners(stores, liaison, typed)

    assert set(error.value.fields) == {field}


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.LIAISON])
def test_only_a_liaison_officer_asks(stores: Stores, role: Role) -> None:
    agreed(stores)

    with pytest.raises(ForbiddenError):
        ask_partners(stores, officer(stores, "other", "tip", "XA", role), question())


def test_probing_ends_at_the_limits_of_officer_agency_and_agreement_until_tomorrow(
    stores: Stores, liaison: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(stores)
    second = officer(stores, "second", "tip", "XA", Role.LIAISON)
    for _ in range(model.MOST_OF_OFFICER):
        hit(stores, liaison)

    def refused(ask: Ask) -> str:
        with pytest.raises(InvalidInputError) as error:
            ask_partners(stores, ask, question())
        return error.value.fields[""]

    assert refused(liaison).startswith("You asked 20 questions today")
    assert cause(stores, lambda: ask_partners(stores, liaison, question()))[0] == "limit"
    assert hit(stores, second) is False
    assert hit(stores, replace(liaison, at=NOW + timedelta(days=1))) is False
    monkeypatch.setattr(model, "MOST_OF_AGENCY", 21)
    assert refused(second).startswith("Your agency asked 21 questions today;")
    monkeypatch.setattr(model, "MOST_OF_AGENCY", 60)
    monkeypatch.setattr(model, "MOST_UNDER_AGREEMENT", 21)
    assert refused(second).startswith("Your agency asked 21 questions under this agreement")


def test_of_many_questions_at_once_no_more_pass_than_the_limit(
    stores: Stores, liaison: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(stores)
    monkeypatch.setattr(model, "MOST_OF_OFFICER", 3)
    passed: list[bool] = []

    def ask() -> None:
        try:
            ask_partners(stores, liaison, question())
            passed.append(True)
        except JpaError:
            passed.append(False)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(passed) == 3
    assert blind_log.read_log(stores, liaison).count == 3


def test_hit_no_hit_and_refusal_do_the_same_work_and_end_on_a_step(
    stores: Stores, liaison: Ask, prasert: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreed(stores)
    said(stores, prasert, "U-1", person("Rahim Uddin"))
    ran: list[str] = []
    original = ManagedTransaction.run

    def run(self: ManagedTransaction, query: str, *args: object, **kwargs: object) -> object:
        ran.append(str(query))
        return original(self, query, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(ManagedTransaction, "run", run)

    def timed(**properties: str) -> tuple[list[str], list[float]]:
        ran.clear()
        slept: list[float] = []
        now = iter([10.0, 10.7])
        try:
            ask_partners(stores, liaison, question(**properties), Pace(2.0, lambda: next(now), slept.append))
        except InvalidInputError:
            slept.append(-1.0)
        return list(ran), slept

    hits, nothing = timed(name="Rahim Uddin", birthDate="1987"), timed(name="Nobody Known", birthDate="1987")
    monkeypatch.setattr(model, "MOST_OF_OFFICER", 0)
    refused = timed(name="Rahim Uddin", birthDate="1987")

    assert hits == nothing
    assert hits[1] == pytest.approx([1.3])
    assert refused[1] == pytest.approx([1.3, -1.0])


def test_what_an_asker_may_not_know_of_changes_nothing(stores: Stores, liaison: Ask, prasert: Ask) -> None:
    agreed(stores)
    said(stores, prasert, "U-1", person("Rahim Uddin"))
    random = Random(9)
    names = ["Rahim Uddin", "Karim Uddin", "Nur Begum", "Somchai Wong"]

    def answers() -> list[tuple[bool | None, int]]:
        told = [ask_partners(stores, liaison, question(name=n, birthDate="1987"))[0].question for n in names]
        return [(q.hit, len(q.references)) for q in told]

    before = answers()
    for n in range(6):
        marking = random.choice([Marking(), Marking(Tlp.RED), Marking(Tlp.AMBER, Release.OWN_STATE)])
        role = random.choice(["", "suspect", "smuggled migrant"])
        said(stores, prasert, f"U-{n + 2}", person(random.choice(names[1:]), role=role), marking=marking)

    assert answers() == before == [(True, 1), (False, 0), (False, 0), (False, 0)]


def test_an_agency_of_another_installation_is_not_asked_on_the_page(stores: Stores, liaison: Ask) -> None:
    agreed(stores)
    for login in ("signs.ucg", "ends"):
        here = officer(stores, login, "ucg", "XB", Role.LEAD).officer
        agencies.save_officer(stores, here, NOW, active=False)

    with pytest.raises(InvalidInputError) as error:
        ask_partners(stores, liaison, question())

    assert "jpa blind ask" in error.value.fields["partners"]
    assert blind.list_partners(stores, liaison) == []


def test_the_partners_offered_are_those_bound_now(stores: Stores, liaison: Ask) -> None:
    assert blind.list_partners(stores, liaison) == []
    agreed(stores, end="2026-11-30")

    assert [(a.id, purposes) for a, purposes in blind.list_partners(stores, liaison)] == [("ucg", [PURPOSE])]
    assert blind.list_partners(stores, replace(liaison, at=NOW + timedelta(days=30))) == []


def test_a_question_about_a_record_takes_what_the_officer_may_read(stores: Stores, prasert: Ask) -> None:
    both = officer(stores, "prasert", "ucg", "XB", Role.CONTRIBUTE, Role.LEAD, Role.LIAISON)
    record = said(stores, both, "U-1", person("Rahim Uddin")).records[0]

    assert blind.question_about(stores, both, record.id) == ("Person", {"name": "Rahim Uddin", "birthDate": "1987"})
    for unknown in (
        officer(stores, "desk", "ucg", "XB", Role.LIAISON),
        officer(stores, "perera", "tip", "XA", Role.LIAISON),
    ):
        with pytest.raises(NotFoundError):
            blind.question_about(stores, unknown, record.id)
    assert prasert.officer.id == both.officer.id
