"""What went over the wire is kept, to the byte, whatever became of the exchange."""

import datetime as dt
import gzip
from collections.abc import Iterator

import httpx
import pytest

from jalon.gateways.common import trace
from jalon.gateways.common.trace import Exchange, Recording, Tape

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)


class Breaking(httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        yield b"half of "
        raise httpx.ReadError("cut")


def respond(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/cut":
        return httpx.Response(200, stream=Breaking())
    if request.url.path == "/refused":
        raise httpx.ConnectError("no")
    if request.url.path == "/gzip":
        return httpx.Response(200, content=gzip.compress(b"clear"), headers={"Content-Encoding": "gzip"})
    return httpx.Response(202, content=b"answer\r\n")


@pytest.fixture
def tape() -> Tape:
    return Tape()


@pytest.fixture
def http(tape: Tape) -> Iterator[httpx.Client]:
    recording = Recording(httpx.MockTransport(respond), tape, "DMP", now=lambda: NOW)
    with httpx.Client(transport=recording, base_url="https://x.test") as client:
        yield client


def taken(tape: Tape) -> Exchange:
    (exchange,) = tape.take()
    assert exchange.duration >= 0
    assert (exchange.service, exchange.started_at) == ("DMP", NOW)
    return exchange


def test_an_exchange_keeps_both_bodies_and_the_status(tape: Tape, http: httpx.Client) -> None:
    response = http.post("/ok", content=b"\x00question", headers={"SOAPAction": '"urn:do"'})
    exchange = taken(tape)
    assert response.content == b"answer\r\n"
    assert (exchange.sent, exchange.received) == (b"\x00question", b"answer\r\n")
    assert (exchange.action, exchange.status, exchange.error) == ("urn:do", 202, "")
    assert tape.take() == []


def test_what_came_before_a_cut_is_kept(tape: Tape, http: httpx.Client) -> None:
    with pytest.raises(httpx.ReadError):
        http.post("/cut", content=b"q")
    exchange = taken(tape)
    assert (exchange.sent, exchange.received) == (b"q", b"half of ")
    assert (exchange.status, exchange.error) == (0, "ReadError")


def test_a_service_that_is_not_there_leaves_a_trace(tape: Tape, http: httpx.Client) -> None:
    with pytest.raises(httpx.ConnectError):
        http.get("/refused")
    exchange = taken(tape)
    assert (exchange.action, exchange.received, exchange.error) == ("GET /refused", b"", "ConnectError")


def test_a_compressed_answer_is_traced_as_it_came_and_read_clear(tape: Tape, http: httpx.Client) -> None:
    assert http.get("/gzip").content == b"clear"
    assert gzip.decompress(taken(tape).received) == b"clear"


def test_an_answer_without_end_is_stopped(
    tape: Tape, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace, "MAX_RECEIVED", 4)
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/ok", content=b"")


def test_the_soap_12_action_is_in_the_content_type(tape: Tape, http: httpx.Client) -> None:
    http.post(
        "/ok", content=b"", headers={"Content-Type": 'application/soap+xml; charset=UTF-8; action="urn:a"'}
    )
    assert taken(tape).action == "urn:a"


def test_bodies_do_not_show_when_an_exchange_is_printed(tape: Tape, http: httpx.Client) -> None:
    http.post("/ok", content=b"PAT-TROIS")
    assert "PAT-TROIS" not in repr(taken(tape))
