"""Move the messages of INSi. One call is one request: `messages.next_attempt` says what to ask next."""

import datetime as dt
import uuid
from dataclasses import dataclass

import httpx

from jalon.core.errors import Malformed, Rejected, Unreachable
from jalon.gateways.common import tls
from jalon.gateways.insi import messages
from jalon.gateways.insi.messages import SERVICE, Answer, Attempt, Software


@dataclass(frozen=True)
class Client:
    """INSi, reached through `http`: its address, TLS identity and timeout are already in it."""

    http: httpx.Client
    software: Software

    def search(self, attempt: Attempt, *, message_id: uuid.UUID, now: dt.datetime, sender: str) -> Answer:
        """Ask once. `sender` designates the professional who asks, for the trace kept by the service.

        Raises Unreachable, Rejected or Malformed, and DomainError when the traits cannot be asked.
        """
        request = messages.search(
            attempt, software=self.software, message_id=message_id, now=now, sender=sender
        )
        try:
            response = self.http.post(messages.PATH, content=request, headers=messages.HEADERS)
        except httpx.TransportError as error:
            if alert := tls.refusal_of(error):
                raise Rejected(SERVICE, alert, "le certificat de la structure est refusé") from error
            raise Unreachable(SERVICE, "le service ne répond pas. Réessayez plus tard.") from error
        return _answer(response)


def _answer(response: httpx.Response) -> Answer:
    """A fault travels with a status of failure; a page of the network in front of the service too."""
    try:
        return messages.parse_answer(response.content)
    except Malformed:
        if response.status_code >= 500:
            raise Unreachable(
                SERVICE, f"le service est en panne (HTTP {response.status_code}). Réessayez plus tard."
            ) from None
        if response.status_code >= 400:
            raise Rejected(SERVICE, f"HTTP {response.status_code}", response.reason_phrase) from None
        raise
