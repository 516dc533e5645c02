"""The service under contract: the sandbox over mutual TLS, or the national test bench when a person asks.

The bench is asked with JALON_BENCH_INSI_URL, _CA, _CERT, _KEY (paths of PEM files) and _IDAM.
"""

import datetime as dt
import os
import ssl
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from jalon.gateways.common import tls
from jalon.gateways.insi.client import Client
from jalon.gateways.insi.messages import Answer, Attempt, Software
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.common.server import serve, server_context
from jalon_sandbox.insi.simulator import Simulator
from tests.gateways.insi.people import SOFTWARE, official

BENCH = "JALON_BENCH_INSI_"
Search = Callable[[Attempt], Answer]


@pytest.fixture(scope="session")
def insi() -> Iterator[Client]:
    if os.environ.get(f"{BENCH}URL"):
        yield from _bench()
    else:
        yield from _sandbox()


def _bench() -> Iterator[Client]:
    context = tls.client_context(*(Path(os.environ[BENCH + name]) for name in ("CA", "CERT", "KEY")))
    software = Software(os.environ[f"{BENCH}IDAM"], SOFTWARE.version, str(uuid.uuid4()), "Jalon")
    yield from _client(os.environ[f"{BENCH}URL"], context, software)


def _sandbox() -> Iterator[Client]:
    authority = Authority.create(dt.datetime.now(dt.UTC))
    server, client = authority.server(["localhost"]), authority.client("INSI-MANU")
    simulator = Simulator(official().values(), idams=[SOFTWARE.idam])
    with serve(simulator, server_context(authority.ca_pem, server.cert_pem, server.key_pem)) as url:
        context = tls.client_context(authority.ca_pem, client.cert_pem, client.key_pem)
        yield from _client(url, context, SOFTWARE)


def _client(url: str, context: ssl.SSLContext, software: Software) -> Iterator[Client]:
    with httpx.Client(base_url=url, verify=context, timeout=30) as http:
        yield Client(http, software)


@pytest.fixture
def search(insi: Client) -> Search:
    """Ask once, now, under a new message identifier."""

    def ask(attempt: Attempt) -> Answer:
        return insi.search(
            attempt, message_id=uuid.uuid4(), now=dt.datetime.now(dt.UTC), sender="agent@ehpad.test"
        )

    return ask
