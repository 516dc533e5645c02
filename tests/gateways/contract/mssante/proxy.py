"""A cable between a client and a server, which a test cuts where it wants. It reads nothing it carries."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

CHUNK = 65536


class Cable:
    """Listens on loopback and carries each connection to `target`; a cut, once armed, stays until `mend`."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.mend()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()

    def mend(self) -> None:
        self._bytes_left: int | None = None
        self._answers_left: int | None = None

    def cut_after_sending(self, size: int) -> None:
        """Let about `size` more bytes leave, then cut."""
        self._bytes_left = size

    def cut_after_answers(self, count: int) -> None:
        """Let `count` more answers come back, then cut instead of the next."""
        self._answers_left = count

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._target))
                for ends in ((near, far, self._may_leave), (far, near, self._may_come_back)):
                    threading.Thread(target=_carry, args=ends, daemon=True).start()

    def _may_leave(self, data: bytes) -> bool:
        if self._bytes_left is None:
            return True
        self._bytes_left -= len(data)
        return self._bytes_left >= 0

    def _may_come_back(self, data: bytes) -> bool:
        if self._answers_left is None:
            return True
        self._answers_left -= 1
        return self._answers_left >= 0


def _carry(source: socket.socket, target: socket.socket, allowed: Callable[[bytes], bool]) -> None:
    with source, target, contextlib.suppress(OSError):
        while (data := source.recv(CHUNK)) and allowed(data):
            target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
