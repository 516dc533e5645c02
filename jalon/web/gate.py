"""The gate: no page without a declared permission, no record without right and trace.

`ProfessionalView` is the base of every page of professionals; `RecordView` of every page of a record. A view
that is neither fails the tests, unless it is in their written list of public pages.
"""

from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from jalon.audit.actions import record_access
from jalon.faces.gate import Gate
from jalon.records.models import AccessGrant, Record
from jalon.staff.models import Permission
from jalon.staff.queries import Actor

NO_PROFESSIONAL = "Votre compte n’est rattaché à aucun professionnel en activité."
NO_PERMISSION = "Votre rôle n’ouvre pas cette page."
NO_RECORD = "Ce dossier ne vous est pas ouvert."


class ProfessionalView(Gate):
    """A page of professionals. `permission` is what it takes to see it, or to act on it."""

    permission: ClassVar[Permission]

    @property
    def actor(self) -> Actor:
        """Who is asking. Refuses when the account is nobody's here."""
        if self.request.actor is None:
            self.refuse(NO_PROFESSIONAL)
        return self.request.actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect("account_login")
        if not self.actor.may(self.permission):
            self.refuse(NO_PERMISSION)
        return super().dispatch(request, *args, **kwargs)


class RecordView(ProfessionalView):
    """A page of one record: loaded through `visible_to`, traced each time it is opened.

    A record of another unit, of another managing body, or of nobody gets the same answer: the page tells
    nothing of what exists.
    """

    record: Record
    granted: bool

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.record_id = kwargs.pop("record_id")
        self.kwargs = kwargs

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kwargs.pop("record_id", None)
        if request.user.is_authenticated and self.request.actor is not None:
            self.open()
        return super().dispatch(request, *args, **kwargs)

    def open(self) -> None:
        visible = Record.objects.visible_to(self.actor, permission=self.permission, today=self.request.today)
        grants = AccessGrant.objects.in_force(self.actor.professional, self.request.today)
        granted = Exists(grants.filter(record_id=OuterRef("pk")))
        record = visible.with_identity().annotate(granted=granted).filter(pk=self.record_id).first()
        if record is None:
            may = self.actor.may(self.permission)
            self.refuse(NO_RECORD if may else NO_PERMISSION, self.record_id)
        self.record, self.granted = record, record.granted
        record_access(
            professional=self.actor.professional,
            record_id=record.pk,
            person_id=record.person_id,
            page=self.page,
        )

    def may(self, permission: Permission) -> bool:
        """Does this permission hold on this very record, by the place or by a grant (as `visible_to`)?"""
        if self.granted:
            return self.actor.may(permission)
        return any(record_place_matches(place, self.record) for place in self.actor.places_with(permission))


def record_place_matches(place: Any, record: Record) -> bool:
    """A membership covers a record of its establishment, and of its unit when it names one."""
    same_house = place.establishment_id == record.establishment_id
    return same_house and (place.unit_id is None or place.unit_id == record.unit_id)
