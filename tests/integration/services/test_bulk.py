"""Many reports of one case in one transaction: the same as one by one, or nothing at all."""

from dataclasses import replace

import pytest

from jpa.errors import InvalidInputError
from jpa.model.audit import AuditTag
from jpa.model.draft import TypedLink, TypedRecord, TypedReport, TypedVictim
from jpa.model.grading import Grade
from jpa.model.marking import Marking, Release, Tlp
from jpa.services import cases, entities, reports, search
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores


def typed(case: str, number: int, **more: object) -> TypedReport:
    report = TypedReport(
        case=case,
        title="Border check",
        source_reference=f"B-{number}",
        date="2024-03-12",
        grade=Grade("4x4", "B", "2", "H2"),
        marking=Marking(Tlp.AMBER, Release.OWN_STATE) if number % 2 == 0 else Marking(),
        records=(
            TypedRecord("1", "Person", {"name": [f"Rahim {number}"]}, role="mentioned"),
            TypedRecord("2", "Phone", {"number": [f"+62 812 3456 {number:04d}"]}),
        ),
        links=(TypedLink("USES", "1", "2"),),
    )
    return replace(report, **more)  # type: ignore[arg-type]  # the test's own keywords


@pytest.fixture
def case(stores: Stores, wulan: Ask) -> str:
    return cases.open_case(stores, wulan, NewCase("T-2024-0117", "Selat crossing")).id


def test_a_batch_is_saved_whole_each_report_under_its_own_marking_and_audited_once(
    stores: Stores, wulan: Ask, case: str
) -> None:
    made = reports.add_reports(stores, wulan, [typed(case, n) for n in range(12)])

    file = cases.read_case(stores, wulan, case)
    entity = entities.read_entity(stores, wulan, made[7].records[0].id)
    added = [e for e in stores.audit.events(tag=AuditTag.REPORT_ADDED, object=case) if e.outcome is None]

    assert file.report_count == 12
    assert {r.marking.tlp for r, _ in file.reports} == {Tlp.AMBER, Tlp.AMBER_STRICT}
    assert entity.entity.caption == "Rahim 7"
    assert entity.entity.records[0].content_hash == made[7].records[0].content_hash
    assert [t.other.type for t in entity.ties] == ["Phone"]
    assert [e.details for e in added] == [{"reports": 12, "records": 24, "links": 12, "victims": 0}]


def test_a_victim_of_one_report_is_redacted_in_all_of_the_batch(stores: Stores, wulan: Ask, case: str) -> None:
    named = typed(case, 2, victims=(TypedVictim({"name": ["Zarinah Canarywala"]}, {}),))
    made = reports.add_reports(stores, wulan, [typed(case, 1, text="Zarinah Canarywala was seen."), named])

    assert made[0].report.text == "[victim V-1] was seen."
    assert search.search_all(stores, wulan, "Canarywala").hits == []


def test_one_wrong_report_keeps_the_whole_batch_out_and_is_named(stores: Stores, wulan: Ask, case: str) -> None:
    wrong = typed(case, 2, title=" ")
    other = cases.open_case(stores, wulan, NewCase("T-2024-0118", "Another")).id

    with pytest.raises(InvalidInputError) as unnamed:
        reports.add_reports(stores, wulan, [typed(case, 1), wrong])
    with pytest.raises(InvalidInputError) as mixed:
        reports.add_reports(stores, wulan, [typed(case, 1), typed(other, 2)])
    with pytest.raises(InvalidInputError) as dangling:
        reports.add_reports(stores, wulan, [typed(case, 1), typed(case, 2, links=(TypedLink("USES", "1", "0" * 32),))])
    with pytest.raises(InvalidInputError) as many:
        reports.add_reports(stores, wulan, [typed(case, n) for n in range(reports.MOST_REPORTS + 1)])

    assert "report 2, title" in unnamed.value.fields
    assert "case" in mixed.value.fields
    assert "lines" in dangling.value.fields
    assert "reports" in many.value.fields
    assert cases.read_case(stores, wulan, case).report_count == 0
