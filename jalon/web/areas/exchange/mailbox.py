"""The mailbox of a house: who gets in, and what they may do with a message."""

import uuid
from typing import Any

from django.db.models import QuerySet

from jalon.documents.kinds import class_of
from jalon.exchange.inbox import deciding
from jalon.exchange.models import Reception
from jalon.faces.http import Look
from jalon.formats.cda.received import ReadDocument
from jalon.records.models import Record, RecordQuerySet
from jalon.staff.queries import Place
from jalon.staff.rules import EVERY_CONTENT, ContentClass, Functions, Permission, reading, who_may
from jalon.web.gate import ProfessionalView


def content_of(document: ReadDocument) -> ContentClass:
    """What a received document is about, by its type; one that says none is of health."""
    return class_of(document.code.code if document.code else "")


def who_opens(document: ReadDocument, functions: Functions) -> tuple[str, ...]:
    """The functions that open it while it waits in their house, as people call them."""
    mine = who_may(reading(content_of(document)), functions)
    return tuple(str(role.label) for role in who_may(Permission.OPEN_RECEPTION, functions) if role in mine)


class Mailbox(ProfessionalView):
    """A page of the mailbox: messages of the establishments where one may match them."""

    permission = Permission.MATCH_RECEPTION
    content = EVERY_CONTENT

    def houses(self) -> set[uuid.UUID]:
        """Where one may match messages."""
        return {place.establishment_id for place in self.actor.places_with(Permission.MATCH_RECEPTION)}

    def mine(self) -> QuerySet[Reception]:
        return Reception.objects.filter(establishment_id__in=self.houses())

    def reception(self, reception_id: Any) -> Reception:
        one = self.mine().filter(pk=reception_id).first()
        if one is None:
            self.refuse("Ce message n’est pas d’une boîte de vos établissements.")
        return one

    def records(self) -> RecordQuerySet:
        """The records a message may be filed in: those this person sees with the right to match."""
        today = self.request.today
        return Record.objects.visible_to(self.actor, permission=Permission.MATCH_RECEPTION, today=today)

    def may_open(self, reception: Reception, document: ReadDocument) -> bool:
        """May this person open this document, which waits there?

        It is of nobody yet, perhaps of another unit: it takes the right, and its class, in the whole house.
        """
        return bool(self.opening(reception) & set(self.actor.places_with(reading(content_of(document)))))

    def opening(self, reception: Reception) -> set[Place]:
        """Where the right to open what waits holds in the whole house of the message."""
        return {
            place
            for place in self.actor.places_with(Permission.OPEN_RECEPTION)
            if place.establishment_id == reception.establishment_id and place.unit_id is None
        }

    def hears_of(self, reception: Reception, document: ReadDocument) -> bool:
        """Is this person told what it is? Who reads its class nowhere in that house sorts by whose it is."""
        return any(
            place.establishment_id == reception.establishment_id
            for place in self.actor.places_with(reading(content_of(document)))
        )

    def record_of(self, reception: Reception) -> Record:
        """Where a filed message is. Refuses when it is in no record of this person."""
        filed = deciding.filed_documents(reception).values("record")
        record = self.records().with_identity().filter(pk__in=filed).first()
        if record is None:
            self.refuse("Ce message est classé dans un dossier qui ne vous est pas ouvert.")
        return record

    def trace(self, reception: Reception, record: Record | None = None) -> None:
        """What is shown of a message names somebody: the look is kept, with the message."""
        record_id, person_id = (record.pk, record.person_id) if record else (None, None)
        self.request.looks.append(Look(self.page, record_id, person_id, reason=f"message {reception.pk}"))
