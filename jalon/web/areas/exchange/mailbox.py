"""The mailbox of a house: who gets in, and what they may do with a message."""

import uuid
from typing import Any

from django.db.models import QuerySet

from jalon.exchange.inbox import deciding
from jalon.exchange.models import Reception
from jalon.faces.http import Look
from jalon.records.models import Record, RecordQuerySet
from jalon.staff.rules import Permission
from jalon.web.gate import ProfessionalView


class Mailbox(ProfessionalView):
    """A page of the mailbox: messages of the establishments where one may match them."""

    permission = Permission.MATCH_RECEPTION

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

    def may_open(self, reception: Reception) -> bool:
        """May this person open what waits there?

        A waiting document is of nobody yet, perhaps of another unit: it takes the right in the whole house.
        """
        return any(
            place.establishment_id == reception.establishment_id and place.unit_id is None
            for place in self.actor.places_with(Permission.OPEN_RECEPTION)
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
