"""After a person is sealed and the graph is written anew, no byte of the name is left in any file of the installation."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result

from jpa.config import Settings
from jpa.graph import java, server
from jpa.graph.content import content_hash
from jpa.graph.cypher import upkeep
from jpa.model.audit import AuditTag, Outcome
from jpa.model.draft import TypedLink, TypedRecord, TypedReport
from jpa.model.grading import Grade
from jpa.model.marking import Marking
from jpa.services import compaction, reports, victims
from jpa.services.installation import Installation, opened
from jpa.services.stores import Ask
from tests.integration.keeping.conftest import NOW, filled, jpa_at, of_home

NAME, PHONE = "Mariam Oddfinch", "66815550199"
OTHER = "Teresa Blackmor"
CONTROLS = 500
CONTROL = upkeep("""
UNWIND range(1, $n) AS i CREATE (:Control {said: $name}) CREATE (:Control {said: $name}) CREATE (:Control {said: $other})
""")
END_CONTROL = upkeep("MATCH (c:Control) DELETE c")
PAGE, RECORD, SECOND, BLOCK = 8192, 41, 17, 8
"""Neo4j's property store: records of 41 bytes in pages; a packed name of 15 letters fills the record's second block."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A home in which a person was sealed, before and after it was compacted."""

    settings: Settings
    packed: set[bytes]
    """How Neo4j packs the name into a property record: learned from many nodes that said it."""
    before: set[str]
    hashed: str
    health: Result
    refused: Result
    """What compacting said of a copy that was not the graph."""
    told: Result


def needles(packed: set[bytes]) -> set[bytes]:
    words = {NAME, *NAME.split(), NAME.lower(), NAME.lower().split()[1], PHONE, f"+{PHONE}"}
    return {w.encode(how) for w in words if w != "Mariam" for how in ("utf-8", "utf-16-le", "utf-16-be")} | packed


def files_of(home: Path) -> Iterator[Path]:
    """List the files that an installation writes: its jars and the archive of their classes come from a cache."""
    brought = {home / "neo4j" / "lib", java.class_archive(home / "neo4j")}
    yield from (p for p in sorted(home.rglob("*")) if p.is_file() and brought.isdisjoint({p, p.parent}))


def holding(home: Path, packed: set[bytes]) -> set[str]:
    """Name the files that hold a needle; of long emptiness, which logs begin with, a little is searched: no needle is so long."""
    wanted = needles(packed)
    return {
        str(p.relative_to(home))
        for p in files_of(home)
        for content in (p.read_bytes().replace(bytes(4096), bytes(64)),)
        if any(n in content for n in wanted)
    }


def learn(home: Path) -> set[bytes]:
    """Find how the name is packed: the second block of as many property records as there are nodes that say nothing else."""
    content = (home / "neo4j" / "data" / "databases" / "neo4j" / "neostore.propertystore.db").read_bytes()
    starts = [p + at for p in range(0, len(content), PAGE) for at in range(SECOND, PAGE - RECORD + SECOND, RECORD)]
    blocks = Counter(content[at : at + BLOCK] for at in starts)
    return {block for block, n in blocks.items() if 2 * CONTROLS <= n < 3 * CONTROLS and any(block)}


def seal(here: Installation, case: str) -> None:
    account = here.accounts.find("wulan")
    assert account is not None
    ask = Ask(account.officer, NOW + timedelta(minutes=5))
    records = (
        TypedRecord("1", "Person", {"name": [NAME]}, role="suspect"),
        TypedRecord("2", "Phone", {"number": [f"+{PHONE}"]}),
        TypedRecord("3", "Person", {"name": ["Hla Myint"], "notes": [f"seen with {NAME}"]}),
    )
    said = TypedReport(case, f"Log on {NAME}", "S-1", "2024", Grade("4x4", "B", "2"), Marking(), f"{NAME} was seen.",
                       records=records, links=(TypedLink("USES", "1", "2"),))  # fmt: skip
    made = reports.add_report(here.stores, ask, said)
    victims.seal_entity(here.stores, Ask(account.officer, NOW + timedelta(minutes=9)), made.records[0].id, {})


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, founded: Callable[[Settings], Settings]) -> Sealed:
    settings = founded(of_home(tmp_path_factory.mktemp("compact") / "home"))
    with opened(settings) as here:
        graph = here.stores.graph
        seal(here, filled(here)[0])
        hashed = content_hash(graph)
        health = jpa_at(settings.home, "health")
        graph.upkeep(lambda tx: tx.run(CONTROL, n=CONTROLS, name=NAME, other=OTHER).consume())
        server.stop_server(settings)
    packed = learn(settings.home)
    with opened(settings) as here:
        here.stores.graph.upkeep(lambda tx: tx.run(END_CONTROL).consume())
        before = holding(settings.home, packed)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(compaction, "copy_graph", lambda *_: None)
        refused = jpa_at(settings.home, "compact")
    told = jpa_at(settings.home, "compact")
    return Sealed(settings, packed, before, hashed, health, refused, told)


def test_before_it_the_name_stands_in_store_and_log_and_health_says_what_to_do(sealed: Sealed) -> None:
    assert len(sealed.packed) == 1
    assert any("transactions" in name for name in sealed.before)
    assert any("propertystore" in name for name in sealed.before)
    assert "sealed since the graph was last written anew: 1" in sealed.health.output


def test_a_copy_that_differs_changes_nothing(sealed: Sealed) -> None:
    """The compaction after it found the graph as it was: its hash is compared below."""
    assert sealed.refused.exit_code != 0
    assert "nothing was changed" in sealed.refused.output


def test_after_it_no_file_of_the_installation_holds_the_name_in_any_encoding(sealed: Sealed) -> None:
    assert sealed.told.exit_code == 0, sealed.told.output
    assert holding(sealed.settings.home, sealed.packed) == set()
    assert not (sealed.settings.home / "compact-work").exists()
    assert not (sealed.settings.neo4j_home / "data.old").exists()


def test_the_graph_is_the_same_by_its_hash_and_works_on_even_if_the_replacement_was_cut_short(sealed: Sealed) -> None:
    data, old = sealed.settings.neo4j_home / "data", sealed.settings.neo4j_home / "data.old"

    data.rename(old)
    server.install(sealed.settings)  # as each start begins
    came_back = data.exists() and not old.exists()
    old.mkdir()
    with opened(sealed.settings) as here:
        same = content_hash(here.stores.graph)
        outcomes = {e.outcome for e in here.stores.audit.events(tag=AuditTag.GRAPH_COMPACTED.value)}
        due = compaction.sealed_since(here.stores.audit)
        held = here.stores.audit.verify().whole
        busy = jpa_at(sealed.settings.home, "compact")

    assert came_back
    assert not old.exists()
    assert same == sealed.hashed
    assert sealed.hashed in sealed.told.output
    assert Outcome.DONE in outcomes
    assert due == 0
    assert held
    assert busy.exit_code != 0
    assert "is in use" in busy.output
