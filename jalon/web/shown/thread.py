"""The thread of a record, grouped by day as people say it."""

import datetime as dt
from itertools import groupby
from typing import Any

from django.db.models import Case, F, QuerySet, When

from jalon.core.dates import full_date, long_date
from jalon.core.moment import Moment
from jalon.db.compiled import compiled, param
from jalon.documents.models import Document
from jalon.documents.queries import of_classes
from jalon.faces.jinja import FAMILY_ICONS
from jalon.staff.rules import ContentClass

HAPPENED = {Document.Source.OWN: "signé", Document.Source.RECEIVED: "reçu", Document.Source.ADDED: "ajouté"}


def documents_in_thread(
    record_id: Any, since: dt.datetime | None, limit: int, classes: frozenset[ContentClass]
) -> list[dict[str, Any]]:
    """The last documents of these classes that came, were signed or added since the oldest note shown, as
    lines."""
    values = {"since": since} if since else {}
    found = _documents(since is not None, limit, classes).all(record=record_id, **values)
    return [_document(dict(row)) for row in found]


@compiled
def _documents(since: bool, limit: int, classes: frozenset[ContentClass]) -> QuerySet[Document, Any]:
    own = When(source=Document.Source.OWN, then=F("written_at"))  # the day it was signed, as every page says
    found = Document.objects.filter(of_classes(classes), record_id=param("record"))
    found = found.annotate(told_at=Case(own, default=F("filed_at")))
    found = found.filter(told_at__gte=param("since")) if since else found
    rows = found.order_by("-told_at", "-pk").values(
        "id", "title", "source", "told_at", "author__first_name", "author__last_name", "author_label"
    )
    return rows[:limit]


def _document(row: dict[str, Any]) -> dict[str, Any]:
    names = (row["author__first_name"], row["author__last_name"])
    return {
        "document_id": row["id"],
        "written_at": row["told_at"],
        "family": "neutre",
        "icon": "file-text",
        "title": f"{row['title']}, {HAPPENED[row['source']]}",
        "author": row["author_label"] or " ".join(filter(None, names)),
        "author_id": None,
        "important": False,
        "withdrawn_at": None,
        "former": [],
        "replies": [],
        "tasks": [],
    }


def by_day(
    notes: list[dict[str, Any]], documents: list[dict[str, Any]], moment: Moment
) -> list[dict[str, Any]]:
    """Days, latest first, each with its notes and documents, latest first."""
    lines = [_note(note) for note in notes] + documents
    lines.sort(key=lambda line: line["written_at"], reverse=True)
    days = groupby(lines, key=lambda note: moment.day_of(note["written_at"]))
    return [
        {
            "id": day.isoformat(),
            "label": _label(day, moment.today),
            "date": _written(day, moment.today),
            "notes": list(group),
        }
        for day, group in days
    ]


def _label(day: dt.date, today: dt.date) -> str:
    return {today: "Aujourd’hui", today - dt.timedelta(days=1): "Hier"}.get(day, "")


def _written(day: dt.date, today: dt.date) -> str:
    return long_date(day) if day.year == today.year else full_date(day)


def _note(note: dict[str, Any]) -> dict[str, Any]:
    author = f"{note['author__first_name']} {note['author__last_name']}"
    job = note["author__job"]
    return {
        **note,
        "document_id": None,
        "icon": FAMILY_ICONS[note["family"]],
        "author": f"{author}, {job}" if job else author,
        "replies": [_note(reply) for reply in note["replies"]],
    }
