"""What is done about a record that is not open: asked for, taken in an emergency; and what is answered."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from jalon.faces.http import shows
from jalon.organizations.queries import moment_at
from jalon.records import openings
from jalon.records.asked import emergencies, headed, to_answer
from jalon.records.models import AccessGrant, AccessRequest, Record
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.areas.accesses.forms import AnswerForm, AskForm, EmergencyForm, ReviewForm
from jalon.web.standalone import StandaloneForm

NOT_MINE = "Cette demande n’est pas à vous, ou quelqu’un y a déjà répondu."


class Ask(StandaloneForm):
    """« Demander l’accès »: why, and for how long. It answers the same of a record that is nobody’s."""

    permission = Permission.OPEN_RECORD
    content = NO_CONTENT
    template = "accesses/ask.html"

    def form(self, data: Any = None) -> AskForm:
        return AskForm(data)

    def save(self, fields: dict[str, Any]) -> None:
        openings.ask(
            record_id=self.kwargs["record_id"],
            actor=self.actor,
            reason=fields["reason"],
            days=int(fields["days"]),
            now=self.request.moment.now,
        )

    def heading(self) -> str:
        return "Demander l’accès à un dossier"

    def notice(self) -> str:
        return "La demande va à l’encadrement de la personne. La réponse vous sera dite dans « Ma journée »."

    def done(self) -> str:
        return "Demande envoyée."

    def back(self) -> HttpResponse:
        return redirect("accesses:index")


class Emergency(StandaloneForm):
    """« Urgence : ouvrir maintenant »: why; the record opens for some minutes, and it is told."""

    permission = Permission.BREAK_GLASS
    content = NO_CONTENT
    template = "accesses/emergency.html"

    def form(self, data: Any = None) -> EmergencyForm:
        return EmergencyForm(data)

    def save(self, fields: dict[str, Any]) -> None:
        openings.break_glass(
            record_id=self.kwargs["record_id"],
            actor=self.actor,
            reason=fields["reason"],
            now=self.request.moment.now,
        )

    def heading(self) -> str:
        return "Ouvrir un dossier en urgence"

    def notice(self) -> str:
        return (
            "Le dossier s’ouvre pour quelques minutes, sauf les écrits réservés. La cheffe de service est "
            "prévenue tout de suite et relira ; l’ouverture s’inscrit dans « Accès au dossier »."
        )

    def done(self) -> str:
        return "Dossier ouvert en urgence. L’encadrement est prévenu."

    def back(self) -> HttpResponse:
        return redirect("records:summary", self.kwargs["record_id"])


class Answer(StandaloneForm):
    """« Répondre »: open it for the days that were asked, or say why not."""

    permission = Permission.GRANT_ACCESS
    content = NO_CONTENT
    template = "accesses/answer.html"

    @cached_property
    def asked(self) -> AccessRequest:
        found = to_answer(self.actor, self.request.today).filter(pk=self.kwargs["request_id"]).first()
        return found or self.refuse(NOT_MINE)

    @cached_property
    def record(self) -> Record:
        return headed(self.actor, self.request.today).with_identity().get(pk=self.asked.record_id)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        shows(self.request, [self.record.pk])
        return super().show(status, asked=self.asked, record=self.record, **context)

    def form(self, data: Any = None) -> AnswerForm:
        return AnswerForm(data, duration=openings.DAYS[self.asked.days])

    def save(self, fields: dict[str, Any]) -> None:
        now, by = self.request.moment.now, self.actor.professional
        if fields["decision"] == "oui":
            moment = moment_at(self.record.establishment, now)
            openings.accept(asked=self.asked, record=self.record, moment=moment, by=by)
        else:
            openings.refuse(asked=self.asked, answer=fields["answer"], now=now, by=by)

    def heading(self) -> str:
        return f"{self.asked.professional} demande un dossier"

    def done(self) -> str:
        return "Réponse donnée : elle s’affiche dans sa journée."

    def back(self) -> HttpResponse:
        return redirect("accesses:index")


class Review(StandaloneForm):
    """« Relire »: was it an emergency?"""

    permission = Permission.GRANT_ACCESS
    content = NO_CONTENT
    template = "accesses/review.html"

    @cached_property
    def given(self) -> AccessGrant:
        found = emergencies(self.actor, self.request.today).filter(pk=self.kwargs["grant_id"])
        return found.first() or self.refuse(NOT_MINE)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        shows(self.request, [self.given.record_id])
        return super().show(status, given=self.given, **context)

    def form(self, data: Any = None) -> ReviewForm:
        return ReviewForm(data)

    def save(self, fields: dict[str, Any]) -> None:
        openings.review(
            given=self.given,
            justified=fields["decision"] == "oui",
            words=fields["words"],
            now=self.request.moment.now,
            by=self.actor.professional,
        )

    def heading(self) -> str:
        return f"{self.given.professional} a ouvert un dossier en urgence"

    def done(self) -> str:
        return "Relecture notée."

    def back(self) -> HttpResponse:
        return redirect("accesses:index")
