"""The service under contract: the sandbox over mutual TLS, or the national test bench when a person asks.

The bench is asked with JALON_BENCH_DMP_URL, _CA, _CERT, _KEY (TLS), _SEAL_CERT, _SEAL_KEY (paths of PEM
files); what only a sandbox can do (cuts, slowness) is then skipped.
"""

import contextlib
import datetime as dt
import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from jalon.gateways.common import tls
from jalon.gateways.common.trace import Recording, Tape
from jalon.gateways.dmp.client import Client
from jalon.terminology import value_set
from jalon_sandbox.common.pki import Authority, Credential
from jalon_sandbox.common.server import server_context
from jalon_sandbox.dmp.simulator import Policy, Simulator, serve
from tests.gateways.dmp.samples import PATIENTS, House
from tests.support import SHARED

BENCH = "JALON_BENCH_DMP_"
SCHEMAS = SHARED / "standards/xds/dmp_wsdl_schema_v2.01.04/schema"


@dataclass(frozen=True)
class Bench:
    """A service, who asks, the tape of what went over the wire; the sandbox when it is one."""

    client: Client
    house: House
    tape: Tape
    sandbox: Simulator | None

    @property
    def switches(self) -> Simulator:
        if self.sandbox is None:
            pytest.skip("le banc national ne coupe pas ses câbles sur demande")
        return self.sandbox


@pytest.fixture(scope="session")
def service() -> Iterator[Bench]:
    yield from _bench() if os.environ.get(f"{BENCH}URL") else _sandbox()


def _bench() -> Iterator[Bench]:
    ca, cert, key, seal_cert, seal_key = (
        Path(os.environ[BENCH + name]) for name in ("CA", "CERT", "KEY", "SEAL_CERT", "SEAL_KEY")
    )
    now = dt.datetime.now(dt.UTC)
    seal = Credential(seal_cert.read_bytes(), seal_key.read_bytes())
    house = House(Authority.create(now), seal, now)
    with _http(os.environ[f"{BENCH}URL"], tls.client_context(ca, cert, key)) as (http, tape):
        yield Bench(Client(http), house, tape, None)


def _sandbox() -> Iterator[Bench]:
    now = dt.datetime.now(dt.UTC)
    authority = Authority.create(now)
    server, mine = authority.server(["localhost"]), authority.client("EHPAD LES TILLEULS")
    types = frozenset(coding.code for coding in value_set("JDV_J66"))
    policy = Policy(authority.ca_pem, types=types, schemas=SCHEMAS if SCHEMAS.exists() else None)
    simulator = Simulator(policy, PATIENTS)
    context = tls.client_context(authority.ca_pem, mine.cert_pem, mine.key_pem)
    with (
        serve(simulator, server_context(authority.ca_pem, server.cert_pem, server.key_pem)) as url,
        _http(url, context) as (http, tape),
    ):
        yield Bench(Client(http), House.of(authority, now), tape, simulator)


@contextlib.contextmanager
def _http(url: str, context: ssl.SSLContext) -> Iterator[tuple[httpx.Client, Tape]]:
    tape = Tape()
    transport = Recording(httpx.HTTPTransport(verify=context), tape, "DMP")
    with httpx.Client(transport=transport, base_url=url, timeout=30) as http:
        yield http, tape


@pytest.fixture
def dmp(service: Bench) -> Iterator[Bench]:
    """The service, whole, with an empty tape."""
    service.tape.take()
    yield service
    if service.sandbox:
        service.sandbox.heal()
