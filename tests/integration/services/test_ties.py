"""A page of ties asks once for all of them what is withdrawn: it must say what `in_force` says of each."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.entity import Glance
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.services import cases, entities, links, reports, retractions
from jpa.services.cases import NewCase
from jpa.services.statements import Statements
from jpa.services.stores import Ask, Stores

SAID = TypedReport(
    "", "Boarding report", "CG-1", "2024-03-12", Grade("4x4", "B", "2"), Marking(), "Stopped at Jetty 4."
)


def saved(stores: Stores, ask: Ask, case: str, number: str) -> Statements:
    records = (
        TypedRecord("1", "Person", {"name": ["Rahim Uddin"]}),
        TypedRecord("2", "Vessel", {"name": ["KM Bahari Jaya"]}),
        TypedRecord("3", "Phone", {"number": [number]}),
    )
    ties = (TypedLink("CREW_OF", "1", "2", {"role": ["helmsman"]}), TypedLink("USES", "1", "3"))
    return reports.add_report(stores, ask, replace(SAID, case=case, records=records, links=ties))


def test_ties_shown_are_those_counted_one_by_one_through_corrections_and_retractions(
    stores: Stores, wulan: Ask
) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Selat crossing")).id
    made = saved(stores, wulan, case, "+62 812 3456 7890")
    correction = links.correct_link(
        stores, wulan, made.report.id, made.links[0].id, {"role": ["cook"]}, replace(SAID, case=case)
    )  # fmt: skip
    steps: list[Callable[[Ask], object]] = [
        lambda _: None,
        lambda ask: retractions.retract_link(stores, ask, correction.report, correction.id, "he was never aboard"),
        lambda ask: retractions.retract_record(stores, ask, made.records[2].id, "another phone"),
        lambda ask: retractions.retract_report(stores, ask, made.report.id, "the source withdrew it"),
    ]
    shown = []

    for minute, step in enumerate(steps):
        step(replace(wulan, at=wulan.at + timedelta(minutes=minute)))
        file = entities.read_entity(stores, wulan, made.records[0].id)

        assert Counter(tie.link.type for tie in file.ties) == file.tie_counts
        shown.append({tie.link.id for tie in file.ties})

    old, phone = (link.id for link in made.links)
    assert shown == [{correction.id, phone}, {old, phone}, {old}, set()]


def test_the_other_end_of_a_tie_is_the_whole_entity_with_its_key(stores: Stores, wulan: Ask) -> None:
    case = cases.open_case(stores, wulan, NewCase("T-1", "Selat crossing")).id
    first = saved(stores, wulan, case, "+62 812 3456 7890")
    again = saved(stores, replace(wulan, at=wulan.at + timedelta(minutes=1)), case, "0812 3456 7890")
    alone = saved(stores, replace(wulan, at=wulan.at + timedelta(minutes=2)), case, "+62 899 000 111")

    phones = [
        next(t.other for t in entities.read_ties(stores, wulan, made.records[0].id) if t.link.type == "USES")
        for made in (first, again, alone)
    ]

    phone = Glance(first.records[2].id, "Phone", "+62 812-3456-7890", 2)
    assert phones[:2] == [phone, phone]
    assert (phones[2].id, phones[2].records) == (alone.records[2].id, 1)
