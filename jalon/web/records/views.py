"""Pages of a record. The gate loads it, checks the right, traces the opening; each view only answers."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from jalon.agenda.queries import between
from jalon.audit.actions import record_access
from jalon.audit.models import Access
from jalon.audit.queries import accesses_of
from jalon.care import actions as care
from jalon.care.models import Family
from jalon.care.queries import thread
from jalon.core.errors import DomainError, GatewayError
from jalon.exchange.identity import look_up_ins
from jalon.faces.http import Request
from jalon.people import actions as people
from jalon.people.models import Person
from jalon.people.rules import PROOFS
from jalon.plans.queries import current_plan
from jalon.staff.models import Permission
from jalon.web.gate import RecordView
from jalon.web.people.view_models import banner
from jalon.web.records.tabs import SEEN, tabs
from jalon.web.records.thread import by_day, documents_in_thread
from jalon.web.records.week import week
from jalon.web.records.words import said, shown_stays

STEP, MOST = 25, 2000  # notes of a page of the thread


class Page(RecordView):
    """A page of a record: banner, tabs, and what the view adds. `shown_at`: its tab, when it is below one."""

    template: str

    @cached_property
    def person(self) -> Person:
        """The person, their contacts read once for the banner and for the page."""
        prefetch_related_objects([self.record.person], "contacts")
        return self.record.person

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        frame = {
            "record": self.record,
            "banner": banner(self.person, self.request.today),
            "tabs": tabs(self),
            "may_write": self.may(Permission.WRITE_NOTE),
            "ins_shown": False,
        }
        return render(self.request, self.template, {**frame, **context}, status=status, using="jinja2")


class Summary(Page):
    """The thread, the day, the plan, the entourage."""

    permission = Permission.OPEN_RECORD
    template = "records/summary.html"

    def get(self, request: Request, **context: Any) -> HttpResponse:
        now = timezone.now()
        family = request.GET.get("famille", "")
        health = self.may(Permission.READ_HEALTH_NOTES)
        count = _count(request)
        may = self.may(Permission.READ_NOTES)
        notes = thread(self.record.pk, health=health, family=family, limit=count + 1) if may else []
        older, notes = len(notes) > count, notes[:count]
        return self.show(
            days=by_day(notes, self.documents(notes, family), request.today),
            families=Family.choices,
            family=family,
            older=count + STEP if older else 0,
            now=now,
            events=self.today(now),
            plan=current_plan(self.record.pk) if self.may(Permission.READ_PLAN) else None,
            contacts=list(self.person.contacts.all()[:6]),
            **context,
        )

    def documents(self, notes: list[dict[str, Any]], family: str) -> list[dict[str, Any]]:
        if family or not self.may(Permission.READ_DOCUMENTS):
            return []
        return documents_in_thread(self.record.pk, notes[-1]["written_at"] if notes else None)

    def today(self, now: dt.datetime) -> list[dict[str, Any]]:
        if not self.may(Permission.READ_AGENDA):
            return []
        start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        found = between([self.record.pk], start, start + dt.timedelta(days=1))
        return [{**event, "past": event["ends_at"] < now} for event in found]


def _count(request: Request) -> int:
    """How many notes are asked for: a page more each time « Voir plus ancien » is pressed."""
    asked = request.GET.get("nombre", "")[:5]
    return min(max(int(asked), STEP), MOST) if asked.isascii() and asked.isdigit() else STEP


class WriteNote(RecordView):
    """Publish a note."""

    permission = Permission.WRITE_NOTE

    def post(self, request: Request) -> HttpResponse:
        try:
            care.write_note(
                record=self.record,
                author=self.actor.professional,
                family=request.POST.get("famille", ""),
                text=request.POST.get("texte", ""),
                important=bool(request.POST.get("importante")),
                now=timezone.now(),
            )
            messages.success(request, "Publié.")
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("records:summary", self.record.pk)


class RevealIns(Summary):
    """Show the whole INS: asked by a gesture, traced as such (SC.INS/va1.06)."""

    permission = Permission.OPEN_RECORD

    def post(self, request: Request) -> HttpResponse:
        record_access(
            professional=self.actor.professional,
            record_id=self.record.pk,
            person_id=self.record.person_id,
            page=self.page,
            outcome=Access.Outcome.REVEALED,
        )
        return super().get(request, ins_shown=True)

    def get(self, request: Request, **context: Any) -> HttpResponse:
        return redirect("records:summary", self.record.pk)


class Agenda(Page):
    """The week of the person."""

    permission = Permission.READ_AGENDA
    template = "records/agenda.html"

    def get(self, request: Request) -> HttpResponse:
        may_write = self.may(Permission.WRITE_AGENDA)
        return self.show(
            week=week(request, [self.record.pk], editable=may_write),
            add_event=reverse("records:event-add", args=[self.record.pk]) if may_write else "",
        )


class Circle(Page):
    """The people around the person."""

    permission = Permission.OPEN_RECORD
    template = "records/circle.html"

    def get(self, request: Request) -> HttpResponse:
        measures = self.person.measures.order_by("-starts_on")
        return self.show(
            contacts=[{"contact": one, "said": said(one)} for one in self.person.contacts.all()],
            measures=list(measures),
            may_edit=self.may(Permission.EDIT_PERSON),
        )


class Accesses(Page):
    """Who opened this record."""

    permission = Permission.READ_ACCESSES
    template = "records/accesses.html"

    def get(self, request: Request) -> HttpResponse:
        rows = [{**row, "label": SEEN.get(row["page"], row["page"])} for row in accesses_of(self.record.pk)]
        return self.show(accesses=rows)


class Identity(Page):
    """The identity sheet: traits, status, and what raises it."""

    permission = Permission.OPEN_RECORD
    template = "records/identity.html"

    def get(self, request: Request) -> HttpResponse:
        return self.show(
            person=self.record.person,
            proofs=PROOFS,
            stays=shown_stays(self.record, request.today),
            may_qualify=self.may(Permission.QUALIFY_IDENTITY),
            may_edit=self.may(Permission.EDIT_PERSON),
        )

    def post(self, request: Request) -> HttpResponse:
        if not self.may(Permission.QUALIFY_IDENTITY):
            self.refuse("Seule la référente identitovigilance qualifie une identité.", self.record.pk)
        try:
            messages.success(request, self.act(request.POST))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        except GatewayError:
            # Caught here, so that the request keeps its trace of the call.
            messages.error(request, "Le téléservice INSi n’a pas répondu comme prévu. Réessayez plus tard.")
        return redirect("records:identity", self.record.pk)

    def act(self, sent: Any) -> str:
        person, by = self.record.person, self.actor.professional
        if sent.get("geste") == "insi":
            return look_up_ins(person=person, by=by, now=timezone.now()).message
        if sent.get("geste") == "piece":
            people.prove_identity(person=person, proof=sent.get("piece", ""), by=by, today=self.request.today)
            return "La pièce vue est notée."
        if sent.get("geste") == "doute":
            people.doubt(person=person, by=by, doubtful=not person.doubtful)
            return "Le doute est noté." if not person.doubtful else "Le doute est levé."
        raise DomainError("Ce geste n’existe pas.", code="unknown_gesture")
