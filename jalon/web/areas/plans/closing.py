"""The end of a plan: why, its review, and the plan that follows it."""

from typing import Any

from django.http import HttpResponse

from jalon.faces.http import Request
from jalon.plans import actions
from jalon.plans.changes import EndDetails, ReviewChanges
from jalon.plans.models import Action, AimStatus, Goal
from jalon.web.areas.plans.forms import EndForm, ReviewForm
from jalon.web.areas.plans.views import Form, Write


class Review(Form[ReviewChanges]):
    """The review, in the team’s words and in the person’s, before the plan is closed or after."""

    template = "plans/review.html"

    def form(self, data: Any = None) -> ReviewForm:
        return ReviewForm(data, instance=self.plan)

    def save(self, fields: ReviewChanges) -> None:
        actions.review(plan=self.plan, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Bilan du projet"

    def done(self) -> str:
        return "Bilan gardé."

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return super().show(status, lived=_lived(self.plan), **context)


def _lived(plan: Any) -> list[dict[str, Any]]:
    """Each goal with what was done for it."""
    acts = list(Action.objects.filter(plan=plan))
    return [
        {"goal": goal, "done": sum(act.status == AimStatus.ENDED for act in its), "planned": len(its)}
        for goal in Goal.objects.filter(plan=plan)
        for its in [[act for act in acts if goal.key in act.goal_keys]]
    ]


class End(Form[EndDetails]):
    """Close the plan: why, and its review, asked in one page and offered after as well."""

    template = "plans/end.html"

    def form(self, data: Any = None) -> EndForm:
        return EndForm(data, instance=self.plan)

    def save(self, fields: EndDetails) -> None:
        actions.end(plan=self.plan, on=self.request.today, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return "Terminer le projet"

    def done(self) -> str:
        return "Le projet est terminé."


class Succeed(Write):
    """Open the plan that follows: what still holds goes on in it."""

    def post(self, request: Request) -> HttpResponse:
        title = request.POST.get("title", "").strip() or f"Projet personnalisé {request.today.year}"
        return self.attempt(
            lambda: actions.succeed(plan=self.plan, title=title, by=self.actor.professional),
            "Le nouveau projet est ouvert. Objectifs et actions en cours y continuent.",
        )
