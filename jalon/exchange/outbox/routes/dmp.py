"""The DMP, fed in indirect authentication: the structure's certificate and seal."""

import datetime as dt
import uuid
from typing import Any

from django.conf import settings
from uuid_utils.compat import uuid7

from jalon.core.errors import Rejected
from jalon.documents.models import Document
from jalon.exchange import clients
from jalon.exchange.compose import parcel as parcels
from jalon.exchange.compose.parcel import Parcel
from jalon.exchange.models import DeliveryState
from jalon.exchange.outbox.route import Attempt, Outcome, Route, reached
from jalon.formats import xds
from jalon.gateways.common.vihf import build_with
from jalon.gateways.dmp.messages import ALREADY_THERE
from jalon.people.models import Consent

SERVICE = "DMP"


class Dmp(Route):
    """A signed lot of XDS metadata and the CDA; a new version replaces the former one (RPLC)."""

    destination = "dmp"
    label = "DMP"
    about = "Le dossier médical partagé : la personne et les professionnels qu’elle autorise l’y lisent."
    purpose = Consent.Purpose.DMP_FEED
    synchronous = True
    arrived = DeliveryState.ACKNOWLEDGED

    def connected(self, document: Document) -> bool:
        return bool(settings.DMP_URL)

    def message_id(self, drawn: uuid.UUID) -> str:
        return f"urn:uuid:{drawn}"

    def send(self, attempt: Attempt) -> Outcome:
        parcel, now = attempt.parcel, attempt.clock()
        client = reached(clients.dmp(attempt.tape), SERVICE)
        lot = self._lot(parcel, self._replaced(parcel, client, now), now)
        assertion = _assertion(parcel, now)
        attempt.content_leaves()
        try:
            client.submit(lot, assertion=assertion, message_id=parcel.delivery.message_id)
        except Rejected as refusal:
            if refusal.code != ALREADY_THERE:
                raise
            return Outcome(self.arrived, refusal.code, "déjà reçu lors d’un essai précédent")
        return Outcome(self.arrived, "", "reçu par le DMP")

    def find(self, attempt: Attempt) -> bool:
        """The look-up by reference, which answers at once."""
        client = reached(clients.dmp(attempt.tape), SERVICE)
        return bool(_known(client, attempt.parcel, attempt.parcel.entry.unique_id, attempt.clock()))

    def _lot(self, parcel: Parcel, replaces: dict[str, str], now: dt.datetime) -> Any:
        unique_id, signature_id = parcels.signature_ids(parcel.delivery)
        unsigned = parcels.lot(parcel, replaces)
        return unsigned.signed(clients.seal(), unique_id=unique_id, signature_id=signature_id, at=now)

    def _replaced(self, parcel: Parcel, client: Any, now: dt.datetime) -> dict[str, str]:
        """The entryUUID of the former version, asked just before: each update of the metadata changes it."""
        former: Document | None = parcel.document.replaces
        found = _known(client, parcel, former.unique_id, now) if former else []
        present = next((entry for entry in found if entry.status == xds.APPROVED), None)
        return {parcel.entry.unique_id: present.entry_uuid} if present else {}


def _known(client: Any, parcel: Parcel, unique_id: str, now: dt.datetime) -> list[Any]:
    """What the DMP holds under this identifier."""
    message_id = f"urn:uuid:{uuid7()}"
    found = client.find_by_unique_id([unique_id], assertion=_assertion(parcel, now), message_id=message_id)
    return list(found)


def _assertion(parcel: Parcel, now: dt.datetime) -> bytes:
    house = parcel.document.record.establishment
    claims = parcels.vihf(parcel.sender, house.idnat, house.sector, parcel.ins, parcel.delivery.requested_at)
    return build_with(claims, clients.seal(), now, f"_{uuid7()}")


ROUTE = Dmp()
