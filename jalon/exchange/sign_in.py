"""Pro Santé Connect: the code a browser brings back → claims → the account of an existing professional.

The way of the browser (state, PKCE) is django-allauth's; what is said of somebody is asked and checked here:
allauth would believe an id_token without looking at its signature or at its nonce.
"""

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass, field
from typing import Any

from jalon.core.errors import DomainError, Malformed
from jalon.exchange import clients
from jalon.exchange.renewing import kept
from jalon.exchange.sign_out import seal
from jalon.gateways.psc.claims import SERVICE, parse_userinfo, require_level, rpps_of
from jalon.gateways.psc.client import Client
from jalon.gateways.psc.ended import Ended, verify_logout_token
from jalon.gateways.psc.messages import IDLE, Tokens, require_gesture, session_end, verify_id_token
from jalon.staff.models import Account
from jalon.staff.queries import account_of_rpps

LASTS_UNUSED = IDLE


def addresses() -> dict[str, str]:
    """The addresses of Pro Santé Connect. Raises GatewayError."""
    with clients.psc() as psc:
        return asdict(psc.endpoints)


def nonce_of(verifier: str) -> str:
    """The nonce of a sign-in: a hash of its PKCE secret, which stays in the session of the one browser it
    belongs to (OpenID Connect Core 15.5.2), and not the hash that PKCE itself publishes.
    """
    return hashlib.sha256(f"nonce {verifier}".encode()).hexdigest()


@dataclass(frozen=True)
class Said:
    """What Pro Santé Connect says of who signs in: the claims of a token that was checked, and of userinfo.

    Sealed, `way_out` ends its session (`sign_out`) and `going_on` renews it (`renewing`), until `ends_at`.
    """

    id_token: dict[str, Any]
    userinfo: dict[str, Any]
    way_out: str = field(repr=False)
    going_on: str = field(repr=False)
    ends_at: dt.datetime


def redeem(
    code: str, *, redirect_uri: str, verifier: str, now: dt.datetime, since: dt.datetime | None = None
) -> Said:
    """What is said of who signs in, `since` an instant when somebody had to be asked again.

    Raises GatewayError, DomainError `psc_weak_authentication` or `psc_not_asked_again`.
    """
    with clients.psc() as psc:
        tokens = psc.redeem(code, redirect_uri=redirect_uri, verifier=verifier)
        said = believed(psc, tokens, nonce=nonce_of(verifier), now=now)
    if since is not None:
        require_gesture(said.id_token, since)
    return said


def believed(psc: Client, tokens: Tokens, *, nonce: str, now: dt.datetime) -> Said:
    """What tokens that were just given say, once it is checked. Raises what `redeem` does."""
    claims = verify_id_token(
        tokens.id_token,
        psc.keys(),
        endpoints=psc.endpoints,
        client_id=psc.client_id,
        nonce=nonce,
        now=now,
    )
    userinfo = psc.claims(tokens.access_token)
    if userinfo.get("sub") != claims["sub"]:  # OpenID Connect Core 5.3.2
        raise Malformed(SERVICE, "le jeton et l’identité ne parlent pas de la même personne")
    way_out = seal(psc.endpoints.end_session_endpoint, tokens.id_token)
    return Said(claims, userinfo, way_out, kept(tokens), session_end(claims, now))


def ended(logout_token: str, *, now: dt.datetime) -> Ended:
    """Whose session the provider says it ended. Raises GatewayError."""
    with clients.psc() as psc:
        return verify_logout_token(
            logout_token, psc.keys(), endpoints=psc.endpoints, client_id=psc.client_id, now=now
        )


def account_of_sub(sub: str) -> Account | None:
    """The account of a `sub`, « f:<directory>:<national identifier> »."""
    return account_of_rpps(rpps_of(sub.rpartition(":")[2]))


def account_of_claims(userinfo: dict[str, Any], id_token: dict[str, Any]) -> Account:
    """The account whose professional carries the national id of these claims.

    Raises DomainError `psc_unknown` when nobody here has it (SC.PSC.02: nothing is created silently), and
    whatever the claims themselves deserve (level too low, national id absent).
    """
    require_level(id_token)
    identity = parse_userinfo(userinfo)
    account = account_of_rpps(identity.rpps)
    if account is None:
        raise DomainError(
            "Votre numéro RPPS n’est rattaché à aucun compte ici. Demandez à l’administrateur de l’ajouter.",
            code="psc_unknown",
        )
    return account
