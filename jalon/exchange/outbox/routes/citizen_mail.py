"""The person's own mailbox in Mon espace santé, through the MSSanté operator of the establishment."""

import uuid

from django.conf import settings

from jalon.documents.models import Document
from jalon.exchange import clients
from jalon.exchange.compose import parcel as parcels
from jalon.exchange.compose.people import qualified_ins
from jalon.exchange.models import DeliveryState
from jalon.exchange.outbox.route import Attempt, Outcome, Route, reached
from jalon.gateways.mssante.messages import citizen_address
from jalon.people.models import Consent

SERVICE = "MSSanté"


class CitizenMail(Route):
    """A mail that carries the archive and its PDF, from the establishment's box to the person's."""

    destination = "citizen_mail"
    label = "Mon espace santé (messagerie)"
    about = "Un message à la personne, dans sa messagerie : elle ou son représentant l’y ouvre."
    purpose = Consent.Purpose.CITIZEN_MAIL
    synchronous = False
    arrived = DeliveryState.SENT

    def connected(self, document: Document) -> bool:
        mailbox = document.record.establishment.mailbox
        return bool(settings.MSSANTE_SMTP and settings.MSSANTE_CITIZEN_DOMAIN and mailbox)

    def message_id(self, drawn: uuid.UUID) -> str:
        return f"{drawn}@{settings.MSSANTE_HOST}"

    def recipient(self, document: Document) -> str:
        """Of the qualified INS. Raises AssertionError without one: rules refuse before."""
        ins = qualified_ins(document.record.person)
        if ins is None:
            raise AssertionError("a refused sending has no recipient")
        return citizen_address(ins, settings.MSSANTE_CITIZEN_DOMAIN, qualified=True)

    def send(self, attempt: Attempt) -> Outcome:
        def checkpoint(moment: str) -> None:
            if moment == "before_data":
                attempt.content_leaves()

        mailbox = attempt.parcel.document.record.establishment.mailbox
        sender = reached(clients.mail_sender(mailbox, checkpoint), SERVICE)
        attempt.sent = parcels.message(attempt.parcel)
        accepted = sender.send(attempt.sent, mailbox, [attempt.parcel.delivery.recipient])
        return Outcome(self.arrived, str(accepted.code), accepted.reply, answered=accepted.reply.encode())

    def find(self, attempt: Attempt) -> bool:
        """The operator's Sent folder: what a real one offers."""
        mailbox = attempt.parcel.document.record.establishment.mailbox
        with reached(clients.mailbox(mailbox), SERVICE) as opened:
            return bool(opened.find_sent(attempt.parcel.delivery.message_id))


ROUTE = CitizenMail()
