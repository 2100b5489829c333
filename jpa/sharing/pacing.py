"""Answers in fixed time steps: how long one takes says nothing about what was found."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self


def rest_of(elapsed: float, step: float) -> float:
    """Return the seconds from `elapsed` until the next whole step; at least one step passes."""
    return max(1, math.ceil(elapsed / step)) * step - elapsed


@dataclass(slots=True)
class Pace:
    """Lets a block end on a whole step only, however it ends: by an answer or by a refusal."""

    step: float
    """Seconds; longer than the work that it hides."""
    clock: Callable[[], float]
    """Seconds that only grow."""
    sleep: Callable[[float], object]
    begun: float = 0.0

    def __enter__(self) -> Self:
        self.begun = self.clock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sleep(rest_of(self.clock() - self.begun, self.step))
