"""Pro Santé Connect beyond the sign-in in a browser: values → forms and addresses, answers → values.

OpenID Connect Core and RP-Initiated Logout, RFC 7662 (introspection), OpenID CIBA in poll mode. The sign-in
itself is django-allauth's; `verify_id_token` is for what it leaves out (signature, nonce, acr) and for CIBA.
"""

import datetime as dt
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.gateways.psc.claims import SERVICE, require_level

ACR = "eidas1"  # SC.PSC.08, EX PSC 16
SCOPE = "openid scope_all"
CIBA_GRANT = "urn:openid:params:grant-type:ciba"
CLOCK_SKEW = dt.timedelta(seconds=30)
ISSUED_WITHIN = dt.timedelta(minutes=10)  # of the moment when it is shown: a code lives one minute
SESSION = dt.timedelta(hours=4)  # the longest that a session lasts there
IDLE = dt.timedelta(minutes=30)  # and without its tokens being renewed
_WAITING = ("authorization_pending", "slow_down")

Form = dict[str, str]


# --- where


@dataclass(frozen=True)
class Endpoints:
    """The addresses of the discovery document, which alone gives them: the hosts differ from one another."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    introspection_endpoint: str = ""
    end_session_endpoint: str = ""
    backchannel_authentication_endpoint: str = ""
    binds_tokens: bool = False


def parse_discovery(data: bytes, *, mutual: bool = False) -> Endpoints:
    """Raises Malformed when the document is not one, or lacks an address that signing in needs.

    `mutual` reads the addresses that ask for a certificate, where there are (RFC 8705 §5).
    """
    document = _object(data)
    aliases = document.get("mtls_endpoint_aliases") if mutual else None
    said = document | (aliases if isinstance(aliases, dict) else {})
    found = {item.name: said.get(item.name, "") for item in fields(Endpoints) if item.type is str}
    if not all(isinstance(value, str) for value in found.values()) or not all(list(found.values())[:5]):
        raise Malformed(SERVICE, "le document de découverte est incomplet", data)
    return Endpoints(**found, binds_tokens=document.get("tls_client_certificate_bound_access_tokens") is True)


# --- tokens


@dataclass(frozen=True)
class Tokens:
    """What the token endpoint gives; lives are in seconds. Never written on a disk (SC.MSS/CONF.28)."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    id_token: str = field(repr=False)
    expires_in: int
    refresh_expires_in: int


def code_form(code: str, *, redirect_uri: str, verifier: str) -> Form:
    """The code a browser brought back, with the secret of its request (PKCE, RFC 7636)."""
    return {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
    }


def refresh_form(refresh_token: str) -> Form:
    return {"grant_type": "refresh_token", "refresh_token": refresh_token}


