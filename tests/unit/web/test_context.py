"""What every page writes alike."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from jpa.web.context import probability, written

pytestmark = pytest.mark.fast


@pytest.fixture
def bangkok(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose clock stands seven hours ahead."""
    monkeypatch.setenv("TZ", "Asia/Bangkok")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("bangkok")
def test_a_moment_is_written_in_utc_wherever_the_server_stands() -> None:
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    told = {written(at), written(at.timestamp()), written(at.astimezone(timezone(timedelta(hours=7))))}

    assert told == {"24 November 2026, 09:00 UTC"}


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "0.00"), (0.934, "0.93"), (0.9949, "0.99"), (0.995, "> 0.99"), (0.99999, "> 0.99"), (1.0, "1.00")],
)
def test_a_probability_is_never_rounded_to_certainty(value: float, told: str) -> None:
    assert probability(value) == told
