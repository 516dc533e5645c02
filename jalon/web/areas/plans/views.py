"""The personalised project on screen: read, write with the person, agree, sign."""

import datetime as dt
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from jalon.core.errors import DomainError
from jalon.core.pasted import drawn
from jalon.documents.models import Document
from jalon.exchange.models import Delivery
from jalon.exchange.queries import deliveries_of, documents_of
from jalon.faces.forms import UNPRINTABLE, Fields, FormPage
from jalon.faces.http import Request, as_uuid
from jalon.faces.undo import told
from jalon.formats.pdf import unprintable
from jalon.people.models import Person
from jalon.people.queries import signers
from jalon.people.signature import Act
from jalon.plans import actions
from jalon.plans.changes import AgreementChanges, PartChanges, PlanChanges
from jalon.plans.models import (
    Action,
    Agreement,
    AimStatus,
    Expectation,
    Goal,
    Need,
    PersonalPlan,
    PlanStatus,
    PlanVersion,
)
from jalon.plans.queries import current_plan
from jalon.plans.rules import may_move
from jalon.staff.queries import team
from jalon.staff.rules import ContentClass, Permission
from jalon.web.areas.plans.forms import (
    ActionForm,
    AgreementForm,
    ExpectationForm,
    GoalForm,
    NeedForm,
    PlanForm,
)
from jalon.web.shown import codes
from jalon.web.shown.deliveries import shown
from jalon.web.shown.record_page import Page


class Kind(NamedTuple):
    """A part of the plan that has a form, and how its pages call it."""

    model: Any
    form: Any
    one: str
    that: str
    added: str
    changed: str


KINDS = {
    "attente": Kind(
        Expectation, ExpectationForm, "une attente", "l’attente", "Attente ajoutée.", "Attente modifiée."
    ),
    "besoin": Kind(Need, NeedForm, "un besoin", "le besoin", "Besoin ajouté.", "Besoin modifié."),
    "objectif": Kind(Goal, GoalForm, "un objectif", "l’objectif", "Objectif ajouté.", "Objectif modifié."),
    "action": Kind(Action, ActionForm, "une action", "l’action", "Action ajoutée.", "Action modifiée."),
}
COLUMNS = (
    (AimStatus.PREPARATION, "À lancer", "neutre", "inbox"),
    (AimStatus.ACTIVE, "En cours", "lagune", "play"),
    (AimStatus.ENDED, "Atteints", "ok", "circle-check"),
    (AimStatus.CANCELLED, "Abandonnés", "alerte", "rotate-ccw"),
)
MOVES = {PlanStatus.PAUSED: "Mettre en pause", PlanStatus.RUNNING: "Reprendre"}


class PlanPage(Page):
    """A page of the plan."""

    permission = Permission.READ_PLAN
    content = frozenset({ContentClass.DAILY, ContentClass.EDUCATIONAL})
    shown_at = "plan"

    @property
    def plan(self) -> PersonalPlan:
        plan = current_plan(self.record.pk)
        if plan is None:
            raise Http404
        return plan

    def back(self) -> HttpResponse:
        return redirect("records:plan", self.record.pk)


class Plan(PlanPage):
    """The plan whole: expectations, needs, goals by state, actions, agreements, versions, deliveries."""

    template = "plans/plan.html"

    def get(self, request: Request) -> HttpResponse:
        plan = current_plan(self.record.pk)
        may_begin = self.may(Permission.WRITE_PLAN)
        may_write = may_begin and (plan is None or plan.status != PlanStatus.ENDED)
        return self.show(
            plan=plan,
            may_begin=may_begin,
            may_write_plan=may_write,
            **asked(self.person, request.today),
            may_sign=self.may(Permission.SIGN_PLAN),
            may_publish=self.may(Permission.SEND_DOCUMENT),
            former=_former(self.record.pk, plan),
            **(_content(plan, may_write) if plan else {}),
        )


def _former(record_id: Any, plan: PersonalPlan | None) -> list[PersonalPlan]:
    """The closed plans before this one, the latest first."""
    closed = PersonalPlan.objects.filter(record_id=record_id, status=PlanStatus.ENDED).order_by("-pk")
    return list(closed.exclude(pk=plan.pk) if plan else closed)


def _content(plan: PersonalPlan, may_write: bool) -> dict[str, Any]:
    goals = list(plan.goals.select_related("responsible"))
    acts = list(plan.actions.select_related("responsible"))
    versions = list(plan.versions.select_related("signed_by").order_by("-number"))
    agreements = list(plan.agreements.select_related("professional", "contact"))
    documents = documents_of(plan.record_id, plan.pk)
    sent = deliveries_of([document.pk for document in documents.values()])
    return {
        "columns": [
            {
                "title": title,
                "tone": tone,
                "icon": icon,
                "goals": [_goal(goal, acts) for goal in goals if _in(goal, status)],
            }
            for status, title, tone, icon in COLUMNS
        ],
        "loose_actions": [act for act in acts if not act.goal_keys],
        "expectations": list(plan.expectations.all()),
        "needs": list(plan.needs.all()),
        "need_label": codes.need_label,
        "agreements": agreements,
        "correctable": {
            one.pk
            for one in agreements
            if may_write and (not versions or one.signed_at > versions[0].signed_at)
        },
        "versions": [_version(version, documents.get(version.number), sent) for version in versions],
        "may_end": may_write and may_move(plan.status, PlanStatus.ENDED),
        "moves": [
            (to, MOVES[to])
            for to in MOVES
            if may_write and may_move(plan.status, to) and plan.status != PlanStatus.PREPARATION
        ],
    }


def _version(
    version: PlanVersion, document: Document | None, sent: dict[Any, list[Delivery]]
) -> dict[str, Any]:
    found = sent.get(document.pk, []) if document else []
    return {"version": version, "document": document, "deliveries": shown(found)}


