"""Outcomes about victims, migrants and sealed persons; corrections that tell who and why."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError
from jpa.graph.cypher import upkeep
from jpa.model.case import CaseRole, Jpa
from jpa.model.draft import TypedOutcome, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import (
    break_glass,
    cases,
    entities,
    outcome_entry,
    outcome_files,
    outcomes,
    reports,
    retractions,
    victims,
)
from jpa.services.cases import NewCase
from jpa.services.frames import TypedJpa, create_jpa
from jpa.services.ledger import count
from jpa.services.outcome_files import LedgerForm
from jpa.services.stores import Ask, Stores
from jpa.statistics.tables import Question, tabulate
from tests.conftest import officer

DUMP = upkeep("MATCH (o:Outcome) RETURN properties(o) AS p")


def filed(
    stores: Stores, ask: Ask, number: str = "T-1", *, role: str = "", name: str = "RAHIM UDDIN"
) -> tuple[str, str]:
    case = cases.open_case(stores, ask, NewCase(number, "Camp", open_in_agency=True)).id
    people = [TypedRecord("1", "Person", {"name": [name]}, role=role)]
    victim = TypedVictim(
        {"name": ["Zarinah Quenzelbird"]},
        {
            "gender": ["Feminine"],
            "ageBand": ["18–20"],
            "citizenship": ["Malaysia"],
            "exploitation": ["ForcedLabour", "Slavery"],
        },
    )
    typed = TypedReport(case, "Log", number, "2021", Grade("4x4", "A", "1"), Marking(), "", people, victims=(victim,))
    return case, reports.add_report(stores, ask, typed).records[0].id


def later(ask: Ask, minutes: int = 1) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


def outcome(kind: str, case: str, person: str = "", **said: str) -> TypedOutcome:
    return TypedOutcome(kind, {name: [value] for name, value in said.items()}, case, person=person)


def test_a_coded_victim_lends_codes_where_none_are_typed(stores: Stores, wulan: Ask) -> None:
    case, _ = filed(stores, wulan)
    victim = break_glass.list_victims(stores, wulan, case)[0].id
    typed = TypedOutcome("victim assisted", {"date": ["2021-07"], "ageBand": ["9–17"]}, case, victim=victim)

    [made] = outcomes.record_outcomes(stores, later(wulan), [typed])

    assert made.clean("ageBand") == "9–17"
    assert (made.clean("gender"), made.clean("citizenship")) == ("Feminine", "MY")
    assert [v.clean for v in made.properties["exploitation"]] == ["ForcedLabour"]


def test_a_smuggled_migrant_is_entered_as_an_offender_only_when_that_is_meant(stores: Stores, wulan: Ask) -> None:
    case, migrant = filed(stores, wulan, role=CaseRole.SMUGGLED_MIGRANT)
    arrest = outcome("arrested", case, migrant, date="2021")

    with pytest.raises(InvalidInputError) as asked:
        outcomes.record_outcomes(stores, later(wulan), [arrest])
    outcomes.record_outcomes(stores, later(wulan), [outcome("returned", case, migrant, date="2021")])
    outcomes.record_outcomes(stores, later(wulan, 2), [replace(arrest, confirmed=True)])

    assert "RAHIM UDDIN (T-1)" in asked.value.fields["confirm"]
    assert [line.outcome.kind for line in outcomes.case_ledger(stores, wulan, case)[1]] == ["returned", "arrested"]


def test_a_sealed_person_leaves_the_ledger_and_the_count_of_persons_stays(stores: Stores, wulan: Ask) -> None:
    tran = officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)
    case, rahim = filed(stores, wulan, name="Mariam Oddfinch")
    said = {
        "note": "Oddfinch, Mariam was seen",
        "reference": "K-1 Mariam Oddfinch",
        "place": "House of Mariam Oddfinch",
    }
    [first, _] = outcomes.record_outcomes(
        stores, later(wulan), [outcome("arrested", case, rahim, date="2021", **said), outcome("charged", case, rahim)]
    )
    fixed = replace(outcome("arrested", case, rahim, date="2022", **said), reason="Mariam Oddfinch says so")
    outcomes.correct_outcome(stores, later(wulan, 2), first.id, fixed)
    outcomes.record_outcomes(
        stores, later(wulan, 3), [outcome("seizure", case, note="from Mariam Oddfinch", place="port")]
    )
    question = Question("persons_arrested", ("place",))
    before = count(stores, tran, "x", lambda c: tabulate(c.facts, question))

    victims.seal_entity(stores, later(wulan, 4), rahim, {})

    after = count(stores, tran, "x", lambda c: tabulate(c.facts, question))
    stored = stores.graph.upkeep(lambda tx: [row["p"] for row in tx.run(DUMP)])
    assert before.total == after.total == 1
    assert "Oddfinch" in repr(before)
    assert "Oddfinch" not in repr(after) + repr(stored) + repr(stores.ledger.books.columns)
    assert len({p.get("sealed") for p in stored if p["kind"] in {"arrested", "charged"}}) == 1
    assert all(p["person"] != rahim for p in stored)
    assert next(p for p in stored if p["kind"] == "seizure")["note"] == ["from [victim V-2]"]


def test_a_correction_says_who_and_why_and_follows_the_person_s_page(stores: Stores, wulan: Ask) -> None:
    case, rahim = filed(stores, wulan)
    other = reports.add_report(
        stores, wulan,
        TypedReport(case, "Log", "R2", "2021", Grade("4x4", "A", "1"), Marking(), "", [TypedRecord("1", "Person", {"name": ["Hla Myint"]})]),
    ).records[0].id  # fmt: skip
    [made] = outcomes.record_outcomes(stores, later(wulan), [outcome("arrested", case, rahim, date="2021")])
    right = replace(outcome("arrested", case, other, date="2021"), reason="mixed up")

    new = outcomes.correct_outcome(stores, later(wulan, 2), made.id, right)
    newest = outcomes.correct_outcome(stores, later(wulan, 3), new.id, replace(right, reason="the day", kind="charged"))
    with pytest.raises(ConflictError):
        outcomes.correct_outcome(stores, later(wulan, 4), made.id, right)

    [old] = entities.read_entity(stores, wulan, rahim).outcomes
    tran = officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)
    assert (old.in_force, old.corrected_by, old.correction) == (False, "Wulan", newest)
    assert new.reason == "mixed up"
    assert [line.in_force for line in entities.read_entity(stores, wulan, other).outcomes] == [False, True]
    assert cases.read_case(stores, wulan, case).outcomes == 1
    assert count(stores, tran, "x", lambda c: tabulate(c.facts, Question("persons_arrested", ()))).total == 0
    retractions.retract_outcome(stores, later(wulan, 4), newest.id, "no")
    assert [line.in_force for line in entities.read_entity(stores, wulan, other).outcomes] == [True, False]
    assert count(stores, tran, "x", lambda c: tabulate(c.facts, Question("persons_arrested", ()))).total == 1


def test_the_entry_offers_each_person_of_the_case_once(stores: Stores, wulan: Ask) -> None:
    case, _rahim = filed(stores, wulan, role=CaseRole.SUSPECT)
    _, elsewhere = filed(stores, wulan, "T-2", name="Hla Myint")

    desk = outcome_entry.read_desk(stores, wulan, case, elsewhere)

    assert [(n.caption, list(n.roles)) for n in desk.people] == [("Hla Myint", []), ("RAHIM UDDIN", ["suspect"])]
    assert [v["pseudonym"] for v in desk.victims] == ["[victim V-1]"]
    reader = officer(stores, "eka", "tip", "XA", Role.CONTRIBUTE)
    with pytest.raises(ForbiddenError):
        outcome_entry.read_desk(stores, reader, case)


def test_a_ledger_is_handed_out_as_a_file_for_a_purpose(stores: Stores, wulan: Ask) -> None:
    case, rahim = filed(stores, wulan)
    [made] = outcomes.record_outcomes(
        stores, later(wulan), [outcome("arrested", case, rahim, date="2021", note="=1+1")]
    )
    retractions.retract_outcome(stores, later(wulan, 2), made.id, "wrong man")

    with pytest.raises(InvalidInputError):
        outcome_files.export_ledger(stores, wulan, case, LedgerForm.CSV, " ")
    table = outcome_files.export_ledger(stores, wulan, case, LedgerForm.CSV, "for the prosecutor")
    book = outcome_files.export_ledger(stores, wulan, case, LedgerForm.XLSX, "for the prosecutor")

    header, row = table.content.decode().splitlines()
    assert header.startswith("\ufeffId,Kind,Standing,Person,Date,Note")
    assert f"{made.id},Arrest,retracted: wrong man,RAHIM UDDIN,2021,'=1+1" in row
    assert table.name == "T-1_outcomes_TLP-AMBER-STRICT_2026-11-24.csv"
    assert book.content.startswith(b"PK")


def test_who_reported_for_the_agency_may_correct_it_and_nobody_else(stores: Stores) -> None:
    admin = officer(stores, "adi", "tip", "XA", Role.ADMINISTRATOR)
    jpa: Jpa = create_jpa(stores, admin, TypedJpa("3", "JPA 3", "2024-01-01", "2024-12-31", ("XA", "XB")))
    tran = officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)
    clerk = officer(stores, "eka", "tip", "XA", Role.CONTRIBUTE)
    typed = TypedOutcome("officer trained", {"count": ["485"], "date": ["2024-03"]}, jpa=jpa.id)
    [made] = outcomes.record_outcomes(stores, tran, [typed])

    with pytest.raises(ForbiddenError):
        outcomes.correct_outcome(stores, later(clerk), made.id, typed)
    with pytest.raises(InvalidInputError):
        outcomes.correct_outcome(stores, later(tran), made.id, replace(typed, kind="arrested", properties={}))
    outcomes.correct_outcome(stores, later(tran), made.id, replace(typed, properties={"count": ["458"]}, reason="slip"))

    [total] = outcomes.counts_of(outcomes.agency_ledger(stores, tran, jpa.id))
    assert (total.kind.name, total.entries, total.total) == ("officer trained", 1, 458)
