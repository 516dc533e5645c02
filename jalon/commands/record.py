"""`jalon record find`, `show` and `identify`: a record read, and its identity established, by command."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from jalon.commands.asking import By, Desk, RecordId, acting, at_record, shown
from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.core.errors import DomainError
from jalon.staff.rules import Permission, classes_read

app = typer.Typer(help="Dossiers.", no_args_is_help=True)
NOTES = 10
REFUSED = {"traits_differ", "ins_already_known", "doubtful_identity"}  # INSi answered, and we do not attach


@app.command("find")
def find(
    by: By,
    words: Annotated[str, typer.Argument(help="Nom ou prénom ; tout le monde sinon.")] = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Liste les dossiers ouverts à ce compte."""
    connect()
    from django.utils import timezone

    from jalon.records.models import Record
    from jalon.records.search import found

    with inside(body):
        actor = acting(by)
        today = actor.moment(timezone.now()).today
        visible = Record.objects.visible_to(actor, permission=Permission.LIST_RECORDS, today=today)
        records = list(found(visible, words).records if words else visible.with_identity().in_french_order())
        shown(actor.professional, "record find", [one.pk for one in records])
    told = [
        {"id": one.pk, "person": str(one.person), "establishment": one.establishment.name} for one in records
    ]
    lines = [f"{one['id']}  {one['person']}, {one['establishment']}" for one in told]
    answer(told, lines or ["Personne ne correspond."], as_json=as_json)


@app.command("show")
def show(record: RecordId, by: By, body: Body = "", as_json: AsJson = False) -> None:
    """Montre un dossier : identité, séjours, entourage, projet, documents et envois, transmissions."""
    with at_record(record, by, Permission.OPEN_RECORD, command="record show", body=body) as desk:
        told = _told(desk)
    answer(told, list(_sentences(told)), as_json=as_json)


def _told(desk: Desk) -> dict[str, Any]:
    """What this professional may read of the record."""
    from jalon.people.queries import vigilances_of

    record, person = desk.record, desk.record.person
    return {
        "id": record.pk,
        "person": {"name": str(person), "birth": person.birth_date, "key": person.key},
        "identity": _status(person),
        "vigilances": [
            one.text
            for one in vigilances_of([person.pk] if desk.may(Permission.READ_DAILY) else [])[person.pk]
        ],
        "establishment": record.establishment.name,
        "stays": [{"from": one.starts_on, "to": one.ends_on} for one in record.stays.order_by("starts_on")],
        "contacts": [str(one) for one in person.contacts.all()],
        "plan": _plan(record) if desk.may(Permission.READ_PLAN) else None,
        "documents": _documents(desk) if desk.may(Permission.READ_DOCUMENTS) else [],
        "notes": _notes(desk) if desk.may(Permission.READ_NOTES) else [],
    }


def _plan(record: Any) -> dict[str, Any] | None:
    from jalon.plans.queries import current_plan

    plan = current_plan(record.pk)
    if plan is None:
        return None
    return {
        "title": plan.title,
        "status": plan.get_status_display(),
        "expectations": [one.description for one in plan.expectations.all()],
        "goals": [{"title": one.title, "status": one.get_status_display()} for one in plan.goals.all()],
        "versions": plan.versions.count(),
    }


def _documents(desk: Desk) -> list[dict[str, Any]]:
    from jalon.documents.models import Document
    from jalon.documents.queries import of_classes
    from jalon.exchange.outbox.routes import label
    from jalon.exchange.queries import deliveries_of

    mine = Document.objects.filter(of_classes(classes_read(desk.permissions)), record=desk.record)
    documents = list(mine.order_by("written_at"))
    zone = desk.moment.zone
    sent = deliveries_of([one.pk for one in documents])
    return [
        {
            "title": one.title,
            "written_at": one.written_at.astimezone(zone),
            "dated": one.dated,
            "deliveries": [
                {"to": label(each.destination), "state": each.get_state_display(), "label": each.label}
                for each in sent.get(one.pk, [])
            ],
        }
        for one in documents
    ]


def _notes(desk: Desk) -> list[dict[str, Any]]:
    from jalon.care.queries import thread
    from jalon.care.rules import families_of

    families, zone = families_of(classes_read(desk.permissions)), desk.moment.zone
    return [
        {
            "at": one["written_at"].astimezone(zone),
            "author": one["author__last_name"],
            "text": one["text"] or one["data"],
        }
        for one in thread(desk.record.pk, families=families, limit=NOTES)
    ]


def _sentences(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['person']['name']}, {told['establishment']} ; identité {told['identity']}"
    yield from (f"À savoir : {one}" for one in told["vigilances"])
    yield from (f"Séjour du {one['from']} au {one['to'] or '…'}" for one in told["stays"])
    if told["contacts"]:
        yield f"Entourage : {', '.join(told['contacts'])}"
    if told["plan"]:
        plan = told["plan"]
        yield f"{plan['title']}, {plan['status']}, {plan['versions']} version(s) signée(s)"
        yield from (f"  Objectif : {one['title']} ({one['status']})" for one in plan["goals"])
    for document in told["documents"]:
        yield f"Document : {document['title']}"
        for one in document["deliveries"]:
            yield "  " + ", ".join(filter(None, (f"{one['to']} : {one['state']}", one["label"])))
    yield from (f"{one['at']:%d/%m %H:%M} {one['author']} : {one['text']}" for one in told["notes"])


@app.command("identify")
def identify(
    record: RecordId,
    by: By,
    proof: Annotated[str, typer.Option("--proof", help="Pièce vue, par son code ; vide sinon.")] = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Demande l’INS à INSi, et note la pièce vue : qualifiée quand les deux y sont (SC.INS/va1.40)."""
    with at_record(record, by, Permission.QUALIFY_IDENTITY, command="record identify", body=body) as desk:
        asked, managing_body = _asked(desk, proof)
    told = _answered(managing_body, asked)
    answer(told, [told["message"], f"Identité {told['identity']}."], as_json=as_json)


def _asked(desk: Desk, proof: str) -> tuple[Any, Any]:
    from jalon.db.tenant import current_tenant
    from jalon.exchange.identity.asking import ask
    from jalon.people.actions import prove_identity

    person = desk.record.person
    if proof:
        prove_identity(person=person, proof=proof, by=desk.by, today=desk.moment.today)
    return ask(person=person, by=desk.by, now=desk.moment.now), current_tenant()


def _answered(managing_body: Any, asked: Any) -> dict[str, Any]:
    """Answered here, as the worker does for the screens: outside any transaction. What failed is refused."""
    from jalon.db.tenant import tenant
    from jalon.exchange.identity.answering import answer as ask_insi
    from jalon.exchange.models import LookUpState

    ask_insi(managing_body, asked.pk)
    with tenant(managing_body):
        asked.refresh_from_db()
        asked.person.refresh_from_db()
    if asked.state == LookUpState.FAILED or asked.outcome in REFUSED:
        raise DomainError(asked.message, code=asked.outcome)
    return {
        "attached": asked.attached, "message": asked.message, "identity": _status(asked.person)
    }  # fmt: skip


def _status(person: Any) -> str:
    from jalon.people.models import IdentityStatus

    return str(IdentityStatus(person.identity_status).label)
