"""Keys, sessions and tokens of the sandbox, in memory. Lives are those of the real one."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeyParameters, KeySet, RSAKey

from jalon_sandbox.psc.people import Professional
from jalon_sandbox.psc.wire import OAuthError

CODE_LIFE = 60
ACCESS_LIFE = 120
REFRESH_LIFE = 1800
SESSION_LIFE = 4 * 3600
SESSION_IDLE = 1800

Fault = Literal[
    "", "wrong_issuer", "wrong_audience", "wrong_nonce", "wrong_key",
    "expired", "alg_none", "missing_acr", "weak_acr", "another_party", "stale",
    "old_session", "hs256", "ps256", "unknown_kid",
]  # fmt: skip
FAULTS: dict[str, Callable[[float], Mapping[str, Any]]] = {
    "wrong_issuer": lambda now: {"iss": "https://autre.invalid/auth/realms/esante-wallet"},
    "wrong_audience": lambda now: {"aud": "un-autre-logiciel", "azp": "un-autre-logiciel"},
    "wrong_nonce": lambda now: {"nonce": "un-autre-nonce"},
    "expired": lambda now: {"iat": int(now) - 900, "exp": int(now) - 600},
    "another_party": lambda now: {"azp": "un-autre-logiciel"},
    "stale": lambda now: {"iat": int(now) - 30 * 86400},
    "old_session": lambda now: {"auth_time": int(now) - 600},
    "missing_acr": lambda now: {"acr": None},
    "weak_acr": lambda now: {"acr": "0"},
}


@dataclass
class Session:
    """A professional signed in at the provider, in one browser or by their telephone."""

    sid: str
    who: Professional
    began: float
    seen: float

    def alive(self, now: float) -> bool:
        return now < self.began + SESSION_LIFE and now < self.seen + SESSION_IDLE


@dataclass(frozen=True)
class Grant:
    """What was agreed: for whom, to which software, under which nonce, until when."""

    session: Session
    client_id: str
    scope: str
    nonce: str
    expires_at: float
    redirect_uri: str = ""
    challenge: str = ""


class Keys:
    """The signing keys, the newest first; former ones stay published until `forget`."""

    def __init__(self) -> None:
        self._keys: list[RSAKey] = []
        self.rotate()

    def rotate(self) -> None:
        parameters: KeyParameters = {"kid": secrets.token_urlsafe(12), "use": "sig", "alg": "RS256"}
        self._keys.insert(0, RSAKey.generate_key(2048, parameters))

    def forget(self) -> None:
        """Stop publishing all keys but the newest."""
        del self._keys[1:]

    def published(self) -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False) for key in self._keys]}

    def sign(self, claims: dict[str, Any], fault: Fault) -> str:
        header = {"alg": "RS256", "typ": "JWT", "kid": self._keys[0].kid or ""}
        if fault == "alg_none":
            return f"{_segment({'alg': 'none', 'typ': 'JWT'})}.{_segment(claims)}."
        key = RSAKey.generate_key(2048) if fault == "wrong_key" else self._keys[0]
        if fault == "unknown_kid":
            header["kid"] = "jamais-publiee"
        if fault == "hs256":  # the published key taken for a shared secret
            signed = f"{_segment(header | {'alg': 'HS256'})}.{_segment(claims)}"
            return f"{signed}.{_base64(hmac.digest(key.as_pem(private=False), signed.encode(), 'sha256'))}"
        if fault == "ps256":
            same = RSAKey.import_key(key.as_pem(private=True))
            return jwt.encode(header | {"alg": "PS256"}, claims, same, algorithms=["PS256"])
        return jwt.encode(header, claims, key)

    def read(self, token: str) -> dict[str, Any]:
        """The claims of a token of ours, whatever its age. Raises OAuthError."""
        try:
            payload = jws.deserialize_compact(token, KeySet(list(self._keys)), algorithms=["RS256"]).payload
        except (JoseError, ValueError) as error:
            raise OAuthError("invalid_request", "id_token_hint n’est pas un jeton d’ici") from error
        claims: dict[str, Any] = orjson.loads(payload)
        return claims


class Tokens:
    """Codes and tokens given, each worth one grant."""

    def __init__(self, issuer: str, clock: Callable[[], float]) -> None:
        self.issuer = issuer
        self.clock = clock
        self.keys = Keys()
        self.fault: Fault = ""
        self._codes: dict[str, Grant] = {}
        self._spent: dict[str, Grant] = {}
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}

    def code(self, grant: Grant) -> str:
        return _keep(self._codes, grant)

    def redeem(self, code: str, *, client_id: str, redirect_uri: str, verifier: str) -> Grant:
        """The grant of a code, once, within 60 s, for the same software and address (RFC 6749, RFC 7636).

        A code played again ends the tokens of its first use. Raises OAuthError `invalid_grant`.
        """
        if code in self._spent:
            self.revoke(self._spent[code].session.sid)
        grant = self._codes.pop(code, None)
        if grant is None:
            raise OAuthError("invalid_grant", "code inconnu ou déjà utilisé")
        self._spent[code] = grant
        if self.clock() > grant.expires_at:
            raise OAuthError("invalid_grant", "code expiré")
        if (grant.client_id, grant.redirect_uri) != (client_id, redirect_uri):
            raise OAuthError("invalid_grant", "code donné pour un autre logiciel ou une autre adresse")
        if not secrets.compare_digest(challenge_of(verifier), grant.challenge):
            raise OAuthError("invalid_grant", "code_verifier ne correspond pas")
        return grant

    def renew(self, refresh_token: str, *, client_id: str) -> Grant:
        """The grant of a refresh token, which is then spent. Raises OAuthError `invalid_grant`."""
        grant = self._refresh.pop(refresh_token, None)
        if grant is None or grant.client_id != client_id or not self._lives(grant):
            raise OAuthError("invalid_grant", "Session not active")
        grant.session.seen = self.clock()
        return grant

    def issue(self, grant: Grant) -> dict[str, Any]:
        """The answer of the token endpoint."""
        now = self.clock()
        access = _keep(self._access, self._until(grant, now + ACCESS_LIFE))
        refresh = _keep(self._refresh, self._until(grant, now + REFRESH_LIFE))
        return {
            "access_token": access,
            "expires_in": ACCESS_LIFE,
            "refresh_token": refresh,
            "refresh_expires_in": REFRESH_LIFE,
            "token_type": "Bearer",
            "id_token": self.keys.sign(self._id_claims(grant, access, now), self.fault),
            "session_state": grant.session.sid,
            "scope": grant.scope,
        }

    def bearer(self, access_token: str) -> Grant | None:
        """The grant of a live access token."""
        grant = self._access.get(access_token)
        return grant if grant and self._lives(grant) else None

    def introspect(self, token: str) -> dict[str, Any]:
        grant = self._access.get(token) or self._refresh.get(token)
        if grant is None or not self._lives(grant):
            return {"active": False}
        who = grant.session.who
        return {
            "active": True,
            "exp": int(grant.expires_at),
            "auth_time": int(grant.session.began),
            "iss": self.issuer,
            "sub": who.sub,
            "typ": "Bearer",
            "azp": grant.client_id,
            "client_id": grant.client_id,
            "preferred_username": who.national_id,
            "username": who.national_id,
            "acr": who.acr,
            "scope": grant.scope,
            "sid": grant.session.sid,
            "authMode": who.auth_mode,
            "otherIds": who.other_ids,
        }

    def revoke(self, sid: str) -> None:
        """End all the tokens of a session."""
        for store in (self._access, self._refresh):
            for token in [token for token, grant in store.items() if grant.session.sid == sid]:
                del store[token]

    def _lives(self, grant: Grant) -> bool:
        now = self.clock()
        return now < grant.expires_at and grant.session.alive(now)

    def _until(self, grant: Grant, instant: float) -> Grant:
        return Grant(grant.session, grant.client_id, grant.scope, grant.nonce, instant)

    def _id_claims(self, grant: Grant, access: str, now: float) -> dict[str, Any]:
        who = grant.session.who
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": grant.client_id,
            "azp": grant.client_id,
            "sub": who.sub,
            "iat": int(now),
            "exp": int(now) + ACCESS_LIFE,
            "auth_time": int(grant.session.began),
            "jti": secrets.token_urlsafe(12),
            "typ": "ID",
            "at_hash": _half_hash(access),
            "sid": grant.session.sid,
            "nonce": grant.nonce or None,
            "acr": who.acr,
            "preferred_username": who.national_id,
        }
        claims |= FAULTS.get(self.fault, lambda now: {})(now)
        return {name: value for name, value in claims.items() if value is not None}


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return _base64(hashlib.sha256(verifier.encode()).digest())


def _half_hash(token: str) -> str:
    return _base64(hashlib.sha256(token.encode()).digest()[:16])


def _segment(value: Mapping[str, Any]) -> str:
    return _base64(orjson.dumps(value))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _keep(store: dict[str, Grant], grant: Grant) -> str:
    token = secrets.token_urlsafe(32)
    store[token] = grant
    return token
