"""What a note leaves to be taken over: asked on a page, taken, handed back, done in a gesture."""

from abc import abstractmethod
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalon.care import relay
from jalon.care.models import HandoverNote, Task
from jalon.care.queries import nothing_left, tasks, team_of
from jalon.core.errors import DomainError
from jalon.faces.http import Request
from jalon.faces.undo import told
from jalon.staff.rules import EVERY_CONTENT, Permission
from jalon.web.areas.handover.forms import TaskForm
from jalon.web.gate import RecordView
from jalon.web.shown.back import back_to, behind
from jalon.web.shown.notes import readable
from jalon.web.shown.record_page import EditPage
from jalon.web.shown.tasks import line


class AskTask(EditPage[dict[str, Any]]):
    """What is to be taken over of a note, by when, by whom."""

    permission = Permission.WRITE_NOTE
    content = EVERY_CONTENT
    template = "handover/task_form.html"
    shown_at = "summary"
    asked: Task

    @property
    def note(self) -> HandoverNote:
        note = HandoverNote.objects.filter(pk=self.kwargs["note_id"], record=self.record).first()
        if note is None or not readable(note, self.permissions):
            raise Http404
        return note

    def form(self, data: Any = None) -> TaskForm:
        return TaskForm(data, team=team_of(self.record, family=self.note.family, today=self.request.today))

    def save(self, fields: dict[str, Any]) -> None:
        moment = self.request.moment
        self.asked = relay.ask(
            note=self.note, by=self.actor.professional, now=moment.now, today=moment.today, **fields
        )

    def heading(self) -> str:
        return "À reprendre"

    def notice(self) -> str:
        return nothing_left(self.record, self.request.today)

    def done(self) -> str:
        return f"Demandé à {self.asked.holder or 'l’équipe'} : {self.asked.what}"

    def tell(self, request: Request) -> None:
        undo = reverse("records:task-cancel", args=[self.record.pk, self.asked.pk])
        told(request, self.done(), undo + behind(request))

    def back(self) -> HttpResponse:
        return redirect(back_to(self.request, self.record.pk))

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return super().show(status, note=self.note, **context)


class Gesture(RecordView):
    """A gesture on a task of this record. Asked by htmx, the task alone answers, as it now is."""

    permission = Permission.WRITE_NOTE
    content = EVERY_CONTENT
    words: str
    undo = ""

    @abstractmethod
    def act(self, task: Task) -> None:
        """Do it. Raises DomainError."""

    def post(self, request: Request, task_id: Any) -> HttpResponse:
        refusal = ""
        try:
            self.act(self.task(task_id))
        except DomainError as error:
            refusal = str(error)
        if "HX-Request" in request.headers:
            return self.alone(task_id, refusal)
        self.tell(task_id, refusal)
        return redirect(back_to(request, self.record.pk))

    def task(self, task_id: Any) -> Task:
        """A task of this record, whose note this professional may read."""
        every = tasks(self.request.today).select_related("note")
        task = every.filter(pk=task_id, record=self.record).first()
        if task is None or not readable(task.note, self.permissions):
            raise Http404
        return task

    def tell(self, task_id: Any, refusal: str) -> None:
        if refusal:
            messages.error(self.request, refusal)
        elif self.undo:
            undo = reverse(f"records:{self.undo}", args=[self.record.pk, task_id])
            told(self.request, self.words, undo + behind(self.request))
        else:
            messages.success(self.request, self.words)

    def alone(self, task_id: Any, refusal: str) -> HttpResponse:
        context = {
            "task": line(self.task(task_id), self.actor.professional, self.request.moment),
            "refusal": refusal,
            "behind": behind(self.request),
            "may_act": True,
        }
        return render(self.request, "shown/task.html", context, using="jinja2")


class Take(Gesture):
    """« Je m’en charge »."""

    words, undo = "Vous vous en chargez.", "task-hand-back"

    def act(self, task: Task) -> None:
        relay.take(task=task, by=self.actor.professional, today=self.request.today)


class HandBack(Gesture):
    """« Rendre à l’équipe »."""

    words = "C’est rendu à l’équipe."

    def act(self, task: Task) -> None:
        relay.hand_back(task=task, by=self.actor.professional, today=self.request.today)


class Finish(Gesture):
    """« C’est fait »."""

    words, undo = "C’est fait.", "task-reopen"

    def act(self, task: Task) -> None:
        moment = self.request.moment
        relay.finish(task=task, by=self.actor.professional, now=moment.now, today=moment.today)


class Reopen(Gesture):
    """It was a slip: it is still to be done."""

    words = "Annulé : c’est encore à faire."

    def act(self, task: Task) -> None:
        relay.reopen(task=task, by=self.actor.professional, now=self.request.moment.now)


class Cancel(Gesture):
    """What was just asked is asked no more."""

    words = "Annulé : rien n’est demandé."

    def act(self, task: Task) -> None:
        relay.cancel(task=task, by=self.actor.professional, now=self.request.moment.now)

    def alone(self, task_id: Any, refusal: str) -> HttpResponse:
        return super().alone(task_id, refusal) if refusal else HttpResponse()
