"""Candidates as they are read: whoever nothing in force speaks of any more has left; hubs are counted in the run."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from jpa.errors import CancelledError, NotFoundError
from jpa.graph.cypher import upkeep
from jpa.graph.session import Tx
from jpa.model.case import CaseRole
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.judgement import Verdict
from jpa.model.marking import Marking
from jpa.networks.detect import Parameters
from jpa.networks.project import MOST_SHARING
from jpa.services import cases, charts, networks, reports, resolution, retractions, roles, victims
from jpa.services.cases import NewCase
from jpa.services.networks import CandidateFile, Overview
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores

GRADE = Grade("4x4", "B", "2")
RUN = "b" * 32
CANDIDATES = upkeep(
    "MATCH (r:Run)<-[:FOUND_BY]-(c:Candidate) WHERE r.id = $run RETURN properties(c) AS c ORDER BY c.id"
)


def later(ask: Ask, minutes: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


def crew(stores: Stores, ask: Ask, size: int = 6) -> Statements:
    case = cases.open_case(stores, ask, NewCase("T-2024-0117", "Selat crossing")).id
    people = tuple(TypedRecord(str(i), "Person", {"name": [f"Crewman {chr(65 + i)}"]}) for i in range(size))
    links = tuple(TypedLink("ASSOCIATE_OF", str(i), str(j)) for i in range(size) for j in range(i))
    return reports.add_report(
        stores, ask, TypedReport(case, "Surveillance log", "S-1", "2024", GRADE, Marking(), records=people, links=links)
    )


def only(stores: Stores, ask: Ask) -> CandidateFile:
    listed = networks.list_candidates(stores, ask)
    assert len(listed) == 1
    assert networks.read_candidate(stores, ask, listed[0].candidate.id).candidate == listed[0].candidate
    return listed[0]


def spoken_of(file: CandidateFile) -> str:
    return json.dumps([list(m.reasons) for m in file.candidate.members]) + json.dumps(file.captions)


def _stored(run: str, tx: Tx) -> list[dict[str, Any]]:
    return [{k: v for k, v in r["c"].items() if k not in {"id", "run"}} for r in tx.run(CANDIDATES, run=run)]


def test_a_member_who_is_retracted_leaves_and_comes_back_when_that_is_undone(stores: Stores, wulan: Ask) -> None:
    made = crew(stores, wulan)
    networks.run_detection(stores, wulan, RUN, Parameters())
    before = only(stores, wulan)

    act = retractions.retract_record(stores, later(wulan, 1), made.records[2].id, "another man")
    without = only(stores, wulan)
    retractions.undo(stores, later(wulan, 2), act.id, "it was him")

    assert (before.left, len(before.candidate.members)) == (0, 6)
    assert "Crewman C" in spoken_of(before)
    assert (without.left, len(without.candidate.members)) == (1, 5)
    assert "Crewman C" not in spoken_of(without)
    assert only(stores, wulan) == before


def test_a_member_whose_record_is_corrected_stays_under_the_new_name(stores: Stores, wulan: Ask) -> None:
    made = crew(stores, wulan)
    networks.run_detection(stores, wulan, RUN, Parameters())

    note = TypedReport(made.report.case, "Note", "N-1", "2024", GRADE, Marking(), text="Misspelt.")
    reports.correct_record(stores, later(wulan, 1), made.records[2].id, {"name": ["Karim Din"]}, note)

    file = only(stores, wulan)
    assert (file.left, len(file.candidate.members)) == (0, 6)
    assert file.captions[made.records[2].id] == "Karim Din"


def test_a_sealed_member_leaves_as_a_retracted_one_does(stores: Stores, wulan: Ask) -> None:
    made = crew(stores, wulan)
    networks.run_detection(stores, wulan, RUN, Parameters())

    victims.seal_entity(stores, later(wulan, 1), made.records[2].id, {})

    file = only(stores, wulan)
    assert (file.left, len(file.candidate.members)) == (1, 5)
    assert "Crewman C" not in spoken_of(file)
    assert "victim" not in spoken_of(file)


def test_who_turns_out_to_be_a_migrant_is_a_member_no_more(stores: Stores, wulan: Ask) -> None:
    made = crew(stores, wulan)
    networks.run_detection(stores, wulan, RUN, Parameters())

    roles.state_role(stores, later(wulan, 1), made.records[2].id, CaseRole.SMUGGLED_MIGRANT)

    file = only(stores, wulan)
    assert (file.left, len(file.candidate.members)) == (1, 5)
    assert "Crewman C" not in spoken_of(file)


def test_a_group_that_everybody_left_is_shown_empty_after_a_retracted_report(stores: Stores, wulan: Ask) -> None:
    made = crew(stores, wulan)
    networks.run_detection(stores, wulan, RUN, Parameters())

    retractions.retract_report(stores, later(wulan, 1), made.report.id, "the source withdrew it")

    file = only(stores, wulan)
    assert (file.left, file.candidate.members, file.captions) == (6, (), {})


def test_a_phone_used_by_very_many_is_no_evidence_and_is_counted_in_the_run(stores: Stores, wulan: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-2024-0118", "SIM shop")).id
    many = MOST_SHARING + 1
    people = tuple(TypedRecord(str(i), "Person", {"name": [f"Buyer {i}"]}) for i in range(many))
    phone = TypedRecord("shop", "Phone", {"number": ["+62 812 3456 7890"]})
    links = tuple(TypedLink("USES", str(i), "shop") for i in range(many))
    typed = TypedReport(case, "Sales list", "S-2", "2024", GRADE, Marking(), records=(*people, phone), links=links)
    reports.add_report(stores, wulan, typed)

    count = networks.run_detection(stores, wulan, RUN, Parameters())

    run = networks.read_overview(stores, wulan).run
    assert count == 0
    assert run is not None
    assert (run["hubs"], run["hub_from"], run["ties"], run["seed"]) == (1, many, 0, Parameters().seed)


def test_who_may_not_read_what_a_run_saw_is_not_told_of_it(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    crew(stores, wulan)

    networks.run_detection(stores, wulan, RUN, Parameters())

    assert networks.read_overview(stores, prasert) == Overview(None, 0)
    assert networks.read_overview(stores, wulan).candidates == 1
    assert networks.list_candidates(stores, prasert) == []


def test_the_same_graph_gives_the_same_candidates_to_the_byte(stores: Stores, wulan: Ask) -> None:
    crew(stores, wulan, 9)
    stored: list[Any] = []

    for run in (RUN, "d" * 32):
        networks.run_detection(stores, wulan, run, Parameters())
        stored.append(stores.graph.upkeep(partial(_stored, run)))

    assert len(stored[0]) > 0
    assert stored[0] == stored[1]


@pytest.mark.parametrize("stage", [0, 20])
def test_a_run_can_be_ended_while_it_reads_and_while_it_computes(stores: Stores, wulan: Ask, stage: int) -> None:
    crew(stores, wulan)

    def stop(_: int, total: int) -> None:
        if total == stage:
            raise CancelledError

    with pytest.raises(CancelledError):
        networks.run_detection(stores, wulan, RUN, Parameters(), stop)
    assert networks.read_overview(stores, wulan) == Overview(None, 0)


def test_a_candidates_chart_holds_its_members_and_what_ties_two_of_them_and_nobody_else(
    stores: Stores, wulan: Ask
) -> None:
    made = crew(stores, wulan)
    case = made.report.case
    phone, boat, trip, flat, number = (
        TypedRecord("p", "Phone", {"number": ["+66 81 234 5678"]}), TypedRecord("b", "Vessel", {"name": ["KM Bahari"]}),
        TypedRecord("t", "Trip", {"name": ["Crossing"]}), TypedRecord("f", "Address", {"full": ["7 Canal Row"]}),
        TypedRecord("n", "Phone", {"number": ["+66 81 234 5678"]}),
    )  # fmt: skip
    crewman = [TypedRecord(str(i), "Person", {"name": [f"Crewman {chr(65 + i)}"]}) for i in range(2)]
    migrant = TypedRecord("m", "Person", {"name": ["Samira"]}, role=CaseRole.SMUGGLED_MIGRANT.value)
    report = TypedReport(
        case, "Boarding report", "B-1", "2024", GRADE, Marking(), records=(*crewman, migrant, phone, boat, trip, flat, number),
        links=(
            TypedLink("USES", "0", "p"), TypedLink("USES", "1", "n"), TypedLink("CREW_OF", "0", "b"), TypedLink("CREW_OF", "1", "b"),
            TypedLink("PASSENGER_ON", "m", "t"), TypedLink("TOOK_PART_IN", "0", "t"), TypedLink("LIVES_AT", "0", "f"),
        ),
    )  # fmt: skip
    boarding = reports.add_report(stores, later(wulan, 1), report)
    for known, again in zip(made.records[:2], boarding.records[:2], strict=True):
        resolution.judge(stores, later(wulan, 2), known.id, again.id, Verdict.SAME, "same crew")
    networks.run_detection(stores, later(wulan, 3), RUN, Parameters())
    file = only(stores, wulan)

    chart = charts.candidate_chart(stores, wulan, file.candidate.id)

    assert {m.record for m in file.candidate.members} < {t.id for t in chart.things}
    assert sorted(t.caption for t in chart.things if t.type != "Person") == ["+66 81 234 5678", "KM Bahari"]
    assert len([t for t in chart.things if t.type == "Person"]) == 6
    assert {t.type for t in chart.ties} == {"ASSOCIATE_OF", "USES", "CREW_OF"}
    with pytest.raises(NotFoundError):
        charts.candidate_chart(stores, replace(wulan, officer=replace(wulan.officer, id="x" * 32, agency="ucg")), file.candidate.id)  # fmt: skip
