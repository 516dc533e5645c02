"""So many seconds for all the requests of an HTTP client together, however slowly each is answered."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx


class Deadline:
    """Hooks for `httpx.Client(event_hooks=…)`: once the time is over, a wait ends as a timeout of httpx."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock, self.end = clock, clock() + seconds

    @property
    def hooks(self) -> dict[str, list[Callable[..., Any]]]:
        return {"request": [self._leaving], "response": [self._answered]}

    def left(self) -> float:
        """Seconds left. Raises httpx.ReadTimeout when there are none."""
        left = self.end - self.clock()
        if left <= 0:
            raise httpx.ReadTimeout("no time is left for this exchange")
        return left

    def _leaving(self, request: httpx.Request) -> None:
        request.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), self.left())

    def _answered(self, response: httpx.Response) -> None:
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _InTime(response.stream, self.left)


class _InTime(httpx.SyncByteStream):
    """A body that comes drop by drop ends with the time."""

    def __init__(self, stream: httpx.SyncByteStream, left: Callable[[], float]) -> None:
        self.stream, self.left = stream, left

    def __iter__(self) -> Iterator[bytes]:
        for part in self.stream:
            self.left()
            yield part

    def close(self) -> None:
        self.stream.close()
