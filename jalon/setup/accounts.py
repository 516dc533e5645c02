"""The life of somebody here: functions that begin, change and end, then the day they leave.

What ends here ends at the next page of whoever it was: each request reads the seats of its account, whether
it is open, and the memberships of the day.
"""

import datetime as dt
import uuid
from copy import copy
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q, QuerySet

from jalon.audit.actions import record_entry
from jalon.core.dates import short_date
from jalon.core.errors import DomainError
from jalon.db.changes import lock
from jalon.db.locks import one_at_a_time
from jalon.organizations.models import Establishment, Unit
from jalon.staff.models import Account, Membership, PostKey, Professional, Seat, Session, Ticket
from jalon.staff.queries import bodies_of
from jalon.staff.rules import Role


@dataclass(frozen=True)
class Work:
    """What somebody does: a function, where, and from when to when (None: nobody knows yet)."""

    role: str
    establishment: Establishment
    unit: Unit | None
    starts_on: dt.date
    ends_on: dt.date | None = None


@transaction.atomic
def assign(*, professional: Professional, work: Work, by: Professional | None) -> Membership:
    """Give somebody who is here one more function.

    Raises DomainError `one_self`, `has_left`, `unknown_role`, `unknown_unit`, `ends_before` or `works_there`.
    """
    alone()
    professional = lock(professional)
    check_another(professional, by)
    if not professional.active:
        raise DomainError("Cette personne est partie. Faites-la revenir d’abord.", code="has_left")
    check_work(work)
    _check_once(professional, work)
    new = Membership.objects.create(professional=professional, **vars(work))
    record_entry("staff.assigned", on=professional.pk, by=by, facts=_facts(new))
    return new


@transaction.atomic
def change_function(
    *, membership: Membership, role: str, unit: Unit | None, since: dt.date, by: Professional | None
) -> Membership:
    """Another function in the same establishment from that day on: the former one ends the day before.

    One that has not begun by then is corrected; the history keeps what it was. Raises as `assign`, and
    DomainError `already_ended` or `last_administrator`.
    """
    alone()
    membership = lock(membership)
    check_another(membership.professional, by)
    if membership.ends_on and membership.ends_on < since:
        raise DomainError(
            "Cette affectation est finie ce jour-là. Donnez-en une autre.", code="already_ended"
        )
    work = Work(role, membership.establishment, unit, since, membership.ends_on)
    check_work(work)
    former = copy(membership)
    if since <= membership.starts_on:
        membership.role, membership.unit = role, unit
        new = membership
    else:
        _check_once(membership.professional, work)
        membership.ends_on = since - dt.timedelta(days=1)
        new = Membership(professional=membership.professional, **vars(work))
    membership.save()
    new.save()
    _check_kept(former)
    facts = _facts(new) | {"former": _facts(former)}
    record_entry("staff.function_changed", on=membership.professional_id, by=by, facts=facts)
    return new


@transaction.atomic
def end_membership(*, membership: Membership, ends_on: dt.date, by: Professional | None) -> Membership:
    """Say the last day of a function. Raises DomainError `ends_before` or `last_administrator`."""
    alone()
    membership = lock(membership)
    _check_order(membership.starts_on, ends_on)
    membership.ends_on = ends_on
    membership.save()
    _check_kept(membership)
    facts = _facts(membership) | {"until": ends_on.isoformat()}
    record_entry("staff.membership_ended", on=membership.professional_id, by=by, facts=facts)
    return membership


@transaction.atomic
def leave(*, professional: Professional, today: dt.date, by: Professional | None) -> bool:
    """Somebody leaves now: functions end, and the seat here; the account too when it has no other.

    What they wrote stays, under their name. Answers True when the account itself was closed. Raises
    DomainError `has_left` or `last_administrator`.
    """
    alone()
    professional = lock(professional)
    if not professional.active:
        raise DomainError("Cette personne est déjà partie.", code="has_left")
    ended = _end_all(professional, today)
    professional.active = False
    professional.save()
    for one in ended:
        _check_kept(one)
    closed = professional.account is not None and _shut(professional.account, professional.managing_body_id)
    facts = {"memberships": [str(one.pk) for one in ended], "account_closed": closed}
    record_entry("staff.left", on=professional.pk, by=by, facts=facts)
    return closed


