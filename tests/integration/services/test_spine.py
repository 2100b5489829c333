"""The spine through the services: report in, found again, merged and undone, network surfaced."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph import judgements
from jpa.graph.rows import Reach
from jpa.graph.session import Tx
from jpa.model.audit import AuditTag
from jpa.model.catalogue import ENTITY_TYPES
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.ids import new_id
from jpa.model.judgement import Judgement, Verdict
from jpa.model.marking import Marking
from jpa.networks.detect import Parameters
from jpa.services import cases, charts, entities, networks, reports, resolution, search, victims
from jpa.services.cases import NewCase
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores

GRADE = Grade("4x4", "B", "2", "H2")


def boarding(case: str, name: str = "RAHIM UDDIN", phone: str = "089-825 9791", born: str = "1987") -> TypedReport:
    return TypedReport(
        case=case,
        title="Boarding report",
        source_reference="CG-118/24",
        date="12.03.2024",
        grade=GRADE,
        marking=Marking(),
        text="Stopped 4 nm south of Jetty 4.",
        records=(
            TypedRecord("1", "Person", {"name": [name], "birthDate": [born]}, role="suspect"),
            TypedRecord("2", "Vessel", {"name": ["KM Bahari Jaya"], "hullColour": ["blue"]}),
            TypedRecord("3", "Phone", {"number": [phone]}),
            TypedRecord("4", "BankAccount", {"accountNumber": ["4471-22O-9"], "bankName": ["Selat Bank"]}),
        ),
        links=(
            TypedLink("CREW_OF", "1", "2", {"startDate": ["9.3.2024"], "role": ["helmsman"]}),
            TypedLink("USES", "1", "3"),
            TypedLink("HOLDS", "1", "4"),
        ),
    )


def opened(stores: Stores, ask: Ask, number: str = "T-2024-0117") -> str:
    return cases.open_case(stores, ask, NewCase(number, "Selat crossing")).id


def later(ask: Ask, minutes: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


def saved(stores: Stores, ask: Ask, **typed: str) -> Statements:
    return reports.add_report(stores, ask, boarding(opened(stores, ask), **typed))


def test_a_report_is_saved_whole_and_read_back_as_typed_and_understood(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)

    entity = entities.read_entity(stores, wulan, made.records[0].id)

    assert entity.entity.caption == "RAHIM UDDIN"
    assert entity.entity.involvements[0].role == "suspect"
    assert {t.link.type for t in entity.ties} == {"CREW_OF", "USES", "HOLDS"}
    assert entity.entity.records[0].content_hash == made.records[0].content_hash
    account = next(t.other for t in entity.ties if t.link.type == "HOLDS")
    flagged = entities.read_entity(stores, wulan, account.id).entity.records[0].properties["accountNumber"][0]
    assert (flagged.typed, flagged.clean) == ("4471-22O-9", None)
    assert flagged.flag is not None


def test_an_officer_of_another_agency_finds_nothing_and_is_told_nothing_else(
    stores: Stores, wulan: Ask, prasert: Ask
) -> None:
    made = saved(stores, wulan)

    with pytest.raises(NotFoundError) as hidden:
        entities.read_entity(stores, prasert, made.records[0].id)
    with pytest.raises(NotFoundError) as absent:
        entities.read_entity(stores, prasert, "0" * 32)

    assert str(hidden.value) == str(absent.value)
    assert search.search_all(stores, prasert, "Rahim Uddin").hits == []
    assert search.search_all(stores, prasert, "089-825 9791").hits == []
    assert cases.list_cases(stores, prasert).total == 0


def test_a_person_is_found_by_another_spelling_and_a_phone_by_its_national_form(stores: Stores, wulan: Ask) -> None:
    saved(stores, wulan, phone="+62 812 3456 7890")

    by_name = search.search_all(stores, wulan, "Rohim Uddin")
    by_phone = search.search_all(stores, wulan, "0812 3456 7890")

    assert [h.glance.caption for h in by_name.hits] == ["RAHIM UDDIN"]
    assert by_phone.hits[0].glance.type == "Phone"


def test_merge_joins_two_records_and_undo_restores_both_exactly(stores: Stores, wulan: Ask) -> None:
    one = saved(stores, wulan).records[0].id
    case = opened(stores, wulan, "T-2024-0118")
    two = reports.add_report(stores, later(wulan, 1), boarding(case, name="Rohim Uddin", born="1988")).records[0].id
    before = [entities.read_entity(stores, wulan, i).entity for i in (one, two)]

    proposed = resolution.run_resolution(stores, wulan, "a" * 32)
    queue, total = resolution.list_proposals(stores, wulan)
    judgement = resolution.judge(stores, wulan, one, two, Verdict.SAME, "same phone, same name")
    merged = entities.read_entity(stores, wulan, two)
    resolution.undo(stores, wulan, judgement.id, "another man")

    assert proposed == total >= 1
    assert {queue[0].proposal.left, queue[0].proposal.right} == {one, two}
    assert merged.entity.id == one
    assert {r.id for r in merged.entity.records} == {one, two}
    assert [entities.read_entity(stores, wulan, i).entity for i in (one, two)] == before


def test_a_merge_against_ones_own_not_the_same_is_refused(stores: Stores, wulan: Ask) -> None:
    one = saved(stores, wulan).records[0].id
    two = reports.add_report(stores, wulan, boarding(opened(stores, wulan, "T-2"))).records[0].id
    resolution.judge(stores, wulan, one, two, Verdict.NOT_SAME, "brothers")

    with pytest.raises(ConflictError, match="not the same"):
        resolution.judge(stores, wulan, one, two, Verdict.SAME, "")


def test_one_phone_in_two_reports_is_one_entity_by_its_key(stores: Stores, wulan: Ask) -> None:
    first = saved(stores, wulan)
    second = reports.add_report(stores, wulan, boarding(opened(stores, wulan, "T-2"), phone="+66 89 825 9791"))
    third = reports.add_report(stores, later(wulan, 1), boarding(opened(stores, wulan, "T-3"), phone="+66898259791"))

    phone = entities.read_entity(stores, wulan, third.records[2].id).entity

    assert phone.id == second.records[2].id
    assert len(phone.records) == 2
    assert first.records[2].id not in {r.id for r in phone.records}


def test_a_correction_supersedes_and_keeps_the_old_record_as_history(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)
    correction = TypedReport(made.report.case, "Correction", "CG-118/24 b", "2024-03-14", GRADE, Marking())

    new = reports.correct_record(
        stores, later(wulan, 1), made.records[0].id, {"name": ["Rahim Uddin Khan"]}, correction
    )
    entity = entities.read_entity(stores, wulan, made.records[0].id).entity

    assert entity.id == made.records[0].id
    assert [r.id for r in entity.records] == [new.id]
    assert [r.id for r in entity.history] == [made.records[0].id]


def test_nothing_is_half_written_when_a_line_is_wrong(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    wrong = TypedReport(
        case, "Boarding report", "X", "2024", GRADE, Marking(), records=(TypedRecord("1", "Person", {"nme": ["X"]}),)
    )

    with pytest.raises(InvalidInputError) as refused:
        reports.add_report(stores, wulan, wrong)

    assert "line 1" in refused.value.fields
    assert cases.read_case(stores, wulan, case).report_count == 0


def test_only_the_team_adds_to_a_case(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    case = opened(stores, wulan)

    with pytest.raises((NotFoundError, ForbiddenError)):
        reports.add_report(stores, prasert, boarding(case))

    assert cases.read_case(stores, wulan, case).report_count == 0


def test_the_case_chart_shows_things_and_ties_and_expands(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)

    chart = charts.case_chart(stores, wulan, made.report.case)
    expanded = charts.expand(stores, wulan, made.records[0].id, [])

    assert len(chart.things) == 4
    assert len(chart.ties) == 3
    assert len(expanded.things) == 3
    assert len(charts.why_tied(stores, wulan, made.records[0].id, made.records[1].id)) == 1


def test_a_victims_identity_reaches_neither_record_nor_text_nor_search(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    typed = TypedReport(
        case, "Interview", "I-1", "2024-03-13", GRADE, Marking(),
        text="Zarinah Canarywala said she was locked in.",
        records=(TypedRecord("1", "Person", {"name": ["zarinah  canarywala"]}),),
        victims=(TypedVictim({"name": ["Zarinah Canarywala"]}, {"ageBand": ["18–20"], "gender": ["Feminine"]}),),
    )  # fmt: skip

    made = reports.add_report(stores, wulan, typed)

    assert made.report.text == "[victim V-1] said she was locked in."
    assert made.records[0].properties["name"][0].best == "[victim V-1]"
    assert search.search_all(stores, wulan, "Canarywala").hits == []


def test_detection_finds_the_planted_crew_and_an_adopted_candidate_keeps_its_reason(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    people = tuple(TypedRecord(str(i), "Person", {"name": [f"Man {i}"]}) for i in range(6))
    links = tuple(TypedLink("ASSOCIATE_OF", str(i), str(j)) for i in range(6) for j in range(i))
    reports.add_report(
        stores,
        wulan,
        TypedReport(case, "Surveillance log", "S-1", "2024", GRADE, Marking(), records=people, links=links),
    )

    count = networks.run_detection(stores, wulan, "b" * 32, Parameters())
    listed = networks.list_candidates(stores, wulan)

    assert count == len(listed) == 1
    assert len(listed[0].candidate.members) == 6
    assert ENTITY_TYPES["Person"].label == "Person"


def test_a_clique_of_verdicts_is_one_entity_without_walking_all_its_paths(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    people = tuple(TypedRecord(str(i), "Person", {"name": [f"Rahim {i}"]}) for i in range(14))
    made = reports.add_report(
        stores, wulan, TypedReport(case, "Interview", "I-2", "2024", GRADE, Marking(), records=people)
    )
    ids = [r.id for r in made.records]
    intent = stores.audit.intend(AuditTag.JUDGEMENT_RECORDED, wulan.officer, at=wulan.at)
    verdicts = [
        Judgement(new_id(wulan.at), Verdict.SAME, a, b, wulan.officer.id, "tip", wulan.at, "")
        for i, a in enumerate(ids)
        for b in ids[:i]
    ]

    def write(tx: Tx) -> None:
        for judgement in verdicts:
            judgements.add_tx(tx, judgement, Reach((), ()))

    stores.graph.write(intent, write)

    entity = entities.read_entity(stores, wulan, ids[5]).entity

    assert len(entity.records) == 14
    assert entity.id == min(ids)


def test_sealing_takes_a_person_out_of_graph_texts_and_search_and_leaves_a_pseudonym(
    stores: Stores, wulan: Ask
) -> None:
    case = opened(stores, wulan)
    typed = TypedReport(
        case, "Interview", "I-3", "2024", GRADE, Marking(), text="Zarinah Canarywala paid the man.",
        records=(TypedRecord("1", "Person", {"name": ["Zarinah Canarywala"]}, role="suspect"), TypedRecord("2", "Phone", {"number": ["0812 3456 7890"]})),
        links=(TypedLink("USES", "1", "2"),),
    )  # fmt: skip
    made = reports.add_report(stores, wulan, typed)

    pseudonym = victims.seal_entity(stores, later(wulan, 1), made.records[0].id, {"gender": ["Feminine"]})

    assert pseudonym == "[victim V-1]"
    assert search.search_all(stores, wulan, "Canarywala").hits == []
    assert reports.read_report(stores, wulan, made.report.id).report.text == "[victim V-1] paid the man."
    for record in made.records:  # the phone that nobody else was tied to went with the person
        with pytest.raises(NotFoundError):
            entities.read_entity(stores, wulan, record.id)
