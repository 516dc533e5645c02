"""`jalon mail fetch`, `list` and `file`: the establishments' MSSanté boxes, by command."""

from typing import Annotated, Any

import typer

from jalon.commands.asking import By, RecordId, acting, at_record, identifier, shown
from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.core.errors import DomainError
from jalon.staff.rules import Permission

app = typer.Typer(help="Messagerie MSSanté.", no_args_is_help=True)


@app.command("fetch")
def fetch(body: Body = "", as_json: AsJson = False) -> None:
    """Relève les boîtes des établissements ; ce qui s’attribue sûrement est classé, le reste attend."""
    connect()
    from jalon.organizations.models import Establishment

    with inside(body) as managing_body:
        houses = list(Establishment.objects.exclude(mailbox="").order_by("finess"))
    told = {house.mailbox: _round(managing_body, house.pk) for house in houses}
    lines = [f"{box} : {one['failure'] or str(one['messages']) + ' message(s)'}" for box, one in told.items()]
    answer(told, lines or ["Aucun établissement n’a de boîte."], as_json=as_json)
    if any(one["failure"] for one in told.values()):
        raise typer.Exit(1)


@app.command("list")
def show(by: By, body: Body = "", as_json: AsJson = False) -> None:
    """Liste les messages des établissements où ce compte peut les rapprocher."""
    connect()
    with inside(body):
        actor = acting(by)
        received = list(_mine(actor).order_by("received_at"))
        shown(actor.professional, "mail list", _filed_in(received))
        messages = [
            {
                "id": one.pk,
                "received_at": one.received_at.astimezone(actor.houses[one.establishment_id].zone),
                "from": one.sender,
                "state": one.get_state_display(),
                "reason": one.reason,
            }
            for one in received
        ]
    lines = [
        f"{one['id']}  {one['received_at']:%d/%m %H:%M} {one['from']} : {one['state']}" for one in messages
    ]
    answer(messages, lines or ["Aucun message."], as_json=as_json)


@app.command("file")
def file(
    message: Annotated[str, typer.Argument(help="Identifiant d’un message.")],
    record: RecordId,
    by: By,
    reason: Annotated[str, typer.Option(help="Pourquoi, quand un trait diffère.")] = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Classe un message qui attend dans le dossier de la personne qu’il concerne."""
    wanted = identifier(message)
    with at_record(record, by, Permission.MATCH_RECEPTION, command="mail file", body=body) as desk:
        from django.utils import timezone

        from jalon.exchange.inbox.deciding import confirm_match

        reception = _mine(desk.actor).filter(pk=wanted).first()
        if reception is None:
            raise DomainError("Ce message n’est pas d’une boîte ouverte à ce compte.", code="no_message")
        now = timezone.now()
        filed = confirm_match(reception=reception, record=desk.record, by=desk.by, now=now, reason=reason)
        told = {"id": filed.pk, "state": filed.get_state_display()}
    answer(told, ["Le document est classé."], as_json=as_json)


@app.command("replay")
def replay(
    message: Annotated[str, typer.Argument(help="Identifiant d’un message mis de côté.")],
    by: By,
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Relit, tel qu’il est arrivé, un message que le logiciel n’avait pas su lire."""
    wanted = identifier(message)
    connect()
    with inside(body):
        from django.utils import timezone

        from jalon.exchange.inbox import replaying

        actor = acting(by)
        reception = _mine(actor).filter(pk=wanted).first()
        if reception is None:
            raise DomainError("Ce message n’est pas d’une boîte ouverte à ce compte.", code="no_message")
        read = replaying.replay(reception=reception, by=actor.professional, now=timezone.now())
        told = {"id": read.pk, "state": read.get_state_display(), "reason": read.reason}
    answer(told, [f"{told['state']}. {told['reason']}"], as_json=as_json)


def _round(managing_body: Any, establishment_id: Any) -> dict[str, Any]:
    """What a mailbox gave, or why it gives nothing: the others have their turn all the same."""
    from jalon.exchange.inbox import rounds

    try:
        return {"messages": _all_of(managing_body, establishment_id), "failure": ""}
    except Exception as error:  # whatever it is, of this mailbox alone: it is said at the end
        return {"messages": 0, "failure": rounds.words(error)}


def _all_of(managing_body: Any, establishment_id: Any) -> int:
    """Run after run, until the mailbox is empty."""
    from django.utils import timezone

    from jalon.exchange.inbox import fetching

    count = 0
    while (taken := fetching.fetch(managing_body, establishment_id, timezone.now())) == fetching.BATCH:
        count += taken
    return count + taken


def _filed_in(receptions: list[Any]) -> Any:
    """The records that these messages were filed in."""
    from jalon.exchange.models import ReceivedDocument

    filed = ReceivedDocument.objects.filter(reception__in=receptions)
    return filed.values_list("document__record_id", flat=True)


def _mine(actor: Any) -> Any:
    from jalon.exchange.models import Reception

    places = actor.places_with(Permission.MATCH_RECEPTION)
    return Reception.objects.filter(establishment_id__in={place.establishment_id for place in places})
