"""Records in and out (TDDUI), checks on, against COPY of the very rows and orjson of the very bundles.

Everything is counted in processor seconds, of this process and of its server together, in one run.
"""

import itertools
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg import sql

from jalon.core.memory import without_collecting
from jalon_sandbox.bench.letters import copies
from jalon_sandbox.bench.report import Options, Report
from jalon_sandbox.bench.steps import STEPS, Clock, entries_of, read_by_steps
from jalon_sandbox.drills.place import DATABASE, served
from jalon_sandbox.embedded_postgres import Server

FILES = 120
WARM_UP = 2
REPEATS = 5
IN, OUT, ENTRIES = "import_over_copy", "export_over_orjson", "entries_over_copied_rows"
FINESS = "990000101"
AT_ONCE = 50
"""Files of a batch, as the product has them."""


def run(options: Options) -> Report:
    """120 people, each in a file of their own, into an empty house, then out of it; with `--records`, so many
    people in, and whether the last cost what the first did."""
    if options.records:
        return growth(options)
    report = Report("tddui", floors={IN: 0.05, OUT: 0.04})
    with served(options.data) as server:
        files = list(copies(sources(), FILES + WARM_UP))
        _import(report, server, files)
        _export(report, server)
    report.figures["peak_mb"] = _peak()
    return report


def _peak() -> int:
    """The most memory that this process held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def sources() -> list[bytes]:
    """The demonstration's own export."""
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.exchange.transfer.exporter import export_files
    from jalon.records.models import Record
    from jalon_sandbox.demo.build import build
    from jalon_sandbox.demo.population import population

    body = build(population(timezone.localdate()), timezone.now(), lambda _: None)
    with tenant(body.pk):
        records = list(Record.objects.select_related("person", "establishment").order_by("pk"))
        return [data for _, data in export_files(records, by=None)]


# --- in ------------------------------------------------------------------------------------------------


def _import(report: Report, server: Server, files: list[bytes]) -> None:
    from jalon.organizations.models import ManagingBody

    body = ManagingBody.objects.create(name="Maison mesurée", finess=FINESS).pk
    clock = Clock(_server_seconds())
    _bring(body, files[:WARM_UP], Clock(lambda: 0.0))
    kept = files[WARM_UP:]
    _bring(body, kept, clock)
    count = entries_of(kept)
    rows, copied = _copied(server, body)
    ours = clock.total / len(kept)
    report.ratios[IN] = round(copied / len(files) / ours, 3)
    report.ratios[ENTRIES] = round((count / clock.total) / (rows / copied), 3)
    report.figures["in"] = {
        "files": len(kept), "entries": count, "rows": rows,
        "entries_per_cpu_second": round(count / clock.total),
        "copied_rows_per_cpu_second": round(rows / copied),
        "microseconds_per_entry": {name: round(1e6 * clock.spent[name] / count) for name in STEPS},
    }  # fmt: skip
    report.lines.append(
        f"Import de {len(kept)} fichiers, {count} éléments : {count / clock.total:.0f} par seconde de "
        f"processeur ; COPY des mêmes lignes ({rows}) : {rows / copied:.0f}."
    )
    report.lines += [
        f"  {label} : {1e6 * clock.spent[name] / count:.0f} µs par élément, "
        f"{100 * clock.spent[name] / clock.total:.0f} % ; sans elle, rapport "
        f"{copied / len(files) / ((clock.total - clock.spent[name]) / len(kept)):.3f}"
        for name, label in STEPS.items()
    ]


def _bring(body: Any, files: list[bytes], clock: Clock) -> None:
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.exchange.transfer.importer import import_together

    for start in range(0, len(files), AT_ONCE):
        some = files[start : start + AT_ONCE]
        with without_collecting():  # as a run does
            read = [(read_by_steps(file, clock), file) for file in some]
            with clock.step("rows"), tenant(body):
                import_together(read, now=timezone.now(), by=None)


# --- growth --------------------------------------------------------------------------------------------


