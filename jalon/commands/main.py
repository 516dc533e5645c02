"""The `jalon` command. Each part is a plain function; exits 0 done, 1 refused, 2 misuse."""

import sys

import typer

from jalon.commands import account, cda_build, documents, house, identity, mail, parts, plan, record, tddui
from jalon.commands.bench import bench
from jalon.commands.demo.run import demo
from jalon.commands.sandbox import sandbox
from jalon.core.errors import DomainError, GatewayError

app = typer.Typer(
    name="jalon",
    help="Jalon, le dossier usager informatisé ouvert.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
parts.register(app)
app.command()(demo)
app.command()(sandbox)
app.command()(house.indicators)
app.command()(bench)
app.add_typer(house.establishment, name="establishment")
app.add_typer(account.app, name="account")
app.add_typer(house.audit, name="audit")
app.add_typer(tddui.app, name="tddui")
app.add_typer(record.app, name="record")
app.add_typer(plan.app, name="plan")
app.add_typer(mail.app, name="mail")
documents.cda.command("build")(cda_build.build)
app.add_typer(documents.cda, name="cda")
app.add_typer(documents.xdm, name="xdm")
app.add_typer(identity.ins, name="ins")
app.add_typer(identity.insi, name="insi")


def main() -> None:
    """Entry point: a refusal is one line a problem on the error output and exit 1, never a traceback."""
    try:
        app()
    except (DomainError, GatewayError) as refusal:
        for problem in getattr(refusal, "problems", ()) or (refusal,):
            print(problem, file=sys.stderr)
        raise SystemExit(1) from refusal
