"""The smallest pieces of CDA XML: escaped text, times, identifiers, codes, names, addresses.

Plain strings, because a document must cost less than a millisecond. Everything that comes from outside passes
through `text` or `attribute`; `refuse_control_characters` looks at the whole once.
"""

import datetime as dt
import re
from collections.abc import Iterable

from jalon.core.errors import DomainError
from jalon.formats.cda.header import Address, Code, Id, Moment, PersonName, Telecom

# In the order the guide lists them (§3.5.6.1); the schema takes any.
ADDRESS_PARTS = (
    ("additionalLocator", "locator"),
    ("unitID", "unit"),
    ("houseNumber", "number"),
    ("streetName", "street"),
    ("postBox", "post_box"),
    ("precinct", "precinct"),
    ("postalCode", "postal_code"),
    ("city", "city"),
    ("state", "state"),
    ("country", "country"),
)

BR = ' qualifier="BR"'  # of birth
CL = ' qualifier="CL"'  # in use (RNIV)

# What XML 1.0 forbids or advises against: C0 but tab and line ends, DEL, C1, surrogates, non-characters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)([\w:]+)[^<>]*?(/?)>")


# --- text ------------------------------------------------------------------------------------------


def text(value: str) -> str:
    """`value` as the content of an element. A carriage return is written so that it comes back."""
    if "&" in value:  # most texts hold none of these: looking is cheaper than replacing
        value = value.replace("&", "&amp;")
    if "<" in value:
        value = value.replace("<", "&lt;")
    if ">" in value:
        value = value.replace(">", "&gt;")
    if "\r" in value:
        value = value.replace("\r", "&#13;")
    return value


def attribute(value: str) -> str:
    """`value` between the double quotes of an attribute."""
    return text(value).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")


def refuse_control_characters(xml: str) -> None:
    """Raise DomainError `control_character`, with the element as its place, when `xml` holds one."""
    if found := _CONTROL.search(xml):
        raise DomainError(
            f"Le texte contient un caractère de contrôle (U+{ord(found[0]):04X}), qui ne peut pas être "
            "transmis. Effacez-le puis recommencez.",
            code="control_character",
            place=_path(xml[: found.start()]),
        )


def _path(before: str) -> str:
    """The open elements at the end of `before`."""
    is_inside_tag = before.rfind("<") > before.rfind(">")
    closed_text = f"{before}>" if is_inside_tag else before
    open_tags: list[str] = []
    for end, name, empty in _TAG.findall(closed_text):
        if end:
            open_tags.pop()
        elif not empty:
            open_tags.append(name)
    return "/".join(open_tags)


# --- times -----------------------------------------------------------------------------------------


def stamp(moment: Moment) -> str:
    """A time as `AAAAMMJJhhmmss±ZZzz`, a date as `AAAAMMJJ` (§3.5.7.1). Raises ValueError on a naive time."""
    if not isinstance(moment, dt.datetime):
        return f"{moment:%Y%m%d}"
    if moment.utcoffset() is None:
        raise ValueError("a time without offset cannot be written in a clinical document")
    return f"{moment:%Y%m%d%H%M%S%z}"


def time(name: str, moment: Moment | None) -> str:
    return f'<{name} value="{stamp(moment)}"/>' if moment else f'<{name} nullFlavor="UNK"/>'


def interval(low: Moment | None, high: Moment | None) -> str:
    """An effectiveTime with its known ends; `nullFlavor` when neither is known."""
    ends = (time("low", low) if low else "") + (time("high", high) if high else "")
    return f"<effectiveTime>{ends}</effectiveTime>" if ends else '<effectiveTime nullFlavor="UNK"/>'


# --- identifiers and codes -------------------------------------------------------------------------


def instance(id: Id | None, name: str = "id") -> str:
    if id is None:
        return f'<{name} nullFlavor="UNK"/>'
    extension = f' extension="{attribute(id.extension)}"' if id.extension else ""
    return f'<{name} root="{attribute(id.root)}"{extension}/>'


def instances(ids: Iterable[Id], name: str = "id") -> str:
    return "".join(instance(id, name) for id in ids)


def coded(code: Code | None, name: str = "code", *, kind: str = "") -> str:
    """A coded element, or nothing. `kind` is its xsi:type (`CE`, `CD`) where the schema leaves it open."""
    if code is None:
        return ""
    typed = f' xsi:type="{kind}"' if kind else ""
    display = f' displayName="{attribute(code.display)}"' if code.display else ""
    named = f' codeSystemName="{attribute(code.system_name)}"' if code.system_name else ""
    start = (
        f'<{name}{typed} code="{attribute(code.code)}"{display} codeSystem="{attribute(code.system)}"{named}'
    )
    inner = f"<originalText>{text(code.original_text)}</originalText>" if code.original_text else ""
    inner += "".join(coded(translation, "translation") for translation in code.translations)
    return f"{start}>{inner}</{name}>" if inner else f"{start}/>"


# --- names, addresses ------------------------------------------------------------------------------


def optional(name: str, value: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{text(value)}</{name}>" if value else ""


def person_name(name: PersonName) -> str:
    """A name; the family name takes a qualifier only beside a birth name (CL: the name in use)."""
    used = CL if name.birth_family else ""
    return (
        f"<name>{optional('prefix', name.prefix)}{optional('family', name.birth_family, BR)}"
        f"{optional('family', name.family, used)}{optional('given', name.given)}"
        f"{optional('suffix', name.suffix)}</name>"
    )


def address(value: Address) -> str:
    if value.lines:
        inner = "".join(optional("streetAddressLine", line) for line in value.lines)
    else:
        inner = "".join(optional(name, getattr(value, part)) for name, part in ADDRESS_PARTS)
    if not inner:
        return '<addr nullFlavor="UNK"/>'
    use = f' use="{attribute(value.use)}"' if value.use else ""
    return f"<addr{use}>{inner}</addr>"


def telecom(value: Telecom) -> str:
    """The chain may hold no space (§3.5.6.2): those of a typed number fall."""
    use = f' use="{attribute(value.use)}"' if value.use else ""
    return f'<telecom value="{attribute("".join(value.value.split()))}"{use}/>'


def contact(addresses: Iterable[Address], telecoms: Iterable[Telecom]) -> str:
    """Addresses then telecoms, as roles want them: the schematrons ask for both, `NASK` when not asked."""
    known = "".join(map(address, addresses)) or '<addr nullFlavor="NASK"/>'
    return known + ("".join(map(telecom, telecoms)) or '<telecom nullFlavor="NASK"/>')
