"""Outcomes by the file: found persons, kept oddities, nothing doubled, whatever is imported again or killed midway."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from jpa.graph.cases import save_jpa_tx
from jpa.model.case import CaseRole, Jpa
from jpa.model.draft import TypedOutcome, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.operations.drafts import Draft
from jpa.services import break_glass, cases, imports, outcomes, quality, reports, retractions, victims
from jpa.services.cases import NewCase
from jpa.services.import_files import File
from jpa.services.outcomes import LedgerLine
from jpa.services.stores import Ask, Stores
from tests.conftest import officer

MAP = 'id = "no"\n[outcome]\nkind_column = "what"\nperson = "who"\ndate = "day"\ncourt = "court"\ncount = "n"\nresult = "result"\n'
HEAD = "no,what,who,day,court,n,result\n"


@pytest.fixture
def case(stores: Stores, wulan: Ask) -> str:
    return cases.open_case(stores, wulan, NewCase("T-1", "Camp")).id


def face(case: str, title: str = "Court list") -> TypedReport:
    return TypedReport(case, title, "CL-1", "2024", Grade("4x4", "B", "2"), Marking())


def later(ask: Ask, minutes: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


def table(*rows: str, dataset: str = "courts") -> File:
    return File("courts.csv", (HEAD + "\n".join(rows) + "\n").encode(), map_text=MAP, dataset=dataset)


def take(stores: Stores, ask: Ask, case: str, file: File) -> Draft:
    return imports.commit(stores, ask, imports.stage(stores, ask, face(case), file).id)


def counts(draft: Draft) -> tuple[int, ...]:
    return tuple(draft.head["counts"][k] for k in ("create", "update", "unchanged", "rejected", "odd"))


def ledger(stores: Stores, ask: Ask, case: str) -> list[LedgerLine]:
    return outcomes.case_ledger(stores, ask, case)[1]


def people(stores: Stores, ask: Ask, case: str, *, role: str = "") -> list[str]:
    typed = replace(
        face(case, "Arrest record"), records=[TypedRecord("1", "Person", {"name": ["RAHIM UDDIN"]}, role=role)]
    )
    return [r.id for r in reports.add_report(stores, ask, typed).records]


def test_a_person_is_found_by_record_by_an_earlier_file_s_id_else_kept_as_the_reference(
    stores: Stores, wulan: Ask, case: str
) -> None:
    [rahim] = people(stores, wulan, case)
    persons = File("p.csv", b"id,name\nP-7,Hla Myint\n", dataset="people")
    take(stores, wulan, case, persons)

    draft = take(
        stores, later(wulan, 1), case,
        table(f"1,ARRESTED,{rahim},2021-06-11,,,", "2,convicted,P-7,2023-05-01,High Court,,", "3,convicted,K-12/99,2023,,,"),
    )  # fmt: skip

    first, third, second = ledger(stores, wulan, case)
    assert counts(draft) == (3, 0, 0, 0, 0)
    assert (first.person, second.person, third.person) == ("RAHIM UDDIN", "Hla Myint", "")
    assert third.outcome.clean("reference") == "K-12/99"
    assert second.outcome.clean("court") == "High Court"
    assert reports.read_report(stores, wulan, first.outcome.report).report.title == "Court list"


def test_the_same_row_again_changes_nothing_and_another_content_supersedes(
    stores: Stores, wulan: Ask, case: str
) -> None:
    file = table("1,arrested,K-1,2021-06-11,,,", "2,arrested,K-2,2021-06-12,,,")
    take(stores, wulan, case, file)

    again = take(stores, later(wulan, 1), case, file)
    changed = take(stores, later(wulan, 2), case, table("1,arrested,K-1,2021-06-11,,,", "2,arrested,K-2,2021-06-13,,,"))
    third = take(stores, later(wulan, 3), case, table("2,arrested,K-2,2021-06-13,,,"))

    assert [counts(d)[:4] for d in (again, changed, third)] == [(0, 0, 2, 0), (0, 1, 1, 0), (0, 0, 1, 0)]
    lines = ledger(stores, wulan, case)
    assert [(line.outcome.clean("date"), line.in_force) for line in lines] == [
        ("2021-06-11", True),
        ("2021-06-12", False),
        ("2021-06-13", True),
    ]
    assert lines[1].correction == lines[2].outcome


def test_a_row_that_was_corrected_by_hand_stays_corrected_when_the_file_comes_again(
    stores: Stores, wulan: Ask, case: str
) -> None:
    file = table("1,arrested,K-1,2021-06-11,,,")
    take(stores, wulan, case, file)
    [line] = ledger(stores, wulan, case)
    typed = TypedOutcome("charged", {"date": ["2021"]}, reason="never arrested")
    outcomes.correct_outcome(stores, later(wulan, 1), line.outcome.id, typed)

    again = take(stores, later(wulan, 2), case, file)
    changed = take(stores, later(wulan, 3), case, table("1,arrested,K-1,2020,,,"))

    assert counts(again)[:3] == (0, 0, 1)
    assert counts(changed)[:3] == (0, 1, 0)
    assert [o.outcome.kind for o in ledger(stores, wulan, case) if o.in_force] == ["arrested"]
    assert len(ledger(stores, wulan, case)) == 3


def test_a_commit_that_was_killed_before_it_was_noted_doubles_nothing(stores: Stores, wulan: Ask, case: str) -> None:
    draft = imports.stage(stores, wulan, face(case), table(*(f"{n},arrested,K-{n},2021,,," for n in range(50))))
    imports.commit_next(stores, wulan, draft.id)
    stores.drafts.advance(draft.id, 0)  # as after a kill between the transaction and the note of it

    imports.commit(stores, later(wulan, 1), draft.id)

    assert len(ledger(stores, wulan, case)) == 50
    assert cases.read_case(stores, wulan, case).outcomes == 50


def test_a_discarded_draft_leaves_nothing_and_a_rejected_row_its_reason(stores: Stores, wulan: Ask, case: str) -> None:
    draft = imports.stage(stores, wulan, face(case), table("1,shaved,K-1,2021,,,", "2,arrested,K-2,2021,,,"))

    told = imports.read_rejects(stores, wulan, draft.id)
    imports.discard(stores, wulan, draft.id)

    assert "'shaved' is no kind of outcome" in told
    assert ledger(stores, wulan, case) == []


def test_everything_odd_is_kept_and_said(stores: Stores, wulan: Ask, case: str) -> None:
    rows = (
        "1,convicted,K-1,next Friday,,,",
        "2,seizure,K-2,2031-01-01,High Court,many,",
        "3,appeal decided,K-3,2023,,,",
        f"4,arrested,{'0' * 32},2023,,,",
    )
    draft = imports.stage(stores, wulan, face(case), table(*rows))

    shown = imports.preview(stores, wulan, draft.id).rows["odd"]
    imports.commit(stores, wulan, draft.id)

    told = {row["row"]: " | ".join(row["odd"]) for row in shown}
    assert counts(draft) == (4, 0, 0, 0, 4)
    assert "Date: " in told[2]
    assert "lies in the future" in told[3]
    assert "“Seizure” has no field for “Court”" in told[3]
    assert "Result is not given" in told[4]
    assert "no person's record of that id" in told[5]
    kept = {line.outcome.kind: line.outcome for line in ledger(stores, wulan, case)}
    assert kept["convicted"].properties["date"][0].typed == "next Friday"
    assert kept["seizure"].properties["note"][0].typed == "Court: High Court; Person: K-2"
    assert kept["seizure"].properties["count"][0].typed == "many"
    assert kept["arrested"].clean("reference") == "0" * 32


def test_stages_that_contradict_each_other_or_the_ledger_are_said_in_the_draft_and_asked_afterwards(
    stores: Stores, wulan: Ask, case: str
) -> None:
    [rahim] = people(stores, wulan, case)
    charged = TypedOutcome("charged", {"date": ["2022-05-01"]}, case, person=rahim)
    outcomes.record_outcomes(stores, wulan, [charged])
    rows = (
        f"1,convicted,{rahim},2022-03-01,,,",
        f"2,sentenced,{rahim},2022-04-01,,,",
        f"3,appeal decided,{rahim},2021,,,",
        "4,convicted,K-9,2022-03-01,,,",
        "5,arrested,K-9,2022-03-02,,,",
    )
    draft = imports.stage(stores, later(wulan, 1), face(case), table(*rows))
    shown = imports.preview(stores, wulan, draft.id).rows["odd"]

    imports.commit(stores, wulan, draft.id)
    asked = quality.read_questions(stores, later(wulan, 2)).questions

    said = {row["row"]: " | ".join(row["odd"]) for row in shown}
    assert {n for n, words in said.items() if "Date: Later stage before an earlier one" in words} == {2, 3, 4, 6}
    [contradicting] = [question for question, _ in asked if question.name == "contradiction"]
    assert len(contradicting.outcomes) == 4
    assert len(ledger(stores, wulan, case)) == 6


def test_a_victim_is_named_by_pseudonym_alone_and_lends_the_codes(stores: Stores, wulan: Ask, case: str) -> None:
    victim = TypedVictim({"name": ["Zarinah Quenzelbird"]}, {"gender": ["Feminine"], "ageBand": ["9–17"]})
    reports.add_report(stores, wulan, replace(face(case), victims=(victim,)))
    text = "no,victim,ref\n1,V-1,\n2,Mariam Oddfinch,Mariam Oddfinch\n"
    columns = 'id = "no"\n[outcome]\nkind = "VICTIM_ASSISTED"\nvictim = "victim"\nreference = "ref"\n'

    draft = take(stores, later(wulan, 1), case, File("v.csv", text.encode(), map_text=columns))

    known, unknown = sorted(ledger(stores, wulan, case), key=lambda line: line.victim == "")
    assert counts(draft) == (2, 0, 0, 0, 1)
    assert known.victim == "[victim V-1]"
    assert (known.outcome.clean("gender"), known.outcome.clean("ageBand")) == ("Feminine", "9–17")
    assert "Oddfinch" not in repr(unknown)
    assert break_glass.list_victims(stores, wulan, case)[0].id == known.outcome.victim


def test_a_smuggled_migrant_as_arrested_is_said_before_the_commit(stores: Stores, wulan: Ask, case: str) -> None:
    [rahim] = people(stores, wulan, case, role=CaseRole.SMUGGLED_MIGRANT)

    draft = imports.stage(stores, later(wulan, 1), face(case), table(f"1,arrested,{rahim},2021,,,"))

    [row] = imports.preview(stores, wulan, draft.id).rows["odd"]
    assert row["odd"] == ["is entered as a smuggled migrant in T-1; committing confirms that you mean it"]
    assert counts(draft) == (1, 0, 0, 0, 1)


def test_a_sealed_person_is_not_brought_back_by_the_same_file(stores: Stores, wulan: Ask, case: str) -> None:
    [rahim] = people(stores, wulan, case)
    file = table(f"1,convicted,{rahim},2021,Court of RAHIM UDDIN,,")
    take(stores, later(wulan, 1), case, file)
    victims.seal_entity(stores, later(wulan, 2), rahim, {})

    again = take(stores, later(wulan, 3), case, file)

    [line] = ledger(stores, wulan, case)
    assert counts(again)[:3] == (0, 0, 1)
    assert (line.outcome.person, line.person, line.outcome.clean("reference")) == ("", "", "")
    assert line.outcome.clean("court") == "Court of [victim V-1]"


def test_with_the_report_of_the_file_retracted_its_outcomes_count_no_more(
    stores: Stores, wulan: Ask, case: str
) -> None:
    take(stores, wulan, case, table("1,arrested,K-1,2021,,,"))
    [line] = ledger(stores, wulan, case)

    act = retractions.retract_report(stores, later(wulan, 1), line.outcome.report, "wrong list")

    assert cases.read_case(stores, wulan, case).outcomes == 0
    assert ledger(stores, wulan, case)[0].retraction == act


def test_a_row_is_marked_by_its_own_columns_else_as_the_report_and_the_narrowest_where_nobody_understands(
    stores: Stores, wulan: Ask
) -> None:
    colleague = officer(stores, "lee", "tip", "XA", Role.ANALYST)
    period = Jpa("3" * 32, 3, "JPA 3", "2024-01-15", "2024-06-30", ("XA", "XB"))
    stores.graph.upkeep(partial(save_jpa_tx, jpa=period))
    case = cases.open_case(stores, wulan, NewCase("T-1", "Camp", jpa=period.id, open_in_agency=True)).id
    rows = [
        "1,arrested,,,",
        "2,arrested,red,,",
        "3,arrested,amber,JPA participants,h1",
        "4,arrested,Green,named states: XB,",
    ]
    text = (
        "no,what,tlp,release,handling\n" + "\n".join([*rows, "5,arrested,purple,,", "6,arrested,red,own state,"]) + "\n"
    )
    columns = 'id = "no"\n[outcome]\nkind_column = "what"\ntlp = "tlp"\nrelease = "release"\nhandling = "handling"\n'
    columns_file = File("m.csv", text.encode(), map_text=columns, dataset="marked")

    draft = imports.stage(stores, wulan, face(case), columns_file)
    told = {row["row"]: row["odd"] for row in imports.preview(stores, wulan, draft.id).rows["odd"]}
    imports.commit(stores, wulan, draft.id)
    again = imports.stage(stores, later(wulan, 1), face(case), columns_file)

    marked = {line.outcome.source_key[-1]: line.outcome.marking for line in ledger(stores, wulan, case)}
    assert marked == {
        "1": None,
        "2": Marking(Tlp.RED),
        "3": Marking(Tlp.AMBER, Release.JPA, (period.id,), "H1"),
        "4": Marking(Tlp.GREEN, Release.NAMED_STATES, ("XB",)),
        "5": Marking(),
        "6": Marking(),
    }
    assert set(told) == {6, 7}
    assert "'purple' is none of" in told[6][0]
    assert "TLP:RED allows only own agency" in told[7][0]
    assert counts(again)[:3] == (0, 0, 6)
    seen = {line.outcome.source_key[-1] for line in outcomes.case_ledger(stores, colleague, case)[1]}
    assert seen == {"1", "3", "4", "5", "6"}
