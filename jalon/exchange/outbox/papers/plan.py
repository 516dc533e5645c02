"""The personalised project, from a signed version (LOINC 80788-3)."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from jalon.core.moment import local_day
from jalon.exchange.compose import printed, signed
from jalon.exchange.compose.signed import Signed
from jalon.exchange.outbox.paper import Paper
from jalon.formats import paper
from jalon.formats.papers.plan import Action, Expectation, Goal, Need, PlanPdf
from jalon.people.models import Contact
from jalon.plans.models import Agreement, AimStatus, PlanVersion
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon.terminology import serafin

STATUSES = {one.value: str(one.label) for one in AimStatus}
QUOTES = "»«\u00a0 "  # the document draws its own around the person's words


class PlanPaper(Paper[PlanVersion]):
    """Made from `PlanVersion.content` and `header`, so that what is edited later changes nothing of it."""

    source = PlanVersion
    type_code = "80788-3"
    title = "Projet personnalisé d’accompagnement"

    def set_of(self, source: PlanVersion) -> uuid.UUID:
        return uuid.UUID(str(source.plan_id))

    def record_of(self, source: PlanVersion) -> Record:
        return source.plan.record

    def latest(self, record: str = "") -> QuerySet[PlanVersion]:
        versions = PlanVersion.objects.select_related(
            "plan__record__person", "plan__record__establishment", "signed_by"
        )
        versions = versions.filter(plan__record_id=record) if record else versions
        return versions.order_by("plan__record_id", "-signed_at").distinct("plan__record_id")

    def signed(self, source: PlanVersion) -> Signed:
        return signed.read(
            source.header, record=self.record_of(source), by=source.signed_by, at=source.signed_at,
            number=source.number, starts_on=_day(source.content["starts_on"]),
        )  # fmt: skip

    def sheet(self, source: PlanVersion, signed: Signed) -> PlanPdf:
        said = source.content
        return PlanPdf(
            title=said["title"],
            identity=printed.identity(signed),
            establishment=printed.establishment(signed),
            written=signed.at,
            version=signed.number,
            authors=printed.authors(signed),
            start=_day(said["starts_on"]),
            end=_day(said["ends_on"]),
            summary=said["description"],
            expectations=tuple(
                Expectation(one["description"].strip(QUOTES), one["origin"]) for one in said["expectations"]
            ),
            needs=tuple(
                Need(one["category"], _need(one["category"]), one["description"]) for one in said["needs"]
            ),
            goals=tuple(_goals(said["goals"], said["actions"])),
            agreements=tuple(_agreement(one, signed) for one in said["agreements"]),
        )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _need(code: str) -> str:
    return next((line.label for line in serafin.nomenclature() if line.code == code), "")


def _goals(goals: list[dict[str, Any]], acts: list[dict[str, Any]]) -> Iterable[Goal]:
    for goal in goals:
        yield Goal(
            title=goal["title"],
            description="" if goal["description"] == goal["title"] else goal["description"],
            expected_result=goal["expected"],
            start=_day(goal["starts_on"]),
            end=_day(goal["due_on"]),
            responsible=_named(goal, "responsible", Professional),
            status=STATUSES.get(goal["status"], goal["status"]),
            actions=tuple(_action(act) for act in acts if goal["key"] in act["goal_keys"]),
        )


def _action(act: dict[str, Any]) -> Action:
    responsible = _named(act, "responsible", Professional)
    return Action(act["title"], responsible, _day(act["starts_on"]), _day(act["ends_on"]))


def _agreement(one: dict[str, Any], signed: Signed) -> paper.Agreement:
    person = signed.person
    if one["side"] == Agreement.Side.HOUSE:
        name, role = _named(one, "professional", Professional) or signed.house.name, "Pour l’établissement"
    elif one["contact_id"]:
        name, role = _named(one, "contact", Contact), "Représentant de la personne"
    else:
        name, role = f"{person.usual_first_name} {person.usual_name}", "La personne"
    on = local_day(dt.datetime.fromisoformat(one["signed_at"]), signed.zone)
    return paper.Agreement(name, role, on, one["words"])


def _named(part: dict[str, Any], name: str, model: type[Professional] | type[Contact]) -> str:
    """How somebody was called that day; a version of before 0.2 holds their identifier alone."""
    if name in part:
        return str(part[name])
    known = model._default_manager.filter(pk=part[f"{name}_id"]).first() if part[f"{name}_id"] else None
    return str(known or "")


PAPER = PlanPaper()
