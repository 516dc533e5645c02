"""What every printed document says, as frozen values: `pdf` makes it a PDF.

What one kind of document says besides is in a file of its own, with its words ready to print (`papers/`).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Protocol

from jalon.core.identity import DatePrecision, Ins, Sex


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
class Agreement:
    """Someone who agrees or signs. Without a date the frame stays open for a handwritten signature."""

    name: str
    role: str
    signed_on: dt.date | None = None
    statement: str = ""


class Sheet(Protocol):
    """What the first page and the foot of every document need. `written`: aware, local.

    `readable`: larger, in Atkinson Hyperlegible. `template` names its file in `typst/`.
    """

    @property
    def template(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def establishment(self) -> Establishment: ...
    @property
    def written(self) -> dt.datetime: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def identity(self) -> Identity | None: ...
    @property
    def version(self) -> int: ...
    @property
    def agreements(self) -> tuple[Agreement, ...]: ...
    @property
    def readable(self) -> bool: ...

    def values(self) -> dict[str, Any]:
        """The JSON that the template reads: words ready to print, in French."""
