"""The record itself: the thread, the day, the plan, the entourage; the INS to show."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect

from jalon.agenda.queries import between
from jalon.audit.models import Access
from jalon.care.queries import thread
from jalon.care.rules import EVERY_FAMILY, families_of
from jalon.faces.http import Look, Request
from jalon.plans.models import AimStatus
from jalon.plans.queries import current_plan
from jalon.staff.rules import EVERY_CONTENT, Permission, classes_read
from jalon.web.shown.day import lines
from jalon.web.shown.notes import families_for, usual_family
from jalon.web.shown.record_page import Page
from jalon.web.shown.tasks import of_thread
from jalon.web.shown.thread import by_day, documents_in_thread

STEP, MOST = 25, 2000  # notes of a page of the thread


class Summary(Page):
    """The thread, the day, the plan, the entourage."""

    permission = Permission.OPEN_RECORD
    content = EVERY_CONTENT
    template = "record/summary.html"
    shown_at = "summary"
    folded = False

    def get(self, request: Request, **context: Any) -> HttpResponse:
        family = request.GET.get("famille", "")
        families = families_of(classes_read(self.permissions))
        return self.show(
            families=families_for(self.permissions),
            usual=usual_family(self.actor),
            mine=self.actor.professional.pk,
            family=family,
            sees_notes=self.may(Permission.READ_NOTES),
            sees_all=families >= EVERY_FAMILY,
            **self.thread(_count(request), family, families),
            **self.side(),
            **context,
        )

    def thread(self, count: int, family: str, families: frozenset[str]) -> dict[str, Any]:
        """The last notes, the documents since, and how many the next page has when there are older ones."""
        may = self.may(Permission.READ_NOTES)
        notes = thread(self.record.pk, families=families, family=family, limit=count + 1) if may else []
        since = notes[count - 1]["written_at"] if len(notes) >= count else None
        documents = self.documents(since, family, count + 1)
        older = max(len(notes), len(documents)) > count
        of_thread(notes, self.actor.professional, self.request.moment)
        days = by_day(notes[:count], documents[:count], self.request.moment)
        return {"days": days, "older": count + STEP if older else 0}

    def side(self) -> dict[str, Any]:
        """Their day, plan and entourage, each as far as it is open to this function."""
        sees_agenda, sees_plan = self.may(Permission.READ_AGENDA), self.may(Permission.READ_PLAN)
        plan = current_plan(self.record.pk) if sees_plan else None
        return {
            "now": self.request.moment.now,
            "sees_agenda": sees_agenda,
            "events": self.today() if sees_agenda else [],
            "sees_plan": sees_plan,
            "plan": plan,
            "goals": _goals(plan),
            "may_write_plan": self.may(Permission.WRITE_PLAN),
            "contacts": list(self.person.contacts.all()),
            "may_edit": self.may(Permission.EDIT_PERSON),
        }

    def documents(self, since: dt.datetime | None, family: str, limit: int) -> list[dict[str, Any]]:
        if family or not self.may(Permission.READ_DOCUMENTS):
            return []
        return documents_in_thread(self.record.pk, since, limit, classes_read(self.permissions))

    def today(self) -> list[dict[str, Any]]:
        return lines(between([self.record.pk], *self.request.moment.bounds), self.request.moment)


def _goals(plan: Any) -> list[dict[str, Any]]:
    """Of a goal: what is said of its status, and whether it is reached."""
    labels = dict(AimStatus.choices)
    return [
        {
            "title": aim["title"],
            "status": labels.get(aim["status"], "reçu"),
            "reached": aim["status"] == AimStatus.ENDED,
        }
        for aim in (plan.aims if plan else ())
    ]


def _count(request: Request) -> int:
    """How many notes are asked for: a page more each time « Voir plus ancien » is pressed."""
    asked = request.GET.get("nombre", "")[:5]
    return min(max(int(asked), STEP), MOST) if asked.isascii() and asked.isdigit() else STEP


class RevealIns(Summary):
    """Show the whole INS: asked by a gesture, traced as such (SC.INS/va1.06)."""

    permission = Permission.READ_INS

    def post(self, request: Request) -> HttpResponse:
        person = self.record.person_id
        request.looks.append(Look(self.page, self.record.pk, person, Access.Outcome.REVEALED))
        return super().get(request, ins_shown=True)

    def get(self, request: Request, **context: Any) -> HttpResponse:
        return redirect("records:summary", self.record.pk)
