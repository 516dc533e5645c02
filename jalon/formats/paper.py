"""What a printed document says, as frozen values: `pdf` makes it a PDF."""

import datetime as dt
from dataclasses import dataclass

from jalon.core.identity import DatePrecision, Ins, Sex
from jalon.formats.cda.body import Section


@dataclass(frozen=True, slots=True)
class Identity:
    """The person on paper. `ins` only when the identity is qualified; `birth_place` in words.

    `datamatrix`: the INS code of that identity (SC.DOC/va1.04), rows of 0 and 1 without quiet zone.
    """

    birth_name: str
    first_names: str
    birth_date: dt.date | None = None
    birth_date_precision: DatePrecision = "day"
    sex: Sex | None = None
    used_name: str = ""
    used_first_name: str = ""
    birth_place: str = ""
    ins: Ins | None = None
    record_number: str = ""
    datamatrix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Establishment:
    name: str
    address: tuple[str, ...] = ()
    telephone: str = ""
    finess: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """The words of the person, or of someone close: quoted as they were said."""

    words: str
    speaker: str = ""
    said_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A need, with its code in SERAFIN-PH (« 1.3.2 »)."""

    code: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    description: str
    responsible: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    frequency: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    title: str
    description: str = ""
    expected_result: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    responsible: str = ""
    status: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreement:
    """Someone who agrees or signs. Without a date the frame stays open for a handwritten signature."""

    name: str
    role: str
    signed_on: dt.date | None = None
    statement: str = ""


@dataclass(frozen=True, slots=True)
class PlanPdf:
    """A version of a personal plan. `written`: aware, local. `readable`: larger, in Atkinson Hyperlegible."""

    title: str
    identity: Identity
    establishment: Establishment
    written: dt.datetime
    version: int
    authors: tuple[str, ...]
    start: dt.date | None = None
    end: dt.date | None = None
    summary: str = ""
    expectations_title: str = "Les attentes"
    expectations: tuple[Expectation, ...] = ()
    needs: tuple[Need, ...] = ()
    goals: tuple[Goal, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    readable: bool = False


@dataclass(frozen=True, slots=True)
class DocumentPdf:
    """A document in sections: a letter, or the faithful narrative of a structured document (ECO.2.1.5).

    `facts` are labels and values shown under the title.
    """

    title: str
    establishment: Establishment
    written: dt.datetime
    authors: tuple[str, ...]
    sections: tuple[Section, ...]
    identity: Identity | None = None
    version: int = 1
    facts: tuple[tuple[str, str], ...] = ()
    agreements: tuple[Agreement, ...] = ()
    readable: bool = False
