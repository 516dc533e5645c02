"""The decisions on a message: it is this person's, it is nobody's here, and the way back of both."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from jalon.core.errors import DomainError
from jalon.exchange.inbox import deciding, replaying
from jalon.exchange.models import Reception, ReceptionState
from jalon.faces.http import Request, as_uuid
from jalon.web.areas.exchange.mailbox import Mailbox
from jalon.web.areas.exchange.message import named


class Decision(Mailbox):
    """A decision, then the page that says what came of it."""

    def done(self, reception: Reception, act: Callable[..., Any], said: str, **facts: Any) -> HttpResponse:
        """Act on the message; when the action refuses, its words, where they can be answered."""
        back = reverse("exchange:message", args=[reception.pk])
        reason = self.request.POST.get("reason", "")
        by, now = self.actor.professional, self.request.moment.now
        try:
            act(reception=reception, reason=reason, by=by, now=now, **facts)
            messages.success(self.request, said)
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
            if "record" in facts:
                back = f"{back}?dossier={facts['record'].pk}"
        return redirect(back)


class ConfirmMatch(Decision):
    """It is this person's."""

    def post(self, request: Request, reception_id: Any) -> HttpResponse:
        reception = self.reception(reception_id)
        chosen = as_uuid(request.POST.get("record"))
        record = self.records().select_related("person").filter(pk=chosen).first() if chosen else None
        if record is None:
            self.refuse("Ce dossier ne vous est pas ouvert.")
        said = f"Classé dans le dossier de {named(record.person)}."
        return self.done(reception, deciding.confirm_match, said, record=record)


class TakeBack(Decision):
    """It was not this person's: it leaves the record, and waits again."""

    def post(self, request: Request, reception_id: Any) -> HttpResponse:
        reception = self.reception(reception_id)
        person = self.record_of(reception).person
        said = f"Retiré du dossier de {named(person)}. Le message attend de nouveau."
        return self.done(reception, deciding.take_back, said)


class SetAside(Decision):
    """It is nobody's here."""

    def post(self, request: Request, reception_id: Any) -> HttpResponse:
        return self.done(self.reception(reception_id), deciding.set_aside, "Le message est écarté.")


class PutBack(Decision):
    """It was set aside by mistake: it waits again."""

    def post(self, request: Request, reception_id: Any) -> HttpResponse:
        return self.done(self.reception(reception_id), deciding.put_back, "Le message attend de nouveau.")


class Replay(Decision):
    """What could not be read is read once more: the software has changed since."""

    def post(self, request: Request, reception_id: Any) -> HttpResponse:
        reception, back = self.reception(reception_id), redirect("exchange:message", reception_id)
        try:
            read = replaying.replay(reception=reception, by=self.actor.professional, now=request.moment.now)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return back
        if read.state == ReceptionState.REJECTED:
            messages.error(request, "Le message n’a toujours pas pu être lu. Il reste gardé.")
        else:
            messages.success(request, "Le message est lu.")
        return back


class Dismiss(Decision):
    """Somebody dealt otherwise with what could not be read."""

    def post(self, request: Request, reception_id: Any) -> HttpResponse:
        return self.done(self.reception(reception_id), replaying.dismiss, "Le message est traité.")
