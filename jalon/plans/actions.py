"""Use cases of the personalised project."""

import datetime as dt
from typing import TypeVar, Unpack

from django.db import transaction

from jalon.audit.actions import keep_changes, record_entry
from jalon.core.errors import DomainError
from jalon.db.changes import apply, lock
from jalon.db.keyed import draw_key
from jalon.organizations.queries import moment_at, value_of
from jalon.people.models import Contact
from jalon.people.queries import signers
from jalon.people.signature import Act
from jalon.plans.changes import (
    PART_CHANGES,
    AgreementChanges,
    EndDetails,
    PartChanges,
    PlanChanges,
    PlanDetails,
    ReviewChanges,
)
from jalon.plans.models import (
    Action,
    Agreement,
    AimStatus,
    EndReason,
    Expectation,
    Goal,
    Need,
    PersonalPlan,
    PlanPart,
    PlanStatus,
    PlanVersion,
)
from jalon.plans.queries import CURRENT, changes_since, content_of, lacks_of, last_version
from jalon.plans.rules import may_move, review_due
from jalon.plans.settings import REVIEW_DAYS
from jalon.records.models import Record
from jalon.records.queries import portrait
from jalon.staff.models import Professional

CODES: dict[type[PlanPart], str] = {Expectation: "ATTE", Need: "BESO", Goal: "OBJE", Action: "ACTI"}
OVER = (AimStatus.ENDED, AimStatus.CANCELLED)
Part = TypeVar("Part", Expectation, Need, Goal, Action)


@transaction.atomic
def open_plan(
    *, record: Record, title: str, by: Professional | None, **others: Unpack[PlanDetails]
) -> PersonalPlan:
    """Begin a plan, in preparation."""
    _check_title(title)
    lock(record)
    if PersonalPlan.objects.filter(record=record, status__in=CURRENT).exists():
        raise DomainError(
            "Un projet est déjà ouvert pour cette personne. Continuez celui-ci, ou terminez-le d’abord.",
            code="plan_already_open",
        )
    plan = PersonalPlan(record=record, title=title.strip())
    apply(plan, others, allowed=PlanDetails)
    plan.key = draw_key(record.person.key, "PPER", plan.pk)
    plan.save()
    record_entry("plans.opened", on=plan.pk, by=by)
    return plan


def _check_title(title: str) -> None:
    if not title.strip():
        raise DomainError("Le projet n’a pas de titre. Donnez-lui un nom simple.", code="plan_without_title")


def _open(plan: PersonalPlan) -> PersonalPlan:
    """The plan, locked; refused once ended."""
    plan = lock(plan)
    if plan.status == PlanStatus.ENDED:
        raise DomainError("Ce projet est terminé. Ouvrez-en un nouveau pour continuer.", code="plan_ended")
    return plan


@transaction.atomic
def edit_plan(*, plan: PersonalPlan, by: Professional | None, **fields: Unpack[PlanChanges]) -> PersonalPlan:
    """Change the plan's own text and dates."""
    plan = _open(plan)
    changed = apply(plan, fields, allowed=PlanChanges)
    _check_title(plan.title)
    keep_changes(plan, changed, "plans.edited", by=by)
    return plan


@transaction.atomic
def add_part(
    *, plan: PersonalPlan, kind: type[Part], by: Professional | None, **fields: Unpack[PartChanges]
) -> Part:
    """Add an expectation, a need, a goal or an action; its key is drawn once and stays for life."""
    plan = _open(plan)
    part = kind(plan=plan)
    apply(part, fields, allowed=PART_CHANGES[kind])
    _check(part)
    part.key = draw_key(plan.record.person.key, CODES[kind], part.pk)
    part.save()
    record_entry(f"plans.{kind.__name__.lower()}_added", on=plan.pk, by=by)
    return part


@transaction.atomic
def edit_part(*, part: Part, by: Professional | None, **fields: Unpack[PartChanges]) -> Part:
    """Change a part of a plan. Its identity does not change."""
    plan = _open(part.plan)
    part = lock(part)
    kind = type(part)
    changed = apply(part, fields, allowed=PART_CHANGES[kind])
    _check(part)
    keep_changes(part, changed, f"plans.{kind.__name__.lower()}_edited", on=plan.pk, by=by)
    return part


