"""The record itself: the thread, the day, the plan, the entourage; a note to write, the INS to show."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from jalon.agenda.queries import between
from jalon.audit.models import Access
from jalon.care import actions as care
from jalon.care.models import Family
from jalon.care.queries import thread
from jalon.core.errors import DomainError
from jalon.faces.http import Look, Request
from jalon.plans.queries import current_plan
from jalon.staff.rules import Permission
from jalon.web.gate import RecordView
from jalon.web.shown.day import lines
from jalon.web.shown.record_page import Page
from jalon.web.shown.thread import by_day, documents_in_thread

STEP, MOST = 25, 2000  # notes of a page of the thread


class Summary(Page):
    """The thread, the day, the plan, the entourage."""

    permission = Permission.OPEN_RECORD
    template = "record/summary.html"

    def get(self, request: Request, **context: Any) -> HttpResponse:
        now = request.moment.now
        family = request.GET.get("famille", "")
        health = self.may(Permission.READ_HEALTH_NOTES)
        count = _count(request)
        may = self.may(Permission.READ_NOTES)
        notes = thread(self.record.pk, health=health, family=family, limit=count + 1) if may else []
        older, notes = len(notes) > count, notes[:count]
        return self.show(
            days=by_day(notes, self.documents(notes, family), request.moment),
            families=Family.choices,
            family=family,
            older=count + STEP if older else 0,
            now=now,
            events=self.today(),
            plan=current_plan(self.record.pk) if self.may(Permission.READ_PLAN) else None,
            contacts=list(self.person.contacts.all()[:6]),
            **context,
        )

    def documents(self, notes: list[dict[str, Any]], family: str) -> list[dict[str, Any]]:
        if family or not self.may(Permission.READ_DOCUMENTS):
            return []
        return documents_in_thread(self.record.pk, notes[-1]["written_at"] if notes else None)

    def today(self) -> list[dict[str, Any]]:
        if not self.may(Permission.READ_AGENDA):
            return []
        return lines(between([self.record.pk], *self.request.moment.bounds), self.request.moment)


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
                now=request.moment.now,
            )
            messages.success(request, "Publié.")
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return redirect("records:summary", self.record.pk)


class RevealIns(Summary):
    """Show the whole INS: asked by a gesture, traced as such (SC.INS/va1.06)."""

    permission = Permission.OPEN_RECORD

    def post(self, request: Request) -> HttpResponse:
        person = self.record.person_id
        request.looks.append(Look(self.page, self.record.pk, person, Access.Outcome.REVEALED))
        return super().get(request, ins_shown=True)

    def get(self, request: Request, **context: Any) -> HttpResponse:
        return redirect("records:summary", self.record.pk)
