"""`jalon plan write` and `jalon plan sign`: a personalised project from a file, then signed and published."""

from pathlib import Path
from typing import Annotated, Any

import typer

from jalon.commands.asking import By, Desk, RecordId, at_record
from jalon.commands.context import AsJson, Body, answer
from jalon.commands.plan_file import read, written
from jalon.core.errors import DomainError
from jalon.staff.rules import Permission

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
    """Signe le projet, classe son document et demande ses envois ; `jalon worker --once` les fait partir."""
    with at_record(record, by, Permission.SIGN_PLAN, command="plan sign", body=body) as desk:
        told = _signed(desk)
    lines = [f"Version {told['version']} signée."]
    lines += [
        ", ".join(filter(None, (f"{one['to']} : {one['state']}", one["label"]))) for one in told["deliveries"]
    ]
    answer(told, lines, as_json=as_json)


def _signed(desk: Desk) -> dict[str, Any]:
    from django.utils import timezone

    from jalon.exchange.outbox.publish import sign_and_publish
    from jalon.exchange.outbox.routes import label
    from jalon.exchange.queries import deliveries_of, documents_of
    from jalon.plans.queries import current_plan

    plan = current_plan(desk.record.pk)
    if plan is None:
        raise DomainError("Ce dossier n’a pas de projet. Écrivez-le avant de le signer.", code="no_plan")
    version = sign_and_publish(plan=plan, by=desk.by, now=timezone.now())
    document = documents_of(plan.record_id, plan.pk)[version.number]
    sent = deliveries_of([document.pk])[document.pk]
    return {
        "version": version.number,
        "document": document.pk,
        "deliveries": [
            {"to": label(one.destination), "state": one.get_state_display(), "label": one.label}
            for one in sent
        ],
    }
