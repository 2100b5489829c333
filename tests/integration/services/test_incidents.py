"""Incidents: entered without names, corrected, retracted and brought back; a table comes in through a draft; other agencies see nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jpa.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from jpa.graph.cypher import upkeep
from jpa.interchange.tabular import read_table
from jpa.model.draft import TypedIncident
from jpa.model.incident import Incident
from jpa.model.officer import Role
from jpa.operations.drafts import Draft
from jpa.services import flows, forms, imports, incidents, planning, retractions
from jpa.services.frames import TypedJpa, create_jpa
from jpa.services.import_files import File
from jpa.services.incident_files import export_incidents
from jpa.services.outcome_files import LedgerForm
from jpa.services.planning import Stage
from jpa.services.stores import Ask, Stores
from jpa.statistics.incidents import IncidentQuestion
from tests.conftest import officer

BOAT = {
    "date": "12.3.2024", "state": "XA", "place": "Jetty 4", "origin": "Utara", "transit": "XE, XD", "destination": "XA", "means": "By sea",
    "migrants": "40", "women": "9", "nationalities": "30 XE, 4 BD", "smugglers": "2", "feePaid": "3,200", "currency": "RM",
}  # fmt: skip
HOLDING = upkeep(
    "MATCH (n) WHERE any(k IN keys(n) WHERE any(v IN [] + n[k] WHERE toString(v) CONTAINS $text)) RETURN count(n) AS n"
)


def typed(said: dict[str, str] | None = None, *, reason: str = "", confirmed: bool = True) -> TypedIncident:
    return TypedIncident({n: [v] for n, v in {**BOAT, **(said or {})}.items()}, reason=reason, confirmed=confirmed)


def enter(stores: Stores, ask: Ask, **said: str) -> Incident:
    return incidents.record_incidents(stores, ask, [typed(said)])[0]


def counted(stores: Stores, ask: Ask, measure: str = "incidents", **where: str) -> float:
    asked = IncidentQuestion(measure, (), {d: (x,) for d, x in where.items()})
    return incidents.list_incidents(stores, ask, asked).figure


def later(ask: Ask, minutes: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


def test_an_incident_is_kept_as_understood_and_read_back_equal(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    made = enter(stores, wulan)

    line = incidents.read_incident(stores, wulan, made.id)
    assert line.incident == made
    assert line.incident.content_hash == made.content_hash
    assert (made.clean("date"), made.all("transit"), made.clean("currency")) == ("2024-03-12", ["XE", "XD"], "MYR")
    assert counted(stores, wulan, "migrants", nationality="BD") == 4
    assert counted(stores, wulan, "migrants", nationality="") == 6
    assert counted(stores, wulan, "incidents", route="XB>XA") == 1
    assert counted(stores, prasert) == 0
    with pytest.raises(NotFoundError):
        incidents.read_incident(stores, prasert, made.id)
    with pytest.raises(ForbiddenError):
        incidents.record_incidents(stores, officer(stores, "ana", "tip", "XA", Role.ANALYST), [typed()])


def test_what_may_be_a_name_is_refused_and_nothing_is_kept(stores: Stores, wulan: Ask) -> None:
    wrong = {
        "origin": "Rahim Uddin", "method": "with Rahim", "nationalities": "Rahim", "reference": "Rahim Uddin", "place": "Jetty\n4: Rahim",
        "smugglers": "Rahim and two more", "date": "",
    }  # fmt: skip

    with pytest.raises(InvalidInputError) as refused:
        enter(stores, wulan, **wrong)
    with pytest.raises(InvalidInputError) as contradiction:
        enter(stores, wulan, migrants="20", currency="")
    with pytest.raises(InvalidInputError) as unknown:
        incidents.record_incidents(stores, wulan, [TypedIncident({"note": ["Rahim"]})])

    assert set(refused.value.fields) == set(wrong)
    assert set(contradiction.value.fields) == {"migrants", "currency"}
    assert set(unknown.value.fields) == {"note"}
    assert counted(stores, wulan) == 0


def test_a_place_named_for_the_first_time_is_asked_back_with_the_known_one(stores: Stores, wulan: Ask) -> None:
    enter(stores, wulan)

    with pytest.raises(InvalidInputError) as asked:
        incidents.record_incidents(stores, wulan, [typed({"place": "Jety 4"}, confirmed=False)])
    incidents.record_incidents(stores, wulan, [typed({"place": "Jetty 4"}, confirmed=False)])

    assert "“Jety 4” (or do you mean “Jetty 4”?)" in asked.value.fields["confirm"]
    assert incidents.read_places(stores, wulan) == ["Jetty 4"]
    assert counted(stores, wulan) == 2


def test_a_correction_stands_in_the_place_of_the_first_until_it_is_retracted(stores: Stores, wulan: Ask) -> None:
    made = enter(stores, wulan)
    with pytest.raises(InvalidInputError, match="was not saved"):
        incidents.correct_incident(stores, wulan, made.id, typed({"migrants": "52"}, reason="Rahim said so"))

    right = incidents.correct_incident(
        stores, later(wulan, 1), made.id, typed({"migrants": "52"}, reason="counted again")
    )
    corrected = counted(stores, wulan, "migrants")
    with pytest.raises(ConflictError):
        incidents.correct_incident(stores, later(wulan, 2), made.id, typed(reason="counted again"))
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        retractions.retract_incident(stores, later(wulan, 3), right.id, "Rahim said so")
    act = retractions.retract_incident(stores, later(wulan, 3), right.id, "slip in typing")
    back = counted(stores, wulan, "migrants")
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        retractions.undo(stores, later(wulan, 4), act.id, "Rahim said so")
    retractions.undo(stores, later(wulan, 4), act.id, "right after all")

    assert (corrected, back, counted(stores, wulan, "migrants")) == (52, 40, 52)
    listed = incidents.list_incidents(stores, wulan, IncidentQuestion("incidents"))
    assert [line.incident.id for line in listed.lines] == [right.id]
    [old] = listed.folded
    assert (old.incident.id, old.fate.in_force) == (made.id, False)
    assert old.fate.correction is not None
    assert old.fate.correction.id == right.id


def holding(stores: Stores, text: str) -> int:
    return int(stores.graph.upkeep(lambda tx: tx.run(HOLDING, text=text).single(strict=True)["n"]))


def take(stores: Stores, ask: Ask, *rows: str) -> Draft:
    head = "no,date,place,origin,destination,migrants,nationalities,smugglers,currency\n"
    file = File("boats.csv", (head + "\n".join(rows) + "\n").encode(), type_name="Incident", dataset="boats")
    return imports.commit(stores, ask, imports.stage(stores, ask, None, replace(file, map_text=MAP)).id)


MAP = 'id = "no"\n[properties]\n' + "".join(
    f'{n} = "{n}"\n' for n in ("date", "place", "origin", "destination", "migrants", "nationalities", "smugglers")
)


def test_a_table_goes_through_a_draft_that_leaves_names_out_and_doubles_nothing(
    stores: Stores, wulan: Ask, prasert: Ask
) -> None:
    first = take(stores, wulan, "B-1,2024-03-05,Jetty 4,XE,XA,31,20 XE; 4 BD,2,", "B-2,soon,Cove,Secretname,XA,8,,Secretname,", "Secretname,2024-01-01,,,,1,,,")  # fmt: skip
    again = take(stores, later(wulan, 1), "B-1,2024-03-05,Jetty 4,XE,XA,31,20 XE; 4 BD,2,")
    changed = take(stores, later(wulan, 2), "B-1,2024-03-05,Jetty 4,XE,XA,33,20 XE; 4 BD,2,")

    def counts(draft: Draft) -> list[int]:
        return [draft.head["counts"][k] for k in ("create", "update", "unchanged", "rejected", "odd")]

    assert [counts(d) for d in (first, again, changed)] == [[2, 0, 0, 1, 2], [0, 0, 1, 0, 0], [0, 1, 0, 0, 0]]
    assert counted(stores, wulan) == 2
    assert counted(stores, wulan, "migrants") == 41
    assert counted(stores, wulan, "incidents", month="") == 1
    assert counted(stores, prasert) == 0
    assert holding(stores, "Jetty 4") > 0
    assert holding(stores, "Secretname") == 0
    with pytest.raises(NotFoundError):
        imports.preview(stores, prasert, first.id)


def test_the_file_of_all_incidents_is_what_an_import_takes(stores: Stores, wulan: Ask) -> None:
    made = enter(stores, wulan)
    retractions.retract_incident(stores, later(wulan, 1), made.id, "entered twice")
    kept = enter(stores, later(wulan, 2), migrants="41")
    with pytest.raises(InvalidInputError):
        export_incidents(stores, wulan, LedgerForm.CSV, " ")

    csv = export_incidents(stores, wulan, LedgerForm.CSV, "check")
    xlsx = export_incidents(stores, wulan, LedgerForm.XLSX, "check")

    rows = list(read_table("incidents.csv", csv.content).rows)
    assert {row.cells["id"]: row.cells["standing"] for row in rows} == {
        made.id: "retracted: entered twice", kept.id: "in force",
    }  # fmt: skip
    assert rows[0].cells["nationalities"] == "XE 30; BD 4"
    assert xlsx.content.startswith(b"PK")


def test_the_extract_and_the_planning_page_say_what_the_incidents_say(stores: Stores, wulan: Ask) -> None:
    tran = officer(stores, "tran", "tip", "XA", Role.SUPERVISOR)
    registrar = officer(stores, "lim", "tip", "XA", Role.ADMINISTRATOR)
    jpa = create_jpa(stores, registrar, TypedJpa("3", "JPA 3", "2024-02-01", "2024-06-30", ("XA", "XB"))).id
    enter(stores, wulan)
    enter(stores, wulan, date="2023-03-01", migrants="60", nationalities="60 XE", women="")
    enter(stores, wulan, date="2024", migrants="", nationalities="", women="")

    filled = forms.fill_form(stores, tran, "vrs-msrc", year="2024").filled
    closing = planning.read_planning(stores, tran, jpa, Stage.CLOSING)
    reader = planning.read_planning(stores, wulan, jpa, Stage.PLAN)

    cells = {row.label: row.cells[0].value for sheet in filled.sheets for row in sheet.rows}
    assert cells["Incidents, by route: XB>XA"] == 2
    # Four of Bangladesh are too few to tell, and six unknown would give them away.
    assert [cells[f"Migrants met, by nationality: {x}"] for x in ("XE", "BD", "unknown")] == [None, None, None]
    assert cells["Fee paid by one person, middle, by currency: MYR"] == 3200
    for sheet in filled.sheets:
        for row in sheet.rows:
            for cell in row.cells:
                if isinstance(cell.question, IncidentQuestion) and cell.value is not None:
                    assert flows.read_flow(stores, tran, cell.question).table.total == cell.value
    assert [w.label for w in closing.windows] == ["same days a year before", "in the period", "since the period"]
    figures = {m.name: [(f.value, f.undecided) for f in row.figures] for m, row in closing.totals}
    assert figures["incidents"] == [(1, 0), (1, 1), (0, 1)]
    assert figures["migrants"] == [(60, 0), (40, 1), (0, 1)]
    assert (closing.progress is None, reader.progress is None) == (False, False)
    for breakdown in closing.breakdowns:
        for line in breakdown.rows:
            for figure in line.figures:
                assert incidents.list_incidents(stores, tran, figure.question).figure == figure.value
    assert closing.surges.warnings == []
