"""Hidden records neither crowd readable ones out nor lend their evidence to anybody."""

from dataclasses import replace
from datetime import timedelta

from jpa.model.case import TeamRole
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking
from jpa.model.officer import Role
from jpa.services import case_entries, cases, reports, resolution, search, teams
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores
from tests.conftest import NOW, officer


def report(case: str, *records: TypedRecord, links: tuple[TypedLink, ...] = ()) -> TypedReport:
    return TypedReport(
        case, "Interview", "R", "2024", Grade("4x4", "A", "1"), Marking(), records=records, links=links
    )  # fmt: skip


def person(ref: str, name: str) -> TypedRecord:
    return TypedRecord(ref, "Person", {"name": [name], "birthDate": ["1987-03-12"]})


def test_thousands_of_hidden_namesakes_do_not_hide_the_one_that_may_be_read(
    stores: Stores, wulan: Ask, prasert: Ask
) -> None:
    hidden = cases.open_case(stores, wulan, NewCase("T-1", "Hidden")).id
    crowd = tuple(person(str(i), "Rahim Uddin") for i in range(2100))
    words = tuple(person(f"w{i}", f"Rahi{chr(0x61 + i % 26)}{chr(0x61 + i // 26)}") for i in range(80))
    reports.add_report(stores, wulan, report(hidden, *crowd, *words))
    own = cases.open_case(stores, prasert, NewCase("U-1", "Own")).id
    reports.add_report(stores, prasert, report(own, person("1", "Rahim Uddin"), person("2", "Rahimz")))

    exact = search.search_all(stores, prasert, "Rahim Uddin")
    slip = search.search_all(stores, prasert, "Rahimy")

    assert next(h.glance.caption for h in exact.hits) == "Rahim Uddin"
    assert [h.glance.caption for h in slip.hits] == ["Rahimz"]


def test_a_proposal_that_rests_on_a_hidden_phone_is_not_shown(stores: Stores, wulan: Ask) -> None:
    budi = officer(stores, "budi", "tip", "XA", Role.LEAD, Role.ANALYST, Role.CONTRIBUTE)
    shared = cases.open_case(stores, wulan, NewCase("T-1", "Shared", open_in_agency=True)).id
    hidden = cases.open_case(stores, wulan, NewCase("T-2", "Hidden")).id
    made = reports.add_report(stores, wulan, report(shared, person("1", "Rahim Uddin"), person("2", "Rahim Udin Khan")))
    one, two = (r.id for r in made.records)
    phone = TypedRecord("3", "Phone", {"number": ["+66898259791"]})
    uses = (TypedLink("USES", one, "3"), TypedLink("USES", two, "3"))
    reports.add_report(stores, wulan, report(hidden, phone, links=uses))

    resolution.run_resolution(stores, wulan, "a" * 32)
    resolution.judge(stores, wulan, one, two, Verdict.NOT_SAME, "brothers")
    queue, total = resolution.list_proposals(stores, budi)
    told = resolution.compare_records(stores, budi, one, two).verdict
    own = resolution.compare_records(stores, wulan, one, two).verdict

    assert (queue, total) == ([], 0)
    assert told is not None
    assert (told.verdict, told.evidence) == (Verdict.NOT_SAME, ())
    assert own is not None
    assert "phone" in {feature.name for feature in own.evidence}


def test_evidence_opens_by_what_it_rests_on_alone_before_and_after_it_is_undone(stores: Stores, wulan: Ask) -> None:
    budi = officer(stores, "budi", "tip", "XA", Role.LEAD, Role.ANALYST, Role.CONTRIBUTE)
    shared = cases.open_case(stores, wulan, NewCase("T-1", "Shared", open_in_agency=True)).id
    hidden = cases.open_case(stores, wulan, NewCase("T-2", "Hidden")).id
    four = tuple(person(str(n), name) for n, name in enumerate(("Rahim Uddin", "Rahim Udin", "Hla Myint", "Hla Myin")))
    one, two, three, other = (r.id for r in reports.add_report(stores, wulan, report(shared, *four)).records)
    phone = TypedRecord("9", "Phone", {"number": ["+66898259791"]})
    reports.add_report(stores, wulan, report(shared, phone, links=(TypedLink("USES", one, "9"),)))
    own = TypedRecord("9", "Phone", {"number": ["+66898259792"]})
    reports.add_report(stores, wulan, report(hidden, own, links=(TypedLink("USES", three, "9"),)))

    def seen(left: str, right: str) -> bool:
        told = resolution.compare_records(stores, budi, left, right).verdict
        assert told is not None
        return len(told.evidence) > 0

    first = resolution.judge(stores, wulan, one, two, Verdict.NOT_SAME, "brothers")
    resolution.judge(stores, wulan, three, other, Verdict.NOT_SAME, "brothers")
    judged = seen(one, two), seen(three, other)
    resolution.undo(stores, replace(wulan, at=wulan.at + timedelta(minutes=1)), first.id, "slip")
    undone = seen(one, two)
    # Whoever uses the same phone in a case that is closed to the other would be counted: the evidence says how many do.
    reports.add_report(
        stores, wulan, report(hidden, person("1", "Min Ko"), phone, links=(TypedLink("USES", "1", "9"),))
    )
    resolution.judge(stores, replace(wulan, at=wulan.at + timedelta(minutes=2)), one, two, Verdict.NOT_SAME, "again")

    assert (judged, undone, seen(one, two)) == ((True, False), True, False)


