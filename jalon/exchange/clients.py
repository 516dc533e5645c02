"""Settings → configured clients of the national services: the only place that joins the two halves.

An address that is not set gives no client (`None`): screens then say that the service is not connected. A
simulator is never a default.
"""

import base64
import datetime as dt
import hmac
import ssl
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

import httpx
from django.conf import settings
from django.db import transaction

from jalon.core.errors import Unreachable
from jalon.core.settings.table import PRIVATE_KEY_JWT, TLS_CLIENT_AUTH
from jalon.formats.xdsig import Signer
from jalon.gateways.common import tls
from jalon.gateways.common.deadline import Deadline
from jalon.gateways.common.trace import Recording, Tape
from jalon.gateways.dmp.client import Client as DmpClient
from jalon.gateways.insi.client import Client as InsiClient
from jalon.gateways.insi.messages import Software as InsiSoftware
from jalon.gateways.mssante.client import Mailbox, Password, Sender, Server, operator_context
from jalon.gateways.psc.client import Client as PscClient
from jalon.gateways.psc.client import discover
from jalon.gateways.psc.proof import Assertion, Certificate, Proof, Secret

PATIENCE = 10.0  # seconds that somebody waits in front of the sign-in page, all questions together


def alone(service: str) -> None:
    """Nothing is held while a service is waited for. Raises RuntimeError inside a transaction: our bug."""
    try:
        with transaction.atomic(durable=True):  # refused by Django inside another; alone, no word is sent
            return
    except RuntimeError as error:
        raise RuntimeError(f"{service} is called inside a transaction") from error


@cache
def _context(certificate: str, key: str) -> ssl.SSLContext:
    """One TLS context per identity: making one costs a reading of three files."""
    return tls.client_context(Path(settings.SERVICES_CA), Path(certificate), Path(key))


def _identity(certificate: str, key: str, service: str) -> ssl.SSLContext:
    """A TLS identity of the structure. Raises Unreachable once it has expired: nothing leaves (ALI/PROG.06).

    Under TLS 1.3 a server refuses a certificate once the client may write: seen from here, a cut.
    """
    _unexpired(certificate, service)
    return _context(certificate, key)


def _unexpired(certificate: str, service: str) -> None:
    if tls.certificate_status(Path(certificate), dt.datetime.now(dt.UTC)).state == "expired":
        raise Unreachable(service, "le certificat de la structure a expiré. Renouvelez-le.")


def http(address: str, context: ssl.SSLContext, tape: Tape, service: str) -> httpx.Client:
    """A client of `address` whose every byte goes on `tape`."""
    alone(service)
    transport = Recording(httpx.HTTPTransport(verify=context), tape, service)
    return httpx.Client(transport=transport, base_url=address, timeout=settings.SERVICES_TIMEOUT)


def installation() -> uuid.UUID:
    """The UUID of this installation: the same at each start, and no trial of what signs the sessions."""
    key = base64.b64decode(settings.JALON_HASH_KEY)
    return uuid.UUID(bytes=hmac.digest(key, b"installation", "sha256")[:16], version=4)


@contextmanager
def psc() -> Iterator[PscClient]:
    """Pro Santé Connect, for one sign-in. Raises GatewayError when its addresses cannot be read.

    It is reached as any site of the web, its certificate of a public authority; ours is shown when that is
    how this software is known there.
    """
    alone("Pro Santé Connect")
    context, mutual = httpx.create_ssl_context(), settings.PSC_CLIENT_AUTH == TLS_CLIENT_AUTH
    if mutual:
        _unexpired(settings.PSC_CERTIFICATE, "Pro Santé Connect")
        tls.present(context, Path(settings.PSC_CERTIFICATE), Path(settings.PSC_KEY))
    hooks = Deadline(min(PATIENCE, settings.SERVICES_TIMEOUT)).hooks
    with httpx.Client(event_hooks=hooks, verify=context) as http:
        endpoints = discover(http, settings.PSC_DISCOVERY, mutual=mutual)
        yield PscClient(http, endpoints, settings.PSC_CLIENT_ID, _psc_proof())


