"""The DMP, over mutual TLS: moves the bytes of `messages.py` and says what a failure means."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import httpx

from jalon.core.errors import Malformed, Rejected, Unreachable
from jalon.core.identity import Ins
from jalon.formats import xds
from jalon.gateways.common import tls
from jalon.gateways.dmp import messages
from jalon.gateways.dmp.messages import SERVICE, Accepted, Application, Existence, Lot, Request

REFUSED_AT_THE_DOOR: Final = (401, 403)
# Nothing left this machine: the rest may have reached the DMP before the cut.
NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)


@dataclass(frozen=True)
class Addresses:
    """Paths of the services, relative to the client's base address."""

    repository: str = "/si-dmp-server/v2/services/repository"
    registry: str = "/si-dmp-server/v2/services/registry"
    patients: str = "/si-dmp-server/v2/services/patients"


@dataclass(frozen=True)
class Client:
    """The port. TLS identity, base address and timeout are already in `http`.

    Every method raises Unreachable (`maybe_done`: look the document up before sending again), Rejected (the
    DMP's code and label) or Malformed (its bytes).
    """

    http: httpx.Client
    addresses: Addresses = Addresses()

    def submit(self, lot: Lot, *, assertion: bytes, message_id: str) -> Accepted:
        """Feed or replace (TD2.1). Send again with the same identifiers: a duplicate is then recognized."""
        request = messages.submit(lot, assertion=assertion, message_id=message_id)
        return messages.parse_response(*self._post(self.addresses.repository, request))

    def find_by_unique_id(
        self, unique_ids: Sequence[str], *, assertion: bytes, message_id: str
    ) -> tuple[xds.DocumentEntry, ...]:
        """The entries of these documents (TD3.1b): did they arrive, and under which entryUUID."""
        request = messages.get_documents(unique_ids, assertion=assertion, message_id=message_id)
        return messages.parse_documents(*self._post(self.addresses.registry, request))

    def delete(
        self,
        submission: xds.SubmissionSet,
        entry_uuid: str,
        *,
        assertion: bytes,
        message_id: str,
        old: str = xds.APPROVED,
    ) -> Accepted:
        """Delete a document of ours (TD3.3c); `old` is its present status."""
        request = messages.change_status(
            submission, entry_uuid, assertion=assertion, message_id=message_id, old=old
        )
        return messages.parse_response(*self._post(self.addresses.registry, request))

    def exists(
        self,
        patient: Ins,
        application: Application,
        *,
        assertion: bytes,
        message_id: str,
        query_id: str,
        at: dt.datetime,
    ) -> Existence:
        """Does this person have a DMP (TD0.2)."""
        request = messages.exists(
            patient, application, assertion=assertion, message_id=message_id, query_id=query_id, at=at
        )
        return messages.parse_existence(*self._post(self.addresses.patients, request))

    def _post(self, path: str, request: Request) -> tuple[str, bytes]:
        """(Content-Type, body) of the answer."""
        headers = {"Content-Type": request.content_type, "Accept-Encoding": "identity"}
        try:
            response = self.http.post(path, content=request.body, headers=headers)
        except httpx.TransportError as error:
            raise _failure(error) from error
        return _checked(response)


def _failure(error: httpx.TransportError) -> Unreachable | Rejected:
    """What a failure of the network means. No new try would change a refusal of our certificate."""
    if alert := tls.refusal_of(error):
        said = "Le DMP refuse le certificat de la structure. Demandez à l’administrateur de le vérifier."
        return Rejected(SERVICE, alert, said)
    never_sent = isinstance(error, NEVER_SENT) or tls.is_over(error)
    words = f"pas de réponse ({type(error).__name__}). Réessayez plus tard."
    return Unreachable(SERVICE, words, maybe_done=not never_sent)


def _checked(response: httpx.Response) -> tuple[str, bytes]:
    """The answer, if it is one: faults come with a 4xx or 5xx status and are read like the rest."""
    kind, status = response.headers.get("content-type", ""), response.status_code
    if "soap" in kind or "xop" in kind or "xml" in kind:
        return kind, response.content
    if status in REFUSED_AT_THE_DOOR:
        raise Rejected(SERVICE, str(status), "Le DMP refuse l’accès de la structure.")
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        # A proxy's page: the DMP behind it may have done the work.
        raise Unreachable(SERVICE, f"pas de réponse (HTTP {status}). Réessayez plus tard.", maybe_done=True)
    raise Malformed(SERVICE, f"Réponse HTTP {status} inattendue.", response.content)