def growth(options: Options) -> Report:
    """So many files in, made as they are needed: a tenth of them against the last tenth, in processor seconds
    an entry, and the memory held after the first tenth against that at the end."""
    ceilings = {"cost_last_over_first": 1.2, "memory_end_over_tenth": 1.2, "peak_mb": 512.0}
    report = Report("tddui", ceilings=ceilings)
    tenth = max(AT_ONCE, options.records // 10 // AT_ONCE * AT_ONCE)
    with served(options.data):
        costs, peaks = _costs(options.records, tenth)
    report.ratios = {
        "cost_last_over_first": round(costs[-1] / costs[0], 3),
        "memory_end_over_tenth": round(peaks[-1] / peaks[0], 3),
    }
    report.figures = {
        "files": options.records,
        "peak_mb": peaks[-1],
        "entries_per_cpu_second": [round(1 / cost) for cost in costs],
        "peaks_mb": peaks,
    }
    report.lines = [
        f"{options.records} fichiers, par dixièmes : "
        f"{', '.join(str(round(1 / cost)) for cost in costs)} éléments par seconde de processeur ; "
        f"mémoire {peaks[0]} puis {peaks[-1]} Mo."
    ]
    return report


def _costs(records: int, tenth: int) -> tuple[list[float], list[int]]:
    """For each tenth, the processor seconds an entry, and the most memory held until its end."""
    from jalon.organizations.models import ManagingBody

    body = ManagingBody.objects.create(name="Maison mesurée", finess=FINESS).pk
    made = copies(sources(), WARM_UP + records)
    _bring(body, list(itertools.islice(made, WARM_UP)), Clock(lambda: 0.0))
    costs, peaks = [], []
    for _ in range(max(1, records // tenth)):
        spent, entries = _tenth(body, itertools.islice(made, tenth))
        costs.append(spent / entries)
        peaks.append(_peak())
    return costs, peaks


def _tenth(body: Any, files: Iterator[bytes]) -> tuple[float, int]:
    """Brought a batch at a time, as the worker reads them: no more are held."""
    clock, entries = Clock(_server_seconds()), 0
    while some := list(itertools.islice(files, AT_ONCE)):
        _bring(body, some, clock)
        entries += entries_of(some)
    return clock.total, entries


def _server_seconds() -> Any:
    """The processor time of the server's process that answers this one."""
    from django.db import connection

    connection.ensure_connection()
    return _seconds_of(connection.connection)


def _seconds_of(connection: "psycopg.Connection[Any]") -> Any:
    import os

    place = Path(f"/proc/{connection.info.backend_pid}/stat")
    tick = os.sysconf("SC_CLK_TCK")

    def seconds() -> float:
        told = place.read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / tick

    return seconds


# --- the rows themselves -------------------------------------------------------------------------------


def _copied(server: Server, body: Any) -> tuple[int, float]:
    """How many rows the body has, and the processor seconds that COPY takes to write them in like tables."""
    with server.connect(DATABASE) as superuser:
        clock = Clock(_seconds_of(superuser))
        rows = sum(_copy(superuser, table, body, clock) for table in _tables())
    return rows, clock.total / REPEATS


def _tables() -> Iterator[Any]:
    from django.apps import apps

    from jalon.db.tenant import TenantField

    for model in apps.get_models():
        if any(isinstance(field, TenantField) for field in model._meta.concrete_fields):
            yield model


def _copy(superuser: Any, model: Any, body: Any, clock: Clock) -> int:
    """COPY the rows of one table into another with its indexes and checks, without its triggers."""
    table = sql.Identifier(model._meta.db_table)
    names = sql.SQL(", ").join(
        sql.Identifier(field.column) for field in model._meta.concrete_fields if not field.generated
    )
    told = sql.SQL("copy (select {} from {} where managing_body_id = {}) to stdout (format binary)")
    with superuser.cursor() as cursor:
        with cursor.copy(told.format(names, table, sql.Literal(body))) as copy:
            data = b"".join(map(bytes, copy))
        cursor.execute("drop table if exists bench_copy")
        cursor.execute(sql.SQL("create table bench_copy (like {} including all)").format(table))
        for _ in range(REPEATS):
            cursor.execute("truncate bench_copy")
            command = sql.SQL("copy bench_copy ({}) from stdin (format binary)").format(names)
            with clock.step("copy"), cursor.copy(command) as copy:
                copy.write(data)
        return int(cursor.execute("select count(*) from bench_copy").fetchone()[0])


# --- out -----------------------------------------------------------------------------------------------


def _export(report: Report, server: Server) -> None:
    from jalon.db.tenant import tenant
    from jalon.exchange.transfer.exporter import export_files
    from jalon.organizations.models import ManagingBody
    from jalon.records.models import Record

    clock, plain = Clock(_server_seconds()), Clock(lambda: 0.0)
    with tenant(ManagingBody.objects.get(finess=FINESS).pk):
        records = list(Record.objects.select_related("person", "establishment").order_by("pk"))
        with clock.step("out"):
            files = [data for _, data in export_files(records, by=None)]
    bundles = [orjson.loads(file) for file in files]
    with plain.step("orjson"):
        for _ in range(REPEATS):
            for bundle in bundles:
                orjson.dumps(bundle)
    count, dumped = entries_of(files), plain.total / REPEATS
    report.ratios[OUT] = round(dumped / clock.total, 4)
    report.figures["out"] = {
        "files": len(files), "entries": count, "entries_per_cpu_second": round(count / clock.total),
        "dumped_per_cpu_second": round(count / dumped),
    }  # fmt: skip
    report.lines.append(
        f"Export de {len(files)} dossiers, {count} éléments : {count / clock.total:.0f} par seconde de "
        f"processeur ; orjson des mêmes : {count / dumped:.0f}."
    )
