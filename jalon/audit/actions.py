"""Writing traces, and sealing them."""

import datetime as dt
import os
import uuid
from pathlib import Path
from typing import Any

from django.db import models, transaction

from jalon.audit.models import Access, Entry, Seal
from jalon.audit.queries import facts_of, unsealed
from jalon.audit.rules import GENESIS, digest
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
) -> Access:
    """Trace one look at a record. No lock is taken: the chain is made later, by `seal`."""
    return Access.objects.create(
        professional=professional,
        record_id=record_id,
        person_id=person_id,
        page=page,
        outcome=outcome,
        reason=reason,
    )


def record_entry(
    action: str, *, on: uuid.UUID | None, by: Professional | None, facts: dict[str, Any] | None = None
) -> Entry:
    """Trace one act. `facts` holds codes, numbers and ids, never a name or a text of the record."""
    return Entry.objects.create(action=action, object_id=on, professional=by, facts=facts or {})


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
    with folder_file.open("a", encoding="ascii") as file:
        file.write(f"{now:%Y-%m-%dT%H:%M:%SZ} {current_tenant()} {head[0]} {head[1]}\n")
        file.flush()
        os.fsync(file.fileno())
