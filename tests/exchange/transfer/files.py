"""Files to bring in, and what the house says before and after."""

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from django.apps import apps
from django.db import connection

from jalon.exchange.transfer.exporter import export_record
from jalon.exchange.transfer.importer import import_transfer
from jalon.exchange.transfer.report import Report
from jalon.formats.tddui import read, write
from jalon.records.models import Record
from tests.formats.tddui.sample import Json
from tests.formats.tddui.sample_record import RESOURCES, bundle
from tests.support import SHARED

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
LOU = "3010001246/77"
EXAMPLES = SHARED / "standards/tddui/fhir-2.4.0/examples"


def sample(**changes: Json | Callable[[Json], None]) -> Json:
    """The widest record as a Bundle; `Type__name=` replaces a resource, or a function that changes a copy."""
    # Through JSON: in the sample, resources share the same telecom and the same address.
    resources: dict[str, Json] = orjson.loads(orjson.dumps(RESOURCES))
    for name, change in changes.items():
        place = name.replace("__", "/")
        if callable(change):
            change(resources[place])
        else:
            resources[place] = change
    return bundle(resources)


def without(*names: str) -> Json:
    """The widest record less some resources (`Type/name`), that nothing else must name."""
    return bundle({name: each for name, each in RESOURCES.items() if name not in names})


def bring(file: Json | bytes | list[bytes], **told: Any) -> Report:
    """Import a file as the command does."""
    raw = orjson.dumps(file) if isinstance(file, dict) else file
    said = {"now": NOW, "by": None} | told
    return import_transfer(read(raw), raw if isinstance(raw, bytes) else b"\n".join(raw), **said)


def taken_out(record: Record | None = None) -> bytes:
    """The Bundle of a record, of the only one by default."""
    return write(export_record(record or Record.objects.get()))


def tables() -> dict[str, str]:
    """Every table of the product, with a fingerprint of its rows and of their versions."""
    found = {}
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
        for table in sorted(there & ours):
            cursor.execute(f'select xmin::text, ctid::text from "{table}" order by ctid')
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


def official() -> list[Path]:
    """The published examples but Bundles, in the order a transaction would list them."""
    order = ("Organization", "Practitioner", "Patient", "RelatedPerson", "Encounter", "CarePlan")
    paths = [path for path in EXAMPLES.glob("*.json") if not path.name.startswith("Bundle")]
    rank = {name: place for place, name in enumerate(order)}
    return sorted(paths, key=lambda path: (rank.get(path.name.partition("-")[0], len(order)), path.name))
