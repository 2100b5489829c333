"""Jobs: long work that an officer asked for, done by the worker with that officer's rights."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is (0: unknown); raises CancelledError when the officer wants to stop."""


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


class JobKind(StrEnum):
    """What can be asked of the worker."""

    RESOLUTION = "resolution"
    DETECTION = "detection"
    IMPORT = "import"
    RELEASE = "release"
    PREVIEW = "preview"
    PACKAGE = "package"
    PACKAGE_RELEASE = "package release"


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


OPEN_STATES: Final = (JobState.QUEUED, JobState.RUNNING, JobState.CANCELLING)
"""A job in one of these is the worker's; after a crash it is taken up again."""
NIGHTLY: Final = (JobKind.RESOLUTION, JobKind.DETECTION)
"""What an officer may order for every night."""


@dataclass(frozen=True, slots=True)
class Job:
    """One job; moments are Unix seconds."""

    id: str
    kind: JobKind
    officer: str
    object: str
    """What it works on: the draft of an import, the sealed order of a release, preview or package, the package that is released; empty otherwise."""
    state: JobState
    done: int
    total: int
    """0 while nobody can know."""
    created: float
    started: float | None = None
    ended: float | None = None
    message: str = ""
    """Why it failed or ended early, in words with the cure; never a result, which is read under the officer's rights."""

    @property
    def asked(self) -> datetime:
        """When an officer asked for it."""
        return datetime.fromtimestamp(self.created, UTC)

    @property
    def open(self) -> bool:
        """Whether it waits or runs."""
        return self.state in OPEN_STATES
