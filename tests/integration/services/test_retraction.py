"""Retraction through the services: out of force everywhere, kept in the history, and undone exactly."""

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph import projection
from jpa.graph.cypher import upkeep
from jpa.model.access import Action
from jpa.model.audit import AuditTag
from jpa.model.case import TeamRole
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.model.officer import Role
from jpa.model.retraction import Retraction
from jpa.services import cases, charts, entities, evidence, reports, resolution, retractions, search, teams, victims
from jpa.services.cases import NewCase
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Event, Stores, read
from tests.conftest import officer

GRADE = Grade("4x4", "B", "2")
GRANT = upkeep("""
CREATE (:Grant {id: 'g', agency: 'ucg', compartment: $case, officers: [], start: '2026-01-01', end: '2027-01-01'})
""")


def later(ask: Ask, minutes: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


def boarding(case: str, name: str = "RAHIM UDDIN", reference: str = "CG-118/24") -> TypedReport:
    return TypedReport(
        case, "Boarding report", reference, "2024-03-12", GRADE, Marking(), "Stopped at Jetty 4.",
        records=(
            TypedRecord("1", "Person", {"name": [name], "birthDate": ["1987"]}, role="suspect"),
            TypedRecord("2", "Vessel", {"name": ["KM Bahari Jaya"]}),
            TypedRecord("3", "Phone", {"number": ["+62 812 3456 7890"]}),
        ),
        links=(TypedLink("CREW_OF", "1", "2", {"role": ["helmsman"]}), TypedLink("USES", "1", "3")),
    )  # fmt: skip


def saved(stores: Stores, ask: Ask, number: str = "T-1", **typed: str) -> Statements:
    case = cases.open_case(stores, ask, NewCase(number, "Selat crossing")).id
    return reports.add_report(stores, ask, boarding(case, **typed))


def views(stores: Stores, ask: Ask, made: Statements) -> list[Any]:
    """Return everything that a retraction may touch, but the history of the acts themselves."""
    shown: list[Any] = [
        replace(entities.read_entity(stores, ask, record.id), retractions=()) for record in made.records
    ]
    shown += [[r.content_hash for r in (*f.entity.records, *f.entity.history)] for f in shown]
    shown += [replace(reports.read_report(stores, ask, made.report.id), retractions=())]
    shown += [charts.case_chart(stores, ask, made.report.case), search.search_all(stores, ask, "rahim uddin")]
    shown += [search.search_all(stores, ask, "0812 3456 7890"), search.search_all(stores, ask, "jetty").reports]
    shown += [resolution.list_proposals(stores, ask)]
    shown += [read(stores, ask, Action.READ, Event(AuditTag.CHART_READ), projection.relations_tx)]
    return shown


def retract(stores: Stores, ask: Ask, made: Statements, what: str) -> Retraction:
    if what == "report":
        return retractions.retract_report(stores, ask, made.report.id, "the source withdrew it")
    if what == "record":
        return retractions.retract_record(stores, ask, made.records[0].id, "another man")
    return retractions.retract_link(stores, ask, made.report.id, made.links[0].id, "he was never aboard")


def test_a_retracted_report_leaves_search_ties_charts_proposals_and_detection_but_not_the_history(
    stores: Stores, wulan: Ask
) -> None:
    made = saved(stores, wulan)
    other = saved(stores, later(wulan, 1), "T-2", name="Rohim Uddin", reference="CG-119/24")
    resolution.run_resolution(stores, wulan, "a" * 32)
    phone = entities.read_entity(stores, wulan, other.records[2].id)

    retractions.retract_report(stores, later(wulan, 2), made.report.id, "the source withdrew it")
    alone = entities.read_entity(stores, wulan, other.records[2].id)
    gone = entities.read_entity(stores, wulan, made.records[0].id)
    page = reports.read_report(stores, wulan, made.report.id)

    assert len(phone.entity.records) == 2
    assert [r.id for r in alone.entity.records] == [other.records[2].id]
    assert [t.report.id for t in alone.ties] == [other.report.id]
    assert [h.glance.caption for h in search.search_all(stores, wulan, "Rahim Uddin").hits] == ["Rohim Uddin"]
    assert [r["id"] for r in search.search_all(stores, wulan, "jetty").reports] == [other.report.id]
    assert resolution.list_proposals(stores, wulan) == ([], 0)
    assert charts.case_chart(stores, wulan, made.report.case) == charts.Chart([], [], 0)
    assert charts.expand(stores, wulan, other.records[2].id, []).more == 0
    relations = read(stores, wulan, Action.READ, Event(AuditTag.CHART_READ), projection.relations_tx)
    assert {r["report"] for r in relations} == {other.report.id}
    assert gone.entity.records == ()
    assert [r.id for r in gone.entity.history] == [made.records[0].id]
    assert gone.entity.involvements == ()
    assert gone.ties == []
    act = gone.retracted(made.records[0])
    assert act is not None
    assert (act.name, act.reason, act.at) == ("Wulan", "the source withdrew it", later(wulan, 2).at)
    assert page.retracted(made.report.id) == act
    assert len(page.records) == 3
    assert [t.in_force for t in page.links] == [False, False]


@pytest.mark.parametrize("what", ["report", "record", "link"])
def test_retracting_and_undoing_is_the_identity_on_every_view_and_hash(stores: Stores, wulan: Ask, what: str) -> None:
    made = saved(stores, wulan)
    saved(stores, later(wulan, 1), "T-2", name="Rohim Uddin", reference="CG-119/24")
    resolution.run_resolution(stores, wulan, "a" * 32)
    before = views(stores, wulan, made)

    for minute in (2, 4):
        act = retract(stores, later(wulan, minute), made, what)
        between = views(stores, wulan, made)
        retractions.undo(stores, later(wulan, minute + 1), act.id, "it was right after all")

        assert between != before
        assert views(stores, wulan, made) == before
    acts = entities.read_entity(stores, wulan, made.records[0].id).retractions
    assert [a.stands for a in acts] == ([] if what == "link" else [False, False])


def test_a_retracted_record_takes_its_ties_along_and_leaves_the_other_ends(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)

    retractions.retract_record(stores, wulan, made.records[0].id, "another man")

    assert entities.read_entity(stores, wulan, made.records[1].id).ties == []
    assert entities.read_entity(stores, wulan, made.records[1].id).tie_counts == {}
    left = charts.case_chart(stores, wulan, made.report.case)
    assert {t.caption for t in left.things} == {"KM Bahari Jaya", "+62 812-3456-7890"}
    assert left.ties == []


def test_a_retracted_tie_is_gone_and_both_ends_stay(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)

    retractions.retract_link(stores, wulan, made.report.id, made.links[0].id, "he was never aboard")
    person = entities.read_entity(stores, wulan, made.records[0].id)

    assert [t.link.type for t in person.ties] == ["USES"]
    assert person.tie_counts == {"USES": 1}
    assert charts.why_tied(stores, wulan, made.records[0].id, made.records[1].id) == []
    assert len(charts.case_chart(stores, wulan, made.report.case).things) == 3


def test_retracting_a_correction_brings_back_what_it_corrected_and_only_that(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)
    said = TypedReport(made.report.case, "Correction", "C-1", "2024-03-14", GRADE, Marking(), "x")
    one = reports.correct_record(stores, later(wulan, 1), made.records[0].id, {"name": ["Rahim Khan"]}, said)
    two = reports.correct_record(stores, later(wulan, 2), one.id, {"name": ["Rahim Shah"]}, said)

    def in_force() -> list[str]:
        return [r.id for r in entities.read_entity(stores, wulan, made.records[0].id).entity.records]

    middle = retractions.retract_report(stores, wulan, one.report, "mistaken")
    with_middle_gone = in_force()
    retractions.retract_record(stores, wulan, two.id, "mistaken too")
    with_both_gone = in_force()
    retractions.undo(stores, wulan, middle.id, "no, right")

    assert with_middle_gone == [two.id]
    assert with_both_gone == [made.records[0].id]
    assert in_force() == [one.id]


def test_only_a_lead_of_the_case_retracts_and_others_learn_nothing(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    made = saved(stores, wulan)
    member = officer(stores, "dewi", "tip", "XA", Role.LEAD, Role.CONTRIBUTE)
    clerk = officer(stores, "budi", "tip", "XA", Role.CONTRIBUTE)
    teams.join_team(stores, wulan, made.report.case, "dewi", TeamRole.MEMBER)
    teams.join_team(stores, wulan, made.report.case, "budi", TeamRole.MEMBER)
    act = retractions.retract_link(stores, wulan, made.report.id, made.links[0].id, "wrong")

    for ask in (member, clerk):
        with pytest.raises(ForbiddenError):
            retractions.retract_report(stores, ask, made.report.id, "because")
        with pytest.raises(ForbiddenError):
            retractions.undo(stores, ask, act.id, "because")
    messages = set()
    for target in (made.report.id, "0" * 32):
        with pytest.raises(NotFoundError) as refused:
            retractions.retract_report(stores, prasert, target, "because")
        messages.add(str(refused.value))
    for target in (act.id, "0" * 32):
        with pytest.raises(NotFoundError) as refused:
            retractions.undo(stores, prasert, target, "because")
        messages.add(str(refused.value))
    assert len(messages) == 1
    assert reports.read_report(stores, wulan, made.report.id).retracted(made.report.id) is None


def test_whoever_may_read_the_record_sees_the_retraction(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Selat crossing")).id
    wide = Marking(Tlp.AMBER, Release.NAMED_STATES, ("XB",))
    made = reports.add_report(stores, wulan, replace(boarding(case), marking=wide))
    stores.graph.upkeep(lambda tx: tx.run(GRANT, case=case).consume())
    before = entities.read_entity(stores, prasert, made.records[0].id)

    act = retractions.retract_record(stores, wulan, made.records[0].id, "another man")
    after = entities.read_entity(stores, prasert, made.records[0].id)

    assert len(before.ties) == 2
    assert after.ties == []
    assert after.retracted(made.records[0]) == act


def test_a_second_retraction_a_second_undo_and_a_missing_reason_are_refused(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)
    with pytest.raises(InvalidInputError) as refused:
        retractions.retract_report(stores, wulan, made.report.id, "  ")
    act = retractions.retract_report(stores, wulan, made.report.id, "wrong")

    with pytest.raises(ConflictError):
        retractions.retract_report(stores, wulan, made.report.id, "wrong")
    with pytest.raises(ConflictError):
        retractions.retract_record(stores, wulan, made.records[0].id, "wrong")
    retractions.undo(stores, wulan, act.id, "right")
    with pytest.raises(ConflictError):
        retractions.undo(stores, wulan, act.id, "right")

    assert "reason" in refused.value.fields


def test_a_reason_never_names_a_victim_of_the_case(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)
    victim = TypedVictim({"name": ["Zarinah Canarywala"]}, {})
    reports.add_report(
        stores, wulan,
        TypedReport(made.report.case, "Interview", "I-1", "2024", GRADE, Marking(), victims=(victim,)),
    )  # fmt: skip

    act = retractions.retract_report(stores, wulan, made.report.id, "Zarinah Canarywala was mistaken")
    undone = retractions.undo(stores, wulan, act.id, "zarinah canarywala was right")

    assert act.reason == "[victim V-1] was mistaken"
    assert undone.undone is not None
    assert undone.undone.reason == "[victim V-1] was right"


def test_sealing_a_person_takes_the_name_out_of_reasons_and_names_of_files_too(stores: Stores, wulan: Ask) -> None:
    made = saved(stores, wulan)
    other = reports.add_report(stores, later(wulan, 1), boarding(made.report.case, "Zarinah Canarywala", "CG-2"))
    act = retractions.retract_report(stores, wulan, made.report.id, "Zarinah Canarywala says so")
    retractions.undo(stores, wulan, act.id, "Zarinah Canarywala took it back")
    file = evidence.add_file(
        stores, wulan, made.report.id, "Zarinah Canarywala.jpg", io.BytesIO(b"a"), "Zarinah Canarywala's phone"
    )

    victims.seal_entity(stores, later(wulan, 2), other.records[0].id, {"ageBand": ["18–20"]})
    shown = reports.read_report(stores, wulan, made.report.id)

    assert shown.retractions[0].reason == "[victim V-1] says so"
    assert shown.retractions[0].undone is not None
    assert shown.retractions[0].undone.reason == "[victim V-1] took it back"
    assert [(f.id, f.name, f.why) for f in shown.files] == [(file.id, "[victim V-1].jpg", "[victim V-1]'s phone")]
