"""Commands on the house itself: establishments, traces."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from jalon.commands.context import AsJson, Body, answer, connect, inside, read_file

establishment = typer.Typer(help="Organismes, établissements, unités.", no_args_is_help=True)
audit = typer.Typer(help="Traces d’accès.", no_args_is_help=True)
COLUMNS = ("body_finess", "body_name", "finess", "name", "category", "unit")
OPTIONAL = ("sector", "address_line", "postal_code", "city", "phone", "mailbox")


@establishment.command("add")
def add(
    file: Annotated[Path, typer.Argument(help=f"CSV : {', '.join(COLUMNS + OPTIONAL)}.")],
    as_json: AsJson = False,
) -> None:
    """Charge des organismes, leurs établissements (FINESS) et leurs unités ; recharger ne double rien."""
    rows = list(csv.DictReader(read_file(file).decode("utf-8-sig").splitlines()))
    connect()
    from django.db import transaction

    with transaction.atomic():
        count = sum(_add(number, row) for number, row in enumerate(rows, start=2))
    answer({"rows": count}, [f"{count} ligne(s) lue(s)."], as_json=as_json)


def _add(number: int, row: dict[str, str]) -> int:
    from jalon.core.errors import DomainError
    from jalon.core.identifiers import Finess
    from jalon.db.tenant import tenant
    from jalon.organizations.models import Establishment, ManagingBody, Unit

    if missing := [name for name in COLUMNS[:4] if not (row.get(name) or "").strip()]:
        raise DomainError(
            f"Il manque : {', '.join(missing)}.", code="row_incomplete", place=f"ligne {number}"
        )
    try:
        finess, body_finess = Finess.parse(row["finess"]).number, Finess.parse(row["body_finess"]).number
    except DomainError as error:
        raise DomainError(error.message, code=error.code, place=f"ligne {number}") from error
    body, _ = ManagingBody.objects.get_or_create(finess=body_finess, defaults={"name": row["body_name"]})
    with tenant(body.pk):
        fields = {"name": row["name"], "category": row.get("category") or ""}
        # A column that is left out leaves what is known as it is.
        fields |= {name: value.strip() for name in OPTIONAL if (value := row.get(name)) and value.strip()}
        house, _ = Establishment.objects.update_or_create(finess=finess, defaults=fields)
        if unit := (row.get("unit") or "").strip():
            Unit.objects.get_or_create(establishment=house, name=unit)
    return 1


@audit.command("verify")
def verify(body: Body = "", as_json: AsJson = False) -> None:
    """Dit si la chaîne des accès est entière, ou où elle se rompt."""
    connect()
    from django.conf import settings

    from jalon.audit.queries import heads_kept, unsealed, verify_chain

    with inside(body) as body_id:
        problem = verify_chain(heads_kept(settings.SEAL_FILE, body_id))
        waiting = unsealed().count()
    line = problem or f"La chaîne des accès est entière ; {waiting} accès à sceller dans la minute."
    answer({"whole": problem is None, "problem": problem, "unsealed": waiting}, [line], as_json=as_json)
    raise SystemExit(1 if problem else 0)
