"""Dates as people write and read them: partial birth dates, ages, French words. No locale is consulted."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from jalon.core.errors import DomainError
from jalon.core.identity import DatePrecision
from jalon.core.typography import NBSP

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
MAJORITY = 18

_UNKNOWN = r"00|\?{1,2}|[xX]{2}|--"
_PART = rf"\d\d?|{_UNKNOWN}"
_FRENCH = re.compile(rf"(?:(?P<day>{_PART})/)?(?:(?P<month>{_PART})/)?(?P<year>\d{{4}})", re.ASCII)
_OTHER_SIGNS = re.compile(r"(\d\d?)([ .-])(\d\d?)\2(\d{4})", re.ASCII)
_DIGITS = re.compile(r"(\d\d)(\d\d)(\d{4})", re.ASCII)
_SHORT_YEAR = re.compile(r"\d\d?[/ .-]\d\d?[/ .-]\d\d", re.ASCII)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)(?:-(?P<day>\d\d))?", re.ASCII)


# --- birth dates -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PartialDate:
    """A date of birth as far as it is known; an unknown day or month is None."""

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read « 12/03/1950 », « 12.03.1950 », « 12031950 », « 1950 », « 12/00/1950 », « 1950-03 »…

        Zeros, question marks and XX stand for what is unknown. Raises DomainError `birth_date_century` when
        the year has two digits, `birth_date_format`, or `birth_date_impossible` when there is no such day.
        """
        found = _read(as_people_write(text.strip()))
        if _SHORT_YEAR.fullmatch(text.strip()):
            raise DomainError(
                "Le siècle manque à cette date. Écrivez l’année avec ses quatre chiffres.",
                code="birth_date_century",
            )
        if not found:
            raise DomainError(
                "Cette date de naissance ne se lit pas. Écrivez JJ/MM/AAAA, avec 00 pour ce qui est inconnu.",
                code="birth_date_format",
            )
        partial = cls(*found)
        partial.completed()
        return partial

    @property
    def precision(self) -> DatePrecision:
        """`day` when all is known, `month` when only the day is missing, else `year`."""
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    def completed(self) -> dt.date:
        """The full date RNIV asks for (EXI ID 11-12): 01/MM, JJ/01, or 31/12 when neither is known.

        Raises DomainError `birth_date_impossible`.
        """
        if self.day is None:
            month, day = (12, 31) if self.month is None else (self.month, 1)
        else:
            month, day = self.month or 1, self.day
        try:
            return dt.date(self.year, month, day)
        except ValueError as error:
            raise DomainError(
                f"Le {day:02d}/{month:02d}/{self.year} n’existe pas au calendrier. Vérifiez la date.",
                code="birth_date_impossible",
            ) from error


def as_people_write(typed: str) -> str:
    """« 12/03/1950 » for « 12.03.1950 », « 12-03-1950 », « 12 03 1950 » and « 12031950 »; else the text."""
    typed = _OTHER_SIGNS.sub(r"\1/\3/\4", typed)
    return _DIGITS.sub(r"\1/\2/\3", typed) if typed.isdigit() else typed


def _read(typed: str) -> tuple[int, int | None, int | None] | None:
    found = _ISO.fullmatch(typed) or _FRENCH.fullmatch(typed)
    if not found:
        return None
    day, month = found["day"], found["month"]
    if day and month is None:  # « 03/1950 »: the only number before the year is the month
        day, month = None, day
    return int(found["year"]), _known(month), _known(day)


def _known(part: str | None) -> int | None:
    return (int(part) or None) if part and part.isdigit() else None


# --- ages ------------------------------------------------------------------------------------------


def age(birth: dt.date, on: dt.date) -> int:
    """Completed years on that day. Someone born a 29 February grows older on 1 March of common years."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def is_adult(birth: dt.date, on: dt.date) -> bool:
    """18 years or more; the birthday itself counts (code civil, article 414)."""
    return age(birth, on) >= MAJORITY


def age_label(birth: dt.date, on: dt.date) -> str:
    """« 82 ans », « 1 an », or « 7 mois » before the first birthday."""
    years = age(birth, on)
    if years >= 1:
        return f"{years}{NBSP}an{'s' if years > 1 else ''}"
    months = (on.year - birth.year) * 12 + on.month - birth.month - (on.day < birth.day)
    return f"{max(months, 0)}{NBSP}mois"


# --- French words ----------------------------------------------------------------------------------


def full_date(date: dt.date) -> str:
    """« 24 novembre 2026 », « 1er mars 2026 »: on paper, and wherever the year matters."""
    return f"{_day_and_month(date)} {date.year}"


def span(first: dt.date, last: dt.date) -> str:
    """« du 16 au 22 novembre 2026 », « du 28 septembre au 4 octobre 2026 »: nothing is said twice."""
    if first.year != last.year:
        start = full_date(first)
    else:
        start = _day_and_month(first) if first.month != last.month else _day(first)
    return f"du {start} au {full_date(last)}"


def long_date(date: dt.date, *, year: bool = False) -> str:
    """« mardi 24 novembre », and « mardi 24 novembre 2026 » with `year`."""
    weekday = WEEKDAYS[date.weekday()]
    return f"{weekday} {full_date(date) if year else _day_and_month(date)}"


def day_label(day: dt.date, today: dt.date) -> str:
    """« aujourd’hui », « hier », then « lundi 23 novembre », with the year once it is another."""
    near = {today: "aujourd’hui", today - dt.timedelta(days=1): "hier"}
    return near.get(day) or long_date(day, year=day.year != today.year)


def short_date(date: dt.date) -> str:
    """« 24/11/2026 »."""
    return f"{date.day:02d}/{date.month:02d}/{date.year:04d}"


def birth_date_label(date: dt.date, precision: DatePrecision = "day") -> str:
    """A birth date as it is known: « 12 mars 1950 », « mars 1950 », « 1950 »."""
    if precision == "day":
        return full_date(date)
    return f"{MONTHS[date.month - 1]} {date.year}" if precision == "month" else str(date.year)


def known_part(date: dt.date | None, precision: DatePrecision) -> str:
    """« 1951-05-17 », « 1951-05 », « 1951 »: as much of a birth date as is known; "" without any."""
    return date.isoformat()[: {"day": 10, "month": 7, "year": 4}[precision]] if date else ""


def known_label(part: str) -> str:
    """What `known_part` gave, as it is read. Raises DomainError on anything else."""
    known = PartialDate.parse(part)
    return birth_date_label(known.completed(), known.precision)


def born(sex: str, date: dt.date, precision: DatePrecision = "day") -> str:
    """« née le 12 mars 1950 », « né en mars 1950 », « né(e) en 1950 »: agreed, no day added."""
    word = {"F": "née", "M": "né"}.get(sex, "né(e)")
    return f"{word} {'le' if precision == 'day' else 'en'} {birth_date_label(date, precision)}"


def clock(time: dt.time | dt.datetime) -> str:
    """« 14 h 15 », « 14 h », in sentences, with no-break spaces. A datetime must already be in local time."""
    minutes = f"{NBSP}{time.minute:02d}" if time.minute else ""
    return f"{time.hour}{NBSP}h{minutes}"


def column_clock(time: dt.time | dt.datetime) -> str:
    """« 14:15 », in columns."""
    return f"{time.hour:02d}:{time.minute:02d}"


def _day_and_month(date: dt.date) -> str:
    return f"{_day(date)} {MONTHS[date.month - 1]}"


def _day(date: dt.date) -> str:
    return "1er" if date.day == 1 else str(date.day)
