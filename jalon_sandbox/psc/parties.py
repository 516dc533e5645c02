"""The registered softwares of the sandbox, and how each proves that it is the one."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from jalon.gateways.psc.proof import ASSERTION
from jalon_sandbox.psc.wire import OAuthError, Request

LONGEST = 300  # seconds an assertion may live


@dataclass(frozen=True)
class Party:
    """A registered software: exact addresses of return, and one proof, as PSC demands.

    The proof is `secret`, or the PEM of the `key` that signs its assertions (public half is enough), or the
    thumbprint (`x5t#S256`) of its `certificate`.
    """

    client_id: str
    secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    logout_uris: tuple[str, ...] = ()
    key: bytes = field(default=b"", repr=False)
    certificate: str = ""


class Parties:
    """Who may ask; an assertion serves once."""

    def __init__(
        self, known: Mapping[str, Party], issuer: Callable[[], str], clock: Callable[[], float]
    ) -> None:
        self.known = known
        self._issuer = issuer
        self._clock = clock
        self._played: set[str] = set()

    def authenticated(self, request: Request) -> Party:
        """The software behind a request. Raises OAuthError `invalid_client`."""
        client_id, secret = _basic(request.authorization) or (
            request.form.get("client_id", ""),
            request.form.get("client_secret", ""),
        )
        party = self.known.get(client_id)
        if party is None or not self._proved(party, request, secret):
            raise OAuthError("invalid_client", "Invalid client or Invalid client credentials", 401)
        return party

    def _proved(self, party: Party, request: Request, secret: str) -> bool:
        if party.certificate:
            return hmac.compare_digest(party.certificate, request.certificate)
        if party.key:
            return self._asserted(party, request.form)
        return secrets.compare_digest(party.secret.encode(), secret.encode())

    def _asserted(self, party: Party, form: Mapping[str, str]) -> bool:
        if form.get("client_assertion_type") != ASSERTION:
            return False
        now = int(self._clock())
        wanted: dict[str, ClaimsOption] = {
            "iss": {"essential": True, "value": party.client_id},
            "sub": {"essential": True, "value": party.client_id},
            "aud": {"essential": True, "value": self._issuer()},
            "jti": {"essential": True},
            "exp": {"essential": True},
        }
        try:
            key = RSAKey.import_key(party.key)
            claims = jwt.decode(form.get("client_assertion", ""), key, algorithms=["RS256"]).claims
            JWTClaimsRegistry(now=now, leeway=0, **wanted).validate(claims)
        except (JoseError, ValueError):
            return False
        fresh = claims["jti"] not in self._played and claims["exp"] <= now + LONGEST
        self._played.add(claims["jti"])
        return fresh


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote(client_id), unquote(secret)
