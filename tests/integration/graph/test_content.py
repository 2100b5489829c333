"""The content hash: the same for the same content, different for any other."""

from jpa.graph.content import content_hash, read_content
from jpa.graph.cypher import upkeep
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.services import cases, reports
from jpa.services.cases import NewCase
from jpa.services.stores import Ask, Stores

EMPTY = upkeep("MATCH (n) WHERE NOT n:Migration AND NOT n:MigrationLock DETACH DELETE n")
FORTH = upkeep("""
CREATE (a:Probe:Other {id: 'a', list: ['x', 'y'], none: null, figure: 1.0}) CREATE (b:Probe {name: 'no id'})
CREATE (a)-[:TIES {since: '2024', id: '1'}]->(b)
""")
BACK = upkeep("""
CREATE (:Passing) CREATE (b:Probe {name: 'no id'}) CREATE (a:Other:Probe {figure: 1.0, list: ['x', 'y'], id: 'a'})
CREATE (a)-[:TIES {id: '1', since: '2024'}]->(b) WITH 1 AS one MATCH (p:Passing) DELETE p CREATE (:Commit {id: 'c'})
""")
CHANGES = (
    upkeep("MATCH (a:Other) SET a.list = ['y', 'x']"),
    upkeep("MATCH (a:Other) SET a.figure = 1"),
    upkeep("MATCH (a:Other) REMOVE a:Other"),
    upkeep("MATCH (a {id: 'a'})-[l]->(b) DELETE l CREATE (b)-[:TIES {id: '1', since: '2024'}]->(a)"),
    upkeep("MATCH (b {name: 'no id'}) SET b.name = 'changed'"),
    upkeep("CREATE (:Probe {name: 'twice'})"),
    upkeep("CREATE (:Probe {name: 'twice'})"),
)


def test_the_hash_depends_on_content_alone_and_on_all_of_it(stores: Stores) -> None:
    graph = stores.graph
    hashes = []
    for made in (FORTH, BACK):
        graph.upkeep(lambda tx: tx.run(EMPTY).consume())
        graph.upkeep(lambda tx, made=made: tx.run(made).consume())  # type: ignore[misc]  # bound per round
        hashes.append(content_hash(graph))

    changed = []
    for change in CHANGES:
        graph.upkeep(lambda tx, change=change: tx.run(change).consume())  # type: ignore[misc]  # bound per round
        changed.append(content_hash(graph))

    assert hashes[0] == hashes[1]
    assert len({hashes[0], *changed}) == 1 + len(CHANGES)


def test_the_hash_of_one_case_does_not_move_with_another(stores: Stores, wulan: Ask) -> None:
    first, second = (cases.open_case(stores, wulan, NewCase(number, "Crossing")).id for number in ("T-1", "T-2"))
    person, phone = TypedRecord("1", "Person", {"name": ["A Person"]}), TypedRecord("2", "Phone", {"number": ["0812"]})

    def reported(case: str) -> TypedReport:
        grade, marking = Grade("4x4", "A", "1"), Marking()
        links = (TypedLink("USES", "1", "2"),)
        return TypedReport(case, "Note", "R", "2024", grade, marking, records=(person, phone), links=links)

    reports.add_report(stores, wulan, reported(first))
    before = read_content(stores.graph, first)
    reports.add_report(stores, wulan, reported(second))
    after = read_content(stores.graph, first)
    reports.add_report(stores, wulan, reported(first))

    assert before.nodes >= 4
    assert before.links >= 3
    assert after == before
    assert content_hash(stores.graph, first) != before.hash
    assert content_hash(stores.graph) not in {before.hash, after.hash}
