"""Writing traces, and sealing them."""

import datetime as dt
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from jalon.audit.models import Access, Entry, Seal, SentForm
from jalon.audit.queries import facts_of, unsealed
from jalon.audit.rules import GENESIS, digest
from jalon.db.bulk import insert, insert_one
from jalon.db.locks import one_at_a_time
from jalon.db.tenant import current_tenant
from jalon.staff.models import Professional

SEALED_AT_ONCE = 5000


def record_access(
    *,
    professional: Professional | None,
    record_id: uuid.UUID | None,
    person_id: uuid.UUID | None,
    page: str,
    outcome: str = Access.Outcome.OPENED,
    reason: str = "",
    shown: Iterable[uuid.UUID] = (),
) -> Access:
    """Trace one look at a record, or one page that showed something of several: `shown`.

    No lock is taken: the chain is made later, by `seal`.
    """
    access = Access(
        professional=professional,
        record_id=record_id,
        person_id=person_id,
        page=page,
        outcome=outcome,
        reason=reason,
        shown=sorted(set(shown)),
    )
    insert_one(access)
    return access


def record_entry(
    action: str, *, on: uuid.UUID | None, by: Professional | None, facts: dict[str, Any] | None = None
) -> Entry:
    """Trace one act. `facts` holds codes, numbers, ids and the reason of a decision, no text of a record."""
    entry = Entry.objects.create(action=action, object_id=on, professional=by, facts=facts or {})
    _keep_in_mind([entry])
    return entry


def record_entries(
    action: str, *, on: Mapping[uuid.UUID, dict[str, Any]] | Iterable[uuid.UUID], by: Professional | None
) -> None:
    """The same act on each of these objects; of a mapping, with the facts of each."""
    facts = on if isinstance(on, Mapping) else dict.fromkeys(on, {})
    new = [Entry(action=action, object_id=pk, professional=by, facts=one) for pk, one in facts.items()]
    insert(new)
    _keep_in_mind(new)


def _keep_in_mind(new: list[Entry]) -> None:
    if (entries := _entries.get()) is not None:
        entries += [entry.pk for entry in new]


@dataclass
class Sent:
    """A form that somebody sends. `led_to`: where the first sending led, or where this one does."""

    led_to: str = ""
    again: bool = False


_entries: ContextVar[list[uuid.UUID] | None] = ContextVar("entries", default=None)


@contextmanager
def once(form: str, *, by: Professional) -> Iterator[Sent]:
    """Act once on a form, however often it is sent: Back, an answer lost on the way, two taps.

    `form` is 64 characters at most that name this very form and what it says. When `again`, nothing is to be
    done: it was, and led to `led_to`. Otherwise whoever acts says where it leads; the form is then kept with
    the act, in its transaction, and only when the act left an entry: one that was refused may be sent again.
    Two sendings at the same instant wait for one another.
    """
    one_at_a_time(f"form {by.pk} {form}")
    known = SentForm.objects.filter(professional=by, form=form).first()
    sent = Sent(known.led_to, again=True) if known else Sent()
    entries: list[uuid.UUID] = []
    outside = _entries.set(entries)
    try:
        yield sent
    finally:
        _entries.reset(outside)
    if not sent.again and sent.led_to and Entry.objects.filter(pk__in=entries).exists():
        SentForm.objects.create(professional=by, form=form, led_to=sent.led_to)


def keep_changes(
    row: models.Model, changed: set[str], action: str, *, by: Professional | None, on: uuid.UUID | None = None
) -> None:
    """Save what an edit changed and trace it by the names of its fields; nothing to do when none did.

    `on`: what the entry is about, when it is not the row itself.
    """
    if changed:
        row.save()
        record_entry(action, on=on or row.pk, by=by, facts={"fields": sorted(changed)})


@transaction.atomic
def seal() -> int:
    """Chain the accesses of the current tenant that are not yet; their number.

    An advisory lock, held only here, keeps two workers from making two chains: a page never waits for it.
    """
    one_at_a_time("seal")
    last = Seal.objects.order_by("-position").values_list("position", "digest").first()
    position, previous = last or (0, GENESIS)
    seals = []
    for row in unsealed()[:SEALED_AT_ONCE]:
        position, previous = position + 1, digest(previous, facts_of(row))
        seals.append(Seal(access_id=row["id"], position=position, digest=previous))
    Seal.objects.bulk_create(seals)
    return len(seals)


def keep_head(folder_file: Path, now: dt.datetime) -> None:
    """Append the head of the current tenant's chain to a file outside the database."""
    head = Seal.objects.order_by("-position").values_list("position", "digest").first()
    if head is None:
        return
    folder_file.parent.mkdir(parents=True, exist_ok=True)
    folder_file.touch(0o600)
    with folder_file.open("a", encoding="ascii") as file:
        file.write(f"{now:%Y-%m-%dT%H:%M:%SZ} {current_tenant()} {head[0]} {head[1]}\n")
        file.flush()
        os.fsync(file.fileno())
