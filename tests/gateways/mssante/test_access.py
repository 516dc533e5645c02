"""The TLS identity shown to an operator, and what is refused of its servers (SC.MSS/CONF.03)."""

import base64
import contextlib
import socket
import ssl
import threading

import pytest

from jalon.core.errors import Malformed, Rejected, Unreachable
from jalon.gateways.mssante.access import SUITES, Password, Token, answered_no, operator_context, unreachable
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.common.server import server_context

# The digits shared by the groups of RFC 2409 §6.2 (1024 bits) and RFC 3526 §3 (2048 bits), and their ends.
COMMON = (
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE"
)
SHORT = int(COMMON + "65381FFFFFFFFFFFFFFFF", 16)
LONG = int(
    COMMON + "45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077"
    "096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06"
    "F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)


@pytest.fixture(scope="module")
def groups(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files of a short and of a long Diffie-Hellman group."""
    folder = tmp_path_factory.mktemp("dh")
    for name, prime in (("short", SHORT), ("long", LONG)):
        pair = _tagged(2, b"\0" + prime.to_bytes(prime.bit_length() // 8)) + _tagged(2, b"\2")
        encoded = base64.encodebytes(_tagged(48, pair)).decode()
        (folder / name).write_text(f"-----BEGIN DH PARAMETERS-----\n{encoded}-----END DH PARAMETERS-----\n")
    return {name: str(folder / name) for name in ("short", "long")}


def _tagged(tag: int, value: bytes) -> bytes:
    """One DER element (PKCS #3 is a sequence of two integers)."""
    size = len(value)
    length = (
        bytes([size])
        if size < 128
        else bytes([0x82]) + size.to_bytes(2)
        if size > 255
        else bytes([0x81, size])
    )
    return bytes([tag]) + length + value


def server_of(authority: Authority, ciphers: str) -> ssl.SSLContext:
    """An operator below TLS 1.3, which offers these suites whatever their strength."""
    own = authority.server(["localhost"], rsa=True)
    context = server_context(authority.ca_pem, own.cert_pem, own.key_pem)
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
def test_each_suite_of_the_norm_is_accepted(
    authority: Authority, ours: ssl.SSLContext, groups: dict[str, str], suite: str
) -> None:
    server = server_of(authority, suite)
    server.load_dh_params(groups["long"])
    assert negotiated(server, ours) == suite


@pytest.mark.requirement("SC.MSS/CONF.03")
@pytest.mark.parametrize(
    "suite", ["AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA", "ECDHE-RSA-CHACHA20-POLY1305"]
)
def test_any_other_suite_is_refused(authority: Authority, ours: ssl.SSLContext, suite: str) -> None:
    with pytest.raises(ssl.SSLError):
        negotiated(server_of(authority, suite), ours)


@pytest.mark.requirement("SC.MSS/CONF.03")
def test_a_short_group_is_refused(authority: Authority, ours: ssl.SSLContext, groups: dict[str, str]) -> None:
    short = server_of(authority, "DHE-RSA-AES256-GCM-SHA384")
    short.load_dh_params(groups["short"])
    with pytest.raises(ssl.SSLError, match="DH_KEY_TOO_SMALL"):
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
    modern = server_context(authority.ca_pem, own.cert_pem, own.key_pem)
    assert negotiated(modern, ours).startswith("TLS_")


@pytest.mark.requirement("SC.MSS/va1.05")
def test_a_revoked_operator_is_refused(authority: Authority) -> None:
    own, theirs = authority.client("Jalon", rsa=True), authority.server(["localhost"], rsa=True)
    context = operator_context(authority.ca_pem, own.cert_pem, own.key_pem, crl=authority.crl([theirs]))
    server = server_context(authority.ca_pem, theirs.cert_pem, theirs.key_pem)
    with pytest.raises(ssl.SSLCertVerificationError, match="revoked"):
        negotiated(server, context)


def test_no_secret_is_shown() -> None:
    assert "s3cret" not in repr(Password("a@b.test", "s3cret"))
    assert "jeton" not in repr(Token("a@b.test", "jeton"))


def test_a_refusal_that_asks_to_wait_is_not_final() -> None:
    assert isinstance(answered_no(451, "Later"), Unreachable)
    assert isinstance(answered_no(550, "Never"), Rejected)
    assert isinstance(answered_no(-1, "?"), Malformed)


def test_a_refused_certificate_is_told_as_such() -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "certificate has expired"
    assert "certificat de l’opérateur" in str(unreachable(error))
    assert "expired" in str(unreachable(error))
