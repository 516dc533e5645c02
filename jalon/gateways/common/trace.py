"""What went over the wire with a national service, to the byte: the proof that a delivery keeps.

A transport around the real one sees what event hooks cannot: the bytes before a cut, and the failure.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final

import httpx

MAX_RECEIVED: Final = 100 * 2**20


@dataclass(frozen=True)
class Exchange:
    """One request and what came back. `status` is 0 and `error` a class name when nothing whole came back.

    `sent` and `received` are bodies, without HTTP headers; `duration` is in seconds.
    """

    service: str
    action: str
    sent: bytes = field(repr=False)
    received: bytes = field(repr=False)
    started_at: dt.datetime
    duration: float
    status: int
    error: str = ""


class Tape:
    """The exchanges of one client, in order. May be shared by threads."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self._lock = threading.Lock()

    def add(self, exchange: Exchange) -> None:
        with self._lock:
            self._exchanges.append(exchange)

    def take(self) -> list[Exchange]:
        """What was recorded since the last call."""
        with self._lock:
            taken, self._exchanges = self._exchanges, []
        return taken


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Recording(httpx.BaseTransport):
    """A transport that writes each exchange of `inner` on `tape`.

    `httpx.Client(transport=Recording(httpx.HTTPTransport(verify=context), tape, "DMP"))`. An answer over
    `MAX_RECEIVED` bytes is a `httpx.RemoteProtocolError`. `now` tells the time, for tests.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        tape: Tape,
        service: str,
        *,
        now: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self.inner, self.tape, self.service, self.now = inner, tape, service, now

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        sent, started_at, start = request.read(), self.now(), time.monotonic()
        received, status, failure = bytearray(), 0, ""
        try:
            response = self.inner.handle_request(request)
            _drain(response, received)
            status = response.status_code
        except httpx.TransportError as error:
            failure = type(error).__name__
            raise
        finally:
            self.tape.add(
                Exchange(
                    service=self.service,
                    action=action_of(request),
                    sent=sent,
                    received=bytes(received),
                    started_at=started_at,
                    duration=time.monotonic() - start,
                    status=status,
                    error=failure,
                )
            )
        return httpx.Response(
            status, headers=response.headers, content=bytes(received), extensions=response.extensions
        )

    def close(self) -> None:
        self.inner.close()

    def __enter__(self) -> "Recording":
        self.inner.__enter__()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self.inner.__exit__(exc_type, exc_value, traceback)


def _drain(response: httpx.Response, received: bytearray) -> None:
    """Read the answer piece by piece, so that what came before a cut is kept."""
    try:
        for piece in response.stream:  # type: ignore[union-attr]  # a synchronous transport answers synchronously
            received.extend(piece)
            if len(received) > MAX_RECEIVED:
                raise httpx.RemoteProtocolError("answer too large")
    finally:
        response.close()


def action_of(request: httpx.Request) -> str:
    """What a request asks: its SOAP action when it has one, else `POST /path`."""
    kind: str = request.headers.get("content-type", "")
    soap_action: str = request.headers.get("soapaction", "")
    for parameter in kind.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "action" and value:
            return value.strip('"')
    return soap_action.strip('"') or f"{request.method} {request.url.path}"
