"""Keeping an installation: one sealed, verified archive of all that it holds, and a new installation from it."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from jpa.config import PROJECT, Settings
from jpa.errors import ConflictError, IntegrityError, InvalidInputError, SetupError
from jpa.graph import server
from jpa.graph.artifacts import Progress
from jpa.graph.content import read_content
from jpa.graph.migrate import applied_versions, read_migrations
from jpa.model.audit import AuditTag, Verification
from jpa.operations.archive import FileClass, Manifest, is_expected, pack, unpack
from jpa.operations.envelope import Key, Lock, check_lock, seal, unseal
from jpa.operations.store import copy_sqlite, is_known_revision
from jpa.services.installation import Installation, migrate_all, opened

Report = Callable[[str], None]
"""Told which step begins."""

_WORK: Final = "backup-work"
_HEAD: Final = "audit-head"
_NEO4J_PASSWORD: Final = "neo4j"  # noqa: S105 -- the name of a file
"""Belongs to the server's own accounts, which a dump does not hold: each home makes its own."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and whether its audit log holds."""

    manifest: Manifest
    audit: Verification


def make_backup(
    settings: Settings, target: Path, lock: Lock, at: datetime, report: Report, progress: Progress | None = None
) -> Manifest:
    """Write one sealed archive of graph, operations store, keys, evidence and audit head, opened again and verified."""
    _require_own_stores(settings, "back up")
    _require_target(settings, target)
    check_lock(lock)
    with opened(settings, progress, alone=True) as installation:
        if installation.operations.revision() == "":
            raise SetupError(f"The installation at {settings.home} was never set up; run `jpa migrate` first.")
        with (
            installation.stores.audit.act(AuditTag.BACKUP_MADE, None, at=at) as act,
            work_folder(settings.home / _WORK) as work,
        ):
            report("Reading the graph")
            manifest = _manifest(installation, act.intent.id, at)
            installation.stores.graph.close()
            server.stop_server(settings)
            report("Checking and dumping the graph")
            server.check(settings)
            server.dump(settings, work / FileClass.GRAPH)
            report("Packing and sealing")
            made = _sealed(_sources(settings, work), manifest, target, lock, work, report)
            act.details |= {"files": len(made.files), "content_hash": made.content_hash}
    return made


def restore_backup(
    settings: Settings, source: Path, key: Key, at: datetime, report: Report, progress: Progress | None = None
) -> Restored:
    """Make an installation from a backup on an empty home: all of it, or nothing."""
    _require_own_stores(settings, "restore")
    _require_empty(settings.home)
    settings.home.parent.mkdir(parents=True, exist_ok=True)
    with work_folder(Path(tempfile.mkdtemp(prefix=f".{settings.home.name}-", dir=settings.home.parent))) as work:
        report("Opening and verifying the backup")
        unseal(source, key, work / "archive.tar")
        files = work / "files"
        files.mkdir(mode=0o700)
        manifest = unpack(work / "archive.tar", files, _require_known)
        (work / "archive.tar").unlink()
        staged = settings.model_copy(update={"home": work / "home"})
        _place(files, staged)
        report("Loading the graph")
        server.install(staged, progress)
        server.load(staged, files / FileClass.GRAPH)
        try:
            report("Starting the graph and comparing its content")
            audit = _started(staged, manifest, at)
        finally:
            server.stop_server(staged)
        shutil.rmtree(staged.home / "run")
        if settings.home.exists():
            settings.home.rmdir()
        staged.home.rename(settings.home)
    return Restored(manifest, audit)


def _manifest(installation: Installation, intent: str, at: datetime) -> Manifest:
    content = read_content(installation.stores.graph)
    return Manifest(
        made=at.isoformat(timespec="seconds"),
        version=version("jpa"),
        graph_migrations=tuple(applied_versions(installation.stores.graph)),
        operations_migration=installation.operations.revision(),
        content_hash=content.hash,
        nodes=content.nodes,
        links=content.links,
        intent=intent,
    )


def _sources(settings: Settings, work: Path) -> dict[str, Path]:
    """Collect what goes in, by its name in the archive; stores as copies that nothing writes to any more."""
    sources = {f"{FileClass.GRAPH}/neo4j.dump": work / FileClass.GRAPH / "neo4j.dump"}
    for store in sorted(settings.home.glob("*.sqlite")):
        copy = work / store.name
        copy_sqlite(store, copy)
        sources[f"{FileClass.OPERATIONS}/{store.name}"] = copy
    head = settings.home / _HEAD
    if head.exists():
        sources[f"{FileClass.AUDIT}/{_HEAD}"] = head
    for kind, folder in _folders(settings).items():
        for path in folder.rglob("*"):
            name = path.relative_to(folder).as_posix()
            own_password = kind is FileClass.KEYS and path.stem == _NEO4J_PASSWORD
            if path.is_file() and not path.is_symlink() and path.suffix != ".part" and not own_password:
                sources[f"{kind}/{name}"] = path
    for name, path in sources.items():
        if not is_expected(name):
            raise ConflictError(f"{path} is not a file that jpa made; move it out of the home and try again.")
    return sources