def _psc_proof() -> Proof:
    """How this software is registered there: `JALON_PSC_CLIENT_AUTH`."""
    if settings.PSC_CLIENT_AUTH == TLS_CLIENT_AUTH:
        return Certificate(Path(settings.PSC_CERTIFICATE).read_bytes())
    if settings.PSC_CLIENT_AUTH == PRIVATE_KEY_JWT:
        return Assertion(Path(settings.PSC_KEY).read_bytes(), dt.datetime.now(dt.UTC))
    return Secret(settings.PSC_CLIENT_SECRET)


def insi(tape: Tape) -> InsiClient | None:
    """INSi, called with the certificate INSI-MANU: a professional asked."""
    if not settings.INSI_URL:
        return None
    context = _identity(settings.INSI_CERTIFICATE, settings.INSI_KEY, "INSi")
    software = InsiSoftware(
        idam=settings.INSI_IDAM,
        version=settings.SOFTWARE_VERSION,
        instance=str(installation()),
        name=settings.SOFTWARE_NAME,
    )
    return InsiClient(http(settings.INSI_URL, context, tape, "INSi"), software)


def dmp(tape: Tape) -> DmpClient | None:
    """The DMP, in indirect authentication: the structure's certificate."""
    if not settings.DMP_URL:
        return None
    context = _identity(settings.SERVICES_CERTIFICATE, settings.SERVICES_KEY, "DMP")
    return DmpClient(http(settings.DMP_URL, context, tape, "DMP"))


@cache
def seal() -> Signer:
    """The structure's seal, which signs VIHF and lots; never the TLS identity."""
    return Signer(
        Path(settings.SIGNATURE_KEY).read_bytes(), Path(settings.SIGNATURE_CERTIFICATE).read_bytes()
    )


@cache
def _operator(ca: str, certificate: str, key: str, crl: str, changed: float) -> ssl.SSLContext:
    """`changed`: when the revocation lists last did. A new one is believed at the next connection."""
    return operator_context(Path(ca), Path(certificate), Path(key), crl=Path(crl) if crl else None)


def _mail_server(address: str, *, starttls: bool) -> Server:
    alone("MSSanté")
    host, _, port = address.rpartition(":")
    identity = settings.SERVICES_CA, settings.SERVICES_CERTIFICATE, settings.SERVICES_KEY
    context = _operator(*identity, str(settings.MSSANTE_CRL or ""), _lists_changed())
    return Server(host, int(port), context, starttls=starttls, timeout=settings.SERVICES_TIMEOUT)


def _lists_changed() -> float:
    """When the revocation lists did. Raises Unreachable without them: nobody is believed unchecked."""
    if not settings.MSSANTE_CRL:
        return 0.0
    try:
        return Path(settings.MSSANTE_CRL).stat().st_mtime
    except OSError as error:
        raise Unreachable("MSSanté", "le fichier des listes de révocation manque") from error


def _account(address: str) -> Password | None:
    secret = settings.MSSANTE_SECRETS.get(address, "")
    return Password(address, secret) if secret else None


def mail_sender(address: str, checkpoint: Callable[[str], None]) -> Sender | None:
    """The operator's SMTP service, for this mailbox of ours."""
    if not settings.MSSANTE_SMTP:
        return None
    return Sender(_mail_server(settings.MSSANTE_SMTP, starttls=True), _account(address), checkpoint)


def mailbox(address: str) -> AbstractContextManager[Mailbox] | None:
    """The operator's IMAP service, opened on this mailbox of ours; None when it is not connected."""
    account = _account(address)
    if not settings.MSSANTE_IMAP or account is None:
        return None
    return Mailbox.open(
        _mail_server(settings.MSSANTE_IMAP, starttls=settings.MSSANTE_IMAP_TLS == "starttls"), account
    )
