"""The gate: no page without a declared permission and content, no record without right and trace.

`ProfessionalView` is the base of every page of professionals; `RecordView` of every page of a record. A view
of an area that does not say its permission and its content does not start (`jalon.web.declarations`).
"""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from jalon.audit.actions import once
from jalon.core.moment import Moment
from jalon.faces.gate import Door, Gate, Why
from jalon.faces.http import Look, seen_from
from jalon.faces.sent import sent_form
from jalon.organizations.queries import profile_of
from jalon.records.models import Record
from jalon.records.queries import open_to
from jalon.staff.queries import Actor, functions_of, heads_of
from jalon.staff.rules import PERMISSIONS, ContentClass, Functions, Permission, Role, who_may
from jalon.staff.why import Rule, closing
from jalon.web.account.post import named
from jalon.web.modules import is_open
from jalon.web.place import scope_of
from jalon.web.registry import area_of

Answering = Callable[..., HttpResponseBase]
NO_PROFESSIONAL = "Votre compte n’est rattaché à aucun professionnel en activité."
ALREADY = "C’était déjà fait : rien n’a été écrit une seconde fois."
NO_RECORD = (
    "Ce dossier ne vous est pas ouvert : vous ne voyez que les personnes des établissements et unités "
    "où vous êtes affecté aujourd’hui."
)
CLOSED = "L’établissement n’a pas ouvert cette pièce."


class ProfessionalView(Gate):
    """A page of professionals. `permission` is what it takes to see it, or to act on it.

    `content`: the classes of content that its answers may hold, whoever asks; each gets those they read.
    """

    permission: ClassVar[Permission]
    content: ClassVar[frozenset[ContentClass]]

    @property
    def actor(self) -> Actor:
        """Who is asking. Refuses when the account is nobody's here."""
        if self.request.actor is None:
            self.refuse(NO_PROFESSIONAL)
        return self.request.actor

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_the_door(request)
        if not self.actor.may(self.permission):
            self.refuse(self.forbidden(), why=self.why())
        self.check_open()
        form = sent_form(request) if request.method == "POST" else ""
        return self._once(form, *args, **kwargs) if form else super().dispatch(request, *args, **kwargs)

    def _once(self, form: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A form sent again leads where it led, and writes nothing."""
        with once(form, by=self.actor.professional) as sent:
            if sent.again:
                messages.info(self.request, ALREADY)
                return redirect(sent.led_to)
            answer = super().dispatch(self.request, *args, **kwargs)
            sent.led_to = answer.headers.get("Location", "")
            return answer

    def forbidden(self) -> str:
        """The rule that keeps this page shut: what the function of whoever asks does not allow."""
        return f"Votre fonction ({self.actor.function}) n’a pas ce droit : {self.permission.label}."

    def why(self) -> Why:
        """The rule that keeps this page from their functions, and those that it opens to."""
        return Why(
            closing(self.permission, [place.permissions for place in self.actor.places]),
            openers=openers(self.permission, self.functions()),
        )

    def functions(self) -> Functions:
        """What each function allows in the chosen house, in one of them when there are several."""
        houses = scope_of(self.request).establishment_ids
        return functions_of(houses[0]) if houses else PERMISSIONS

    def helpers(self) -> tuple[str, ...]:
        """The heads of the chosen house."""
        heads = heads_of(scope_of(self.request).establishment_ids, self.request.today)
        return tuple(f"{one.professional} ({Role(one.role).label})" for one in heads)

    def where(self) -> tuple[tuple[uuid.UUID, ...], uuid.UUID | None]:
        """The establishments that the page is about, and the unit when it is of one."""
        scope = scope_of(self.request)
        return scope.establishment_ids, scope.unit_id

    def check_open(self) -> None:
        """Refuse a page whose module none of its establishments opens."""
        area = area_of(self.page)
        if area and not is_open(self.request, area, *self.where()):
            self.refuse(CLOSED, getattr(self, "record_id", None), Why(closed=True))


class RecordView(ProfessionalView):
    """A page of one record: loaded through `visible_to`, traced each time it is opened.

    A record of another unit, of another managing body, or of nobody gets the same answer: the page tells
    nothing of what exists.
    """

    record: Record
    permissions: frozenset[Permission]

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
        record = open_to(self.actor, self.record_id, permission=self.permission, today=self.request.today)
        if record is None:
            if self.actor.may(self.permission):
                self.refuse(NO_RECORD, self.record_id, Why(Rule.PLACE, doors=self.ways_in()))
            self.refuse(self.forbidden(), self.record_id, self.why())
        self.record, self.permissions = record, record.permissions_of(self.actor)
        self.check_open()
        self._go_there(record)
        self.request.looks.append(Look(self.page, record.pk, record.person_id))

    def ways_in(self) -> tuple[Door, ...]:
        """What to do about a record of elsewhere; the same whether there is one or not."""
        asking = Door("Demander l’accès", reverse("accesses:ask", args=[self.record_id]), "send")
        if not self.actor.may(Permission.BREAK_GLASS):
            return (asking,)
        address = reverse("accesses:emergency", args=[self.record_id])
        return asking, Door("Urgence : ouvrir maintenant", address, "key-round", "danger")

    def where(self) -> tuple[tuple[uuid.UUID, ...], uuid.UUID | None]:
        return (self.record.establishment_id,), self.record.unit_id

    def _go_there(self, record: Record) -> None:
        """Read days, hours and words where the record is kept: a grant may open one of elsewhere."""
        house = self.actor.houses.get(record.establishment_id) or profile_of(record.establishment)
        seen_from(self.request, Moment(self.request.moment.now, house.zone))
        self.request.word = house.within(record.unit_id).word

    def may(self, permission: Permission) -> bool:
        """Does this permission hold on this very record, by the place or by a grant (as `visible_to`)?"""
        return permission in self.permissions


def open_to_all(reason: str) -> Callable[[Answering], Answering]:
    """A page of an area that anybody opens, without signing in, and why."""

    def said(view: Answering) -> Answering:
        vars(view)["open_to_all"] = reason
        return view

    return said


def to_the_door(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back to the page that was asked for; never to an act."""
    door = reverse("post-door" if named(request) else "account_login")
    asked = request.get_full_path()
    leads_on = request.method == "GET" and asked != reverse("home:day")
    return redirect(f"{door}?{urlencode({'next': asked})}" if leads_on else door)


def openers(permission: Permission, functions: Functions) -> tuple[str, ...]:
    """The functions that carry this permission, as people call them."""
    return tuple(str(role.label) for role in who_may(permission, functions))
