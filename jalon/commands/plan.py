"""`jalon plan write`, `sign` and `publish`: a personalised project from a file, signed, then published."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jalon.commands.asking import By, Desk, RecordId, at_record
from jalon.commands.context import AsJson, Body, answer
from jalon.commands.plan_file import read, written
from jalon.core.errors import DomainError
from jalon.staff.rules import Permission

if TYPE_CHECKING:
    from jalon.plans.models import PersonalPlan

app = typer.Typer(help="Projets personnalisés.", no_args_is_help=True)


@app.command("write")
def write(
    record: RecordId,
    file: Annotated[Path, typer.Argument(help="JSON : title, expectations, needs, goals, agreement.")],
    by: By,
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Écrit un projet : attentes, besoins, objectifs et leurs actions, accord. Tout entre, ou rien."""
    told = read(file)
    with at_record(record, by, Permission.WRITE_PLAN, command="plan write", body=body) as desk:
        plan = written(desk, told)
        counts = {name: getattr(plan, name).count() for name in ("expectations", "needs", "goals", "actions")}
    lines = [f"{plan.title} : {counts['goals']} objectif(s), {counts['actions']} action(s)."]
    answer({"plan": plan.pk, "key": plan.key, **counts}, lines, as_json=as_json)


@app.command("sign")
def sign(record: RecordId, by: By, body: Body = "", as_json: AsJson = False) -> None:
    """Signe le projet et classe son document. Rien ne part : `jalon plan publish` demande les envois."""
    with at_record(record, by, Permission.SIGN_PLAN, command="plan sign", body=body) as desk:
        told = _signed(desk)
    lines = [f"Version {told['version']} signée. Rien n’est encore parti."]
    answer(told, lines, as_json=as_json)


@app.command("publish")
def publish(
    record: RecordId,
    by: By,
    to: Annotated[list[str] | None, typer.Option(help="dmp, citizen_mail ; les deux par défaut.")] = None,
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Publie la dernière version signée ; `jalon worker --once` fait partir ce qui est demandé."""
    with at_record(record, by, Permission.SEND_DOCUMENT, command="plan publish", body=body) as desk:
        told = _published(desk, to or [])
    lines = [f"{one['to']} : {one['state']}" for one in told["deliveries"]]
    answer(told, lines, as_json=as_json)


def _plan(desk: Desk) -> "PersonalPlan":
    from jalon.plans.queries import current_plan

    plan = current_plan(desk.record.pk)
    if plan is None:
        raise DomainError("Ce dossier n’a pas de projet. Écrivez-le avant de le signer.", code="no_plan")
    return plan


def _signed(desk: Desk) -> dict[str, Any]:
    from django.utils import timezone

    from jalon.exchange.outbox.publish import sign
    from jalon.exchange.queries import documents_of

    plan = _plan(desk)
    version = sign(plan=plan, by=desk.by, now=timezone.now())
    return {
        "version": version.number,
        "document": documents_of(plan.record_id, plan.pk)[version.number].pk,
    }


def _published(desk: Desk, to: list[str]) -> dict[str, Any]:
    from django.utils import timezone

    from jalon.exchange.outbox.publish import publish
    from jalon.exchange.outbox.routes import label, routes
    from jalon.exchange.queries import documents_of

    plan = _plan(desk)
    documents = documents_of(plan.record_id, plan.pk)
    if not documents:
        raise DomainError("Ce projet n’est pas signé. Signez-le avant de le publier.", code="plan_not_signed")
    document = documents[max(documents)]
    asked = publish(document=document, to=to or list(routes()), by=desk.by, now=timezone.now())
    return {
        "document": document.pk,
        "deliveries": [{"to": label(one.destination), "state": one.get_state_display()} for one in asked],
    }
