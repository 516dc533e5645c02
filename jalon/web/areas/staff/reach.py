"""Whose accounts a page is about: those of the places where whoever asks keeps them."""

import uuid

from django.db.models import Q, QuerySet

from jalon.organizations.models import Establishment, Unit
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import within
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.gate import ProfessionalView

NOT_MINE = "Vous ne tenez pas les comptes de cet endroit."


class StaffView(ProfessionalView):
    """What these pages share. Somebody of elsewhere, or nobody, gets the same answer."""

    permission = Permission.MANAGE_STAFF
    content = NO_CONTENT

    @property
    def mine(self) -> Q:
        """The memberships of the places where this professional keeps the accounts."""
        return within(self.actor.places_with(self.permission))

    def colleague(self) -> Professional:
        held = Membership.objects.filter(self.mine, professional=self.kwargs["colleague_id"])
        found = Professional.objects.filter(pk__in=held.values("professional"))
        return found.select_related("account").first() or self.refuse(NOT_MINE)

    def membership(self) -> Membership:
        found = Membership.objects.filter(self.mine, pk=self.kwargs["membership_id"])
        return found.select_related("professional", "establishment", "unit").first() or self.refuse(NOT_MINE)

    def spots(self, house_id: uuid.UUID | None = None) -> list[tuple[str, str]]:
        """The places where a function may be given here, of one house when told, as a list offers them."""
        places = [
            place
            for place in self.actor.places_with(self.permission)
            if house_id in (None, place.establishment_id)
        ]
        whole = {place.establishment_id for place in places if place.unit_id is None}
        parts = {place.unit_id for place in places}
        houses = Establishment.objects.filter(pk__in=whole).order_by("name", "pk")
        units = Unit.objects.filter(Q(establishment__in=whole) | Q(pk__in=parts))
        return [(str(one.pk), one.name) for one in houses] + [
            (f"{one.establishment_id} {one.pk}", f"{one.establishment.name}, {one.name}")
            for one in units.select_related("establishment").order_by("establishment__name", "name", "pk")
        ]


def spot(chosen: str) -> tuple[Establishment, Unit | None]:
    """The house and the unit of a choice that `spots` offered."""
    house, _, unit = chosen.partition(" ")
    return Establishment.objects.get(pk=house), Unit.objects.get(pk=unit) if unit else None


def rows_of(colleague: Professional) -> QuerySet[Membership]:
    """All that somebody does and did here, the latest first."""
    held = Membership.objects.filter(professional=colleague).select_related("establishment", "unit")
    return held.order_by("-starts_on", "-pk")
