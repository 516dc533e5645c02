"""The throw-away authority, and the contexts made of its certificates, over real loopback handshakes."""

import contextlib
import datetime as dt
import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from jalon.gateways.common import tls
from jalon_sandbox.common.pki import Authority, Credential
from jalon_sandbox.common.server import server_context

NOW = dt.datetime.now(dt.UTC)
LONG_AGO = NOW - dt.timedelta(days=10)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.create(NOW)


def serve_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError):
        raw, _ = listener.accept()
        with raw, context.wrap_socket(raw, server_side=True) as secured:
            secured.sendall(b"bonjour")


def shake(server: ssl.SSLContext, client: ssl.SSLContext, name: str = "localhost") -> tuple[bytes, str]:
    """What the client read, and the TLS version; ssl.SSLError or ConnectionError when either side refuses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve_once, args=(listener, server))
        thread.start()
        try:
            raw = socket.create_connection(listener.getsockname(), timeout=5)
            with raw, client.wrap_socket(raw, server_hostname=name) as secured:
                return secured.recv(100), str(secured.version())
        finally:
            thread.join()


def server_of(authority: Authority, credential: Credential | None = None) -> ssl.SSLContext:
    own = credential or authority.server(["localhost"])
    return server_context(authority.ca_pem, own.cert_pem, own.key_pem)


def client_of(authority: Authority, credential: Credential) -> ssl.SSLContext:
    return tls.client_context(authority.ca_pem, credential.cert_pem, credential.key_pem)


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_both_sides_agree_by_name_and_by_address(authority: Authority, name: str) -> None:
    read, version = shake(server_of(authority), client_of(authority, authority.client("Jalon")), name)
    assert read == b"bonjour"
    assert version in {"TLSv1.2", "TLSv1.3"}


def test_strict_x509_checking_finds_nothing_missing(authority: Authority) -> None:
    strict = client_of(authority, authority.client("Jalon"))
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    assert shake(server_of(authority), strict)[0] == b"bonjour"


def test_a_client_without_certificate_is_refused(authority: Authority) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shake(server_of(authority), tls.client_context(authority.ca_pem))


def test_a_client_is_not_asked_for_a_certificate_when_the_server_does_not_require_it(
    authority: Authority,
) -> None:
    own = authority.server(["localhost"])
    context = server_context(authority.ca_pem, own.cert_pem, own.key_pem, require_client=False)
    assert shake(context, tls.client_context(authority.ca_pem))[0] == b"bonjour"


def test_an_expired_client_certificate_is_refused(authority: Authority) -> None:
    expired = authority.client("Jalon", not_after=LONG_AGO)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shake(server_of(authority), client_of(authority, expired))


@pytest.mark.requirement("SC.MSS/va1.04")
def test_an_expired_server_certificate_is_refused(authority: Authority) -> None:
    expired = authority.server(["localhost"], not_after=LONG_AGO)
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        shake(server_of(authority, expired), client_of(authority, authority.client("Jalon")))


@pytest.mark.requirement("SC.MSS/va1.05")
def test_a_revoked_server_certificate_is_refused_and_another_is_accepted(authority: Authority) -> None:
    revoked, good = authority.server(["localhost"]), authority.server(["localhost"])
    own = authority.client("Jalon")
    context = tls.client_context(authority.ca_pem, own.cert_pem, own.key_pem, crl=authority.crl([revoked]))
    assert shake(server_of(authority, good), context)[0] == b"bonjour"
    with pytest.raises(ssl.SSLCertVerificationError, match="revoked"):
        shake(server_of(authority, revoked), context)


def test_a_server_of_another_authority_is_refused(authority: Authority) -> None:
    stranger = Authority.create(NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake(server_of(stranger), client_of(authority, authority.client("Jalon")))


def test_a_server_of_another_name_is_refused(authority: Authority) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="[Hh]ostname"):
        shake(server_of(authority), client_of(authority, authority.client("Jalon")), "autre.test")


@pytest.mark.requirement("SC.MSS/CONF.01")
def test_nothing_below_tls_1_2_is_offered(authority: Authority) -> None:
    own = authority.client("Jalon")
    assert client_of(authority, own).minimum_version == ssl.TLSVersion.TLSv1_2
    assert server_of(authority).minimum_version == ssl.TLSVersion.TLSv1_2


def test_files_and_bytes_make_the_same_contexts(authority: Authority, tmp_path: Path) -> None:
    ca, _ = authority.write(tmp_path)
    cert, key = authority.client("Jalon").write(tmp_path, "client")
    assert shake(server_of(authority), tls.client_context(ca, cert, key))[0] == b"bonjour"


def test_keys_are_written_for_their_owner_only_and_read_back(authority: Authority, tmp_path: Path) -> None:
    credential = authority.client("Jalon")
    for path in credential.write(tmp_path, "client"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Credential.read(tmp_path, "client") == credential
    authority.write(tmp_path)
    assert Authority.read(tmp_path, NOW) == authority


def test_a_key_is_never_shown(authority: Authority) -> None:
    assert "PRIVATE" not in repr(authority.client("Jalon"))
    assert "PRIVATE" not in repr(authority)


def test_a_seal_is_rsa_and_says_which_structure_signs(authority: Authority) -> None:
    certificate = authority.signing("Jalon", "EHPAD fictif", unit="3999999999").certificate
    assert isinstance(certificate.public_key(), rsa.RSAPublicKey)
    assert (
        certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)[0].value == "3999999999"
    )
    certificate.verify_directly_issued_by(authority.certificate)


@pytest.mark.parametrize(
    ("days", "state"), [(-400, "not_yet_valid"), (0, "valid"), (340, "expiring"), (366, "expired")]
)
def test_the_status_of_a_certificate_follows_the_calendar(
    authority: Authority, days: int, state: str
) -> None:
    status = tls.certificate_status(authority.client("Jalon").cert_pem, NOW + dt.timedelta(days=days))
    assert status.state == state
    assert "CN=Jalon" in status.subject


def test_what_is_not_a_certificate_has_no_status() -> None:
    with pytest.raises(ValueError, match="PEM"):
        tls.certificate_status(b"rien", NOW)
