"""Somebody holds the function of somebody else for some days: it ends by itself and is told to both."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.core.text import one_line
from jalon.records.models import Replacement
from jalon.setup import accounts
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import Actor, Place, in_force, within
from jalon.staff.rules import lent_by

LONGEST = dt.timedelta(days=31)


@transaction.atomic
def replace(
    *,
    work: Membership,
    substitute: Professional,
    starts_on: dt.date,
    ends_on: dt.date,
    reason: str,
    actor: Actor,
    now: dt.datetime,
) -> Replacement:
    """Give somebody the function of another, there, for these days.

    Raises DomainError `replacement_without_reason`, `replacement_too_long`, `not_yours_to_lend`,
    `replaces_oneself` or `not_at_work`, and as `accounts.assign`.
    """
    said = one_line(reason, "reason")
    if not said:
        raise DomainError(
            "Dites pourquoi : un congé, une absence.", code="replacement_without_reason", place="reason"
        )
    if ends_on - starts_on >= LONGEST:
        raise DomainError(
            "Un remplacement dure un mois au plus. Au-delà, c’est une affectation : demandez-la à qui tient "
            "les comptes.",
            code="replacement_too_long",
            place="ends_on",
        )
    _check(work, substitute, starts_on, actor)
    given = accounts.Work(work.role, work.establishment, work.unit, starts_on, ends_on)
    membership = accounts.assign(professional=substitute, work=given, by=actor.professional)
    made = Replacement.objects.create(
        membership=membership,
        replaced=work.professional,
        reason=said,
        given_by=actor.professional,
        given_at=now,
    )
    facts = {"replaced": str(work.professional_id), "membership": str(membership.pk), "reason": said}
    record_entry("records.replaced", on=substitute.pk, by=actor.professional, facts=facts)
    return made


def _check(work: Membership, substitute: Professional, starts_on: dt.date, actor: Actor) -> None:
    if not lendable(actor).filter(pk=work.pk).exists():
        raise DomainError(
            "Cette fonction n’est pas à vous à confier.", code="not_yours_to_lend", place="work"
        )
    if work.professional_id == substitute.pk:
        raise DomainError(
            "Nul ne se remplace soi-même. Choisissez quelqu’un d’autre.",
            code="replaces_oneself",
            place="substitute",
        )
    if not work.holds(starts_on):
        raise DomainError(
            f"{work.professional} n’a pas cette fonction ce jour-là. Choisissez un autre jour.",
            code="not_at_work",
            place="starts_on",
        )


@transaction.atomic
def end(*, replacement: Replacement, today: dt.date, by: Professional) -> None:
    """It ends at once: today is no longer of it. One that began today, or has not begun, is taken away."""
    membership = replacement.membership
    facts = {"membership": str(membership.pk)}
    record_entry("records.replacement_ended", on=membership.professional_id, by=by, facts=facts)
    if membership.starts_on < today:
        accounts.end_membership(membership=membership, ends_on=today - dt.timedelta(days=1), by=by)
    else:
        membership.delete()


# --- what may be given, what was ----------------------------------------------------------------------------


def lendable(actor: Actor) -> "QuerySet[Membership]":
    """The functions that this professional may give for some days, where they head: none of a replacement."""
    may = Q(pk__in=())
    for place in actor.places:
        may |= within([place]) & Q(role__in=lent_by(place.role))
    found = Membership.objects.filter(may, replacements__isnull=True, professional__active=True)
    return found.select_related("professional", "establishment", "unit")


def substitutes() -> "QuerySet[Professional]":
    """Who may be given one: whoever signs in here."""
    found = Professional.objects.filter(active=True, account__is_active=True)
    return found.order_by("last_name", "first_name", "pk")


def going_on(today: dt.date) -> "QuerySet[Replacement]":
    """Replacements of today and to come, the first to end first."""
    found = Replacement.objects.filter(membership__ends_on__gte=today)
    beside = ("membership__professional", "membership__establishment", "membership__unit", "replaced")
    return found.select_related(*beside).order_by("membership__ends_on", "pk")


def about(professional: Professional, today: dt.date) -> "QuerySet[Replacement]":
    """Those where somebody replaces, or is replaced."""
    return going_on(today).filter(Q(membership__professional=professional) | Q(replaced=professional))


def given_in(places: Iterable[Place], today: dt.date) -> "QuerySet[Replacement]":
    """Those of these places."""
    works = Membership.objects.filter(within(places), in_force(today) | Q(starts_on__gt=today))
    return going_on(today).filter(membership__in=works.values("pk"))
