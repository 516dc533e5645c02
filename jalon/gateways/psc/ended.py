"""What the provider says by itself of a session that ended (OpenID Connect Back-Channel Logout 1.0, §2.6)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import ClaimsOption, JWTClaimsRegistry

from jalon.core.errors import Malformed
from jalon.gateways.psc.claims import SERVICE
from jalon.gateways.psc.messages import CLOCK_SKEW, ISSUED_WITHIN, Endpoints, key_set

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@dataclass(frozen=True)
class Ended:
    """Whose session ended: the one of `sid`, or all of `sub` when it is empty. `jti` is heard once."""

    sub: str
    sid: str
    jti: str


def verify_logout_token(
    token: str, keys: Mapping[str, Any], *, endpoints: Endpoints, client_id: str, now: dt.datetime
) -> Ended:
    """Raises Malformed unless it is signed RS256 by one of `keys`, for us, of this issuer, and recent.

    A token with a nonce is an id_token that somebody plays again: refused.
    """
    needed: dict[str, ClaimsOption] = {
        "iss": {"essential": True, "value": endpoints.issuer},
        "aud": {"essential": True, "value": client_id},
        "iat": {"essential": True},
        "jti": {"essential": True},
        "sub": {"essential": True},
    }
    instant, skew = int(now.timestamp()), int(CLOCK_SKEW.total_seconds())
    try:
        claims = jwt.decode(token, key_set(keys), algorithms=["RS256"]).claims
        JWTClaimsRegistry(now=instant, leeway=skew, **needed).validate(claims)
    except (JoseError, ValueError) as error:
        raise Malformed(SERVICE, "l’annonce de déconnexion est refusée") from error
    events = claims.get("events")
    told = isinstance(events, dict) and isinstance(events.get(EVENT), dict)
    late = instant - claims["iat"] > ISSUED_WITHIN.total_seconds() + skew
    texts = [claims["sub"], claims.get("sid", ""), claims["jti"]]
    if not told or late or "nonce" in claims or not all(isinstance(text, str) for text in texts):
        raise Malformed(SERVICE, "ce n’est pas une annonce de déconnexion")
    return Ended(*texts)
