"""The embedded Neo4j's jars: fetched by name and version, each checked against the committed hash."""

import fcntl
import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from jgo.maven import MavenContext

from jpa.errors import IntegrityError, SetupError
from jpa.graph import class_archive, java

Progress = Callable[[int, int], None]
"""Called with how many are done and how many there are."""

_THREADS: Final = 8
"""Most of the time is TLS set-up per file; eight bring 216 jars in about 50 s."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One locked artifact."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str

    @property
    def filename(self) -> str:
        """Name in the server's `lib` folder."""
        tail = f"-{self.classifier}" if self.classifier != "" else ""
        return f"{self.artifact}-{self.version}{tail}.jar"


def locked_jars() -> list[Jar]:
    """Read the committed lock: what the server consists of, with hashes and without addresses."""
    lock = json.loads((files("jpa.graph") / "neo4j.lock.json").read_text(encoding="utf-8"))
    return [Jar(*row) for row in lock["jars"]]


def install(home: Path, cache: Path, progress: Progress | None = None) -> None:
    """Bring every locked jar into the `lib` of `home`, from `cache` or from the registry, and the archive of their classes, if there is one.

    A wrong hash is refused by name. One process at a time fills a cache, for homes share it: whoever comes second finds what the first
    one brought.
    """
    lib = home / "lib"
    lib.mkdir(parents=True, exist_ok=True)
    jars = locked_jars()
    missing = [jar for jar in jars if not (lib / jar.filename).exists()]
    done = len(jars) - len(missing)
    if len(missing) > 0:
        _fill(missing, lib, cache, lambda more: progress(done + more, len(jars)) if progress is not None else None)
        java.class_archive(home).unlink(missing_ok=True)  # of other jars
    class_archive.bring(home, cache)


def _fill(missing: Sequence[Jar], lib: Path, cache: Path, done: Callable[[int], None]) -> None:
    context = MavenContext(repo_cache=cache, timeout=60)
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "jpa.lock").open("a") as lock, ThreadPoolExecutor(_THREADS) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        brought = as_completed([pool.submit(_bring, jar, lib, context) for jar in missing])
        for number, finished in enumerate(brought, start=1):
            finished.result()
            done(number)


def _bring(jar: Jar, lib: Path, context: MavenContext) -> None:
    try:
        path = _resolved(jar, context)
    except (OSError, RuntimeError) as error:
        raise SetupError(
            f"Neo4j's {jar.filename} could not be fetched ({error}). Check the network and start again."
        ) from error
    if _digest(path) != jar.sha256:
        path.unlink()
        raise IntegrityError(f"{jar.filename} does not have the locked hash; it was thrown away. Start again.")
    class_archive.link(path, lib / jar.filename)


def _resolved(jar: Jar, context: MavenContext) -> Path:
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact(jar.classifier)
    cached = artifact.cached_path
    if cached is not None and cached.exists() and _digest(cached) != jar.sha256:
        cached.unlink()  # half a file from a broken download
    return Path(artifact.resolve())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
