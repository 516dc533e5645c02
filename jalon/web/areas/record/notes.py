"""A note: published, taken back at once, corrected for good."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from jalon.care import actions as care
from jalon.care.models import HandoverNote
from jalon.care.rules import CLASSES
from jalon.core.errors import DomainError
from jalon.faces.http import Request
from jalon.faces.undo import told
from jalon.staff.rules import EVERY_CONTENT, Permission, reading
from jalon.web.gate import RecordView
from jalon.web.shown.back import back_to, behind
from jalon.web.shown.notes import families_for, readable
from jalon.web.shown.record_page import Page


class NoteView(RecordView):
    """What is done with the notes of a record by whoever writes them."""

    permission = Permission.WRITE_NOTE
    content = EVERY_CONTENT

    def check_family(self, family: str) -> None:
        """Nobody writes what they may not read again. Raises DomainError `family_not_readable`."""
        content = CLASSES.get(family)
        if content and not self.may(reading(content)):
            raise DomainError(
                f"Ce qui touche {content.label} ne vous est pas ouvert : vous ne pourriez pas relire cette "
                "note. Dites-le à qui en a la charge, ou choisissez une autre famille.",
                code="family_not_readable",
            )

    def mine(self, note_id: Any) -> HandoverNote:
        """A note of this record that this professional wrote."""
        note = HandoverNote.objects.filter(
            pk=note_id, record=self.record, author=self.actor.professional
        ).first()
        if note is None:
            raise Http404
        return note

    def back(self) -> HttpResponse:
        return redirect(back_to(self.request, self.record.pk))

    def publish(self, **said: Any) -> HandoverNote:
        post = self.request.POST
        former: HandoverNote | None = said.get("supersedes")
        family = former.family if former and former.answers_id else post.get("famille", "")
        self.check_family(family)
        note = care.write_note(
            record=self.record,
            author=self.actor.professional,
            family=family,
            important=bool(post.get("importante")),
            now=self.request.moment.now,
            **said,
        )
        self.told("Publié.", note)
        return note

    def told(self, words: str, note: HandoverNote) -> None:
        undo = reverse("records:note-withdraw", args=[self.record.pk, note.pk])
        told(self.request, words, undo + behind(self.request))


class WriteNote(NoteView):
    """Publish a note."""

    def post(self, request: Request) -> HttpResponse:
        try:
            note = self.publish(text=request.POST.get("texte", ""))
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self.back()
        if request.POST.get("reprendre"):
            return redirect("records:task-add", self.record.pk, note.pk)
        return self.back()


class Answer(NoteView, Page):
    """A reply to a note: it is read where the note is, by the same people."""

    template = "record/answer.html"
    shown_at = "summary"

    def get(self, request: Request, note_id: Any) -> HttpResponse:
        return self.form(self.note(note_id), "")

    def post(self, request: Request, note_id: Any) -> HttpResponse:
        note, text = self.note(note_id), request.POST.get("texte", "")
        try:
            reply = care.answer_note(
                note=note, author=self.actor.professional, text=text, now=request.moment.now
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self.form(note, text, 422)
        self.told("Réponse publiée.", reply)
        return self.back()

    def note(self, note_id: Any) -> HandoverNote:
        """The note that is answered, when this professional may read it."""
        notes = HandoverNote.objects.select_related("answers", "author")
        note = notes.filter(pk=note_id, record=self.record).first()
        if note is None or not readable(note, self.permissions):
            raise Http404
        return note.answers or note

    def form(self, note: HandoverNote, text: str, status: int = 200) -> HttpResponse:
        replies = note.answered_by.filter(withdrawn_at__isnull=True).select_related("author")
        exchange = [note, *replies.order_by("written_at", "pk")]
        leave = self.back().headers["Location"]
        return self.show(status, note=note, exchange=exchange, text=text, leave=leave)


class Withdraw(NoteView):
    """« Annuler »: the note just published says nothing any more."""

    def post(self, request: Request, note_id: Any) -> HttpResponse:
        try:
            care.withdraw_note(note=self.mine(note_id), by=self.actor.professional, now=request.moment.now)
            messages.success(request, "La note est retirée.")
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return self.back()


class Correct(NoteView, Page):
    """A new text instead of one’s own: the former one stays readable under it."""

    template = "record/correct.html"
    shown_at = "summary"
    WORDS = {"text": "texte", "title": "cible", "data": "donnees", "actions": "actions", "result": "resultat"}

    def get(self, request: Request, note_id: Any) -> HttpResponse:
        note = self.mine(note_id)
        return self.form(note, {name: getattr(note, name) for name in self.WORDS}, note.family)

    def post(self, request: Request, note_id: Any) -> HttpResponse:
        note = self.mine(note_id)
        said = {name: request.POST.get(sent, "") for name, sent in self.WORDS.items()}
        try:
            self.publish(supersedes=note, **said)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self.form(note, said, request.POST.get("famille", ""), 422)
        return self.back()

    def form(self, note: HandoverNote, said: dict[str, str], family: str, status: int = 200) -> HttpResponse:
        families = [] if note.answers_id else families_for(self.permissions)
        return self.show(status, note=note, said=said, family=family, families=families)