def _check(part: Expectation | Need | Goal | Action) -> None:
    says = part.title if isinstance(part, (Goal, Action)) else part.description
    if not says.strip():
        raise DomainError(
            "Il manque le texte. Écrivez-le avec les mots de la personne.", code="part_without_text"
        )
    if isinstance(part, (Goal, Action)) and part.status and part.status not in AimStatus.values:
        raise DomainError("Cet état n’existe pas. Choisissez-en un de la liste.", code="unknown_status")
    starts, ends = (
        getattr(part, "starts_on", None),
        getattr(part, "due_on", None) or getattr(part, "ends_on", None),
    )
    if starts and ends and ends < starts:
        raise DomainError(
            "La date de fin est avant la date de début. Choisissez une date plus tardive.",
            code="part_reversed",
        )


@transaction.atomic
def agree(
    *,
    plan: PersonalPlan,
    side: str,
    now: dt.datetime,
    by: Professional | None,
    professional: Professional | None = None,
    contact: Contact | None = None,
    words: str = "",
) -> Agreement:
    """Record who agreed, when, and the person's own words.

    Raises DomainError `signer_not_named` for somebody whom the rule does not name (`jalon.people.signature`).
    """
    plan = _open(plan)
    if side == Agreement.Side.PERSON:
        _check_signer(plan, contact, moment_at(plan.record.establishment, now).today)
    agreement = Agreement(
        plan=plan, side=side, signed_at=now, professional=professional, contact=contact, words=words.strip()
    )
    agreement.key = draw_key(plan.record.person.key, "ACCORD", agreement.pk)
    agreement.save()
    record_entry("plans.agreed", on=plan.pk, by=by, facts={"side": side})
    return agreement


def _check_signer(plan: PersonalPlan, contact: Contact | None, today: dt.date) -> None:
    """A representative signs when the person cannot express a will: whoever notes it says so."""
    able, unable = signers(plan.record.person, Act.PLAN, today)
    named = able if contact is None or contact in able.contacts else unable
    if contact in named.contacts if contact else named.person:
        return
    raise DomainError(
        named.rule.needs or f"Cette personne ne peut pas donner cet accord ({named.rule.why}).",
        code="signer_not_named",
        place="contact",
    )


@transaction.atomic
def edit_agreement(
    *, agreement: Agreement, by: Professional | None, **fields: Unpack[AgreementChanges]
) -> Agreement:
    """Correct the dates or the words of an agreement, as long as no signed version rests on it.

    Raises DomainError `agreement_signed` or `agreement_reversed`.
    """
    plan = _open(agreement.plan)
    agreement = lock(agreement)
    since = agreement.signed_at
    changed = apply(agreement, fields, allowed=AgreementChanges)
    if plan.versions.filter(signed_at__gte=min(since, agreement.signed_at)).exists():
        raise DomainError(
            "Une version signée du projet repose sur cet accord : il ne se corrige plus. "
            "Recueillez un nouvel accord.",
            code="agreement_signed",
        )
    if agreement.valid_from and agreement.valid_until and agreement.valid_until < agreement.valid_from:
        raise DomainError(
            "La fin de validité est avant son début. Choisissez une date plus tardive.",
            code="agreement_reversed",
            place="valid_until",
        )
    keep_changes(agreement, changed, "plans.agreement_edited", on=plan.pk, by=by)
    return agreement


@transaction.atomic
def move(*, plan: PersonalPlan, to: str, by: Professional | None) -> PersonalPlan:
    """Start, pause or take up again a plan; `end` closes it, and asks why."""
    if to not in PlanStatus.values:
        raise DomainError("Cet état n’existe pas.", code="unknown_status")
    plan = lock(plan)
    if to == PlanStatus.ENDED or not may_move(plan.status, to):
        raise DomainError(
            f"Un projet {plan.get_status_display()} ne peut pas passer à « {PlanStatus(to).label} ».",
            code="plan_cannot_move",
        )
    plan.status = to
    plan.save()
    record_entry("plans.moved", on=plan.pk, by=by, facts={"to": to})
    return plan


