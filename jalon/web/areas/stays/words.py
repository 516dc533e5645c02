"""What the pages say of a stay, in words."""

import datetime as dt
from typing import Any

from jalon.core.dates import full_date
from jalon.records.models import Record, Stay
from jalon.web.shown import codes


def shown_stays(record: Record, today: dt.date) -> list[dict[str, Any]]:
    """The stays of a record, latest first; those that are only planned before all."""
    rows = [_stay(stay, today) for stay in record.stays.all()]
    return sorted(rows, key=lambda row: (row["stay"].starts_on or dt.date.max, row["stay"].key), reverse=True)


def _stay(stay: Stay, today: dt.date) -> dict[str, Any]:
    current = bool(stay.starts_on and stay.starts_on <= today < (stay.ends_on or dt.date.max))
    return {"stay": stay, "dates": _dates(stay), "said": _said(stay), "current": current}


def _dates(stay: Stay) -> str:
    if stay.starts_on is None:
        return f"Prévu le {full_date(stay.planned_start)}" if stay.planned_start else "Sans date"
    if stay.ends_on is None:
        return f"Depuis le {full_date(stay.starts_on)}"
    return f"Du {full_date(stay.starts_on)} au {full_date(stay.ends_on)}"


def _said(stay: Stay) -> str:
    facts = [
        f"Dossier {stay.file_number}" if stay.file_number else "",
        codes.mode_label(stay.mode),
        codes.label(stay.entry_mode, codes.ENTRIES),
        codes.label(stay.exit_mode, codes.EXITS),
        stay.comment,
    ]
    return ". ".join(filter(None, facts))
