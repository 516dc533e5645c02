"""The news of the unit: told, read, taken away once they hold no more."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jalon.care import relay
from jalon.care.actions import acknowledge_news
from jalon.care.models import News
from jalon.care.queries import news_of, news_today
from jalon.core.errors import DomainError
from jalon.faces.http import Request
from jalon.faces.undo import told
from jalon.organizations.models import Establishment
from jalon.staff.queries import Actor, Place
from jalon.staff.rules import NO_CONTENT, ContentClass, Permission
from jalon.web.areas.handover.forms import NewsForm
from jalon.web.areas.handover.kept import kept, undo
from jalon.web.gate import ProfessionalView
from jalon.web.place import scope_of
from jalon.web.standalone import StandaloneForm

WEEK = dt.timedelta(days=7)
NOBODY = (
    "Toute l’équipe lit ceci, et ce n’est dans aucun dossier : n’y nommez personne, ni par son nom ni par sa "
    "chambre. Ce qui concerne une personne s’écrit dans son dossier."
)


def news_here(request: Request, actor: Actor) -> QuerySet[News]:
    """What the chosen place is told today."""
    scope = scope_of(request)
    news = news_of(actor.places_with(Permission.READ_NOTES))
    news = news.filter(establishment__in=scope.establishment_ids)
    news = news.filter(Q(unit__isnull=True) | Q(unit=scope.unit_id)) if scope.unit_id else news
    return news_today(news, reader=actor.professional, today=request.today)


class TellNews(StandaloneForm):
    """Something to know in the unit for some days."""

    permission = Permission.WRITE_NEWS
    content = frozenset({ContentClass.DAILY})
    template = "handover/news_form.html"
    news: News

    def form(self, data: Any = None) -> NewsForm:
        scope, places = scope_of(self.request), self.places()
        house = next((one for one in scope.houses if one.id == scope.establishment_id), None)
        units = set(house.units if house else ())
        whole = any(place.unit_id is None for place in places)
        units = units if whole else units & {place.unit_id for place in places}
        today = self.request.today
        days = {"starts_on": today, "ends_on": today + WEEK}
        return NewsForm(data, units=units, whole=whole, here=scope.unit_id, initial=days)

    def places(self) -> list[Place]:
        """Where, in the chosen house, this professional tells news."""
        here = scope_of(self.request).establishment_id
        return [one for one in self.actor.places_with(self.permission) if one.establishment_id == here]

    def save(self, fields: dict[str, Any]) -> None:
        house, moment = scope_of(self.request).establishment_id, self.request.moment
        self.news = relay.tell_news(
            establishment=get_object_or_404(Establishment, pk=house),
            by=self.actor.professional,
            now=moment.now,
            today=moment.today,
            **fields,
        )

    def heading(self) -> str:
        return "Nouvelle de l’unité"

    def notice(self) -> str:
        return NOBODY

    def done(self) -> str:
        return "Nouvelle publiée dans la relève."

    def tell(self, request: Request) -> None:
        told(request, self.done(), reverse("handover:news-end", args=[self.news.pk]))

    def back(self) -> HttpResponse:
        return redirect("handover:list")


class OneNews(ProfessionalView):
    """What is done with news of the places of this professional."""

    def news(self, news_id: Any) -> News:
        news = news_of(self.actor.places_with(self.permission)).filter(pk=news_id).first()
        if news is None:
            self.refuse("Cette nouvelle est d’une unité où vous n’êtes pas.")
        return news

    def back(self) -> HttpResponse:
        return redirect(reverse("handover:list") + kept(self.request))


class ReadNews(OneNews):
    """I have read these news. Asked by htmx, they answer alone, read, with the way back."""

    permission = Permission.READ_NOTES
    content = frozenset({ContentClass.DAILY})

    def post(self, request: Request, news_id: Any) -> HttpResponse:
        news = self.news(news_id)
        acknowledge_news(news=news, by=self.actor.professional, now=request.moment.now)
        if "HX-Request" in request.headers:
            return news_alone(request, self.actor, news_id, fresh=True)
        told(request, "Lu.", undo(request), ("news", str(news_id)))
        return self.back()


def news_alone(request: Request, actor: Actor, news_id: Any, *, fresh: bool) -> HttpResponse:
    """News as the list shows them; nothing once they left it."""
    news = news_here(request, actor).filter(pk=news_id).first()
    context = {
        "news": news,
        "fresh": fresh,
        "kept": kept(request),
        "may_tell": actor.may(Permission.WRITE_NEWS),
    }
    return render(request, "handover/one_news.html", context, using="jinja2")


class EndNews(OneNews):
    """They hold no more: they leave every relève."""

    permission = Permission.WRITE_NEWS
    content = NO_CONTENT

    def post(self, request: Request, news_id: Any) -> HttpResponse:
        relay.end_news(news=self.news(news_id), by=self.actor.professional, now=request.moment.now)
        told(request, "Nouvelle retirée.", reverse("handover:news-restore", args=[news_id]) + kept(request))
        return self.back()


class RestoreNews(OneNews):
    """It was a slip: they still hold."""

    permission = Permission.WRITE_NEWS
    content = NO_CONTENT

    def post(self, request: Request, news_id: Any) -> HttpResponse:
        try:
            relay.restore_news(news=self.news(news_id), by=self.actor.professional, now=request.moment.now)
            messages.success(request, "Annulé : la nouvelle est de nouveau dans la relève.")
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return self.back()
