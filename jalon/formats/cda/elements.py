"""Reading helpers: what a CDA element says, or nothing; no exception for what a peer left out or got wrong.

A consumer must not refuse what it does not know (§3.4.2): old qualifiers, missing parts, unknown codes pass.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import TypeVar
from zoneinfo import ZoneInfo

from lxml import etree

from jalon.formats.cda.header import Address, Code, Id, Moment, PersonName, Telecom
from jalon.formats.cda.markup import ADDRESS_PARTS

HL7 = "urn:hl7-org:v3"
NAMESPACES = {"h": HL7}

Element = etree._Element
_T = TypeVar("_T")

_SPACES = re.compile(r"[ \t\r\n]+")
_TIME = re.compile(
    r"(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?"
    r"(?:(?P<hour>\d\d)(?P<minute>\d\d)?(?P<second>\d\d)?(?:\.\d+)?(?P<offset>[+-]\d{4})?)?",
    re.ASCII,
)
# A time without its offset is local to where it was written (§3.5.7.1): Paris, for want of a better answer.
_LOCAL = ZoneInfo("Europe/Paris")


# --- finding ---------------------------------------------------------------------------------------


def one(element: Element | None, path: str) -> Element | None:
    """The first element at `path` (`h:` is the HL7 namespace), or None, also when `element` is."""
    return None if element is None else element.find(path, NAMESPACES)


def every(element: Element | None, path: str) -> list[Element]:
    return [] if element is None else element.findall(path, NAMESPACES)


def value(element: Element | None, name: str = "value") -> str:
    return "" if element is None else element.get(name, "")


def each(read: Callable[[Element], _T | None], elements: list[Element]) -> tuple[_T, ...]:
    """What `read` finds in each element, without the empty ones."""
    return tuple(found for found in map(read, elements) if found is not None)


def maybe(read: Callable[[Element], _T | None], element: Element | None) -> _T | None:
    return None if element is None else read(element)


def path(element: Element) -> str:
    """Where `element` is: the names from the root down, with a rank among its like: `author[2]/time`."""
    steps = [_step(found) for found in (element, *element.iterancestors())]
    return "/".join(reversed(steps))


def _step(element: Element) -> str:
    rank = sum(1 for _ in element.itersiblings(element.tag, preceding=True)) + 1
    return f"{etree.QName(element).localname}{f'[{rank}]' if rank > 1 else ''}"


# --- data types ------------------------------------------------------------------------------------


def text(element: Element) -> str:
    """All the text inside, as it is."""
    return "".join(str(piece) for piece in element.itertext())


def words(element: Element | None) -> str:
    """The text inside, with XML spaces collapsed. No-break spaces are French: they stay."""
    return "" if element is None else _SPACES.sub(" ", text(element)).strip(" ")


def moment(element: Element | None) -> Moment | None:
    """A time, or a date when no hour is given; a month or a year alone is its first day."""
    found = _TIME.fullmatch(value(element).strip())
    if not found:
        return None
    try:
        date = dt.date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
        return dt.datetime.combine(date, _clock(found), _zone(found["offset"])) if found["hour"] else date
    except ValueError:  # no calendar has that day, no clock that hour
        return None


def _clock(found: re.Match[str]) -> dt.time:
    return dt.time(int(found["hour"]), int(found["minute"] or 0), int(found["second"] or 0))


def _zone(offset: str | None) -> dt.tzinfo:
    if not offset:
        return _LOCAL
    delta = dt.timedelta(hours=int(offset[1:3]), minutes=int(offset[3:]))
    return dt.timezone(-delta if offset[0] == "-" else delta)


def number(element: Element | None) -> int | None:
    digits = value(element)
    return int(digits) if re.fullmatch(r"\d{1,9}", digits, re.ASCII) else None


def instance(element: Element | None) -> Id | None:
    root = value(element, "root").strip()
    return Id(root, value(element, "extension")) if root else None


def code(element: Element | None) -> Code | None:
    """A coded value; None when it is null and says nothing in free words."""
    if element is None:
        return None
    translations = each(code, every(element, "h:translation"))
    found = Code(
        element.get("code", ""),
        element.get("codeSystem", ""),
        element.get("displayName", ""),
        element.get("codeSystemName", ""),
        translations,
        words(one(element, "h:originalText")),
    )
    return found if found.code or found.translations or found.original_text else None


# --- names, addresses ------------------------------------------------------------------------------


def qualified(element: Element | None, name: str, *qualifiers: str | None) -> str:
    """The first `name` child whose qualifier is one of `qualifiers` (None: no qualifier), in that order."""
    children = every(element, f"h:{name}")
    for qualifier in qualifiers:
        for child in children:
            if child.get("qualifier") == qualifier and (found := words(child)):
                return found
    return ""


def person_name(element: Element) -> PersonName | None:
    """The name of a person holding a `name`. `SP`, refused today, still means the name in use."""
    name = one(element, "h:name")
    if name is None:
        return None
    birth = qualified(name, "family", "BR")
    used = qualified(name, "family", "CL", "SP", None)
    given = qualified(name, "given", "CL", None, "BR")
    prefix, suffix = words(one(name, "h:prefix")), words(one(name, "h:suffix"))
    found = PersonName(used or birth, given, prefix, suffix, birth if used else "")
    if found == PersonName(""):  # a name may be bare text
        return PersonName(words(name)) if words(name) else None
    return found


def address(element: Element) -> Address | None:
    """Lines when the address has them, else its parts; repeated parts are joined."""
    lines = tuple(filter(None, map(words, every(element, "h:streetAddressLine"))))
    parts = {part: _joined(element, name) for name, part in ADDRESS_PARTS}
    if lines:
        parts = dict.fromkeys(parts, "")
        lines += tuple(_joined(element, name) for name in _AFTER_LINES if _joined(element, name))
    elif not any(parts.values()) and words(element):
        lines = (words(element),)
    else:
        parts["number"] = f"{parts['number']} {_joined(element, 'houseNumberNumeric')}".strip()
        parts["street"] = f"{_joined(element, 'streetNameType')} {parts['street']}".strip()
    found = Address(lines=lines, use=element.get("use", ""), **parts)
    return found if found.printed else None


_AFTER_LINES = ("postalCode", "city", "country")  # some write both forms


def _joined(element: Element, name: str) -> str:
    return ", ".join(filter(None, map(words, every(element, f"h:{name}"))))


def telecom(element: Element) -> Telecom | None:
    found = element.get("value", "").strip()
    return Telecom(found, element.get("use", "")) if found else None
