"""The signed plan as a document: its PDF/A-1, and the CDA N1 that carries it (LOINC 80788-3)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from jalon.core.identity import UNKNOWN_PLACE
from jalon.exchange.compose import people
from jalon.exchange.compose.identifiers import Identifiers
from jalon.formats import pdf as paper
from jalon.formats.cda import body, header
from jalon.plans.models import Agreement, Goal, PlanVersion
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon.terminology import place_label, serafin, value_set

TYPE = "80788-3"
QUOTES = "»«\u00a0 "  # the document draws its own around the person's words
TITLE = "Projet personnalisé d’accompagnement"


def printed(version: PlanVersion) -> bytes:
    """The PDF/A-1 of a signed version, as it read when signed."""
    plan, record = version.plan, version.plan.record
    return paper.plan_pdf(
        paper.PlanPdf(
            title=plan.title,
            identity=_identity(record),
            establishment=_establishment(record),
            written=timezone.localtime(version.signed_at),
            version=version.number,
            authors=(_who(version.signed_by),),
            start=plan.starts_on,
            end=plan.ends_on,
            summary=plan.description,
            expectations=tuple(
                paper.Expectation(one.description.strip(QUOTES), one.origin)
                for one in plan.expectations.all()
            ),
            needs=tuple(
                paper.Need(one.category, _need(one.category), one.description) for one in plan.needs.all()
            ),
            goals=tuple(
                _goals(
                    plan.goals.select_related("responsible"), list(plan.actions.select_related("responsible"))
                )
            ),
            agreements=tuple(
                _agreement(one, record) for one in plan.agreements.select_related("professional", "contact")
            ),
        )
    )


def clinical(version: PlanVersion, pdf: bytes, ids: Identifiers, replaces: str = "") -> body.Document:
    """The CDA N1 of a signed version; `replaces` is the unique id of the version it takes the place of."""
    record, signed_at = version.plan.record, timezone.localtime(version.signed_at).replace(microsecond=0)
    house, signer = record.establishment, people.entity(version.signed_by, record.establishment)
    head = header.Header(
        id=header.Id(ids.document),
        set_id=header.Id(ids.set),
        version=version.number if replaces else 1,  # a first document replaces nothing (§3.5.5.10)
        code=people.code(value_set("JDV_J07").get(TYPE)),
        title=TITLE,
        effective_time=signed_at,
        patient=people.patient(record.person, local_root=ids.local_root, on=signed_at.date()),
        authors=(header.Author(signed_at, signer),),
        custodian=people.organization(house),
        legal_authenticator=header.LegalAuthenticator(signed_at, signer),
        events=(header.ServiceEvent(_midnight(version.plan.starts_on, signed_at), signer),),
        encounter=people.encounter(house, None),
        related=header.Related(header.Id(replaces)) if replaces else None,
    )
    return body.Document(head, body.Embedded(pdf))


def _midnight(day: dt.date | None, otherwise: dt.datetime) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time())) if day else otherwise


def _who(professional: Professional) -> str:
    return f"{professional}, {professional.job}" if professional.job else str(professional)


def _identity(record: Record) -> paper.Identity:
    person = record.person
    return paper.Identity(
        birth_name=person.birth_name,
        first_names=person.birth_first_names or person.first_name,
        birth_date=person.birth_date,
        birth_date_precision=person.birth_date_precision,
        sex=person.sex,
        used_name=person.used_name,
        used_first_name=person.used_first_name,
        birth_place=place_label(person.birth_place, person.birth_date)
        if person.birth_place != UNKNOWN_PLACE
        else "",
        ins=people.qualified_ins(person),
    )


def _establishment(record: Record) -> paper.Establishment:
    house = record.establishment
    address = tuple(filter(None, (house.address_line, f"{house.postal_code} {house.city}".strip())))
    return paper.Establishment(house.name, address, house.phone, house.finess)


def _need(code: str) -> str:
    return next((line.label for line in serafin.nomenclature() if line.code == code), "")


def _goals(goals: Iterable[Goal], acts: list[Any]) -> Iterable[paper.Goal]:
    for goal in goals:
        yield paper.Goal(
            title=goal.title,
            description="" if goal.description == goal.title else goal.description,
            expected_result=goal.expected,
            start=goal.starts_on,
            end=goal.due_on,
            responsible=str(goal.responsible or ""),
            status=goal.get_status_display(),
            actions=tuple(
                paper.Action(act.title, str(act.responsible or ""), act.starts_on, act.ends_on)
                for act in acts
                if goal.key in act.goal_keys
            ),
        )


def _agreement(one: Agreement, record: Record) -> paper.Agreement:
    if one.side == Agreement.Side.HOUSE:
        name, role = str(one.professional or record.establishment.name), "Pour l’établissement"
    elif one.contact:
        name, role = str(one.contact), "Représentant de la personne"
    else:
        name, role = f"{record.person.usual_first_name} {record.person.usual_name}", "La personne"
    return paper.Agreement(name, role, timezone.localdate(one.signed_at), one.words)
