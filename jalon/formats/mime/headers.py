"""One block of headers: values decoded, bounded, without control characters; addresses, dates, parameters.

The standard library decodes each of them; what it raises on hostile ones is met here, and nowhere else.
"""

import binascii
import codecs
import datetime as dt
import email.utils
import re
import string
import urllib.parse
from collections.abc import Mapping
from email.message import Message

from jalon.formats.mime.vocabulary import KEPT_HEADERS, NAME_LIMIT, Address

VALUE_LIMIT = 4_000  # characters of a header decoded; what follows is ignored
ADDRESSES_LIMIT = 32_000
COMMENTS_LIMIT = 10
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))
ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?\s]*)\?=")
ENCODED_RUN = re.compile(rf"(?:{ENCODED_WORD.pattern})(?:\s+(?:{ENCODED_WORD.pattern}))*")
# Others either run for minutes on hostile bytes (punycode) or are no charset at all (unicode_escape).
CHARSETS = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}


def clean(text: str) -> str:
    return CONTROL.sub(" ", text).strip()


def _raw(head: Message, name: str, limit: int = VALUE_LIMIT) -> str:
    """One header's value, unfolded; bytes that are not ASCII are read as UTF-8, else as Windows-1252."""
    value = head.get(name, "")
    # compat32 hands a value holding such bytes as a Header, whose text has lost them: take the raw one.
    raw = next((raw for key, raw in head.raw_items() if key.lower() == name.lower()), str(value))
    encoded = re.sub(r"[\r\n]+", "", raw[:limit]).encode("utf-8", "surrogateescape")
    return decode(encoded, "utf-8")


def text_of(head: Message, name: str) -> str:
    return clean(decoded(_raw(head, name)))


def decoded(value: str) -> str:
    """Encoded words (RFC 2047) in text; what is not one stays as it is."""
    return ENCODED_RUN.sub(_decoded_run, value)


def _decoded_run(run: re.Match[str]) -> str:
    """Adjacent words of one charset are joined before decoding: some mailers cut a character in two."""
    text, pending, charset = "", b"", ""
    for name, encoding, content in ENCODED_WORD.findall(run[0]):
        if name.lower() != charset:
            text += decode(pending, charset)
            pending, charset = b"", name.lower()
        raw = content.encode("ascii", "ignore")
        pending += base64(raw) if encoding in "bB" else binascii.a2b_qp(raw, header=True)
    return text + decode(pending, charset)


def decode(data: bytes, charset: str) -> str:
    """In text, by its charset when it is a plain one and true to the bytes; else UTF-8, else Windows-1252."""
    for name in (_charset(charset), "utf-8"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")


def _charset(name: str) -> str:
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return "utf-8"
    return known if known in CHARSETS else "utf-8"


def kept_headers(head: Message) -> Mapping[str, str]:
    names = dict.fromkeys(name for name in head if name.lower().startswith(KEPT_HEADERS))
    return {name: text_of(head, name) for name in names}


def identifiers(head: Message, name: str) -> tuple[str, ...]:
    """The identifiers of a header, without their angle brackets nor the spaces some put inside."""
    return tuple(
        found.strip() for found in re.findall(r"<([^<>]*)>", clean(_raw(head, name, ADDRESSES_LIMIT)))
    )


def addresses(head: Message, name: str) -> tuple[Address, ...]:
    value = clean(_raw(head, name, ADDRESSES_LIMIT))
    if value.count("(") > COMMENTS_LIMIT:  # the library recurses on nested comments
        value = value.replace("(", " ").replace(")", " ")
    pairs = email.utils.getaddresses([value])
    return tuple(Address(clean(decoded(label)), address) for label, address in pairs if address)


def first_address(head: Message, name: str) -> Address:
    return next(iter(addresses(head, name)), Address("", ""))


def date(head: Message) -> dt.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(clean(_raw(head, "Date", 200)))
    except (ValueError, TypeError, IndexError, OverflowError):  # each one met on hostile dates
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


def parameter(head: Message, name: str, header: str = "Content-Type") -> str:
    """One parameter of a header, in the plain form or in those of RFC 2231; empty without any."""
    if len(str(head.get(header, ""))) > VALUE_LIMIT:
        return ""
    try:
        return email.utils.collapse_rfc2231_value(head.get_param(name, "", header))
    except (LookupError, TypeError, ValueError):  # TypeError: one written in two forms, on Python 3.11
        return _first_form(str(head.get(header, "")), name)


def _first_form(header: str, name: str) -> str:
    """A parameter that the library gives up on, by its first form that is whole."""
    found = re.search(rf';\s*{name}(\*?)\s*=\s*("[^"]*"|[^;\s]*)', header, re.IGNORECASE)
    if not found:
        return ""
    value = found[2].strip('"')
    return urllib.parse.unquote(value.rpartition("'")[2]) if found[1] else value


def bare(name: str) -> str:
    name = clean(decoded(name)).replace("\\", "/").rpartition("/")[2]
    return name if len(name.encode()) <= NAME_LIMIT else name[-NAME_LIMIT // 4 :]


def base64(body: bytes) -> bytes:
    digits = body.translate(None, delete=NOT_BASE64)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))
