"""Reading a plan whole."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from jalon.db.compiled import compiled, param
from jalon.db.frozen import frozen
from jalon.people.models import IdentityStatus
from jalon.people.queries import signers
from jalon.people.signature import Act
from jalon.plans.models import Agreement, Goal, PersonalPlan, PlanStatus, PlanVersion
from jalon.plans.rules import agreement_lacking, changes_between, missing_to_sign

CURRENT = (PlanStatus.RUNNING, PlanStatus.PAUSED, PlanStatus.PREPARATION)


def current_plan(record_id: Any) -> PersonalPlan | None:
    """The plan that matters today: running, then paused, then in preparation, then the last ended; with its
    `aims`: title and status of each goal, in their order."""
    plans = _plans().all(record=record_id)
    for status in CURRENT:
        for plan in plans:
            if plan.status == status:
                return plan
    return plans[0] if plans else None


@compiled
def _plans() -> QuerySet[PersonalPlan]:
    goals = Goal.objects.filter(plan=OuterRef("pk")).order_by("pk")
    aims = ArraySubquery(goals.values(told=JSONObject(title="title", status="status")))
    return PersonalPlan.objects.filter(record_id=param("record")).annotate(aims=aims).order_by("-pk")


PARTS = {
    "expectations": ("key", "origin", "description", "comment"),
    "needs": ("key", "category", "description", "analysis", "comment"),
    "goals": (
        "key",
        "title",
        "description",
        "status",
        "opinion",
        "expected",
        "strategy",
        "starts_on",
        "due_on",
        "responsible_id",
        "need_keys",
    ),
    "actions": (
        "key",
        "title",
        "description",
        "status",
        "opinion",
        "expected",
        "starts_on",
        "ends_on",
        "responsible_id",
        "goal_keys",
    ),
    "agreements": (
        "key",
        "side",
        "signed_at",
        "professional_id",
        "contact_id",
        "words",
        "valid_from",
        "valid_until",
    ),
}
# People named by a part, kept as they were called that day beside their identifiers.
NAMED = {
    "goals": ("responsible",),
    "actions": ("responsible",),
    "agreements": ("professional", "contact"),
}


def content_of(plan: PersonalPlan) -> dict[str, Any]:
    """The whole plan as JSON values: what a signed version keeps."""
    own = (
        "key",
        "title",
        "description",
        "type_code",
        "status",
        "starts_on",
        "ends_on",
        "review_on",
        "communication",
    )
    content = frozen(plan, own)
    for relation, columns in PARTS.items():
        content[relation] = [_part(one, relation, columns) for one in parts_of(plan, relation)]
    return content


def parts_of(plan: PersonalPlan, relation: str) -> Iterable[Any]:
    """The parts of one kind, with the people they name."""
    return getattr(plan, relation).select_related(*NAMED.get(relation, ()))  # type: ignore[no-any-return]  # by name


def lacks_of(plan: PersonalPlan, today: dt.date) -> list[str]:
    """What the plan lacks to be signed that day."""
    return missing_to_sign(
        goals=plan.goals.count(),
        expectations=plan.expectations.count(),
        agreement=_agreement_lacking(plan, today),
        ended=plan.status == PlanStatus.ENDED,
        dead=plan.record.person.is_dead,
    )


def _agreement_lacking(plan: PersonalPlan, today: dt.date) -> str:
    """Whose agreement lacks, by the rule of that day: one from whom it does not name, or no more, is none."""
    held = Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_until=None) | Q(valid_until__gte=today)
    agreed = set(plan.agreements.filter(*held, side=Agreement.Side.PERSON).values_list("contact", flat=True))
    able, unable = signers(plan.record.person, Act.PLAN, today)
    if not able.rule.signers:
        return able.rule.needs
    asked = [able.missing(agreed), unable.missing(agreed)]
    return agreement_lacking(*asked) if all(asked) else ""


def last_version(plan: PersonalPlan) -> PlanVersion | None:
    return plan.versions.order_by("-number").first()


def changes_since(plan: PersonalPlan, version: PlanVersion) -> list[str]:
    """What the plan says otherwise than this version, in French; empty when nothing.

    An identity qualified since counts: the document of a version that names nobody cannot leave.
    """
    changes = changes_between(version.content, content_of(plan))
    person, named = plan.record.person, version.header.get("person", {})
    known = named.get("identity_status") == IdentityStatus.QUALIFIED and named.get("ins") == person.ins
    if person.is_qualified and not known:
        changes.append("l’identité est maintenant qualifiée")
    return changes


def _part(one: Model, relation: str, columns: tuple[str, ...]) -> dict[str, Any]:
    people = {name: str(getattr(one, name) or "") for name in NAMED.get(relation, ())}
    return frozen(one, columns) | people
