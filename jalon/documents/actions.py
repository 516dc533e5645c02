"""Use cases on the documents of a record: one that was filed there by mistake goes, and may come back."""

import datetime as dt

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.documents.models import Document, Withdrawal
from jalon.staff.models import Professional

MAX_REASON = 400


@transaction.atomic
def withdraw(*, document: Document, reason: str, by: Professional, now: dt.datetime) -> Withdrawal:
    """Take a received document out of its record. Its bytes, and who read it there, are kept."""
    gone = Withdrawal.objects.create(document=document, at=now, by=by, reason=reason[:MAX_REASON])
    record_entry("documents.withdrawn", on=document.pk, by=by, facts={"record": str(document.record_id)})
    return gone


@transaction.atomic
def bring_back(*, document: Document, by: Professional | None) -> None:
    """Put a withdrawn document back in its record; nothing to do when it is there."""
    gone, _ = Withdrawal.objects.filter(document=document).delete()
    if gone:
        record_entry("documents.back", on=document.pk, by=by, facts={"record": str(document.record_id)})