@transaction.atomic
def recover(*, professional: Professional, password: str, by: Professional | None) -> Account:
    """Give somebody who lost their password or their factor another password: the former means open nothing.

    They are there: the password is said to them, they make a factor at once, and it is confirmed as that of a
    first sign-in (`setup.invitations.confirm`). Their sessions end.
    Raises DomainError `one_self`, `has_left`, `no_account`; `several_bodies` when the account enters another
    managing body, for which nobody here may answer: the operator does it (`by` None).
    """
    alone()
    professional = lock(professional)
    check_another(professional, by)
    if not professional.active:
        raise DomainError("Cette personne est partie. Faites-la revenir d’abord.", code="has_left")
    if professional.account is None or not professional.account.is_active:
        raise DomainError("Cette personne n’a pas de compte ouvert.", code="no_account")
    account = lock(professional.account)
    check_own(account, by)
    forget(account)
    account.set_password(password)
    account.save()
    record_entry("staff.recovered", on=professional.pk, by=by)
    return account


def check_own(account: Account, by: Professional | None) -> None:
    """Who keeps the accounts of one managing body answers for an account that enters no other."""
    if by is not None and len(bodies_of(account)) > 1:
        raise DomainError(
            "Ce compte entre aussi dans un autre organisme. Demandez à qui exploite le serveur.",
            code="several_bodies",
        )


def forget(account: Account) -> None:
    """Whatever opened this account opens it no more; whoever makes another password is recognized again."""
    account.vouched = False
    account.set_unusable_password()  # ends every session it had, even if somebody opens the account again
    account.save()
    Ticket.objects.filter(account=account).delete()
    Session.objects.filter(account=account).delete()
    Authenticator.objects.filter(user=account).delete()
    PostKey.objects.filter(account=account).delete()


def alone() -> None:
    """One change of who keeps the accounts at a time: of two administrators who leave at once, one stays."""
    one_at_a_time("accounts")


def _end_all(professional: Professional, today: dt.date) -> list[Membership]:
    """End what is in force; what has not begun will not."""
    going_on = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    held = Membership.objects.filter(going_on, professional=professional)
    rows = list(held.select_related("establishment").select_for_update(of=("self",)).order_by("pk"))
    for one in rows:
        if one.starts_on > today:
            Membership.objects.filter(pk=one.pk).delete()
        else:
            one.ends_on = today
            one.save()
    return rows


def _shut(account: Account, body_id: uuid.UUID) -> bool:
    """Take the seat away; without any left, nothing opens the account again: password and factors go."""
    account = lock(account)
    Seat.objects.filter(account=account, managing_body_id=body_id).delete()
    if bodies_of(account):
        return False
    account.is_active = False
    forget(account)
    return True


def check_work(work: Work) -> None:
    if work.role not in list(Role):
        raise DomainError(
            "Cette fonction n’existe pas. Choisissez parmi celles du produit.",
            code="unknown_role",
            place="role",
        )
    if work.unit and work.unit.establishment_id != work.establishment.pk:
        raise DomainError("Cette unité n’est pas de cet établissement.", code="unknown_unit", place="unit")
    if work.ends_on:
        _check_order(work.starts_on, work.ends_on)


def _check_order(starts_on: dt.date, ends_on: dt.date) -> None:
    if ends_on < starts_on:
        raise DomainError(
            f"Le dernier jour est avant le premier, le {short_date(starts_on)}. Choisissez-en un autre.",
            code="ends_before",
            place="ends_on",
        )


def _check_once(professional: Professional, work: Work) -> None:
    same = Membership.objects.filter(
        professional=professional, establishment=work.establishment, unit=work.unit, role=work.role
    )
    if same.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=work.starts_on)).exists():
        raise DomainError("Cette personne a déjà cette fonction à cet endroit.", code="works_there")


def check_another(professional: Professional, by: Professional | None) -> None:
    """Separation of duties (SC.SSI/GEN.16): nobody gives rights to oneself."""
    if by is not None and by.pk == professional.pk:
        raise DomainError(
            "Nul ne change sa propre fonction. Demandez à une autre personne qui tient les comptes.",
            code="one_self",
        )


def _check_kept(ended: Membership) -> None:
    """Somebody must still keep the accounts of this house, for good."""
    kept = ended.role == Role.ADMINISTRATOR and ended.unit_id is None
    if kept and not _keepers(ended.establishment).exists():
        raise DomainError(
            f"Plus personne ne tiendrait les comptes de {ended.establishment.name}. Donnez d’abord cette "
            "fonction à quelqu’un d’autre, sans date de fin.",
            code="last_administrator",
        )


def _keepers(establishment: Establishment) -> "QuerySet[Membership]":
    return Membership.objects.filter(
        establishment=establishment,
        unit__isnull=True,
        role=Role.ADMINISTRATOR,
        ends_on__isnull=True,
        professional__active=True,
        professional__account__is_active=True,
        professional__account__vouched=True,
    )


def _facts(one: Membership) -> dict[str, Any]:
    return {
        "membership": str(one.pk),
        "role": one.role,
        "house": str(one.establishment_id),
        "unit": str(one.unit_id) if one.unit_id else None,
    }
