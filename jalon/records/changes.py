"""What a use case may set of a record, of a stay, and of the address book."""

import datetime as dt
from typing import TypedDict

from jalon.organizations.models import Structure, Unit
from jalon.staff.models import Professional


class RecordDetails(TypedDict, total=False):
    """What a record is opened with."""

    key_worker: Professional | None
    room: str


class RecordChanges(TypedDict, total=False):
    """Where the person lives in the house, and who is their key worker."""

    unit: Unit | None
    room: str
    key_worker: Professional | None


class StayChanges(TypedDict, total=False):
    """A stay."""

    file_number: str
    admitted_on: dt.date | None
    starts_on: dt.date | None
    ends_on: dt.date | None
    planned_start: dt.date | None
    planned_end: dt.date | None
    mode: str
    entry_mode: str
    exit_mode: str
    comment: str


class StructureChanges(TypedDict, total=False):
    """A structure of elsewhere."""

    name: str
    kind: str
    phone: str
    email: str
    city: str


class ProfessionalChanges(TypedDict, total=False):
    """A professional of elsewhere."""

    last_name: str
    first_name: str
    title: str
    phone: str
    email: str


class FunctionChanges(TypedDict, total=False):
    """What they do there."""

    role: str
    profession: str
    exercise_mode: str
    phone: str


class FunctionDetails(FunctionChanges, total=False):
    """What a function is noted with: also where."""

    structure: Structure | None
