"""Use cases on the people who work here. The trace of an act is its caller's: audit stands above staff."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction

from jalon.core.errors import DomainError
from jalon.core.text import one_line
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
    ends_on: dt.date | None = None,
    password: str | None = None,
    known: bool = False,
) -> Professional:
    """Give somebody an account here, and a role in this establishment from that day on.

    `known`: they are the one who has this address, or this RPPS, already; account, password and name stay,
    but for an account that was closed, which opens again with the password given. Nobody has vouched yet for
    who holds an account that opens here: its first sign-in is confirmed (`setup.invitations.confirm`).
    Raises DomainError `unknown_role`; `is_known` when somebody has them and it is not said; `another_account`
    or `another_rpps` when the two lead to two people; `works_there` when they have this very role already;
    `awaited_elsewhere` when the account waits for its first sign-in in another managing body;
    `unseen_character` for a name that holds one.
    """
    if role not in list(Role):
        raise DomainError(f"Ce rôle n’existe pas. Choisissez parmi : {', '.join(Role)}.", code="unknown_role")
    account = Account.objects.filter(email__iexact=who.email).first()
    one = _already(who, account)
    if (account or one) and not known:
        raise DomainError(_told(who, account, one), code="is_known")
    account = account or Account.objects.create_user(
        email=who.email, password=password, rpps=who.rpps, vouched=False
    )
    if not account.is_active:
        _reopen(account, password)
    _seat(account, establishment.managing_body_id)
    professional = one or _newcomer(who, establishment)
    _open(professional, who, account)
    _member(professional, role, establishment, unit, today, ends_on)
    return professional


def _reopen(account: Account, password: str | None) -> None:
    account.is_active, account.vouched = True, False
    account.set_password(password)
    account.save()


def _seat(account: Account, body_id: uuid.UUID) -> None:
    """Whoever invites answers for one managing body: an account that none has recognized enters one alone."""
    bodies = bodies_of(account)
    if body_id in bodies:
        return
    if bodies and not account.vouched:
        raise DomainError(
            "Ce compte attend son premier accès dans un autre organisme. Recommencez quand ce sera fait.",
            code="awaited_elsewhere",
        )
    Seat.objects.create(account=account, managing_body_id=body_id)


def _already(who: Newcomer, account: Account | None) -> Professional | None:
    """Who has this account or this RPPS in this managing body; they must be one and the same."""
    of_account = Professional.objects.filter(account=account).first() if account else None
    of_rpps = Professional.objects.filter(rpps=who.rpps).first() if who.rpps else None
    if of_rpps and of_rpps.account and of_rpps.account != account:
        raise DomainError(
            f"Ce RPPS est celui de {of_rpps}, qui a un autre compte. Utilisez son adresse.",
            code="another_account",
        )
    if of_account and who.rpps and of_account.rpps not in ("", who.rpps):
        raise DomainError(
            f"Cette adresse est celle de {of_account}, qui a un autre RPPS. Vérifiez l’adresse.",
            code="another_rpps",
        )
    return of_account or of_rpps


def _told(who: Newcomer, account: Account | None, one: Professional | None) -> str:
    has = "cette adresse" if account else "ce RPPS"
    whose = f"{one}" if one else "un autre organisme"
    return (
        f"Il y a déjà quelqu’un avec {has} : {whose}. Si c’est bien la même personne, dites-le (par "
        f"commande, --known) ; sinon, vérifiez ce que vous avez tapé."
    )


def _newcomer(who: Newcomer, establishment: Establishment) -> Professional:
    names = {name: one_line(getattr(who, name), name) for name in ("first_name", "last_name")}
    one = Professional(rpps=who.rpps, **names)
    one.key = f"8{who.rpps}" if who.rpps else f"3{establishment.finess}/{one.pk.hex[-12:]}"
    return one


def _open(one: Professional, who: Newcomer, account: Account) -> None:
    one.account, one.active, one.rpps = account, True, one.rpps or who.rpps
    one.profession, one.job = who.profession or one.profession, who.job or one.job
    one.save()


def _member(
    professional: Professional,
    role: str,
    establishment: Establishment,
    unit: Unit | None,
    today: dt.date,
    ends_on: dt.date | None,
) -> None:
    here = Membership.objects.filter(
        professional=professional, establishment=establishment, unit=unit, role=role
    )
    if here.filter(ends_on__isnull=True).exists():
        raise DomainError("Ce compte a déjà ce rôle dans cet établissement.", code="works_there")
    Membership.objects.create(
        professional=professional,
        establishment=establishment,
        unit=unit,
        role=role,
        starts_on=today,
        ends_on=ends_on,
    )
