"""Certificates and keys → TLS contexts. The only place of the product that touches key files.

The floor is TLS 1.2 (référentiel socle MSSanté #2, ECO.1.1.1; the téléservices ask for no less), and a server
is always verified: there is no switch to turn that off.
"""

import contextlib
import datetime as dt
import ssl
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from cryptography import x509

Pem = bytes | str | Path
"""PEM bytes, or the path of a PEM file."""

State = Literal["valid", "expiring", "expired", "not_yet_valid"]
WARNING = dt.timedelta(days=30)
# RFC 8446 §6.2. What a renewal mends by itself (certificate_expired) is not there: see `is_over`.
REFUSALS: Final = frozenset(
    {
        "HANDSHAKE_FAILURE", "BAD_CERTIFICATE", "UNSUPPORTED_CERTIFICATE", "CERTIFICATE_REVOKED",
        "CERTIFICATE_UNKNOWN", "CERTIFICATE_REQUIRED", "UNKNOWN_CA", "ACCESS_DENIED",
    }
)  # fmt: skip


@dataclass(frozen=True)
class CertificateStatus:
    """What a screen says of a certificate: whose it is, until when, and whether it still serves."""

    subject: str
    not_before: dt.datetime
    not_after: dt.datetime
    state: State
    days_left: int


def client_context(
    ca: Pem, cert: Pem | None = None, key: Pem | None = None, *, crl: Pem | None = None, ciphers: str = ""
) -> ssl.SSLContext:
    """A client's context: trusts `ca` alone, presents `cert`/`key` when given.

    With `crl`, a revoked server is refused (and a server whose issuer has no list too). `ciphers` is an
    OpenSSL list that limits TLS 1.2; TLS 1.3 keeps its own suites. Raises ssl.SSLError or OSError on
    unreadable material.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if ciphers:
        context.set_ciphers(ciphers)
    trust(context, ca)
    if crl is not None:
        trust(context, crl)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    if cert is not None:
        present(context, cert, key)
    return context


def refusal_of(error: BaseException) -> str:
    """The TLS alert by which the peer refused our certificate, when this failure comes from one; else ''.

    Nothing of what was written was read then. Under TLS 1.3 the alert comes once the client may write: it is
    found behind what looks like a cut (RFC 8446 §4.4.2.4).
    """
    alert = _alert(error)
    return alert if alert.rpartition("ALERT_")[2] in REFUSALS else ""


def is_over(error: BaseException) -> bool:
    """Does the peer refuse our certificate for its date alone? The next one will do, by itself."""
    return _alert(error).endswith("ALERT_CERTIFICATE_EXPIRED")


def _alert(error: BaseException | None) -> str:
    while error is not None:
        reason = str(getattr(error, "reason", ""))
        if isinstance(error, ssl.SSLError) and "ALERT_" in reason:
            return reason
        error = error.__cause__ or error.__context__
    return ""


def certificate_status(pem: Pem, now: dt.datetime) -> CertificateStatus:
    """The state of a certificate at `now` (aware): `expiring` from thirty days before its end.

    Raises ValueError when `pem` holds no certificate.
    """
    certificate = x509.load_pem_x509_certificate(_read(pem))
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return CertificateStatus(
        subject=certificate.subject.rfc4514_string(),
        not_before=start,
        not_after=end,
        state=_state(start, end, now),
        days_left=(end - now).days,
    )


def _state(start: dt.datetime, end: dt.datetime, now: dt.datetime) -> State:
    if now < start:
        return "not_yet_valid"
    if now > end:
        return "expired"
    return "expiring" if end - now <= WARNING else "valid"


def trust(context: ssl.SSLContext, pem: Pem) -> None:
    """Trust these authorities, and believe these revocation lists."""
    # Through a file even when we hold bytes: `cadata` ignores revocation lists and refuses commented bundles.
    with _file(pem) as path:
        context.load_verify_locations(cafile=path)


def present(context: ssl.SSLContext, cert: Pem, key: Pem | None) -> None:
    """Present this certificate; its key is in the same file when `key` is None."""
    with _file(cert) as cert_path, _file(key if key is not None else cert) as key_path:
        context.load_cert_chain(cert_path, key_path)


def _read(pem: Pem) -> bytes:
    return pem if isinstance(pem, bytes) else Path(pem).read_bytes()


@contextlib.contextmanager
def _file(pem: Pem) -> Iterator[Path]:
    """A path holding `pem`: Python gives OpenSSL keys by file only. A temporary one is private."""
    if not isinstance(pem, bytes):
        yield Path(pem)
        return
    with tempfile.TemporaryDirectory(prefix="jalon-tls-") as folder:
        path = Path(folder) / "pem"
        write_private(path, pem)
        yield path


def write_private(path: Path, data: bytes) -> None:
    """Write `data` so that only the owner may read it, from its first byte on."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(data)
