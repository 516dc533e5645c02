"""An operator on loopback for the tests of this folder."""

import datetime as dt
import ssl
from collections.abc import Iterator

import pytest

from jalon.gateways.common import tls
from jalon.gateways.mssante.client import operator_context
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.mssante.simulator import Box, Operator

DOMAIN = "sante.test"
HOME = "tilleuls@ehpad.sante.test"
NURSE = "zoe@cabinet.sante.test"


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority.create(dt.datetime.now(dt.UTC))


@pytest.fixture(scope="session")
def ours(authority: Authority) -> ssl.SSLContext:
    """The TLS identity of the house."""
    own = authority.client("Jalon", rsa=True)
    return operator_context(authority.ca_pem, own.cert_pem, own.key_pem)


@pytest.fixture(scope="session")
def nameless(authority: Authority) -> ssl.SSLContext:
    """A client that shows no certificate."""
    return tls.client_context(authority.ca_pem)


@pytest.fixture
def operator(authority: Authority) -> Iterator[Operator]:
    boxes = [Box(HOME, secret="s3cret", token="jeton"), Box(NURSE, secret="s3cret", token="jeton")]
    with Operator(authority, DOMAIN, boxes) as running:
        yield running
