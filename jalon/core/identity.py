"""The traits of an identity, as RNIV and the national services name them."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Sex = Literal["M", "F", "U"]
DatePrecision = Literal["day", "month", "year"]

UNKNOWN_PLACE = "99999"
"""COG of a birth place that nobody knows (RNIV admits it with an INS: SC.INS/va1.21)."""
INS_OIDS = {
    "1.2.250.1.213.1.4.8": "NIR",
    "1.2.250.1.213.1.4.9": "NIA",
    "1.2.250.1.213.1.4.10": "test",
    "1.2.250.1.213.1.4.11": "démonstration",
}


@dataclass(frozen=True)
class Ins:
    """An INS: 15-character matricule (13 + key) and the OID of its assigning authority."""

    matricule: str
    oid: str


@dataclass(frozen=True)
class Traits:
    """The strict traits (RNIV 1, SC.INS/va1.01).

    `birth_first_names` is the whole list, separated by spaces; `first_name` the first one (may be composite).
    `birth_date` is completed as RNIV wants when partial (01/MM, 31/12); `birth_date_precision` says so.
    `birth_place` is the INSEE (COG) code, 99xxx abroad, 99999 unknown.
    """

    birth_name: str
    first_name: str
    birth_first_names: str
    sex: Sex
    birth_date: dt.date
    birth_place: str
    birth_date_precision: DatePrecision = "day"