def _in(goal: Goal, status: str) -> bool:
    """A goal received without a business status is shown as running."""
    return (goal.status or AimStatus.ACTIVE) == status


def _goal(goal: Goal, acts: list[Action]) -> dict[str, Any]:
    return {"goal": goal, "actions": [act for act in acts if goal.key in act.goal_keys]}


def asked(person: Person, today: dt.date) -> dict[str, Any]:
    """Who may be asked to agree, as the rule names them, and what it lacks when it names nobody.

    A representative comes after the person, for when no will can be expressed.
    """
    able, unable = signers(person, Act.PLAN, today)
    familiar = person.usual_first_name or person.usual_name
    named: list[dict[str, Any]] = [{"contact": None, "said": familiar}] if able.person else []
    for contact in dict.fromkeys((*able.contacts, *unable.contacts)):
        unless = f", si {familiar} ne peut exprimer sa volonté" if contact not in able.contacts else ""
        named.append({"contact": contact, "said": f"{contact}, pour {familiar}{unless}"})
    return {"asked": named, "asked_needs": able.rule.needs}


class Write(PlanPage):
    """A page that writes the plan."""

    permission = Permission.WRITE_PLAN

    def attempt(self, act: Any, done: str) -> HttpResponse:
        try:
            act()
            messages.success(self.request, done)
        except DomainError as refusal:
            messages.error(self.request, str(refusal))
        return self.back()


class Open(Write):
    """Begin a plan."""

    def post(self, request: Request) -> HttpResponse:
        title = request.POST.get("title", "").strip() or f"Projet personnalisé {request.today.year}"
        return self.attempt(
            lambda: actions.open_plan(record=self.record, title=title, by=self.actor.professional),
            "Le projet est ouvert.",
        )


class Form(Write, FormPage[Fields]):
    """A form of the plan."""

    template = "shown/record_form.html"


class EditPlan(Form[PlanChanges]):
    """The plan's own text and dates."""

    def form(self, data: Any = None) -> PlanForm:
        return PlanForm(data, instance=self.plan)

    def save(self, fields: PlanChanges) -> None:
        actions.edit_plan(plan=self.plan, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Le projet"

    def done(self) -> str:
        return "Projet modifié."


class PartForm(Form[PartChanges]):
    """A part of the plan, of the kind named by the address."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["kind"] not in KINDS:
            raise Http404
        self.kind = KINDS[kwargs["kind"]]

    def build(self, data: Any, instance: Any) -> Any:
        if self.kind.model in (Expectation, Need):
            return self.kind.form(data, instance=instance)
        linked = self.plan.needs.all() if self.kind.model is Goal else self.plan.goals.all()
        choices = [(one.key, str(getattr(one, "title", "") or one.description)[:90]) for one in linked]
        here = team(self.record.establishment_id, self.request.today)
        return self.kind.form(data, instance=instance, team=here, linked=choices)


class AddPart(PartForm):
    """Add an expectation, a need, a goal or an action."""

    def form(self, data: Any = None) -> Any:
        return self.build(data, None)

    def save(self, fields: PartChanges) -> None:
        actions.add_part(plan=self.plan, kind=self.kind.model, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return f"Ajouter {self.kind.one}"

    def done(self) -> str:
        return self.kind.added


class EditPart(PartForm):
    """Change one; its identity stays."""

    @property
    def part(self) -> Any:
        found = self.kind.model.objects.filter(plan=self.plan, pk=self.kwargs["part_id"]).first()
        if found is None:
            raise Http404
        return found

    def form(self, data: Any = None) -> Any:
        return self.build(data, self.part)

    def save(self, fields: PartChanges) -> None:
        actions.edit_part(part=self.part, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return f"Modifier {self.kind.that}"

    def done(self) -> str:
        return self.kind.changed


class Agree(Write):
    """Record the person's agreement, or their representative's, with their own words."""

    def post(self, request: Request) -> HttpResponse:
        chosen = as_uuid(request.POST.get("contact"))
        contact = self.record.person.contacts.filter(pk=chosen).first() if chosen else None
        words = drawn(request.POST.get("words", ""))
        if found := unprintable(words):
            messages.error(request, f"Ce qu’en dit la personne : {UNPRINTABLE.format(found)}")
            return self.back()
        return self.attempt(
            lambda: actions.agree(
                plan=self.plan,
                side=Agreement.Side.PERSON,
                now=self.request.moment.now,
                by=self.actor.professional,
                contact=contact,
                words=words,
            ),
            "L’accord est noté.",
        )


class EditAgreement(Form[AgreementChanges]):
    """Correct an agreement that no signed version rests on."""

    @property
    def agreement(self) -> Agreement:
        return get_object_or_404(self.plan.agreements, pk=self.kwargs["agreement_id"])

    def form(self, data: Any = None) -> AgreementForm:
        return AgreementForm(data, instance=self.agreement)

    def save(self, fields: AgreementChanges) -> None:
        actions.edit_agreement(agreement=self.agreement, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Corriger l’accord"

    def done(self) -> str:
        return "Accord corrigé."


class Move(Write):
    """Pause, take up again. Each undoes the other."""

    def post(self, request: Request) -> HttpResponse:
        to = request.POST.get("to", "")
        if to not in MOVES:
            raise Http404
        plan = self.plan
        try:
            actions.move(plan=plan, to=to, by=self.actor.professional)
            words = "Le projet est en pause." if to == PlanStatus.PAUSED else "Le projet reprend."
            told(request, words, reverse("records:plan-move", args=[self.record.pk]), ("to", plan.status))
        except DomainError as refusal:
            messages.error(request, str(refusal))
        return self.back()
