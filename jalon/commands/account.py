"""`jalon account`: the first accounts of a site, which no screen can give, and what becomes of each."""

import datetime as dt
import secrets
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.core.errors import DomainError

if TYPE_CHECKING:
    from jalon.staff.models import Membership, Professional

Email = Annotated[str, typer.Argument(help="Adresse du compte.")]
RoleHeld = Annotated[str, typer.Option("--role", help="Rôle tenu, s’il y en a plusieurs.")]
House = Annotated[str, typer.Option("--establishment", help="FINESS, s’il travaille à plusieurs endroits.")]
DAYS = ["%Y-%m-%d"]

app = typer.Typer(help="Comptes des professionnels.", no_args_is_help=True)


@app.command("add")
def add(
    email: Email,
    first_name: Annotated[str, typer.Option("--first-name", help="Prénom.")],
    last_name: Annotated[str, typer.Option("--last-name", help="Nom.")],
    role: Annotated[str, typer.Option("--role", help="Rôle : educator, nurse, director, administrator…")],
    finess: Annotated[str, typer.Option("--establishment", help="FINESS de l’établissement.")],
    unit: Annotated[str, typer.Option("--unit", help="Nom d’une unité ; tout l’établissement sinon.")] = "",
    rpps: Annotated[str, typer.Option("--rpps", help="RPPS, pour Pro Santé Connect.")] = "",
    profession: Annotated[str, typer.Option("--profession", help="Code de la JDV_J01.")] = "",
    job: Annotated[str, typer.Option("--job", help="Fonction, en clair.")] = "",
    known: Annotated[
        bool, typer.Option("--known", help="C’est bien la personne qui a déjà cette adresse ou ce RPPS.")
    ] = False,
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Ouvre un compte et lui donne un rôle dès aujourd’hui. Le mot de passe n’est montré qu’une fois."""
    connect()
    from django.utils import timezone

    from jalon.audit.actions import record_entry
    from jalon.organizations.queries import moment_at
    from jalon.staff.actions import Newcomer, engage

    _check_address(email)
    password = secrets.token_urlsafe(15)
    with inside(body):
        existed = _known(email)
        house, group = _place(finess, unit)
        who = Newcomer(email, first_name, last_name, rpps, profession, job)
        today = moment_at(house, timezone.now()).today
        one = engage(
            who, role=role, establishment=house, unit=group, today=today, password=password, known=known
        )
        record_entry("staff.engaged", on=one.pk, by=None, facts={"role": role, "house": str(house.pk)})
    told = {"email": email, "password": None if existed else password}
    said = (
        "Ce compte existait : son mot de passe n’a pas changé." if existed else f"Mot de passe : {password}"
    )
    answer(told, [f"{email} : {role}, {house.name}.", said], as_json=as_json)


@app.command("show")
def show(email: Email, body: Body = "", as_json: AsJson = False) -> None:
    """Dit si un compte est ouvert et ce que la personne fait ici, hier comme demain."""
    connect()
    with inside(body):
        one = _somebody(email)
        rows = [_said(held) for held in _held(one).order_by("starts_on", "pk")]
        opened = bool(one.active and one.account and one.account.is_active)
    told = {"email": email, "open": opened, "memberships": rows}
    lines = [f"{row['role']}, {row['establishment']}, {row['from']} → {row['to'] or '…'}" for row in rows]
    answer(told, [f"{email} : {'compte ouvert' if opened else 'compte fermé'}.", *lines], as_json=as_json)


@app.command("leave")
def leave(email: Email, body: Body = "", as_json: AsJson = False) -> None:
    """Fait partir quelqu’un : ses affectations finissent, son accès et ses sessions aussi, tout de suite."""
    connect()
    from django.utils import timezone

    from jalon.core.moment import Moment
    from jalon.setup import accounts

    with inside(body):
        today = Moment(timezone.now()).today
        closed = accounts.leave(professional=_somebody(email), today=today, by=None)
    said = "Compte fermé." if closed else "Son compte reste ouvert dans un autre organisme."
    answer({"email": email, "account_closed": closed}, [f"{email} : départ noté. {said}"], as_json=as_json)


@app.command("end")
def end(
    email: Email,
    on: Annotated[dt.datetime, typer.Option("--on", formats=DAYS, help="Dernier jour, compris.")],
    role: RoleHeld = "",
    finess: House = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Dit le dernier jour d’une affectation."""
    connect()
    from jalon.setup import accounts

    with inside(body):
        held = _one_held(_somebody(email), role, finess)
        told = _said(accounts.end_membership(membership=held, ends_on=on.date(), by=None))
    answer(told, [f"{email} : {told['role']} jusqu’au {told['to']}."], as_json=as_json)


@app.command("change")
def change(
    email: Email,
    to: Annotated[str, typer.Option("--to", help="Nouveau rôle.")],
    since: Annotated[dt.datetime, typer.Option("--since", formats=DAYS, help="Premier jour.")],
    unit: Annotated[str, typer.Option("--unit", help="Nom d’une unité ; tout l’établissement sinon.")] = "",
    role: RoleHeld = "",
    finess: House = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Change la fonction de quelqu’un à partir d’un jour : l’ancienne finit la veille."""
    connect()
    from jalon.setup import accounts

    with inside(body):
        held = _one_held(_somebody(email), role, finess)
        _, group = _place(held.establishment.finess, unit)
        day = since.date()
        told = _said(accounts.change_function(membership=held, role=to, unit=group, since=day, by=None))
    answer(told, [f"{email} : {told['role']} à partir du {told['from']}."], as_json=as_json)


def _somebody(email: str) -> "Professional":
    """Who has this address in this managing body, gone or not."""
    from jalon.staff.models import Professional

    one = Professional.objects.filter(account__email__iexact=email).select_related("account").first()
    if one is None:
        raise DomainError(
            "Ce compte n’est celui de personne ici. Vérifiez l’adresse.", code="unknown_account"
        )
    return one


def _held(one: "Professional") -> Any:
    from jalon.staff.models import Membership

    return Membership.objects.filter(professional=one).select_related("establishment", "unit")


def _one_held(one: "Professional", role: str, finess: str) -> "Membership":
    """The membership meant, among those that no day ends yet."""
    held = _held(one).filter(ends_on__isnull=True)
    held = held.filter(role=role) if role else held
    held = held.filter(establishment__finess=finess) if finess else held
    found: list[Membership] = list(held[:2])
    if len(found) != 1:
        problem = (
            "Plusieurs affectations : dites laquelle avec --role et --establishment."
            if found
            else "Aucune affectation en cours ne va avec cela. `jalon account show` les dit."
        )
        raise DomainError(problem, code="which_membership")
    return found[0]


def _said(one: "Membership") -> dict[str, Any]:
    return {
        "role": one.role,
        "establishment": one.establishment.finess,
        "unit": one.unit.name if one.unit else None,
        "from": one.starts_on.isoformat(),
        "to": one.ends_on.isoformat() if one.ends_on else None,
    }


def _check_address(email: str) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError(
            f"« {email} » n’est pas une adresse électronique.", code="not_an_address"
        ) from error


def _known(email: str) -> bool:
    from jalon.staff.models import Account

    return Account.objects.filter(email__iexact=email, is_active=True).exists()


def _place(finess: str, unit: str) -> tuple[Any, Any]:
    from jalon.organizations.models import Establishment, Unit

    house = Establishment.objects.filter(finess=finess).first()
    if house is None:
        raise DomainError("Cet établissement n’est pas déclaré. Chargez-le d’abord.", code="unknown_finess")
    group = Unit.objects.filter(establishment=house, name=unit).first() if unit else None
    if unit and group is None:
        raise DomainError("Cette unité n’est pas de cet établissement.", code="unknown_unit")
    return house, group
