"""What an import left in a managing body, in words that do not depend on when nor under which identifiers.

python -m jalon_sandbox.drills.imported ask FOLDER FINESS        asks a run of the files; prints body, run
python -m jalon_sandbox.drills.imported once FOLDER FINESS       the same, brought in at once, by itself
python -m jalon_sandbox.drills.imported compare BODY BODY        prints what differs, a table a line
"""

import datetime as dt
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from jalon.commands.django_setup import setup

DRAWN = ("id", "pk", "pgh_id", "pgh_context_id", "managing_body_id", "mark", "seal_id", "names_id")
TRANSIENT = ("Recount", "Tally", "TallyLine")
"""What a worker counts at its own hours, and what it has yet to count again."""
Named = dict[str, str]


def ask(folder: str, finess: str) -> tuple[str, str]:
    """A new managing body, and a run of these files asked in it."""
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.exchange.transfer import runs
    from jalon.organizations.models import ManagingBody

    body = ManagingBody.objects.create(name="Maison d’essai", finess=finess).pk
    files = ((file.name, file.read_bytes()) for file in sorted(Path(folder).glob("*.json")))
    with tenant(body):
        return str(body), str(runs.ask(files, by=None, now=timezone.now()).pk)


def once(folder: str, finess: str) -> str:
    """The body in which nothing interrupted the run."""
    from django.utils import timezone
    from procrastinate.contrib.django.models import ProcrastinateJob

    from jalon.exchange.transfer import runs

    body, run = ask(folder, finess)
    runs.go_on(uuid.UUID(body), uuid.UUID(run), timezone.now())
    ProcrastinateJob.objects.filter(lock=run)._raw_delete("default")
    return body


def compare(one: str, other: str) -> Iterator[str]:
    """The tables that do not hold the same in both."""
    from jalon.db.tenant import tenant

    held = []
    for body in (one, other):
        with tenant(uuid.UUID(body)):
            held.append({name: Counter(rows) for name, rows in _tables()})
    if not held[0]["people.Person"]:
        yield "personne n’est entré"
    for name in held[0]:
        missing, added = held[0][name] - held[1][name], held[1][name] - held[0][name]
        if missing or added:
            example = next(iter([*missing, *added]))
            yield f"{name} : {missing.total()} de trop, {added.total()} de moins ; {example[:200]}"


def _tables() -> Iterator[tuple[str, list[str]]]:
    from django.apps import apps

    from jalon.db.tenant import TenantField

    known = _names()
    for model in apps.get_models():
        ours = any(isinstance(field, TenantField) for field in model._meta.concrete_fields)
        if ours and model.__name__ not in TRANSIENT:
            yield model._meta.label, [_said(row, known) for row in model._default_manager.all()]


def _names() -> Named:
    """What an identifier stands for: the key of its row, or what makes it one."""
    from django.apps import apps

    from jalon.exchange.models import ImportPart
    from jalon.organizations.models import Establishment
    from jalon.records.models import Record

    keyed: list[Any] = [
        model for model in apps.get_models() if model.__module__.startswith("jalon.") and _has_key(model)
    ]
    found = {
        str(row.pk): f"{model.__name__} {vars(row)['key']}"
        for model in keyed
        for row in model._default_manager.all()
    }
    found |= {str(row.pk): f"house {row.finess}" for row in Establishment.objects.all()}
    found |= {str(row.pk): f"part {row.rank}" for row in ImportPart.objects.all()}
    return found | {
        str(row.pk): f"record of {row.person.key} {row.establishment.finess}"
        for row in Record.objects.select_related("person", "establishment")
    }


def _has_key(model: Any) -> bool:
    names = {field.name for field in model._meta.concrete_fields}
    return "key" in names and "pgh_id" not in names and "managing_body" in names


def _said(row: Any, known: Named) -> str:
    fields = [one for one in row._meta.concrete_fields if one.attname not in DRAWN]
    held = {one.attname: _plain(getattr(row, one.attname), known) for one in fields}
    return orjson.dumps(held, option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: Any, known: Named) -> Any:
    if isinstance(value, Mapping):
        return {_text(str(name), known): _plain(part, known) for name, part in value.items()}
    plain = next((each for kind, each in _PLAIN if isinstance(value, kind)), None)
    return value if plain is None else plain(value, known)


def _text(text: str, known: Named) -> str:
    try:
        uuid.UUID(text)
    except ValueError:
        return text
    return known.get(text, "drawn")


def _moment(value: dt.datetime, _: Named) -> str:
    """A moment of the import itself says nothing; one that a file tells does."""
    return "now" if abs(dt.datetime.now(dt.UTC) - value) < dt.timedelta(hours=2) else value.isoformat()


def _list(value: Any, known: Named) -> Any:
    return sorted((_plain(one, known) for one in value), key=repr)


_PLAIN: tuple[tuple[Any, Callable[[Any, Named], Any]], ...] = (
    (uuid.UUID, lambda value, known: known.get(str(value), "drawn")),
    (dt.datetime, _moment),
    (dt.date, lambda value, _: value.isoformat()),
    (str, _text),
    ((list, tuple), _list),
    ((memoryview, bytes), lambda value, _: bytes(value).hex()),
)


def main(verb: str, *words: str) -> None:
    setup()
    if verb == "compare":
        told = list(compare(*words))
    else:
        told = list(ask(*words)) if verb == "ask" else [once(*words)]
    sys.stdout.write("".join(f"{line}\n" for line in told))


if __name__ == "__main__":
    main(*sys.argv[1:])
