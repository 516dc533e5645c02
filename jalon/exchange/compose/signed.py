"""Who a signed document is of, where and by whom: read from what the signature kept, never from the rows.

A version signed before 0.2 kept no header: what it never held is read from the rows of today (ADR 0010).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from jalon.core.identity import Ins
from jalon.core.moment import Moment, start_of
from jalon.db.frozen import thawed
from jalon.organizations.models import Establishment
from jalon.organizations.queries import moment_at
from jalon.people.models import Contact, IdentityStatus, Person, ProtectionMeasure
from jalon.records.models import Record
from jalon.records.queries import portrait
from jalon.staff.models import Professional


@dataclass(frozen=True)
class Signed:
    """The header of a signed document. Its people and its house are instances of no table.

    `number`: of the version; `started_at`: when what it speaks of began.
    """

    person: Person
    contacts: tuple[Contact, ...]
    measures: tuple[ProtectionMeasure, ...]
    house: Establishment
    signer: Professional
    at: dt.datetime
    zone: dt.tzinfo
    number: int
    started_at: dt.datetime


def read(
    header: dict[str, Any], *, record: Record, by: Professional, at: dt.datetime, number: int,
    starts_on: dt.date | None,
) -> Signed:  # fmt: skip
    """The header that a signature kept; times are those of the establishment, which the document prints."""
    kept = header or portrait(record, by=by, moment=moment_at(record.establishment, at))
    moment = Moment(at, ZoneInfo(kept["zone"]))
    started = start_of(starts_on, moment.zone) if starts_on else None
    return Signed(
        person=_person(kept["person"], record.person),
        contacts=tuple(thawed(Contact, one) for one in kept["contacts"]),
        measures=tuple(thawed(ProtectionMeasure, one) for one in kept["measures"]),
        house=thawed(Establishment, kept["establishment"]),
        signer=thawed(Professional, kept["signer"]),
        at=moment.local,
        zone=moment.zone,
        number=number,
        started_at=started or moment.local.replace(microsecond=0),
    )


def _person(kept: dict[str, Any], today: Person) -> Person:
    """The person as signed, but for an INS taken back since: it is told to nobody any more.

    Only a qualified identity carries its INS outside (SC.INS/va1.53): the one thing that today changes.
    """
    person = thawed(Person, kept)
    held, now = (Ins(one.ins, one.ins_oid) if one.is_qualified else None for one in (person, today))
    if held is not None and held != now:
        person.identity_status = IdentityStatus.VALIDATED
    return person
