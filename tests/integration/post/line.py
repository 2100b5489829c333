"""A line between two installations that carries so many bytes and then stands still, until it is given more."""

import socket
import threading
import time
from contextlib import suppress


class Line:
    """A relay on loopback: what goes to the receiver is counted and let through up to `allowed` bytes."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.carried = 0
        self.allowed = 0
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def reached(self, carried: int, seconds: float = 60) -> None:
        """Wait until so many bytes went through."""
        deadline = time.monotonic() + seconds
        while self.carried < carried:
            assert time.monotonic() < deadline, f"{self.carried} of {carried} bytes went through"
            time.sleep(0.02)

    def close(self) -> None:
        self._closed = True
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            threading.Thread(target=self._carry, args=(near, far), kwargs={"counted": True}, daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near), kwargs={"counted": False}, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, *, counted: bool) -> None:
        with suppress(OSError):
            while len(piece := source.recv(64 * 1024)) > 0:
                while counted and self.carried + len(piece) > self.allowed and not self._closed:
                    time.sleep(0.01)
                target.sendall(piece)
                self.carried += len(piece) if counted else 0
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
