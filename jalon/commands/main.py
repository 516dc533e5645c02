"""The `jalon` command. Each part is a plain function; exits 0 done, 1 refused, 2 misuse."""

import io
import sys
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup

from jalon.core.errors import DomainError, GatewayError
from jalon.core.settings.reading import SettingsRefused

SANDBOX: Final = "jalon_sandbox"
"""Where the sandbox is when it is there: named, never imported by the product."""

COMMANDS: Final = {
    "migrate": "jalon.commands.parts:migrate",
    "check": "jalon.commands.parts:check",
    "upgrade": "jalon.commands.upgrade:upgrade",
    "news": "jalon.commands.upgrade:news",
    "backup": "jalon.commands.safety:backup",
    "restore": "jalon.commands.safety:restore",
    "support": "jalon.commands.support:support",
    "serve": "jalon.commands.parts:serve",
    "worker": "jalon.commands.parts:worker",
    "groups": "jalon.commands.groups:groups",
    "establishment": "jalon.commands.house:establishment",
    "account": "jalon.commands.account:app",
    "indicators": "jalon.commands.indicators:app",
    "audit": "jalon.commands.house:audit",
    "record": "jalon.commands.record:app",
    "plan": "jalon.commands.plan:app",
    "mail": "jalon.commands.mail:app",
    "tddui": "jalon.commands.tddui:app",
    "cda": "jalon.commands.cda_build:cda",
    "xdm": "jalon.commands.documents:xdm",
    "ins": "jalon.commands.identity:ins",
    "insi": "jalon.commands.identity:insi",
    "demo": f"{SANDBOX}.commands.demo:demo",
    "sandbox": f"{SANDBOX}.commands.sandbox:sandbox",
    "bench": f"{SANDBOX}.commands.bench:bench",
    "drill": f"{SANDBOX}.commands.drill:drill",
    "load": f"{SANDBOX}.commands.load:load",
}
"""Name of a command → what does it, `module:function` or `module:group`, imported when it is asked for."""

ANYTHING: Final = {"allow_extra_args": True, "ignore_unknown_options": True}


class Commands(TyperGroup):
    """The commands of the table, each imported when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return _made(cmd_name, COMMANDS[cmd_name]) if cmd_name in COMMANDS else None


def _made(name: str, target: str) -> Any:
    module, _, attribute = target.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        if not module.startswith(SANDBOX) or str(error.name).startswith("jalon."):
            raise
        return _single(name, _absent, context_settings=ANYTHING)
    return _single(name, found)


def _single(name: str, found: Any, **options: Any) -> Any:
    """This function, or this group, as a command."""
    around = typer.Typer(callback=_jalon, add_completion=False)
    if isinstance(found, typer.Typer):
        around.add_typer(found, name=name)
    else:
        around.command(name, **options)(found)
    whole: Any = typer.main.get_command(around)
    return whole.commands[name]


def _jalon() -> None:
    """Jalon, le dossier usager informatisé ouvert."""


def _absent() -> None:
    """Vient avec le bac à sable, qui n’est pas installé ici."""
    print(
        "Cette commande vient avec le bac à sable, qui n’est pas installé ici. Depuis les sources de Jalon : "
        "`make install`, ou `pip install -r requirements/sandbox.txt`.",
        file=sys.stderr,
    )
    raise SystemExit(2)


app = typer.Typer(
    name="jalon",
    cls=Commands,
    callback=_jalon,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Entry point: a refusal is one line a problem on the error output, never a traceback."""
    for stream in (sys.stdout, sys.stderr):  # a name is said as it can, on a terminal of another alphabet
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except (DomainError, GatewayError, SettingsRefused) as refusal:
        for problem in getattr(refusal, "problems", ()) or (refusal,):
            print(problem, file=sys.stderr)
        raise SystemExit(2 if isinstance(refusal, SettingsRefused) else 1) from refusal
