"""Reading a plan whole."""

from typing import Any

from jalon.plans.models import PersonalPlan, PlanStatus

CURRENT = (PlanStatus.RUNNING, PlanStatus.PAUSED, PlanStatus.PREPARATION)


def current_plan(record_id: Any) -> PersonalPlan | None:
    """The plan that matters today: running, then paused, then in preparation, then the last ended."""
    plans = list(PersonalPlan.objects.filter(record_id=record_id).order_by("-pk"))
    for status in CURRENT:
        for plan in plans:
            if plan.status == status:
                return plan
    return plans[0] if plans else None


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
    "agreements": ("key", "side", "signed_at", "professional_id", "contact_id", "words"),
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
    content: dict[str, Any] = {name: _plain(getattr(plan, name)) for name in own}
    for relation, columns in PARTS.items():
        rows = getattr(plan, relation).values(*columns)
        content[relation] = [{name: _plain(row[name]) for name in columns} for row in rows]
    return content


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, list, int)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
