"""`jalon account add`: the first accounts of a site, which no screen can give."""

import secrets
from typing import Annotated, Any

import typer

from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.core.errors import DomainError

app = typer.Typer(help="Comptes des professionnels.", no_args_is_help=True)


@app.command("add")
def add(
    email: Annotated[str, typer.Argument(help="Adresse du compte.")],
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

    return Account.objects.filter(email__iexact=email).exists()


def _place(finess: str, unit: str) -> tuple[Any, Any]:
    from jalon.organizations.models import Establishment, Unit

    house = Establishment.objects.filter(finess=finess).first()
    if house is None:
        raise DomainError("Cet établissement n’est pas déclaré. Chargez-le d’abord.", code="unknown_finess")
    group = Unit.objects.filter(establishment=house, name=unit).first() if unit else None
    if unit and group is None:
        raise DomainError("Cette unité n’est pas de cet établissement.", code="unknown_unit")
    return house, group
