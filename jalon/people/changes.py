"""What a use case may set of a person and of their entourage.

Not among it, hence set by no edit: the key, the INS and all that goes with it, the proof, the doubt.
"""

import datetime as dt
from typing import TypedDict

from jalon.core.identity import DatePrecision, Sex
from jalon.people.models import Contact


class PersonDetails(TypedDict, total=False):
    """What is known of a person beside the strict traits."""

    used_name: str
    used_first_name: str
    birth_order: int | None
    died_on: dt.date | None
    died_on_precision: DatePrecision
    death_reported: bool
    address_line: str
    postal_code: str
    city: str
    phone: str
    email: str
    comment: str


class PersonChanges(PersonDetails, total=False):
    """The same, with the strict traits that people declare."""

    birth_name: str
    first_name: str
    birth_first_names: str
    sex: Sex
    birth_date: dt.date | None
    birth_date_precision: DatePrecision
    birth_place: str


class ContactChanges(TypedDict, total=False):
    """Somebody around the person."""

    last_name: str
    first_name: str
    role: str
    relation: str
    protection: str
    trusted: bool
    phone: str
    email: str
    call_order: int | None
    comment: str


class MeasureChanges(TypedDict, total=False):
    """A legal protection."""

    kind: str
    person_mode: str
    goods_mode: str
    acts: str
    holder: str
    contact: Contact | None
    deputy: str
    court: str
    decided_on: dt.date | None
    starts_on: dt.date
    ends_on: dt.date | None


class ParentChanges(TypedDict, total=False):
    """Who exercises the parental authority."""

    contact: Contact
    exercise: str
    restriction: str
    decision: str
    starts_on: dt.date | None
    ends_on: dt.date | None


class VigilanceChanges(TypedDict, total=False):
    """What everyone must know before acting."""

    kind: str
    text: str
