"""The processes of `jpa run`: forked from it while nothing is open, so that what all of them import is imported once.

Each waits until it is told to begin, ends when `jpa run` dies, however it dies, and has a process group of its own: Ctrl-C at a terminal
is for `jpa run` alone, which ends them in order.
"""

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Final

from jpa.config import Settings
from jpa.graph import java
from jpa.jobs.worker import work_forever
from jpa.services.installation import Installation, opened
from jpa.web.post_server import listen_forever
from jpa.web.server import serve_forever

END_SECONDS: Final = 4.0
"""How long a part may take to end before it is killed."""
_FORK: Final = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Part:
    """A process that waits to be told which installation it serves."""

    name: str
    """As in a sentence about it."""
    process: ForkProcess
    line: Connection

    def begin(self, settings: Settings) -> None:
        """Tell it to open the installation and work."""
        with suppress(OSError):  # it died while it waited, which its process says
            self.line.send(settings)


@contextmanager
def forked(settings: Settings, held: ExitStack) -> Iterator[list[Part]]:
    """Fork the parts that these settings want, and end them with the block; `held` is closed in each, for it is ours alone."""
    gc.freeze()  # what is there now is shared: no part copies it by looking through it for what could go
    parts: list[Part] = []
    try:
        for name, short, work in _wanted(settings):
            here, there = _FORK.Pipe()
            before = [part.line for part in parts]
            process = _FORK.Process(target=_wait, args=(short, work, there, (here, *before), held))
            process.start()
            there.close()
            parts.append(Part(name, process, here))
        yield parts
    finally:
        _end(parts)


def _wanted(settings: Settings) -> list[tuple[str, str, Callable[[Installation], None]]]:
    parts: list[tuple[str, str, Callable[[Installation], None]]] = [
        ("The web server", "jpa-web", serve_forever),
        ("The worker", "jpa-worker", work_forever),
        ("The post's listener", "jpa-post", listen_forever),
    ]
    return parts if settings.post_port is not None else parts[:2]


def _wait(
    short: str, work: Callable[[Installation], None], line: Connection, others: Sequence[Connection], held: ExitStack
) -> None:
    """Be the part: wait for the word, then work until a signal comes."""
    java.die_with_parent()
    os.setpgid(0, 0)
    Path("/proc/self/comm").write_text(short, encoding="ascii")
    held.close()
    for other in others:
        other.close()
    try:
        settings = line.recv()
    except EOFError:
        return  # who would have told us is gone
    with opened(settings) as here:
        work(here)


def _end(parts: Sequence[Part]) -> None:
    for part in parts:
        part.line.close()
        part.process.terminate()
    for part in parts:
        part.process.join(END_SECONDS)
        if part.process.is_alive():
            part.process.kill()
            part.process.join()
