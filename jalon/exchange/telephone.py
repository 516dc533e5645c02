"""Pro Santé Connect on a telephone: asked from a post that others share, confirmed with the e-CPS (CIBA).

Whether somebody has an account here is looked at once they proved who they are: a number that is typed tells
nothing of it. One that the provider does not know waits like the others, and nobody ever confirms it.
"""

import datetime as dt
from typing import TypedDict

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.exchange import clients
from jalon.exchange.sign_in import Said, believed
from jalon.gateways.psc.claims import SERVICE, parse_userinfo, rpps_of
from jalon.gateways.psc.messages import DeviceLogin, DeviceRequest, Pending

UNKNOWN = "unknown_user_id"
NOBODY = DeviceLogin("", expires_in=120, interval=5)
MORE = 5
"""Seconds more between two questions, when the provider finds us too quick (OpenID CIBA §11)."""
OVER = {
    "access_denied": "La demande a été refusée sur le téléphone. Si c’était vous, recommencez.",
    "expired_token": "Personne n’a confirmé à temps sur le téléphone. Recommencez.",
}


class Asked(TypedDict):
    """A request under way, as a session keeps it: its key opens the tokens, to our software alone."""

    rpps: str
    code: str
    key: str
    interval: int
    again_at: float
    ends_at: float


def number_of(typed: str) -> str:
    """The 11 digits of the RPPS that somebody typed, empty when there are not."""
    return rpps_of("".join(typed.split()))


def ask(rpps: str, code: str, *, now: dt.datetime) -> Asked:
    """Have the telephone of that professional show `code`, two digits. Raises GatewayError."""
    try:
        with clients.psc() as psc:
            login = psc.ask_device(DeviceRequest(f"8{rpps}", code))
    except Rejected as refusal:
        if refusal.code != UNKNOWN:
            raise
        login = NOBODY
    return Asked(
        rpps=rpps,
        code=code,
        key=login.auth_req_id,
        interval=login.interval,
        again_at=now.timestamp() + login.interval,
        ends_at=now.timestamp() + login.expires_in,
    )


def answer(asked: Asked, *, now: dt.datetime) -> Said | Asked:
    """What is said of whoever confirmed, or the request to ask about again, no sooner than its `again_at`.

    Raises GatewayError, and DomainError `psc_telephone` when nobody will confirm it.
    """
    if now.timestamp() >= asked["ends_at"]:
        raise _over("expired_token")
    if not asked["key"] or now.timestamp() < asked["again_at"]:
        return asked
    try:
        return _poll(asked, now)
    except Rejected as refusal:
        if refusal.code in OVER:
            raise _over(refusal.code) from refusal
        raise


def _poll(asked: Asked, now: dt.datetime) -> Said | Asked:
    with clients.psc() as psc:
        told = psc.poll(asked["key"])
        if isinstance(told, Pending):
            interval = asked["interval"] + (MORE if told.slow_down else 0)
            return asked | {"interval": interval, "again_at": now.timestamp() + interval}
        said = believed(psc, told, nonce="", now=now)
    if parse_userinfo(said.userinfo).rpps != asked["rpps"]:
        raise Malformed(SERVICE, "une autre personne a confirmé")
    return said


def _over(why: str) -> DomainError:
    return DomainError(OVER[why], code="psc_telephone")
