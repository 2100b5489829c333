"""Parts of an installation as processes that can be killed: each forked where Python has imported them once, for that takes seconds."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import active_children, get_context
from multiprocessing.process import BaseProcess

from jpa.config import Settings

WORKER = "jpa.jobs.worker"
POST = "jpa.web.post_server"
PROGRAM = """
import os, runpy, sys
os.setsid()
os.environ.clear()
os.environ.update(environment)
sys.modules.pop(module, None)
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([WORKER, POST])


@contextmanager
def part(module: str, settings: Settings, **more: str) -> Iterator[BaseProcess]:
    """Run a part of an installation as `jpa run` does, in a group of its own; what still runs at the end of the block is killed."""
    environment = {**os.environ, "JPA_HOME": str(settings.home), **more}  # noqa: TID251 -- handed on to the process
    made = _FORKS.Process(target=exec, args=(PROGRAM, {"module": module, "environment": environment}), daemon=True)
    made.start()
    try:
        yield made
    finally:
        killed(made)


def killed(process: BaseProcess) -> None:
    """Kill a part and wait until it is gone."""
    process.kill()
    process.join()


def pids() -> list[int]:
    """List the parts that run."""
    return [child.pid for child in active_children() if child.pid is not None]
