"""The base of a benchmark: a throw-away PostgreSQL with the demonstration, multiplied by SQL at will."""

import base64
import contextlib
import datetime as dt
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import typer

from jalon.commands.context import connect
from jalon.commands.django_setup import setup
from jalon_sandbox import embedded_postgres
from jalon_sandbox.bench.report import Options
from jalon_sandbox.embedded_postgres import Server
from jalon_sandbox.supervisor import House, stop_on_signals

DATABASE = "jalon_bench"
SIZES = {"small": 1, "large": 33}
NOTES_KEPT = 40  # what the summary page shows of a copied record
JALON = str(Path(sys.executable).with_name("jalon"))
LEAVE_INDEXES = "update pg_index set indisready = false, indisvalid = false where indrelid = %s::regclass"
KEPT = {
    "handovernote": "(select * from (select *, row_number() over latest r from {} window latest as "
    "(partition by record_id order by written_at desc)) ranked where r <= {})",
    "event": "(select * from {} where starts_at > now() - interval '8 days')",
}


@contextlib.contextmanager
def base(options: Options) -> Iterator[dict[str, Any]]:
    """Django on the base to measure, for the time of the block; gives what to say of that base."""
    if options.here:
        connect()
        yield {"base": "en place"}
        return
    if options.size not in SIZES:
        raise typer.BadParameter("la taille est « small » ou « large »")
    stop_on_signals()
    house = House()
    try:
        # `fast` leaves the disk out: a commit that waits for it would flatter every ratio.
        server = embedded_postgres.start(house, options.data / "pg", fast=True)
        fresh(server, options.data)
        _fill(server, SIZES[options.size], options.records)
        yield {"base": "jetable, fsync=off"}
    finally:
        house.close()


def fresh(server: Server, data: Path) -> None:
    """An empty database, migrated, and this process set on it as the application."""
    with server.connect() as superuser:
        superuser.execute(f'drop database if exists "{DATABASE}" with (force)')
    embedded_postgres.create_database(server, DATABASE)
    os.environ.update(
        {
            "JALON_MODE": "demo",
            "JALON_VAR": str(data),
            "JALON_SECRET_KEY": secrets.token_urlsafe(48),
            "JALON_KEYS": f"bench:{base64.b64encode(secrets.token_bytes(32)).decode()}",
            "JALON_HASH_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "DATABASE_URL": server.url(DATABASE),
            "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
        }
    )
    subprocess.run([JALON, "migrate"], check=True)  # noqa: S603  our own command, with the owner's role
    setup()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def _fill(server: Server, factor: int, records: int) -> None:
    from django.utils import timezone

    from jalon_sandbox.demo.build import build
    from jalon_sandbox.demo.population import population

    people = population(dt.date.today(), factor)  # noqa: DTZ011  the visitor's own day
    build(people, timezone.now(), lambda _: None)
    if records > len(people):
        multiply(server, -(-records // len(people)) - 1)
    with server.connect(DATABASE) as superuser:
        superuser.execute("vacuum analyze")


# --- many records ----------------------------------------------------------------------------------


def multiply(server: Server, copies: int) -> None:
    """Copy each person, record and what they hold `copies` times, in the same managing body.

    By the superuser of this throw-away server: neither history nor key checks, which a copy passes anyway,
    and indexes made again afterwards. All in one body: for policies and indexes, the least favorable place.
    """
    with server.connect(DATABASE) as superuser:
        superuser.execute("set session_replication_role = replica")
        for model in _copied():
            table = psycopg.sql.Identifier(model._meta.db_table)
            superuser.execute(LEAVE_INDEXES, [model._meta.db_table])
            superuser.execute(_copy_of(model), {"copies": copies})
            superuser.execute(psycopg.sql.SQL("reindex table {}").format(table))


def _copied() -> list[Any]:
    from jalon.agenda.models import Event
    from jalon.care.models import HandoverNote
    from jalon.people.models import Contact, Person, ProtectionMeasure, Vigilance
    from jalon.plans.models import Action, Agreement, Expectation, Goal, Need, PersonalPlan
    from jalon.records.models import Record, Stay

    around = [Person, Contact, Vigilance, ProtectionMeasure, Record, Stay, Event, HandoverNote]
    return [*around, PersonalPlan, Expectation, Need, Goal, Action, Agreement]


def _copy_of(model: Any) -> psycopg.sql.Composed:
    """INSERT … SELECT of every row `copies` times, identifiers and keys new, generated columns left out."""
    columns = [field for field in model._meta.concrete_fields if not field.generated]
    names = psycopg.sql.SQL(", ").join(psycopg.sql.Identifier(field.column) for field in columns)
    values = psycopg.sql.SQL(", ").join(_copied_value(field) for field in columns)
    query = "insert into {table} ({names}) select {values} from {rows} one, generate_series(1, %(copies)s) n"
    return psycopg.sql.SQL(query).format(
        table=psycopg.sql.Identifier(model._meta.db_table), names=names, values=values, rows=_rows(model)
    )


def _rows(model: Any) -> psycopg.sql.Composable:
    """What is copied: everything, but of notes and events only those that pages show first."""
    table = psycopg.sql.Identifier(model._meta.db_table)
    return psycopg.sql.SQL(KEPT.get(model._meta.model_name, "{}")).format(table, NOTES_KEPT)


def _copied_value(field: Any) -> psycopg.sql.Composed:
    """A new identifier keeps the head of the old one, its moment: rows stay where time puts them."""
    new = {
        "id": "overlay({}::text placing substr(md5({}::text || n), 1, 12) from 25)::uuid",
        "key": "{} || 'c' || n",
        "plain": "{}",
    }
    column = psycopg.sql.Identifier("one", field.column)
    kind = "plain"
    if field.primary_key or (field.is_relation and field.related_model in _copied()):
        kind = "id"
    elif field.name == "key":
        kind = "key"
    return psycopg.sql.SQL(new[kind]).format(*[column] * new[kind].count("{}"))
