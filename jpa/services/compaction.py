"""Compaction: the graph is written anew, so that no byte of what was sealed, redacted or deleted is left in its files.

Neo4j frees what is deleted and writes over it some day; its dump copies the free pages as well. So the content is copied node by
node into an empty store, compared by its hash, and put in the old one's place as the last step: all of it, or nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from jpa.config import PROJECT, Settings
from jpa.errors import IntegrityError, SetupError
from jpa.graph import server
from jpa.graph.artifacts import Progress
from jpa.graph.content import Content, read_content
from jpa.graph.copying import copy_graph
from jpa.graph.migrate import applied_versions, migrate, read_migrations
from jpa.graph.session import Graph
from jpa.model.audit import AuditTag, Outcome
from jpa.operations.audit import AuditLog
from jpa.services.installation import opened
from jpa.services.keeping import work_folder

_WORK: Final = "compact-work"
_MIGRATIONS: Final = PROJECT / "migrations" / "graph"


@dataclass(frozen=True, slots=True)
class Compacted:
    """What was written anew, and how large the files were and are."""

    content: Content
    before: int
    after: int


def compact_graph(
    settings: Settings, at: datetime, report: Callable[[str], None], progress: Progress | None = None
) -> Compacted:
    """Write the graph of a stopped installation anew; nobody else may use it meanwhile."""
    if settings.neo4j_uri is not None:
        raise SetupError(
            "jpa does not compact a Neo4j that runs elsewhere (JPA_NEO4J_URI): write it anew with its own tools."
        )
    if not (settings.home / "operations.sqlite").exists():
        raise SetupError(f"There is no installation at {settings.home}; set JPA_HOME to the folder that keeps one.")
    with opened(settings, progress, alone=True) as installation:
        graph = installation.stores.graph
        if applied_versions(graph) != [m.version for m in read_migrations(_MIGRATIONS)]:
            raise SetupError("The graph has not the newest schema; run `jpa migrate` first.")
        with (
            installation.stores.audit.act(AuditTag.GRAPH_COMPACTED, None, at=at) as act,
            work_folder(settings.home / _WORK) as work,
        ):
            before = _size(settings.neo4j_home / "data")
            staged = settings.model_copy(update={"home": work / "home"})
            content = _written_anew(settings, staged, graph, at, report, progress)
            report("Putting the new files in the place of the old ones")
            graph.close()
            server.stop_server(settings)
            server.replace_store(settings, staged)
            act.details |= {"content_hash": content.hash, "nodes": content.nodes, "links": content.links}
    return Compacted(content, before, _size(settings.neo4j_home / "data"))


def sealed_since(audit: AuditLog) -> int:
    """Count the persons sealed since the graph was last written anew: what they were may still lie in its files."""
    done = audit.events(tag=AuditTag.GRAPH_COMPACTED.value, outcomes=(Outcome.DONE,), limit=1)
    sealed = audit.events(tag=AuditTag.VICTIM_SEALED.value, outcomes=(Outcome.DONE,), limit=1000)
    return sum(len(done) == 0 or e.sequence > done[0].sequence for e in sealed)


def _written_anew(
    settings: Settings, staged: Settings, graph: Graph, at: datetime, report: Callable[[str], None], progress: Progress | None
) -> Content:  # fmt: skip
    report("Reading the graph")
    content = read_content(graph)
    server.install(staged, progress, password=server.password_of(settings))
    try:
        report("Writing it anew")
        with server.ensure_server(staged) as handle, Graph(handle) as fresh:
            migrate(fresh, _MIGRATIONS, at)
            copy_graph(graph, fresh)
            report("Comparing the two")
            if read_content(fresh) != content:
                raise IntegrityError("The copy is not the graph that it was made from; nothing was changed.")
    finally:
        server.stop_server(staged)
    server.check(staged)
    return content


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
