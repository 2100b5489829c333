"""Logs of the running system: one JSON line an event, for upkeep; never a value that an officer typed.

A trace names files and lines, never local variables: they may hold an identity.
"""

import faulthandler
import signal
import sys

import structlog


def configure_logs() -> None:
    """Write JSON lines to standard error, and on SIGUSR1 where each thread stands; to be called by every process once."""
    faulthandler.register(signal.SIGUSR1, file=sys.__stderr__ or sys.stderr)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