def parse_tokens(data: bytes) -> Tokens:
    """Raises Rejected with the OAuth error (`invalid_grant`: the session is over), or Malformed."""
    answer = _accepted(data)
    if not isinstance(answer.get("access_token"), str):
        raise Malformed(SERVICE, "la réponse ne porte pas de jeton")
    texts = {name: answer.get(name, "") for name in ("access_token", "refresh_token", "id_token")}
    lives = {name: answer.get(name, 0) for name in ("expires_in", "refresh_expires_in")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise Malformed(SERVICE, "les jetons reçus ne sont pas des textes")
    if not all(isinstance(life, int) for life in lives.values()):
        raise Malformed(SERVICE, "la durée des jetons reçus n’est pas un nombre")
    return Tokens(**texts, **lives)


def verify_id_token(
    token: str, keys: Mapping[str, Any], *, endpoints: Endpoints, client_id: str, nonce: str, now: dt.datetime
) -> dict[str, Any]:
    """The claims of an id_token signed RS256 by one of `keys` (the JWKS), for us, of this issuer and request.

    An empty `nonce` is not compared (refresh, CIBA). Raises Malformed when the token is not what PSC must
    give, DomainError `psc_weak_authentication` when its level is not eidas1 at least.
    """
    needed: dict[str, ClaimsOption] = {
        "iss": {"essential": True, "value": endpoints.issuer},
        "aud": {"essential": True, "value": client_id},
        "sub": {"essential": True},
        "exp": {"essential": True},
        "iat": {"essential": True},
    }
    if nonce:
        needed["nonce"] = {"essential": True, "value": nonce}
    instant, skew = int(now.timestamp()), int(CLOCK_SKEW.total_seconds())
    try:
        claims = jwt.decode(token, key_set(keys), algorithms=["RS256"]).claims
        JWTClaimsRegistry(now=instant, leeway=skew, **needed).validate(claims)
    except (JoseError, ValueError) as error:
        raise Malformed(SERVICE, "le jeton d’identité est refusé") from error
    _check_party(claims, client_id)
    if instant - claims["iat"] > ISSUED_WITHIN.total_seconds() + skew:
        raise Malformed(SERVICE, "le jeton d’identité n’est pas de cette connexion")
    require_level(claims, ACR)
    return claims


def _check_party(claims: Mapping[str, Any], client_id: str) -> None:
    """Given for us alone, or by us when it is for several (OpenID Connect Core §3.1.3.7, 4 and 5)."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", "" if several else client_id) != client_id:
        raise Malformed(SERVICE, "le jeton d’identité a été donné à un autre logiciel")


def require_gesture(claims: Mapping[str, Any], since: dt.datetime) -> None:
    """Somebody proved who they are after `since` (`auth_time`): a session left open there opens nothing here.

    Raises DomainError `psc_not_asked_again`.
    """
    proved = claims.get("auth_time")
    if not isinstance(proved, int) or proved < (since - CLOCK_SKEW).timestamp():
        raise DomainError(
            "Pro Santé Connect a rouvert une session précédente sans rien demander. "
            "Fermez-la sur son site, puis recommencez.",
            code="psc_not_asked_again",
        )


def session_end(claims: Mapping[str, Any], now: dt.datetime) -> dt.datetime:
    """When the session of the provider ends at the latest, counted from when somebody proved who they are."""
    proved = claims.get("auth_time")
    began = proved if isinstance(proved, int) else now.timestamp()
    return dt.datetime.fromtimestamp(min(began, now.timestamp()), dt.UTC) + SESSION


def key_set(keys: Mapping[str, Any]) -> KeySet:
    published = keys.get("keys")
    if not isinstance(published, list):
        raise Malformed(SERVICE, "les clés publiées ne sont pas une liste")
    signing = [key for key in published if isinstance(key, dict) and key.get("kty") == "RSA"]
    usable: KeySetSerialization = {"keys": [key for key in signing if key.get("use", "sig") == "sig"]}
    return KeySet.import_key_set(usable)


# --- introspection


@dataclass(frozen=True)
class Introspection:
    """Whether a token still lives, and whose it is; all empty when it does not."""

    active: bool
    national_id: str = ""
    acr: str = ""
    expires_at: dt.datetime | None = None
    bound_to: str = ""


def require_bound(token: Introspection, certificate: str) -> None:
    """A token that lives, and is worth nothing without the certificate of that thumbprint (RFC 8705 §3.2).

    Raises Malformed.
    """
    if not token.active or not hmac.compare_digest(token.bound_to.encode(), certificate.encode()):
        raise Malformed(SERVICE, "le jeton n’est pas lié au certificat de la structure")


def introspection_form(token: str) -> Form:
    return {"token": token}


def parse_introspection(data: bytes) -> Introspection:
    """Raises Rejected with the OAuth error, or Malformed."""
    answer = _accepted(data)
    if answer.get("active") is not True:
        return Introspection(active=False)
    return Introspection(
        active=True,
        national_id=str(answer.get("preferred_username") or answer.get("username") or ""),
        acr=str(answer.get("acr", "")),
        expires_at=_instant(answer.get("exp")),
        bound_to=_bound_to(answer),
    )


def _bound_to(answer: Mapping[str, Any]) -> str:
    confirmation = answer.get("cnf")
    return str(confirmation.get("x5t#S256", "")) if isinstance(confirmation, dict) else ""


def _instant(seconds: object) -> dt.datetime | None:
    if not isinstance(seconds, int):
        return None
    try:
        return dt.datetime.fromtimestamp(seconds, dt.UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(SERVICE, "l’échéance du jeton n’est pas une date") from error


# --- sign-in on another device (CIBA)


@dataclass(frozen=True)
class DeviceRequest:
    """Ask a professional to confirm on their own e-CPS. `binding_message` is the two digits shown on both."""

    national_id: str
    binding_message: str
    channel: str = "MOBILE"


@dataclass(frozen=True)
class DeviceLogin:
    """A request under way: poll no more often than `interval` seconds, until `expires_in`."""

    auth_req_id: str = field(repr=False)
    expires_in: int
    interval: int


@dataclass(frozen=True)
class Pending:
    """The professional has not answered yet; `slow_down` asks for five seconds more between two polls."""

    slow_down: bool = False


def device_form(request: DeviceRequest) -> Form:
    return {
        "scope": SCOPE,
        "acr_values": ACR,
        "login_hint": request.national_id,
        "binding_message": request.binding_message,
        "channel": request.channel,
    }


def poll_form(auth_req_id: str) -> Form:
    return {"grant_type": CIBA_GRANT, "auth_req_id": auth_req_id}


def parse_device_login(data: bytes) -> DeviceLogin:
    """Raises Rejected with the OAuth error (`unknown_user_id`…), or Malformed."""
    answer = _accepted(data)
    key, life, interval = answer.get("auth_req_id"), answer.get("expires_in"), answer.get("interval", 5)
    if not (isinstance(key, str) and isinstance(life, int) and isinstance(interval, int)):
        raise Malformed(SERVICE, "la demande sur un autre appareil n’est pas confirmée")
    return DeviceLogin(key, life, interval)


def parse_poll(data: bytes) -> Tokens | Pending:
    """Raises Rejected: `access_denied` when the professional refused, `expired_token` when it is too late."""
    error = _object(data).get("error")
    if error in _WAITING:
        return Pending(slow_down=error == "slow_down")
    return parse_tokens(data)


# --- logout


def end_session_url(end_session_endpoint: str, *, id_token: str, return_to: str, state: str) -> str:
    """Where to send the browser so that the PSC session ends too; `return_to` is a registered address."""
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": return_to, "state": state}
    return f"{end_session_endpoint}?{urlencode(query)}"


# --- common


def parse_object(data: bytes) -> dict[str, Any]:
    """A JSON object that is not an OAuth error. Raises Rejected or Malformed."""
    return _accepted(data)


def _accepted(data: bytes) -> dict[str, Any]:
    answer = _object(data)
    if "error" in answer:
        raise Rejected(SERVICE, str(answer["error"]), str(answer.get("error_description", "")))
    return answer


def _object(data: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Malformed(SERVICE, "la réponse n’est pas du JSON", data) from error
    if not isinstance(answer, dict):
        raise Malformed(SERVICE, "la réponse n’est pas un objet JSON", data)
    return answer
