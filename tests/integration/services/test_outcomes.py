"""The ledger of outcomes through the services: kept, corrected, retracted, and counted as the ledger says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ForbiddenError, InvalidInputError, NotFoundError
from jpa.model.audit import AuditTag, Outcome
from jpa.model.draft import TypedOutcome, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking, Tlp
from jpa.model.officer import Role
from jpa.services import cases, outcomes, reports, resolution, retractions
from jpa.services.cases import NewCase
from jpa.services.ledger import Counted, count, read_ahead
from jpa.services.outcome_files import LedgerForm, export_ledger
from jpa.services.stores import Ask, Stores
from jpa.statistics.tables import Question, Table, members, tabulate
from tests.conftest import officer


def case_with(stores: Stores, ask: Ask, *names: str, number: str = "T-1") -> tuple[str, list[str]]:
    case = cases.open_case(stores, ask, NewCase(number, "Camp")).id
    typed = TypedReport(
        case, "Arrest record", number, "2021-06-11", Grade("4x4", "A", "1"), Marking(),
        records=[TypedRecord(str(n), "Person", {"name": [name]}) for n, name in enumerate(names, start=1)],
    )  # fmt: skip
    return case, [r.id for r in reports.add_report(stores, ask, typed).records]


def outcome(kind: str, case: str, person: str = "", **said: str) -> TypedOutcome:
    return TypedOutcome(kind, {name: [value] for name, value in said.items()}, case, person=person)


def table(stores: Stores, ask: Ask, measure: str, *dimensions: str) -> Table:
    return count(stores, ask, measure, lambda c: tabulate(c.facts, Question(measure, dimensions)))


@pytest.fixture
def tran(stores: Stores) -> Ask:
    return officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)


def test_a_supervisor_counts_the_own_agency_whoever_is_on_the_team(
    stores: Stores, wulan: Ask, prasert: Ask, tran: Ask
) -> None:
    case, (rahim, other) = case_with(stores, wulan, "RAHIM UDDIN", "HLA MYINT")
    theirs, (foreign,) = case_with(stores, prasert, "RAHIM UDIN", number="U-1")

    outcomes.record_outcomes(
        stores, wulan, [outcome("arrested", case, p, date="2021-06-11", state="XA") for p in (rahim, other)]
    )
    outcomes.record_outcomes(stores, prasert, [outcome("arrested", theirs, foreign, date="2021-06-12", state="XB")])

    found = table(stores, tran, "persons_arrested", "state")
    assert found.total == 2
    assert [(c.labels, c.value) for c in found.cells] == [(("XA",), 2), (("",), 0)]


def test_persons_are_counted_as_merged_and_charges_are_not_persons(stores: Stores, wulan: Ask, tran: Ask) -> None:
    case, (one, two) = case_with(stores, wulan, "RAHIM UDDIN", "Rahim Udin")
    outcomes.record_outcomes(
        stores, wulan,
        [
            outcome("convicted", case, one, date="2023-05-01", charge="1"),
            outcome("convicted", case, one, date="2023-05-01", charge="2"),
            outcome("convicted", case, two, date="2023-05-01", charge="2"),
        ],
    )  # fmt: skip
    apart = table(stores, tran, "persons_convicted").total, table(stores, tran, "charges_convicted").total

    resolution.judge(stores, wulan, one, two, Verdict.SAME, "same man")

    assert apart == (2.0, 3.0)
    assert (table(stores, tran, "persons_convicted").total, table(stores, tran, "charges_convicted").total) == (
        1.0,
        2.0,
    )


def test_a_correction_and_a_retraction_change_the_figure_and_undo_brings_it_back(
    stores: Stores, wulan: Ask, tran: Ask
) -> None:
    case, (one,) = case_with(stores, wulan, "RAHIM UDDIN")
    [made] = outcomes.record_outcomes(stores, wulan, [outcome("arrested", case, one, date="2021-06-11")])

    corrected = outcomes.correct_outcome(
        stores, later(wulan), made.id, outcome("charged", case, one, date="2021-06-11")
    )

    assert (table(stores, tran, "persons_arrested").total, table(stores, tran, "persons_charged").total) == (0, 1)
    act = retractions.retract_outcome(stores, later(wulan), corrected.id, "wrong file")
    assert (table(stores, tran, "persons_arrested").total, table(stores, tran, "persons_charged").total) == (1, 0)
    retractions.undo(stores, later(wulan), act.id, "right after all")
    assert (table(stores, tran, "persons_arrested").total, table(stores, tran, "persons_charged").total) == (0, 1)


def test_an_outcome_read_back_has_the_same_content_hash(stores: Stores, wulan: Ask) -> None:
    case, (one,) = case_with(stores, wulan, "RAHIM UDDIN")
    typed = outcome(
        "sentenced", case, one, date="1 May 2023", length="3 years 6 months", article="Act s. 6(1)", state="nowhere"
    )

    [made] = outcomes.record_outcomes(stores, wulan, [typed])

    _, [line] = outcomes.case_ledger(stores, wulan, case)
    assert line.outcome.content_hash == made.content_hash
    assert line.outcome.clean("length") == "42"
    assert line.outcome.clean("state") == ""
    assert line.outcome.properties["state"][0].typed == "nowhere"


def test_every_cell_has_as_many_members_as_it_says(stores: Stores, wulan: Ask, tran: Ask) -> None:
    case, people = case_with(stores, wulan, "RAHIM UDDIN", "HLA MYINT", "Min Ko")
    outcomes.record_outcomes(
        stores, wulan,
        [
            *(outcome("arrested", case, p, date=d) for p, d in zip(people, ("2021", "2021-06", ""), strict=True)),
            outcome("arrested", case, date="2021", count="4"),
        ],
    )  # fmt: skip
    question = Question("persons_arrested", ("year",))

    def drill(counted: Counted) -> list[tuple[float, float]]:
        found = []
        for cell in tabulate(counted.facts, question).cells:
            within = question.within(dict(zip(question.dimensions, cell.labels, strict=True)))
            found.append((cell.value, sum(m.value for m in members(counted.facts, within))))
        return found

    assert count(stores, tran, "drill", drill) == [(6.0, 6.0), (1.0, 1.0)]


def test_an_analyst_counts_what_compartment_and_marking_open(stores: Stores, wulan: Ask) -> None:
    analyst = officer(stores, "chaiya", "tip", "XA", Role.ANALYST)
    case = cases.open_case(stores, wulan, NewCase("T-9", "Open", open_in_agency=True)).id
    shown, red = outcome("arrested", case, reference="a"), outcome("arrested", case, reference="b")
    outcomes.record_outcomes(stores, wulan, [shown, replace(red, marking=Marking(Tlp.RED))])

    assert table(stores, analyst, "persons_arrested").total == 1
    assert table(stores, wulan, "persons_arrested").total == 2


def test_an_agency_reports_trainings_under_a_joint_period_that_its_state_takes_part_in(
    stores: Stores, tran: Ask
) -> None:
    typed = TypedOutcome("officer trained", {"count": ["485"]}, jpa="nothing")

    with pytest.raises(NotFoundError):
        outcomes.record_outcomes(stores, tran, [typed])


def test_a_foreign_officer_cannot_find_a_case_s_ledger(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    case, _ = case_with(stores, wulan, "RAHIM UDDIN")

    with pytest.raises(NotFoundError):
        outcomes.case_ledger(stores, prasert, case)
    with pytest.raises(NotFoundError):
        outcomes.record_outcomes(stores, prasert, [outcome("arrested", case)])


def test_investigators_count_nothing_and_bad_input_is_told_by_row(stores: Stores, wulan: Ask) -> None:
    case, (one,) = case_with(stores, wulan, "RAHIM UDDIN")
    reader = replace(wulan, officer=replace(wulan.officer, roles=frozenset({Role.CONTRIBUTE})))

    with pytest.raises(ForbiddenError):
        table(stores, reader, "persons_arrested")
    with pytest.raises(InvalidInputError) as problem:
        outcomes.record_outcomes(
            stores, wulan, [outcome("arrested", case, one), outcome("seizure", case, one, sex="male")]
        )
    assert set(problem.value.fields) == {"row 2: sex", "row 2: person"}


def later(ask: Ask) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=1))


def test_a_merge_that_an_analyst_may_not_read_joins_nobody_in_their_figures(stores: Stores, wulan: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-7", "Camp", open_in_agency=True)).id
    open_to_all, team_alone = (
        TypedReport(
            case, "Tip-off", f"T-{n}", "2024", Grade("4x4", "B", "2"), marking,
            records=[TypedRecord(str(i), "Person", {"name": [f"Rahim {i}"]}) for i in range(many)],
        )
        for n, (marking, many) in enumerate(((Marking(), 2), (Marking(Tlp.RED), 1)))
    )  # fmt: skip
    persons = [r.id for r in reports.add_report(stores, wulan, open_to_all).records]
    hidden = reports.add_report(stores, wulan, team_alone).records[0].id
    outcomes.record_outcomes(stores, wulan, [outcome("arrested", case, p, date="2024") for p in persons])
    for person in persons:
        resolution.judge(stores, later(wulan), person, hidden, Verdict.SAME, "the informant knows both")
    ann = officer(stores, "ann", "tip", "XA", Role.ANALYST)

    found = [table(stores, ask, "persons_arrested").total for ask in (wulan, ann)]

    assert found == [1, 2]


def test_who_retracted_a_report_and_why_is_told_to_those_alone_who_may_read_it(stores: Stores, wulan: Ask) -> None:
    budi = officer(stores, "budi", "tip", "XA", Role.ANALYST)
    case = cases.open_case(stores, wulan, NewCase("T-1", "Camp", open_in_agency=True)).id
    source = TypedReport(
        case, "From an informant", "S-1", "2021-06-11", Grade("4x4", "A", "1"), Marking(Tlp.RED), "He was seen."
    )
    report = reports.add_report(stores, wulan, source).report.id
    typed = replace(outcome("arrested", case, date="2021-06-11", state="XA"), report=report, marked=True)
    (made,) = outcomes.record_outcomes(stores, wulan, [typed])

    retractions.retract_report(stores, wulan, report, "the informant lied")

    told, untold = (outcomes.read_outcome(stores, ask, made.id)[0].retraction for ask in (wulan, budi))
    assert told is not None
    assert (told.name, told.reason) == ("Wulan", "the informant lied")
    assert untold is not None
    assert (untold.told, untold.id, untold.by, untold.name, untold.reason) == (False, "", "", "", "")
    assert untold.at != told.at
    assert b"retracted with its report" in export_ledger(stores, budi, case, LedgerForm.CSV, "proof").content


def test_the_ledger_is_read_ahead_before_anybody_counts_and_the_audit_log_says_so(stores: Stores, wulan: Ask) -> None:
    case, (rahim,) = case_with(stores, wulan, "RAHIM UDDIN")
    (made,) = outcomes.record_outcomes(stores, wulan, [outcome("arrested", case, rahim, date="2021-06-11", state="XA")])

    read_ahead(stores, wulan.at)

    assert made.id in stores.ledger.books.places
    [event, *_] = stores.audit.events(tag=AuditTag.LEDGER_READ_AHEAD.value, outcomes=(Outcome.DONE,))
    assert event.actor == "owner"