def test_a_later_run_with_a_wider_view_does_not_take_the_earlier_one_away(stores: Stores, wulan: Ask) -> None:
    budi = officer(stores, "budi", "tip", "XA", Role.LEAD, Role.ANALYST, Role.CONTRIBUTE)
    shared = cases.open_case(stores, wulan, NewCase("T-1", "Shared", open_in_agency=True)).id
    reports.add_report(stores, wulan, report(shared, person("1", "Rahim Uddin"), person("2", "Rahim Uddin")))
    resolution.run_resolution(stores, wulan, "a" * 32)
    before = resolution.list_proposals(stores, budi)
    hidden = cases.open_case(stores, wulan, NewCase("T-2", "Hidden")).id
    reports.add_report(stores, wulan, report(hidden, person("1", "Rahim Uddin")))

    resolution.run_resolution(stores, replace(wulan, at=NOW.replace(hour=10)), "b" * 32)

    assert before[1] == 1
    assert resolution.list_proposals(stores, budi) == before


def test_how_common_a_name_is_among_hidden_records_is_not_told_by_a_weight(stores: Stores, wulan: Ask) -> None:
    budi = officer(stores, "budi", "tip", "XA", Role.LEAD, Role.ANALYST, Role.CONTRIBUTE)
    shared = cases.open_case(stores, wulan, NewCase("T-1", "Shared", open_in_agency=True)).id
    made = reports.add_report(stores, wulan, report(shared, person("1", "Rahim Uddin"), person("2", "Rahim Uddin")))
    one, two = (r.id for r in made.records)
    resolution.run_resolution(stores, budi, "a" * 32)
    before = resolution.compare_records(stores, budi, one, two).proposal
    hidden = cases.open_case(stores, wulan, NewCase("T-2", "Hidden")).id
    reports.add_report(stores, wulan, report(hidden, *(person(str(i), "Rahim Uddin") for i in range(60))))

    resolution.run_resolution(stores, replace(wulan, at=NOW.replace(hour=10)), "b" * 32)

    own = resolution.compare_records(stores, wulan, one, two).proposal
    assert resolution.compare_records(stores, budi, one, two).proposal == before
    assert resolution.list_proposals(stores, budi)[0][0].proposal == before
    assert own.bits < before.bits


def test_a_run_of_the_same_view_withdraws_what_it_no_longer_finds_and_keeps_what_was_left_open(
    stores: Stores, wulan: Ask
) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Own")).id
    alike = [TypedRecord(str(i), "Person", {"name": ["Hla Myint"]}) for i in range(3, 60)]
    pair = (person("1", "Rahim Uddin"), person("2", "Rahim Uddin"))
    made = reports.add_report(stores, wulan, report(case, *pair, *alike[:2]))
    one, two, *_ = (r.id for r in made.records)
    first = resolution.run_resolution(stores, wulan, "a" * 32)
    resolution.judge(stores, wulan, one, two, Verdict.UNSURE, "not yet")
    reports.add_report(stores, wulan, report(case, *alike[2:]))

    second = resolution.run_resolution(stores, replace(wulan, at=NOW.replace(hour=10)), "b" * 32)

    rows, total = resolution.list_proposals(stores, wulan)
    assert (first, second, total) == (2, 1, 1)
    assert [{r.proposal.left, r.proposal.right} for r in rows] == [{one, two}]


def test_a_grant_opens_reports_and_neither_team_nor_action_book(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Shared", summary="for us alone")).id
    case_entries.record_decision(stores, wulan, case, decision="Go on", reason="why", alternative="")
    officer(stores, "budi", "tip", "XA", Role.READ)
    teams.join_team(stores, wulan, case, "budi", TeamRole.MEMBER)
    grant = "CREATE (:Grant {id: 'g', compartment: $case, agency: 'ucg', officers: [], start: '2026', end: '2027'})"
    stores.graph.upkeep(lambda tx: tx.run(grant, case=case).consume())

    file = cases.read_case(stores, prasert, case)

    assert (file.case.number, file.case.summary) == ("T-1", "")
    assert (file.team, file.actions, file.decisions) == ([], [], [])
