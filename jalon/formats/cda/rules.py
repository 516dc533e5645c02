"""The vocabulary of the rules: a problem, and the small checks that both header and body use."""

import datetime as dt
import re
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from jalon.formats.cda.header import Code, Id, Moment, Telecom

ValueSets = Callable[[str], Container[str]]  # `jalon.terminology.value_set`

_OID = re.compile(r"[0-2](\.(0|[1-9]\d*))+", re.ASCII)
_OID_MAX = 64  # §3.5.7.4
_TELECOM = re.compile(r"(tel|fax|mailto|https?|ftp|mllp):\S+")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, where (a path in the CDA document), and the stable code of the rule."""

    place: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.place} : {self.message}"


def missing(place: str, what: str) -> Problem:
    return Problem(place, "missing", f"{what} est obligatoire.")


def oid(place: str, id: Id | None) -> Iterator[Problem]:
    """§3.5.7.4: numbers without leading zero, 64 characters at most."""
    if id is None:
        yield missing(place, "L’identifiant")
    elif not _OID.fullmatch(id.root) or len(id.root) > _OID_MAX:
        yield Problem(f"{place}/@root", "oid", f"« {id.root} » n’est pas un OID de 64 caractères au plus.")


def coded(
    place: str, code: Code | None, what: str, value_sets: ValueSets | None = None, list_name: str = ""
) -> Iterator[Problem]:
    """A code with its system and label (§3.5.7.3), in its value set when `value_sets` is given."""
    if code is None or not code.code:
        yield missing(place, what)
        return
    if not code.system or not code.display:
        yield Problem(place, "incomplete_code", f"Le code {code.code} n’a pas son système ou son libellé.")
    if value_sets and list_name and code.code not in value_sets(list_name):
        yield Problem(f"{place}/@code", "value_set", f"Le code {code.code} n’appartient pas à {list_name}.")


def in_time(place: str, moment: Moment | None, *, to_the_minute: bool = True) -> Iterator[Problem]:
    """§3.5.7.1: an hour always comes with its offset from UTC."""
    if moment is None:
        yield missing(place, "La date")
    elif not isinstance(moment, dt.datetime):
        if to_the_minute:
            yield Problem(f"{place}/@value", "no_hour", "L’heure est obligatoire.")
    elif moment.utcoffset() is None:
        yield Problem(f"{place}/@value", "no_offset", "L’heure n’a pas son décalage avec le temps universel.")


def ordered(place: str, low: Moment | None, high: Moment | None) -> Iterator[Problem]:
    if low and high and _day(high) < _day(low):
        yield Problem(place, "order", "La fin est avant le début.")


def _day(moment: Moment) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def telecoms(place: str, values: tuple[Telecom, ...]) -> Iterator[Problem]:
    """§3.5.6.2: a known prefix, and no space."""
    for telecom in values:
        if not _TELECOM.fullmatch("".join(telecom.value.split())):
            yield Problem(
                f"{place}/telecom",
                "telecom",
                f"« {telecom.value} » n’a pas de préfixe connu (tel:, mailto:).",
            )
