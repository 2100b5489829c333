"""Imports through drafts: nothing lost, nothing doubled, updates supersede, discarding leaves nothing."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from jpa.errors import ConflictError, InvalidInputError, NotFoundError
from jpa.model.draft import TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.operations.drafts import Draft, DraftState
from jpa.services import cases, charts, entities, imports, search
from jpa.services.cases import NewCase
from jpa.services.import_files import File
from jpa.services.stores import Ask, Stores

DATA = Path(__file__).parents[2] / "data"
MAP = 'id = "id"\n[properties]\nname = "name"\nbirthDate = "born"\n'


def face(case: str) -> TypedReport:
    return TypedReport(case, "Data set", "DS-1", "2024", Grade("4x4", "B", "2"), Marking())


def counts(draft: Draft) -> tuple[int, ...]:
    return tuple(draft.head["counts"][k] for k in ("create", "update", "unchanged", "rejected"))


def opened(stores: Stores, ask: Ask) -> str:
    return cases.open_case(stores, ask, NewCase("T-1", "Imports")).id


def later(ask: Ask, minutes: int) -> Ask:
    return replace(ask, at=ask.at + timedelta(minutes=minutes))


def test_donations_land_whole_and_the_same_file_again_changes_nothing(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    file = File("donations.ijson", (DATA / "ftm" / "donations.ijson").read_bytes())

    first = imports.commit(stores, wulan, imports.stage(stores, wulan, face(case), file).id)
    again = imports.stage(stores, later(wulan, 5), face(case), file)

    assert counts(first) == (184 + 290 + 103, 0, 0, 0)
    assert counts(again) == (0, 0, 184 + 290 + 103, 0)
    assert len(charts.case_chart(stores, wulan, case).things) == 184


def test_a_changed_row_supersedes_and_a_bad_one_is_listed(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    one = File("a.csv", b"id,name,born\n1,Rahim Uddin,1987\n2,Hla Myint,1991\n", map_text=MAP, dataset="d")
    two = File("b.csv", b"id,name,born\n1,Rahim Uddin,1988\n2,Hla Myint,1991\n,Nobody,\n", map_text=MAP, dataset="d")
    imports.commit(stores, wulan, imports.stage(stores, wulan, face(case), one).id)

    staged = imports.stage(stores, later(wulan, 5), face(case), two)
    shown = imports.preview(stores, wulan, staged.id)
    imports.commit(stores, later(wulan, 6), staged.id)
    hit = search.search_all(stores, wulan, "Rahim Uddin").hits[0]
    entity = entities.read_entity(stores, wulan, hit.glance.id).entity

    assert counts(staged) == (0, 1, 1, 1)
    assert shown.rows["rejected"][0]["reason"] == "has no id"
    assert entity.records[0].properties["birthDate"][0].clean == "1988"
    assert entity.history[0].properties["birthDate"][0].clean == "1987"


def test_a_table_of_ties_finds_the_ends_of_its_dataset(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    people = File(
        "nodes.csv",
        (DATA / "covert" / "noordin_top_nodes.csv").read_bytes(),
        map_text='id = "id"\n[properties]\nname = "id"\n',
        dataset="noordin",
    )
    ties = File(
        "edges.csv",
        (DATA / "covert" / "noordin_top_edges.csv").read_bytes(),
        map_text='[link]\nsource = "source"\ntarget = "target"\ntype = "ASSOCIATE_OF"\n',
        dataset="noordin",
    )

    imports.commit(stores, wulan, imports.stage(stores, wulan, face(case), people).id)
    staged = imports.stage(stores, later(wulan, 1), face(case), ties)
    imports.commit(stores, later(wulan, 2), staged.id)

    assert staged.head["counts"]["rejected"] == 0
    assert len(charts.case_chart(stores, wulan, case).things) == 79
    assert len(charts.case_chart(stores, wulan, case).ties) == staged.head["counts"]["create"]


def test_a_commit_that_broke_off_goes_on_and_doubles_nothing(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    rows = "".join(f"{i},Man {i},1990\n" for i in range(5100))
    draft = imports.stage(stores, wulan, face(case), File("a.csv", f"id,name,born\n{rows}".encode(), map_text=MAP))

    def broken(done: int, _: int) -> None:
        if done >= 5000:
            raise SystemExit

    with pytest.raises(SystemExit):
        imports.commit(stores, wulan, draft.id, broken)
    with pytest.raises(ConflictError):
        imports.discard(stores, wulan, draft.id)
    ended = imports.commit(stores, later(wulan, 9), draft.id)

    assert ended.state is DraftState.COMMITTED
    assert cases.list_cases(stores, wulan).rows[0].records == 5100
    assert cases.list_cases(stores, wulan).rows[0].reports == 1


def test_a_discarded_draft_is_gone_and_a_foreign_one_cannot_be_found(stores: Stores, wulan: Ask, prasert: Ask) -> None:
    case = opened(stores, wulan)
    draft = imports.stage(stores, wulan, face(case), File("a.csv", b"id,name,born\n1,A,\n", map_text=MAP))

    with pytest.raises(NotFoundError):
        imports.preview(stores, prasert, draft.id)
    imports.discard(stores, wulan, draft.id)

    assert draft.id not in {d.id for d in imports.list_drafts(stores, wulan)}
    with pytest.raises(NotFoundError):
        imports.preview(stores, wulan, draft.id)


def test_rows_that_might_be_known_are_marked_and_created_all_the_same(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    known = File("a.csv", b"id,name,born\n1,Rahim Uddin Chowdhury,1987-03-12\n", map_text=MAP, dataset="a")
    imports.commit(stores, wulan, imports.stage(stores, wulan, face(case), known).id)
    rows = b"id,name,born\n7,Rohim Uddin Chowdhury,1987-03-12\n8,Somchai Prasert,1990\n"

    staged = imports.stage(stores, later(wulan, 5), face(case), File("b.csv", rows, map_text=MAP, dataset="b"))
    likely = imports.preview(stores, wulan, staged.id).rows["likely"]

    assert counts(staged) == (2, 0, 0, 0)
    assert [(row["row"], row["likely"]["caption"]) for row in likely] == [(2, "Rahim Uddin Chowdhury")]


def test_a_draft_that_another_import_overtook_is_refused(stores: Stores, wulan: Ask) -> None:
    case = opened(stores, wulan)
    file = File("a.csv", b"id,name,born\n1,Rahim Uddin,1987\n", map_text=MAP, dataset="d")
    first = imports.stage(stores, wulan, face(case), file)
    second = imports.stage(stores, later(wulan, 1), face(case), file)
    imports.commit(stores, wulan, first.id)

    with pytest.raises(ConflictError, match="Another import into this dataset"):
        imports.commit(stores, wulan, second.id)

    assert cases.list_cases(stores, wulan).rows[0].records == 1


@pytest.mark.parametrize(
    ("name", "content", "map_text", "field", "problem"),
    [
        ("a.csv", b"", MAP, "file", "empty"),
        ("a.csv", b"id,name\n1,\xff\xfe\xfa", MAP, "file", "not UTF-8"),
        ("a.xlsx", b"id,name,born\n1,A,\n", MAP, "file", "named as a spreadsheet"),
        ("a.csv", b"id,name,born\n1,A,\n", "id = 3", "id", "in quotes"),
        ("a.csv", b"id,name,born\n1,A,\n", '[properties]\nname = "nom"', "properties.name", "no column 'nom'"),
        ("a.csv", b"x,y\n1,2\n", "", "map", "Write a column map"),
        ("a.ijson", b"\x00\xff", "", "file", "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_by_name_and_leaves_nothing(
    stores: Stores, wulan: Ask, name: str, content: bytes, map_text: str, field: str, problem: str
) -> None:
    case = opened(stores, wulan)
    before = {d.id for d in imports.list_drafts(stores, wulan)}

    with pytest.raises(InvalidInputError) as refused:
        imports.stage(stores, wulan, face(case), File(name, content, map_text=map_text))

    assert problem in refused.value.fields[field]
    assert {d.id for d in imports.list_drafts(stores, wulan)} == before
