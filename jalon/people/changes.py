"""What a use case may set of a person and of their entourage.

Not among it, hence set by no edit: the key, the INS and all that goes with it, the proof, the doubt.
"""

import datetime as dt
from typing import TypedDict

from jalon.core.identity import DatePrecision, Sex


class PersonDetails(TypedDict, total=False):
    """What is known of a person beside the strict traits."""

    used_name: str
    used_first_name: str
    birth_order: int | None
    died_on: dt.date | None
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
