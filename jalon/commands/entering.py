"""`jalon account invite`, `confirm`, `cancel`: a first sign-in, by whoever keeps the machine."""

from collections.abc import Callable
from typing import Annotated

import typer

from jalon.commands.colleagues import Email, check_address, place_of, somebody
from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.core.errors import DomainError


def invite(
    email: Email,
    first_name: Annotated[str, typer.Option("--first-name", help="Prénom.")] = "",
    last_name: Annotated[str, typer.Option("--last-name", help="Nom.")] = "",
    role: Annotated[str, typer.Option("--role", help="Rôle : educator, nurse, director…")] = "",
    finess: Annotated[str, typer.Option("--establishment", help="FINESS de l’établissement.")] = "",
    unit: Annotated[str, typer.Option("--unit", help="Nom d’une unité ; tout l’établissement sinon.")] = "",
    rpps: Annotated[str, typer.Option("--rpps", help="RPPS, pour Pro Santé Connect.")] = "",
    known: Annotated[
        bool, typer.Option("--known", help="C’est bien la personne qui a déjà cette adresse ou ce RPPS.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Un autre lien, pour qui n’est pas entré.")] = False,
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Donne un lien qui sert une fois, à qui vient travailler ici."""
    connect()
    from django.utils import timezone

    from jalon.organizations.queries import moment_at
    from jalon.setup import invitations
    from jalon.setup.accounts import Work
    from jalon.staff.actions import Newcomer

    check_address(email)
    now = timezone.now()
    with inside(body):
        if again:
            made = invitations.invite_again(professional=somebody(email), by=None, now=now)
        else:
            house, group = place_of(finess, unit)
            who = Newcomer(email, first_name, last_name, rpps)
            work = Work(role, house, group, moment_at(house, now).today)
            made = invitations.invite(who=who, work=work, known=known, by=None, now=now)
    said = "Un courriel part." if made.mailed else "Ce compte entre déjà, par ses moyens."
    said = f"Lien, montré une fois : {made.link}" if made.link else said
    answer(
        {"email": email, "link": made.link or None}, [f"{email} : invitation prête.", said], as_json=as_json
    )


def confirm(
    email: Email,
    code: Annotated[str, typer.Option("--code", help="Code que montre son écran, dit de vive voix.")],
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Reconnaît la personne qui a suivi l’invitation : son accès s’ouvre."""
    connect()
    from jalon.setup import invitations

    with inside(body):
        one = somebody(email)
        refusal = _refusal(lambda: invitations.confirm(professional=one, code=code, by=None))
    if refusal:
        raise refusal
    answer({"email": email, "confirmed": True}, [f"{email} : accès ouvert."], as_json=as_json)


def _refusal(gesture: Callable[[], None]) -> DomainError | None:
    """What refuses it, once its transaction is over: its trace stays."""
    try:
        gesture()
    except DomainError as refusal:
        return refusal
    return None


def cancel(email: Email, body: Body = "", as_json: AsJson = False) -> None:
    """Annule une invitation : le lien, et ce qu’il a servi à choisir, n’ouvrent plus rien."""
    connect()
    from jalon.setup import invitations

    with inside(body):
        invitations.cancel(professional=somebody(email), by=None)
    answer({"email": email, "cancelled": True}, [f"{email} : invitation annulée."], as_json=as_json)
