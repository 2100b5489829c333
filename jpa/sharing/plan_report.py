"""What an agency heard about one of its planned actions, told to whoever answered: references, and nothing else (docs/blind-format.md)."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from jpa.sharing.blind import REFERENCE
from jpa.sharing.said import Said, read_said
from jpa.sharing.strict import Key, written

KIND: Final = "plan-report"
"""Of the signed message."""
STEP: Final = 16
"""References come in so many places, so that neither their number nor a miss shows in the size."""
NOTHING: Final = "-" * REFERENCE
"""Fills a place."""
Reference = Annotated[str, Field(pattern=r"^([A-Za-z0-9]{10}|-{10})$")]


class PlanReport(Said):
    """All that is signed."""

    question: Key
    own: Reference
    """Of the asker's plan; filled where it met nothing, because it is the same in every question about that plan."""
    met: Annotated[list[Reference], Field(min_length=STEP, max_length=256 * STEP)]
    """Those that the answer opened to, and places that are filled."""

    @property
    def references(self) -> tuple[str, ...]:
        """What was met."""
        return tuple(r for r in self.met if r != NOTHING)


def report_of(question: str, at: str, own: str, met: Sequence[str]) -> PlanReport:
    """Say what was heard."""
    places = max(STEP, -(-len(met) // STEP) * STEP)
    filled = [*met, *[NOTHING] * (places - len(met))]
    return PlanReport(format="1", at=at, question=question, own=own if len(met) > 0 else NOTHING, met=filled)


def write_report(this: PlanReport) -> bytes:
    """Write the body that is signed."""
    return written(this)


def read_report(body: bytes) -> PlanReport:
    """Read a body whose signature was found right; InvalidInputError says what is not as described."""
    return read_said(PlanReport, body, "The report")
