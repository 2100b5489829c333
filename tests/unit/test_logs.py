"""Logs hold places, never values."""

import json
import secrets

import pytest
import structlog

from jpa.logs import configure_logs

pytestmark = pytest.mark.fast


def test_a_trace_names_the_place_and_no_local_value(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs()

    def fail(name: str) -> int:
        return len(name) // 0

    name = secrets.token_hex(8)
    try:
        fail(name)
    except ZeroDivisionError as error:
        structlog.get_logger().error("request failed", exc_info=error)

    told = json.loads(capsys.readouterr().err)
    assert told["level"] == "error"
    assert "ZeroDivisionError" in told["exception"]
    assert name not in json.dumps(told)