def _folders(settings: Settings) -> dict[FileClass, Path]:
    return {
        FileClass.KEYS: settings.secrets_dir,
        FileClass.EVIDENCE: settings.evidence_dir,
        FileClass.RELEASES: settings.releases_dir,
    }


def _sealed(
    sources: dict[str, Path], manifest: Manifest, target: Path, lock: Lock, work: Path, report: Report
) -> Manifest:
    part = target.with_name(f"{target.name}.part")
    try:
        whole = pack(sources, manifest, work / "archive.tar")
        key = seal(work / "archive.tar", part, lock)
        (work / "archive.tar").unlink()
        report("Opening it again and verifying every file")
        unseal(part, key, work / "verified.tar")
        if unpack(work / "verified.tar", None, _require_known) != whole:
            raise IntegrityError("What was written is not what was to be written; nothing was kept. Check the disk.")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return whole


def _place(files: Path, staged: Settings) -> None:
    """Move the unpacked files to where an installation keeps them."""
    staged.home.mkdir(mode=0o700)
    for kind, folder in _folders(staged).items():
        if (files / kind).exists():
            (files / kind).rename(folder)
    for kind in (FileClass.OPERATIONS, FileClass.AUDIT):
        for path in (files / kind).glob("*"):
            path.rename(staged.home / path.name)


def _started(staged: Settings, manifest: Manifest, at: datetime) -> Verification:
    with opened(staged) as installation:
        installation.operations.migrate()
        graph, audit = installation.stores.graph, installation.stores.audit
        held = audit.verify()
        with audit.act(AuditTag.BACKUP_RESTORED, None, at=at, details={"made": manifest.made}) as act:
            content = read_content(graph)
            if content.hash != manifest.content_hash:
                raise IntegrityError("The graph that came back is not the one that was backed up; its hash differs.")
            act.details["content_hash"] = content.hash
        # The backup's own intent was open when it was packed; that it is here says how it ended.
        audit.reconcile(lambda ids: graph.committed(ids) | ({manifest.intent} & set(ids)), at)
        migrate_all(installation, at)
    return held


def _require_known(manifest: Manifest) -> None:
    known = {m.version for m in read_migrations(PROJECT / "migrations" / "graph")}
    newer = not set(manifest.graph_migrations) <= known or _numbers(manifest.version) > _numbers(version("jpa"))
    if newer or not is_known_revision(manifest.operations_migration):
        raise SetupError(
            f"The backup was made by jpa {manifest.version} with a newer schema than this one ({version('jpa')}) knows; "
            "restore it with that version or a later one."
        )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".") if part.isascii() and part.isdigit())


def _require_own_stores(settings: Settings, verb: str) -> None:
    if settings.neo4j_uri is not None:
        raise SetupError(
            f"jpa does not {verb} a Neo4j that runs elsewhere (JPA_NEO4J_URI): use `neo4j-admin database dump` and `load` there, "
            "and keep the home folder with it."
        )
    if settings.operations_url is not None:
        raise SetupError(
            f"jpa does not {verb} an operations store that runs elsewhere (JPA_OPERATIONS_URL): use `pg_dump` and `pg_restore`, "
            "and keep the home folder with it."
        )


def _require_target(settings: Settings, target: Path) -> None:
    problem = ""
    if target.exists():
        problem = f"{target} exists already; choose another name, a backup is never overwritten."
    elif not target.parent.is_dir():
        problem = f"There is no folder {target.parent}; make it first."
    if problem != "":
        raise InvalidInputError("The backup was not made.", {"file": problem})
    if not (settings.home / "operations.sqlite").exists():
        raise SetupError(f"There is no installation at {settings.home}; set JPA_HOME to the folder that keeps one.")


def _require_empty(home: Path) -> None:
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise ConflictError(f"{home} is not empty; set JPA_HOME to a folder that is empty or does not exist yet.")
    if home.is_mount():
        raise SetupError(f"{home} is a mount point; set JPA_HOME to a folder inside it.")


@contextmanager
def work_folder(folder: Path) -> Iterator[Path]:
    """A private folder for what must not stay; what a killed run left there goes as well."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