@transaction.atomic
def review(*, plan: PersonalPlan, by: Professional | None, **fields: Unpack[ReviewChanges]) -> PersonalPlan:
    """Write the review of a plan, before it is closed or after: what was lived does not change."""
    plan = lock(plan)
    changed = apply(plan, fields, allowed=ReviewChanges)
    keep_changes(plan, changed, "plans.reviewed", by=by)
    return plan


@transaction.atomic
def end(
    *, plan: PersonalPlan, on: dt.date, by: Professional | None, **fields: Unpack[EndDetails]
) -> PersonalPlan:
    """Close a plan, say why, and keep its review if there is one.

    Raises DomainError `end_without_reason` or `plan_cannot_move`.
    """
    plan = _open(plan)
    apply(plan, fields, allowed=EndDetails)
    if plan.end_reason not in EndReason.values:
        raise DomainError(
            "Dites pourquoi le projet se termine.", code="end_without_reason", place="end_reason"
        )
    if not may_move(plan.status, PlanStatus.ENDED):
        raise DomainError(
            "Ce projet est en préparation : il n’a pas commencé, il ne se termine pas.",
            code="plan_cannot_move",
        )
    plan.status, plan.ends_on = PlanStatus.ENDED, on
    plan.save()
    record_entry("plans.ended", on=plan.pk, by=by, facts={"reason": plan.end_reason})
    return plan


@transaction.atomic
def succeed(*, plan: PersonalPlan, title: str, by: Professional | None) -> PersonalPlan:
    """Open the plan that follows a closed one.

    What still holds goes on in it under its own key, the same for life: expectations, needs, and the goals
    and actions that are neither reached nor given up. The closed plan keeps the others, and its signed
    versions all of it as it read. Raises DomainError `plan_not_ended` or `plan_already_open`.
    """
    plan = lock(plan)
    if plan.status != PlanStatus.ENDED:
        raise DomainError("Terminez ce projet avant d’ouvrir celui qui le suit.", code="plan_not_ended")
    new = open_plan(
        record=plan.record, title=title, by=by, type_code=plan.type_code, description=plan.description,
        communication=plan.communication,
    )  # fmt: skip
    new.follows = plan
    new.save()
    for kind in CODES:
        for part in kind._default_manager.filter(plan=plan):
            if getattr(part, "status", "") not in OVER:
                part.plan = new
                part.save()
    record_entry("plans.succeeded", on=new.pk, by=by, facts={"former": str(plan.pk)})
    return new


@transaction.atomic
def sign(*, plan: PersonalPlan, by: Professional, now: dt.datetime) -> PlanVersion:
    """Sign the plan as it reads now: a new version, kept whole, and the establishment’s agreement.

    Raises DomainError `plan_not_ready` with everything that is missing, the agreement of whoever the rule of
    that day names included (`jalon.people.signature`); `already_signed` when the last version says all of it:
    two windows, or two people, sign one content once.
    """
    plan = _open(plan)
    house = plan.record.establishment
    moment = moment_at(house, now)
    if lacks := lacks_of(plan, moment.today):
        raise DomainError(
            f"Le projet ne peut pas encore être signé : {' ; '.join(lacks)}.", code="plan_not_ready"
        )
    if (last := last_version(plan)) and not changes_since(plan, last):
        raise DomainError(
            f"Rien n’a changé depuis la version {last.number}, déjà signée : il n’y a rien à signer.",
            code="already_signed",
        )
    agree(plan=plan, side=Agreement.Side.HOUSE, now=now, by=by, professional=by)
    if plan.status == PlanStatus.PREPARATION:
        plan.status = PlanStatus.RUNNING
    plan.starts_on = plan.starts_on or moment.today
    plan.review_on = review_due(moment.today, value_of(REVIEW_DAYS, establishment=house))
    plan.save()
    version = PlanVersion.objects.create(
        plan=plan,
        number=last.number + 1 if last else 1,
        signed_at=now,
        signed_by=by,
        content=content_of(plan),
        header=portrait(plan.record, by=by, moment=moment),
    )
    record_entry("plans.signed", on=plan.pk, by=by, facts={"version": version.number})
    return version
