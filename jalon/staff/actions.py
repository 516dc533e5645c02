"""Use cases on the people who work here. The trace of an act is its caller's: audit stands above staff."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from jalon.core.errors import DomainError
from jalon.organizations.models import Establishment, Unit
from jalon.staff.models import Account, Membership, Professional, Seat
from jalon.staff.queries import bodies_of
from jalon.staff.rules import Role


@dataclass(frozen=True)
class Newcomer:
    """Somebody who comes to work here."""

    email: str
    first_name: str
    last_name: str
    rpps: str = ""
    profession: str = ""
    job: str = ""


@transaction.atomic
def engage(
    who: Newcomer,
    *,
    role: str,
    establishment: Establishment,
    unit: Unit | None,
    today: dt.date,
    password: str | None = None,
) -> Professional:
    """Give somebody an account here, and a role in this establishment from today on.

    An account that exists (another managing body, another establishment) is kept with its password. Raises
    DomainError `unknown_role`, or `works_there` when they have this very role already.
    """
    if role not in list(Role):
        raise DomainError(f"Ce rôle n’existe pas. Choisissez parmi : {', '.join(Role)}.", code="unknown_role")
    account = Account.objects.filter(email__iexact=who.email).first()
    account = account or Account.objects.create_user(email=who.email, password=password, rpps=who.rpps)
    if establishment.managing_body_id not in bodies_of(account):
        Seat.objects.create(account=account, managing_body_id=establishment.managing_body_id)
    professional = _professional(who, account, establishment)
    _member(professional, role, establishment, unit, today)
    return professional


def _professional(who: Newcomer, account: Account, establishment: Establishment) -> Professional:
    known = Professional.objects.filter(account=account).first()
    if known is None and who.rpps:
        # Named before by a record received: it was them.
        known = Professional.objects.filter(rpps=who.rpps).first()
    one = known or Professional(rpps=who.rpps)
    one.account, one.active = account, True
    one.first_name, one.last_name = who.first_name, who.last_name
    one.profession, one.job = who.profession or one.profession, who.job or one.job
    one.key = one.key or (f"8{who.rpps}" if who.rpps else f"3{establishment.finess}/{one.pk.hex[-12:]}")
    one.save()
    return one


def _member(
    professional: Professional, role: str, establishment: Establishment, unit: Unit | None, today: dt.date
) -> None:
    here = Membership.objects.filter(
        professional=professional, establishment=establishment, unit=unit, role=role
    )
    if here.filter(ends_on__isnull=True).exists():
        raise DomainError("Ce compte a déjà ce rôle dans cet établissement.", code="works_there")
    Membership.objects.create(
        professional=professional, establishment=establishment, unit=unit, role=role, starts_on=today
    )
