"""What the commands on accounts share: who is meant, where, and what is said of a function."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jalon.core.errors import DomainError

if TYPE_CHECKING:
    from jalon.staff.models import Membership, Professional

Email = Annotated[str, typer.Argument(help="Adresse du compte.")]


def somebody(email: str) -> "Professional":
    """Who has this address in this managing body, gone or not."""
    from jalon.staff.models import Professional

    one = Professional.objects.filter(account__email__iexact=email).select_related("account").first()
    if one is None:
        raise DomainError(
            "Ce compte n’est celui de personne ici. Vérifiez l’adresse.", code="unknown_account"
        )
    return one


def held_by(one: "Professional") -> Any:
    from jalon.staff.models import Membership

    return Membership.objects.filter(professional=one).select_related("establishment", "unit")


def one_held(one: "Professional", role: str, finess: str) -> "Membership":
    """The membership meant, among those that no day ends yet."""
    held = held_by(one).filter(ends_on__isnull=True)
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


def said_of(one: "Membership") -> dict[str, Any]:
    return {
        "role": one.role,
        "establishment": one.establishment.finess,
        "unit": one.unit.name if one.unit else None,
        "from": one.starts_on.isoformat(),
        "to": one.ends_on.isoformat() if one.ends_on else None,
    }


def day_of(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise DomainError(
            f"« {text} » n’est pas un jour. Écrivez-le AAAA-MM-JJ.", code="not_a_day"
        ) from error


def check_address(email: str) -> None:
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(email)
    except ValidationError as error:
        raise DomainError(
            f"« {email} » n’est pas une adresse électronique.", code="not_an_address"
        ) from error


def is_known(email: str) -> bool:
    from jalon.staff.models import Account

    return Account.objects.filter(email__iexact=email, is_active=True).exists()


def place_of(finess: str, unit: str) -> tuple[Any, Any]:
    from jalon.organizations.models import Establishment, Unit

    house = Establishment.objects.filter(finess=finess).first()
    if house is None:
        raise DomainError("Cet établissement n’est pas déclaré. Chargez-le d’abord.", code="unknown_finess")
    group = Unit.objects.filter(establishment=house, name=unit).first() if unit else None
    if unit and group is None:
        raise DomainError("Cette unité n’est pas de cet établissement.", code="unknown_unit")
    return house, group
