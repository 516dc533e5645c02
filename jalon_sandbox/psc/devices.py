"""Sign-in confirmed on a telephone: OpenID CIBA, poll mode."""

import dataclasses
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from jalon_sandbox.psc.people import Professional
from jalon_sandbox.psc.wire import OAuthError

LIFE = 120
_TWO_DIGITS = re.compile(r"\d{2}", re.ASCII)


@dataclass(frozen=True)
class Demand:
    """A request under way, and when the software last asked about it."""

    client_id: str
    who: Professional
    binding_message: str
    scope: str
    expires_at: float
    polled_at: float
    answer: Literal["", "accept", "refuse"] = ""


class Devices:
    """The requests that wait on telephones. `interval` is the least number of seconds between two polls."""

    def __init__(self, clock: Callable[[], float], interval: int) -> None:
        self.clock = clock
        self.interval = interval
        self._demands: dict[str, Demand] = {}

    def ask(self, client_id: str, who: Professional, form: dict[str, str]) -> dict[str, str | int]:
        """Raises OAuthError `invalid_binding_message` when it is not two digits."""
        binding = form.get("binding_message", "")
        if not _TWO_DIGITS.fullmatch(binding):
            raise OAuthError("invalid_binding_message", "binding_message\u00a0: deux chiffres")
        key, now = secrets.token_urlsafe(32), self.clock()
        self._demands[key] = Demand(
            client_id, who, binding, form["scope"], now + LIFE, polled_at=now - self.interval
        )
        return {"auth_req_id": key, "expires_in": LIFE, "interval": self.interval}

    def waiting(self) -> dict[str, tuple[Professional, str]]:
        now = self.clock()
        return {
            key: (demand.who, demand.binding_message)
            for key, demand in self._demands.items()
            if not demand.answer and now < demand.expires_at
        }

    def answer(self, key: str, answer: str) -> None:
        """What the professional says on their telephone: `accept`, anything else refuses."""
        if key in self._demands:
            said: Literal["accept", "refuse"] = "accept" if answer == "accept" else "refuse"
            self._demands[key] = dataclasses.replace(self._demands[key], answer=said)

    def poll(self, key: str, client_id: str) -> Demand:
        """The accepted demand, once. Raises OAuthError until then, and when it will not come."""
        demand = self._demands.get(key)
        if demand is None or demand.client_id != client_id:
            raise OAuthError("invalid_grant", "auth_req_id inconnu")
        now = self.clock()
        self._demands[key] = dataclasses.replace(demand, polled_at=now)
        self._settle(key, demand, now)
        if now < demand.polled_at + self.interval:
            raise OAuthError("slow_down", "trop tôt")
        if not demand.answer:
            raise OAuthError("authorization_pending", "en attente du professionnel")
        return self._demands.pop(key)

    def _settle(self, key: str, demand: Demand, now: float) -> None:
        if demand.answer != "refuse" and now < demand.expires_at:
            return
        del self._demands[key]
        if demand.answer == "refuse":
            raise OAuthError("access_denied", "refusé par le professionnel")
        raise OAuthError("expired_token", "demande expirée")
