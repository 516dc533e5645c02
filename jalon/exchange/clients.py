"""Settings → configured clients of the national services: the only place that joins the two halves.

An address that is not set gives no client (`None`): screens then say that the service is not connected. A
simulator is never a default.
"""

import ssl
import uuid
from functools import cache
from pathlib import Path

import httpx
from django.conf import settings

from jalon.gateways.common import tls
from jalon.gateways.common.trace import Recording, Tape
from jalon.gateways.insi.client import Client as InsiClient
from jalon.gateways.insi.messages import Software as InsiSoftware


@cache
def _context(certificate: str, key: str) -> ssl.SSLContext:
    """One TLS context per identity: making one costs a reading of three files."""
    return tls.client_context(Path(settings.SERVICES_CA), Path(certificate), Path(key))


def structure_context() -> ssl.SSLContext:
    """The TLS identity of the structure."""
    return _context(settings.SERVICES_CERTIFICATE, settings.SERVICES_KEY)


def http(address: str, context: ssl.SSLContext, tape: Tape, service: str) -> httpx.Client:
    """A client of `address` whose every byte goes on `tape`."""
    transport = Recording(httpx.HTTPTransport(verify=context), tape, service)
    return httpx.Client(transport=transport, base_url=address, timeout=settings.SERVICES_TIMEOUT)


def installation() -> uuid.UUID:
    """The UUID of this installation, drawn from its secret: the same at each start, telling nothing of it."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"jalon {settings.SECRET_KEY}")


def insi(tape: Tape) -> InsiClient | None:
    """INSi, called with the certificate INSI-MANU: a professional asked."""
    if not settings.INSI_URL:
        return None
    context = _context(settings.INSI_CERTIFICATE, settings.INSI_KEY)
    software = InsiSoftware(
        idam=settings.INSI_IDAM,
        version=settings.SOFTWARE_VERSION,
        instance=str(installation()),
        name=settings.SOFTWARE_NAME,
    )
    return InsiClient(http(settings.INSI_URL, context, tape, "INSi"), software)
