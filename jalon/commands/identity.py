"""`jalon ins check` and `jalon insi search`: a matricule's key, and the national identity service."""

import datetime as dt
import sys
import uuid
from typing import Annotated, Any, NoReturn, get_args

import typer

from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.core.dates import PartialDate
from jalon.core.errors import DomainError, GatewayError
from jalon.core.identifiers import compact, display_ins, ins_key, parse_ins
from jalon.core.identity import Sex, Traits
from jalon.gateways.common.trace import Tape
from jalon.gateways.insi.client import Client
from jalon.gateways.insi.messages import (
    Ambiguous,
    Answer,
    Attempt,
    Found,
    NotFound,
    Unusable,
    first_attempt,
    next_attempt,
)

ins = typer.Typer(help="Matricules INS.", no_args_is_help=True)
insi = typer.Typer(help="Téléservice INSi.", no_args_is_help=True)
CODES = {Found: "00", Unusable: "00", NotFound: "01", Ambiguous: "02"}


@ins.command("check")
def check(
    matricule: Annotated[str, typer.Argument(help="15 caractères, espaces admis.")],
    as_json: AsJson = False,
) -> None:
    """Dit si la clé d’un matricule est juste, quelle que soit l’autorité qui l’a donné."""
    told: dict[str, Any] = {"matricule": compact(matricule), "valid": True, "message": ""}
    try:
        told["matricule"] = parse_ins(matricule)
    except DomainError as refusal:
        told |= {"valid": False, "message": refusal.message, **_right_key(told["matricule"])}
        _refuse(told, as_json=as_json)
    answer(told, [f"{display_ins(told['matricule'])} : la clé est juste."], as_json=as_json)


def _right_key(matricule: str) -> dict[str, str]:
    """The key these 13 characters call for: it tells a slip of the key from a slip elsewhere."""
    try:
        return {"expected_key": ins_key(matricule[:13])}
    except DomainError:
        return {}


@insi.command("search")
def search(
    birth_name: Annotated[str, typer.Option("--birth-name", help="Nom de naissance.")],
    first_name: Annotated[str, typer.Option("--first-name", help="Premier prénom de naissance.")],
    sex: Annotated[str, typer.Option("--sex", help="M, F ou U.")],
    birth_date: Annotated[str, typer.Option("--birth-date", help="AAAA-MM-JJ ou JJ/MM/AAAA.")],
    birth_place: Annotated[str, typer.Option("--birth-place", help="Code INSEE du lieu.")] = "",
    birth_first_names: Annotated[
        str, typer.Option("--birth-first-names", help="Tous les prénoms, séparés par des espaces.")
    ] = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Demande un matricule à INSi. La question et la réponse sont gardées (SC.INS/va1.38)."""
    traits = _traits(birth_name, first_name, birth_first_names or first_name, sex, birth_date, birth_place)
    connect()
    found = _ask(traits, body)
    told = {"code": CODES[type(found)], **_identity(found)}
    if not isinstance(found, Found):
        _refuse({**told, "message": _why(found)}, as_json=as_json)
    answer(told, _sentences(found), as_json=as_json)


def _traits(name: str, first: str, firsts: str, sex: str, born: str, place: str) -> Traits:
    known = next((one for one in get_args(Sex) if one == sex.upper()), None)
    if known is None:
        raise typer.BadParameter("le sexe est M, F ou U")
    day = PartialDate.parse(born)
    return Traits(name, first, firsts, known, day.completed(), place, day.precision)


def _ask(traits: Traits, body: str) -> Answer:
    """Ask, more precisely when INSi finds several people. A guess is for a person to accept: none is sent."""
    from jalon.exchange import clients

    tape = Tape()
    client = clients.insi(tape)
    if client is None:
        raise DomainError("INSi n’est pas connecté : réglez JALON_INSI_URL.", code="insi_not_connected")
    attempt: Attempt | None = first_attempt(traits)
    found: Answer = NotFound()
    while attempt is not None and not attempt.guess:
        found = _ask_once(client, tape, attempt, body)
        attempt = next_attempt(attempt, found)
    return found


def _ask_once(client: Client, tape: Tape, attempt: Attempt, body: str) -> Answer:
    """One search; what went over the wire is kept, whatever came of it."""
    from jalon.exchange.identity.calls import OUTCOMES, keep_calls

    outcome, now = "unreachable", dt.datetime.now(dt.UTC)
    try:
        found = client.search(attempt, message_id=uuid.uuid4(), now=now, sender="automate")
        outcome = OUTCOMES[type(found)]
    except GatewayError as error:
        outcome = type(error).__name__.lower()
        raise
    finally:
        with inside(body):
            keep_calls(tape, service="insi", outcome=outcome, person=None, by=None)
    return found


def _identity(found: Answer) -> dict[str, Any]:
    if not isinstance(found, Found):
        return {}
    return {
        "matricule": found.ins.matricule,
        "oid": found.ins.oid,
        "birth_name": found.traits.birth_name,
        "first_name": found.traits.first_name,
        "birth_first_names": found.traits.birth_first_names,
        "sex": found.traits.sex,
        "birth_date": found.traits.birth_date.isoformat(),
        "birthplace": found.traits.birth_place,
        "history": [{"matricule": past.ins.matricule, "oid": past.ins.oid} for past in found.history],
        "key_is_wrong": found.key_is_wrong,
    }


def _why(found: Answer) -> str:
    from jalon.exchange.identity.calls import SAYS

    return found.message if isinstance(found, Unusable) else SAYS[type(found)]


def _sentences(found: Found) -> list[str]:
    who = found.traits
    return [
        f"INSi répond 00 : {who.birth_name} {who.birth_first_names}, sexe {who.sex}, "
        f"naissance {who.birth_date.isoformat()} ({who.birth_place or 'lieu non dit'})",
        f"Matricule {display_ins(found.ins.matricule)}, autorité {found.ins.oid}",
        *(["La clé de ce matricule n’est pas celle attendue."] if found.key_is_wrong else []),
    ]


def _refuse(told: dict[str, Any], *, as_json: bool) -> NoReturn:
    """The reason on the error output, the facts for programs, exit 1."""
    if as_json:
        answer(told, [], as_json=True)
    code = f" ({told['code']})" if told.get("code") else ""
    print(f"{told['message']}{code}", file=sys.stderr)
    raise SystemExit(1)
