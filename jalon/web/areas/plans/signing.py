"""What cannot be taken back: to sign, then to publish. Each is a page, then a gesture."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from jalon.core.errors import DomainError
from jalon.documents.models import Document
from jalon.exchange.models import Delivery
from jalon.exchange.outbox import publish
from jalon.exchange.outbox.checks import check_sending
from jalon.exchange.outbox.routes import routes
from jalon.exchange.queries import documents_of
from jalon.faces.http import Request
from jalon.formats.pdf import unprintable
from jalon.organizations.queries import value_of
from jalon.plans.models import Agreement, PersonalPlan, PlanVersion
from jalon.plans.queries import PARTS, changes_since, lacks_of, last_version
from jalon.plans.rules import review_due, to_know_before_signing
from jalon.plans.settings import REVIEW_DAYS
from jalon.staff.rules import ContentClass, Permission
from jalon.web.areas.plans.views import PlanPage, Write
from jalon.web.shown.deliveries import shown

TEXTS = ("title", "description", "origin", "comment", "analysis", "opinion", "expected", "strategy", "words")


class Sign(Write):
    """What is frozen, who agreed, what changed since the last version, what is missing; then to sign."""

    permission = Permission.SIGN_PLAN
    content = frozenset({ContentClass.DAILY, ContentClass.EDUCATIONAL})
    template = "plans/sign.html"

    def get(self, request: Request) -> HttpResponse:
        plan = self.plan
        last = last_version(plan)
        changes = changes_since(plan, last) if last else []
        lacks = [*lacks_of(plan, request.today), *_not_printed(plan)]
        return self.show(
            plan=plan,
            last=last,
            changes=changes,
            lacks=lacks,
            may_sign_now=not lacks and (last is None or bool(changes)),
            to_know=_to_know(plan, last),
            counts={name: getattr(plan, name).count() for name in PARTS},
            agreements=list(plan.agreements.select_related("professional", "contact")),
            review_on=review_due(
                request.today, value_of(REVIEW_DAYS, establishment=self.record.establishment)
            ),
        )

    def post(self, request: Request) -> HttpResponse:
        try:
            publish.sign(plan=self.plan, by=self.actor.professional, now=request.moment.now)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("records:plan-sign", self.record.pk)
        messages.success(request, "Le projet est signé. Rien n’est encore parti.")
        return self.back()


def _to_know(plan: PersonalPlan, last: PlanVersion | None) -> list[str]:
    agreed = plan.agreements.filter(side=Agreement.Side.PERSON)
    since = agreed.filter(signed_at__gt=last.signed_at) if last else agreed
    return to_know_before_signing(
        needs=plan.needs.count(),
        qualified=plan.record.person.is_qualified,
        agreed_since=since.exists() or not agreed.exists(),
    )


def _not_printed(plan: PersonalPlan) -> list[str]:
    """What came from elsewhere and that no font draws: said here, with its place, not by the signature."""
    said = []
    for relation in PARTS:
        for part in getattr(plan, relation).all():
            for name in TEXTS:
                if found := unprintable(getattr(part, name, "")):
                    label = part._meta.get_field(name).verbose_name
                    said.append(
                        f"le caractère « {found} » ne s’imprime pas ({part._meta.verbose_name}, {label})"
                    )
    return said


class Publish(PlanPage):
    """Where the signed document goes, in words; then the gesture that makes it leave."""

    permission = Permission.SEND_DOCUMENT
    content = frozenset({ContentClass.DAILY, ContentClass.EDUCATIONAL})
    template = "plans/publish.html"

    @property
    def document(self) -> Document:
        """The document of the last signed version: there is nothing else to publish."""
        found = documents_of(self.record.pk, self.plan.pk)
        if not found:
            raise Http404
        return found[max(found)]

    def get(self, request: Request) -> HttpResponse:
        document = self.document
        sent = {one.destination: one for one in Delivery.objects.filter(document=document)}
        destinations = [_place(document, name, sent.get(name)) for name in routes()]
        return self.show(
            plan=self.plan,
            document=document,
            destinations=destinations,
            left=[one for one in destinations if one["delivery"]],
            free=[one for one in destinations if one["free"]],
        )

    def post(self, request: Request) -> HttpResponse:
        try:
            publish.publish(
                document=self.document,
                to=request.POST.getlist("vers"),
                by=self.actor.professional,
                now=request.moment.now,
            )
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("records:plan-publish", self.record.pk)
        messages.success(request, "C’est demandé. La page du projet suit chaque envoi.")
        return self.back()


def _place(document: Document, name: str, delivery: Delivery | None) -> dict[str, Any]:
    """A destination: what it is, and why it cannot be chosen when it cannot."""
    reason = "" if delivery else check_sending(document, name) or ""
    return {
        "name": name,
        "label": routes()[name].label,
        "about": routes()[name].about,
        "reason": reason,
        "free": not delivery and not reason,
        "delivery": shown([delivery])[0] if delivery else None,
    }
