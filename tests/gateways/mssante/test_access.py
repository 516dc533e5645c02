"""The TLS identity shown to an operator, and what is refused of its servers (SC.MSS/CONF.03)."""

import contextlib
import socket
import ssl
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric import dh
from cryptography.hazmat.primitives.serialization import Encoding, ParameterFormat

from jalon.core.errors import Rejected, Unreachable
from jalon.gateways.common import tls
from jalon.gateways.common.pki import Authority
from jalon.gateways.mssante.access import SUITES, Password, Token, answered_no, operator_context, unreachable

# The 1024-bit group of RFC 2409 §6.2.
OAKLEY_2 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF",
    16,
)


def server_of(authority: Authority, ciphers: str) -> ssl.SSLContext:
    """An operator below TLS 1.3, which offers these suites whatever their strength."""
    own = authority.server(["localhost"], rsa=True)
    context = tls.server_context(authority.ca_pem, own.cert_pem, own.key_pem)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    return context


def negotiated(server: ssl.SSLContext, client: ssl.SSLContext) -> str:
    """The suite both agreed on; ssl.SSLError when there is none."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            with contextlib.suppress(OSError):
                raw, _ = listener.accept()
                with raw, server.wrap_socket(raw, server_side=True):
                    pass

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            raw = socket.create_connection(listener.getsockname(), timeout=5)
            with raw, client.wrap_socket(raw, server_hostname="localhost") as secured:
                return (secured.cipher() or ("",))[0]
        finally:
            thread.join()


@pytest.mark.requirement("SC.MSS/CONF.03")
@pytest.mark.parametrize("suite", SUITES.split(":"))
def test_each_suite_of_the_norm_is_accepted(authority: Authority, ours: ssl.SSLContext, suite: str) -> None:
    assert negotiated(server_of(authority, suite), ours) == suite


@pytest.mark.requirement("SC.MSS/CONF.03")
@pytest.mark.parametrize("suite", ["AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA", "ECDHE-RSA-CHACHA20-POLY1305"])
def test_any_other_suite_is_refused(authority: Authority, ours: ssl.SSLContext, suite: str) -> None:
    with pytest.raises(ssl.SSLError):
        negotiated(server_of(authority, suite), ours)


@pytest.mark.requirement("SC.MSS/CONF.03")
def test_a_short_group_is_refused(authority: Authority, ours: ssl.SSLContext, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("dh") / "dh.pem"
    numbers = dh.DHParameterNumbers(OAKLEY_2, 2)
    path.write_bytes(numbers.parameters().parameter_bytes(Encoding.PEM, ParameterFormat.PKCS3))
    short = server_of(authority, "DHE-RSA-AES256-GCM-SHA384")
    short.load_dh_params(str(path))
    with pytest.raises(ssl.SSLError, match="(?i)dh.key.too.small"):
        negotiated(short, ours)


@pytest.mark.requirement("SC.MSS/CONF.03")
def test_a_short_curve_is_refused(authority: Authority, ours: ssl.SSLContext) -> None:
    short = server_of(authority, "ECDHE-RSA-AES256-GCM-SHA384")
    short.set_ecdh_curve("secp224r1")
    with pytest.raises(ssl.SSLError):
        negotiated(short, ours)


@pytest.mark.requirement("SC.MSS/CONF.02")
def test_tls_1_3_stays_open(authority: Authority, ours: ssl.SSLContext) -> None:
    own = authority.server(["localhost"])
    modern = tls.server_context(authority.ca_pem, own.cert_pem, own.key_pem)
    assert negotiated(modern, ours).startswith("TLS_")


@pytest.mark.requirement("SC.MSS/va1.05")
def test_a_revoked_operator_is_refused(authority: Authority) -> None:
    own, theirs = authority.client("Jalon", rsa=True), authority.server(["localhost"], rsa=True)
    context = operator_context(
        authority.ca_pem, own.cert_pem, own.key_pem, crl=authority.crl([theirs])
    )
    server = tls.server_context(authority.ca_pem, theirs.cert_pem, theirs.key_pem)
    with pytest.raises(ssl.SSLCertVerificationError, match="revoked"):
        negotiated(server, context)


@pytest.mark.requirement("SC.MSS/CONF.28")
def test_no_secret_is_shown() -> None:
    assert "s3cret" not in repr(Password("a@b.test", "s3cret"))
    assert "jeton" not in repr(Token("a@b.test", "jeton"))


def test_a_refusal_that_asks_to_wait_is_not_final() -> None:
    assert isinstance(answered_no(451, "Later"), Unreachable)
    assert isinstance(answered_no(550, "Never"), Rejected)


def test_a_refused_certificate_is_told_as_such() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    assert "certificat de l’opérateur" in str(unreachable(error))
    assert "expired" in str(unreachable(error))
