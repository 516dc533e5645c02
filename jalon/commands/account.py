"""`jalon account`: the first accounts of a site, which no screen can give, and what becomes of each."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from jalon.commands.colleagues import (
    Email,
    check_address,
    day_of,
    held_by,
    is_known,
    one_held,
    place_of,
    said_of,
    somebody,
)
from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.commands.entering import cancel, confirm, invite
from jalon.commands.staff_list import bring_in

if TYPE_CHECKING:
    from jalon.staff.models import Membership

RoleHeld = Annotated[str, typer.Option("--role", help="Rôle tenu, s’il y en a plusieurs.")]
House = Annotated[str, typer.Option("--establishment", help="FINESS, s’il travaille à plusieurs endroits.")]

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
    from jalon.staff.passwords import spoken

    check_address(email)
    password = spoken()
    with inside(body):
        existed = is_known(email)
        house, group = place_of(finess, unit)
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
        one = somebody(email)
        rows = [said_of(held) for held in held_by(one).order_by("starts_on", "pk")]
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
        closed = accounts.leave(professional=somebody(email), today=today, by=None)
    said = "Compte fermé." if closed else "Son compte reste ouvert dans un autre organisme."
    answer({"email": email, "account_closed": closed}, [f"{email} : départ noté. {said}"], as_json=as_json)


@app.command("reset")
def reset(email: Email, body: Body = "", as_json: AsJson = False) -> None:
    """Rend l’accès à qui a perdu son mot de passe ou son facteur : un mot de passe, montré une fois."""
    connect()
    from jalon.setup import accounts
    from jalon.staff.passwords import spoken

    password = spoken()
    with inside(body):
        accounts.recover(professional=somebody(email), password=password, by=None)
    said = "Ses sessions et ses seconds facteurs n’ouvrent plus rien ; il en enregistre un autre en entrant."
    answer({"email": email, "password": password}, [f"Mot de passe : {password}", said], as_json=as_json)


@app.command("end")
def end(
    email: Email,
    on: Annotated[str, typer.Option("--on", metavar="AAAA-MM-JJ", help="Dernier jour, compris.")],
    role: RoleHeld = "",
    finess: House = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Dit le dernier jour d’une affectation."""
    with _held(email, role, finess, body) as held:
        from jalon.setup import accounts

        told = said_of(accounts.end_membership(membership=held, ends_on=day_of(on), by=None))
    answer(told, [f"{email} : {told['role']} jusqu’au {told['to']}."], as_json=as_json)


@app.command("change")
def change(
    email: Email,
    to: Annotated[str, typer.Option("--to", help="Nouveau rôle.")],
    since: Annotated[str, typer.Option("--since", metavar="AAAA-MM-JJ", help="Premier jour.")],
    unit: Annotated[str, typer.Option("--unit", help="Nom d’une unité ; tout l’établissement sinon.")] = "",
    role: RoleHeld = "",
    finess: House = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Change la fonction de quelqu’un à partir d’un jour : l’ancienne finit la veille."""
    with _held(email, role, finess, body) as held:
        from jalon.setup import accounts

        _, group = place_of(held.establishment.finess, unit)
        day = day_of(since)
        told = said_of(accounts.change_function(membership=held, role=to, unit=group, since=day, by=None))
    answer(told, [f"{email} : {told['role']} à partir du {told['from']}."], as_json=as_json)


app.command("invite")(invite)
app.command("confirm")(confirm)
app.command("cancel")(cancel)
app.command("import")(bring_in)


@contextlib.contextmanager
def _held(email: str, role: str, finess: str, body: str) -> "Iterator[Membership]":
    """One transaction, on the membership meant."""
    connect()
    with inside(body):
        yield one_held(somebody(email), role, finess)
