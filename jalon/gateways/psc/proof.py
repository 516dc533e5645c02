"""How our software proves that it is the one registered: a secret, an assertion it signs, a certificate.

RFC 6749 §2.3.1 (client_secret_basic), RFC 7523 (private_key_jwt), RFC 8705 (tls_client_auth). The espace de
confiance takes the certificate alone.
"""

import base64
import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from joserfc import jwt
from joserfc.jwk import RSAKey

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_LIFE = dt.timedelta(minutes=1)

Form = dict[str, str]


class Proof(Protocol):
    """One way to prove who asks. `certificate`: the thumbprint that tokens must be bound to, or nothing."""

    @property
    def certificate(self) -> str: ...

    def form(self, client_id: str, issuer: str) -> Form:
        """What is added to each request that the software makes in its own name."""

    def password(self, client_id: str) -> tuple[str, str] | None:
        """The name and the password of the request (HTTP Basic), when that is the proof."""


@dataclass(frozen=True)
class Secret:
    """client_secret_basic."""

    value: str = field(repr=False)
    certificate = ""

    def form(self, client_id: str, issuer: str) -> Form:
        return {}

    def password(self, client_id: str) -> tuple[str, str] | None:
        return client_id, self.value


@dataclass(frozen=True)
class Assertion:
    """private_key_jwt, RS256, by an RSA key in PEM. Each assertion serves once, for a minute after `now`."""

    key_pem: bytes = field(repr=False)
    now: dt.datetime
    certificate = ""

    def form(self, client_id: str, issuer: str) -> Form:
        """Raises ValueError when the key is not an RSA one in PEM."""
        key = RSAKey.import_key(self.key_pem)
        claims = {
            "iss": client_id,
            "sub": client_id,
            "aud": issuer,
            "jti": secrets.token_urlsafe(24),
            "iat": int(self.now.timestamp()),
            "exp": int((self.now + ASSERTION_LIFE).timestamp()),
        }
        signed = jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key.thumbprint()}, claims, key)
        return {"client_id": client_id, "client_assertion_type": ASSERTION, "client_assertion": signed}

    def password(self, client_id: str) -> tuple[str, str] | None:
        return None


@dataclass(frozen=True)
class Certificate:
    """tls_client_auth: the certificate that the connection presents, in PEM."""

    pem: bytes

    @property
    def certificate(self) -> str:
        return thumbprint(self.pem)

    def form(self, client_id: str, issuer: str) -> Form:
        return {"client_id": client_id}

    def password(self, client_id: str) -> tuple[str, str] | None:
        return None


def thumbprint(pem: bytes) -> str:
    """`x5t#S256` of a certificate (RFC 8705 §3.1). Raises ValueError when `pem` holds none."""
    der = x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER)
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
