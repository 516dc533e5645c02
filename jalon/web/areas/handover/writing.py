"""A note in two gestures, from anywhere: the page, then the person for whom it is published."""

import uuid

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jalon.audit.queries import last_opened
from jalon.care import actions as care
from jalon.care.rules import CLASSES
from jalon.core.errors import DomainError
from jalon.db.inorder import InTurn
from jalon.faces.http import Look, Request, as_uuid, shows
from jalon.faces.paging import leaf
from jalon.faces.undo import told
from jalon.records.models import Record, RecordQuerySet
from jalon.records.search import found
from jalon.staff.rules import ContentClass, Permission, reading
from jalon.web.gate import ProfessionalView
from jalon.web.place import records_here, scope_of
from jalon.web.shown.notes import families_for, usual_family
from jalon.web.shown.tiles import tiles

OTHERS = 48  # people of a page
LATELY = 5  # people whose record was opened last, first under the thumb


class Write(ProfessionalView):
    """What happened, then whom it is about: each face publishes, none is chosen in advance."""

    permission = Permission.WRITE_NOTE
    content = frozenset({ContentClass.DAILY})

    def get(self, request: Request) -> HttpResponse:
        return self.show("", usual_family(self.actor))

    def show(self, text: str, family: str, status: int = 200) -> HttpResponse:
        here = records_here(self.request, Permission.WRITE_NOTE)
        words = self.request.POST.get("q", "").strip()
        last = last_opened(self.actor.professional, here.values("pk"), LATELY)
        lately = sorted(here.filter(pk__in=last).with_identity(), key=lambda one: last.index(one.pk))
        page = leaf(self.request, self.others(here.with_identity(), last, words), size=OTHERS)
        shows(self.request, {record.pk for record in (*lately, *page.rows)})
        context = {
            "scope": scope_of(self.request),
            "lately": tiles(self.request, [] if words else lately),
            "others": tiles(self.request, page.rows),
            "page": page,
            "q": words,
            "families": self.families(),
            "family": family,
            "text": text,
        }
        return render(self.request, "handover/write.html", context, status=status, using="jinja2")

    def others(self, here: RecordQuerySet, last: list[uuid.UUID], words: str) -> InTurn:
        """Whom these words name, the closest first; or everybody else, one's own people first."""
        if words:
            return found(here, words).records
        mine = Q(key_worker=self.actor.professional)
        others = here.exclude(pk__in=last).in_french_order()
        return InTurn((others.filter(mine), others.exclude(mine)))

    def families(self) -> list[tuple[str, str]]:
        return families_for(self.actor.permissions)

    def post(self, request: Request) -> HttpResponse:
        family, text = request.POST.get("famille", ""), request.POST.get("texte", "")
        chosen = as_uuid(request.POST.get("record"))
        if chosen is None and request.POST.get("geste"):
            return self.show(text, family)  # others are looked for
        if chosen is None:
            messages.error(request, "Choisissez la personne : la note se publie dans son dossier.")
            return self.show(text, family, 422)
        record = self.record(chosen, family)
        try:
            note = care.write_note(
                record=record,
                author=self.actor.professional,
                family=family,
                text=text,
                important=bool(request.POST.get("importante")),
                now=request.moment.now,
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self.show(text, family, 422)
        request.looks.append(Look("records:note", record.pk, record.person_id))
        who = f"{record.person.usual_first_name} {record.person.usual_name}"
        told(request, f"Publié pour {who}.", reverse("records:note-withdraw", args=[record.pk, note.pk]))
        if request.POST.get("reprendre"):
            return redirect(reverse("records:task-add", args=[record.pk, note.pk]) + "?depuis=journee")
        return redirect("home:day")

    def record(self, chosen: uuid.UUID, family: str) -> Record:
        """The record, of those where one reads what such a note is about, hence writes it."""
        needed = reading(CLASSES[family]) if family in CLASSES else Permission.WRITE_NOTE
        one: Record | None = records_here(self.request, needed).with_identity().filter(pk=chosen).first()
        if one is None:
            self.refuse("Vous n’écrivez pas ce type de note dans ce dossier.", chosen)
        return one
