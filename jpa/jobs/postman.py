"""The postmen of one worker: each takes an item that is due, brings it or notes why not, and looks for the next."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import structlog

from jpa.errors import UnavailableError
from jpa.services.installation import Installation
from jpa.services.post_delivery import deliver

POSTMEN: Final = 3
"""At a time: a partner behind a slow line has one of them at most, since each partner is brought one item at a time."""
POLL_SECONDS: Final = 1.0
FAULT: Final = "Something went wrong here; it is tried again. Tell your administrator if it stays so."

log = structlog.get_logger()


class Postmen:
    """What brings the post of one installation, for as long as its worker runs."""

    def __init__(self, here: Installation) -> None:
        self._here = here
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Bring what is due until the block ends; what a killed worker of this name had is due at once."""
        threads = [threading.Thread(target=self._go, name=f"jpa-post-{n}", daemon=True) for n in range(POSTMEN)]
        self._here.stores.post.release(self._here.settings.worker, datetime.now(UTC))
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join(2)  # one that waits for an answer is cut off; its item is asked for anew at the next start

    def _go(self) -> None:
        while not self._stop.wait(POLL_SECONDS):
            try:
                while not self._stop.is_set() and self._bring():
                    pass
            except UnavailableError as error:
                log.warning("the post's books cannot be read", error=str(error))

    def _bring(self) -> bool:
        stores = self._here.stores
        item = stores.post.take(self._here.settings.worker, _now())
        if item is None:
            return False
        try:
            deliver(stores, item, _now)
        except (
            Exception
        ) as error:  # the last line of defence: the item must not be stuck with its lease, nor the thread end
            log.exception("post failed", item=item.id, error=type(error).__name__)
            stores.post.fail(item.id, FAULT, _now())
        return True


def _now() -> datetime:
    return datetime.now(UTC)
