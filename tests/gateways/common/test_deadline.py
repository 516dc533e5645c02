"""A deadline for several requests together: whoever waits in front of a page does not wait for ever."""

from collections.abc import Iterator

import httpx
import pytest

from jalon.gateways.common.deadline import Deadline


class Drops(httpx.SyncByteStream):
    """A body of which each drop takes a second."""

    def __init__(self, clock: list[float]) -> None:
        self.clock, self.closed = clock, False

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(100):
            self.clock[0] += 1
            yield b"x"

    def close(self) -> None:
        self.closed = True


def client(clock: list[float], seen: list[float], seconds: float, each: float = 0) -> httpx.Client:
    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.extensions["timeout"]["read"])
        clock[0] += each
        return httpx.Response(200, stream=Drops(clock) if request.url.path == "/drops" else None)

    deadline = Deadline(seconds, clock=lambda: clock[0])
    return httpx.Client(transport=httpx.MockTransport(answer), event_hooks=deadline.hooks)


def test_each_request_is_given_what_is_left_and_none_leaves_after_the_end() -> None:
    clock, seen = [100.0], []
    with client(clock, seen, 10, each=4) as http:
        for _ in range(3):
            http.get("http://localhost/")
        with pytest.raises(httpx.TransportError):
            http.get("http://localhost/")
    assert seen == [10, 6, 2]


def test_a_body_that_comes_drop_by_drop_ends_with_the_time() -> None:
    clock: list[float] = [0.0]
    with client(clock, [], 5) as http, pytest.raises(httpx.TransportError):
        http.get("http://localhost/drops")
    assert clock[0] <= 6
