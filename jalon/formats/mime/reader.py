"""Bytes → a mail. Tolerant of what real mailers do, bounded by construction: size, headers, parts, depth.

The structure is split here, on views of the bytes, in one pass a level, rather than by the standard library:
its parser recurses without limit and rewrites what it holds. The library decodes single header blocks, which
are small.
"""

import binascii
import codecs
import datetime as dt
import email.parser
import email.utils
import html
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message

from jalon.core.errors import DomainError
from jalon.core.typography import NBSP
from jalon.formats.mime.vocabulary import (
    KEPT_HEADERS,
    MEDIA_TYPE,
    NAME_LIMIT,
    Address,
    Attachment,
    Mail,
    Report,
)

SIZE_LIMIT = 40 * 2**20
HEADERS_LIMIT = 256 * 2**10
VALUE_LIMIT = 4_000  # characters of a header decoded; what follows is ignored
ADDRESSES_LIMIT = 32_000
PAGE_LIMIT = 2 * 2**20  # characters of an HTML part without plain twin; what follows is ignored
PARTS_LIMIT = 100
DEPTH_LIMIT = 10

HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]|From ")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + string.digits.encode() + b"+/"))
ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?\s]*)\?=")
ENCODED_RUN = re.compile(rf"(?:{ENCODED_WORD.pattern})(?:\s+(?:{ENCODED_WORD.pattern}))*")
NEWLINE, RETURN = b"\n"[0], b"\r"[0]
ORIGINAL = ("Original-Message-ID", "X-Original-Message-ID")
# Others either run for minutes on hostile bytes (punycode) or are no charset at all (unicode_escape).
CHARSETS = {"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16", "utf-16-le", "utf-16-be"}
REPORTS = {
    "message/disposition-notification": "disposition",
    "message/delivery-status": "delivery",
    "message/global-delivery-status": "delivery",
}
RETURNED = {"message/rfc822", "text/rfc822-headers", "message/global"}


@dataclass(frozen=True)
class _Part:
    """A leaf of the mail's tree: its headers, its content once the transfer encoding is undone."""

    head: Message
    media_type: str
    name: str
    data: bytes

    @property
    def is_text(self) -> bool:
        """Meant to be read in the mail itself, not a file."""
        shown = not self.name and self.head.get_content_disposition() != "attachment"
        return shown and self.media_type in {"text/plain", "text/html"}


def read(data: bytes, *, limit: int = SIZE_LIMIT) -> Mail:
    """The mail in `data`. Control characters in headers (injections hidden in encoded words) become spaces.

    Raises DomainError `mail_too_large` (more than `limit` bytes, or 256 KB of headers), `mail_too_many_parts`
    (100) or `mail_too_deep` (10 levels).
    """
    if len(data) > limit:
        raise _too_much("mail_too_large", f"il dépasse {limit // 2**20}{NBSP}Mo")
    head, body = _split(data)
    parts = _all_parts(head, body)
    reports = _reports(parts)
    return Mail(
        message_id=next(iter(_identifiers(head, "Message-ID")), ""),
        sender=_first_address(head, "From"),
        recipients=_addresses(head, "To"),
        copies=_addresses(head, "Cc"),
        subject=_text_of(head, "Subject"),
        date=_date(head),
        text=_body_text(parts),
        headers=_kept_headers(head),
        attachments=_attachments(parts, has_reports=bool(reports)),
        in_reply_to=next(iter(_identifiers(head, "In-Reply-To")), ""),
        references=_identifiers(head, "References"),
        reply_to=_first_address(head, "Reply-To").address,
        disposition_notification_to=_first_address(head, "Disposition-Notification-To").address,
        return_receipt_to=_first_address(head, "Return-Receipt-To").address,
        reports=reports,
        returned=_returned(parts) if reports else b"",
    )


def _too_much(code: str, why: str) -> DomainError:
    return DomainError(f"Le courriel n’a pas été lu : {why}.", code=code)


# --- structure -------------------------------------------------------------------------------------


def _split(data: bytes | memoryview) -> tuple[Message, memoryview]:
    """Headers and body. A body that starts without its blank line is accepted (the official MDN sample)."""
    view = memoryview(data)
    block, place = bytes(view[:HEADERS_LIMIT]), 0
    while place < len(block):
        end = block.find(b"\n", place) + 1 or len(block)
        line = block[place:end]
        if not line.strip(b"\r\n"):
            return _head(block[:place]), view[end:]
        if not HEADER_LINE.match(line):
            break
        place = end
    if place == HEADERS_LIMIT:
        raise _too_much("mail_too_large", "ses en-têtes sont trop longs")
    return _head(block[:place]), view[place:]


def _head(block: bytes) -> Message:
    return email.parser.BytesHeaderParser().parsebytes(block)


def _all_parts(head: Message, body: memoryview) -> list[_Part]:
    parts: list[_Part] = []
    for part in _leaves(head, body, 0):
        parts.append(part)
        if len(parts) > PARTS_LIMIT:
            raise _too_much("mail_too_many_parts", f"il a plus de {PARTS_LIMIT} parties")
    return parts


def _leaves(head: Message, body: memoryview, depth: int) -> Iterator[_Part]:
    if depth > DEPTH_LIMIT:
        raise _too_much("mail_too_deep", f"ses parties s’emboîtent sur plus de {DEPTH_LIMIT} niveaux")
    boundary = _parameter(head, "boundary") if head.get_content_maintype() == "multipart" else ""
    segments = list(_segments(body, boundary)) if boundary else []
    if not segments:
        yield _Part(head, _media_type(head), _file_name(head), _content(head, body))
    for segment in segments:
        yield from _leaves(*_split(segment), depth + 1)


def _segments(body: memoryview, boundary: str) -> Iterator[memoryview]:
    """What stands between the delimiters; a closing delimiter that is missing is forgiven."""
    start = None
    for count, found in enumerate(_delimiters(body, boundary), 1):
        if start is not None:
            yield body[start : _before_newline(body, found.start())]
        if count > PARTS_LIMIT:
            raise _too_much("mail_too_many_parts", f"il a plus de {PARTS_LIMIT} parties")
        if found[1]:
            return
        start = found.end()
    if start is not None:
        yield body[start:]


def _delimiters(body: memoryview, boundary: str) -> Iterator[re.Match[bytes]]:
    mark = re.escape(boundary.encode("utf-8", "surrogateescape"))
    # The pattern starts with its literal, which is searched fast; the start of line is checked after.
    for found in re.finditer(rb"--" + mark + rb"(--)?[ \t]*(?:\r?\n|\Z)", body):
        if found.start() == 0 or body[found.start() - 1] == NEWLINE:
            yield found


def _before_newline(body: memoryview, place: int) -> int:
    """The end of what precedes a delimiter: the line break before it belongs to it."""
    if place and body[place - 1] == NEWLINE:
        place -= 1
    if place and body[place - 1] == RETURN:
        place -= 1
    return place


def _content(head: Message, view: memoryview) -> bytes:
    body = bytes(view)
    # The second spelling is the one of the national guide's own sample.
    encoding = head.get("Content-Transfer-Encoding", head.get("Content-Transfert-Encoding", ""))
    match str(encoding).strip().lower():
        case "base64":
            return _base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
    return body


def _base64(body: bytes) -> bytes:
    digits = body.translate(None, delete=NOT_BASE64)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def _parameter(head: Message, name: str) -> str:
    value = head.get_param(name) if len(str(head.get("Content-Type", ""))) < VALUE_LIMIT else None
    return value if isinstance(value, str) else ""


def _media_type(head: Message) -> str:
    media_type = head.get_content_type()
    return media_type if MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"


def _file_name(head: Message) -> str:
    """The file's name without any folder, its end when it is endless; empty when the part has none."""
    if any(len(str(value)) > VALUE_LIMIT for value in head.values()):
        return ""
    try:
        name = head.get_filename() or ""
    except (LookupError, ValueError):  # an unknown or misused charset in an RFC 2231 name
        return ""
    name = _clean(_decoded(name)).replace("\\", "/").rpartition("/")[2]
    return name if len(name.encode()) <= NAME_LIMIT else name[-NAME_LIMIT // 4 :]


# --- headers ---------------------------------------------------------------------------------------


def _clean(text: str) -> str:
    return CONTROL.sub(" ", text).strip()


def _raw(head: Message, name: str, limit: int = VALUE_LIMIT) -> str:
    """One header's value, unfolded; bytes that are not ASCII are read as UTF-8, else as Windows-1252."""
    value = head.get(name, "")
    # compat32 hands a value holding such bytes as a Header, whose text has lost them: take the raw one.
    raw = next((raw for key, raw in head.raw_items() if key.lower() == name.lower()), str(value))
    encoded = re.sub(r"[\r\n]+", "", raw[:limit]).encode("utf-8", "surrogateescape")
    return _decode(encoded, "utf-8")


def _text_of(head: Message, name: str) -> str:
    return _clean(_decoded(_raw(head, name)))


def _decoded(value: str) -> str:
    """Encoded words (RFC 2047) in text; what is not one stays as it is."""
    return ENCODED_RUN.sub(_decoded_run, value)


def _decoded_run(run: re.Match[str]) -> str:
    """Adjacent words of one charset are joined before decoding: some mailers cut a character in two."""
    text, pending, charset = "", b"", ""
    for name, encoding, content in ENCODED_WORD.findall(run[0]):
        if name.lower() != charset:
            text += _decode(pending, charset)
            pending, charset = b"", name.lower()
        raw = content.encode("ascii", "ignore")
        pending += _base64(raw) if encoding in "bB" else binascii.a2b_qp(raw, header=True)
    return text + _decode(pending, charset)


def _decode(data: bytes, charset: str) -> str:
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


def _kept_headers(head: Message) -> Mapping[str, str]:
    names = dict.fromkeys(name for name in head if name.lower().startswith(KEPT_HEADERS))
    return {name: _text_of(head, name) for name in names}


def _identifiers(head: Message, name: str) -> tuple[str, ...]:
    """The identifiers of a header, without their angle brackets nor the spaces some put inside."""
    return tuple(
        found.strip() for found in re.findall(r"<([^<>]*)>", _clean(_raw(head, name, ADDRESSES_LIMIT)))
    )


def _addresses(head: Message, name: str) -> tuple[Address, ...]:
    value = _clean(_raw(head, name, ADDRESSES_LIMIT))
    if value.count("(") > DEPTH_LIMIT:  # the library recurses on nested comments
        value = value.replace("(", " ").replace(")", " ")
    pairs = email.utils.getaddresses([value])
    return tuple(Address(_clean(_decoded(label)), address) for label, address in pairs if address)


def _first_address(head: Message, name: str) -> Address:
    return next(iter(_addresses(head, name)), Address("", ""))


def _date(head: Message) -> dt.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(_clean(_raw(head, "Date", 200)))
    except (ValueError, TypeError, IndexError, OverflowError):  # each one met on hostile dates
        return None
    return date if date.tzinfo else date.replace(tzinfo=dt.UTC)


# --- content ---------------------------------------------------------------------------------------


def _body_text(parts: Sequence[_Part]) -> str:
    """What is to be read: the plain parts; without any, the HTML ones stripped of their tags."""
    shown = [part for part in parts if part.is_text]
    plain = [_part_text(part) for part in shown if part.media_type == "text/plain"]
    return "\n\n".join(plain) if plain else "\n\n".join(_without_tags(_part_text(part)) for part in shown)


def _part_text(part: _Part) -> str:
    text = _decode(part.data, _parameter(part.head, "charset"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_tags(page: str) -> str:
    start, *pieces = page[:PAGE_LIMIT].split("<")
    shown = (piece.partition(">")[2] for piece in pieces if not piece.lower().startswith(("style", "script")))
    return html.unescape(start + "".join(shown)).strip()


def _attachments(parts: Sequence[_Part], *, has_reports: bool) -> tuple[Attachment, ...]:
    apart = {*REPORTS, *RETURNED} if has_reports else set()
    files = [part for part in parts if not part.is_text and part.media_type not in apart]
    return tuple(Attachment(part.name, part.media_type, part.data) for part in files)


def _returned(parts: Sequence[_Part]) -> bytes:
    return next((part.data for part in parts if part.media_type in RETURNED), b"")


# --- reports ---------------------------------------------------------------------------------------


def _reports(parts: Sequence[_Part]) -> tuple[Report, ...]:
    part = next((part for part in parts if part.media_type in REPORTS), None)
    if part is None:
        return ()
    blocks = _blocks(part)
    original = _original(blocks, parts)
    if REPORTS[part.media_type] == "disposition":
        return (_disposition(blocks, original),)
    return tuple(_delivery(block, original) for block in blocks if "Final-Recipient" in block)


def _blocks(part: _Part) -> list[Message]:
    """The groups of fields; the part's own headers too, where a missing blank line has put fields."""
    groups = re.split(rb"(?:\r?\n){2,}", part.data.strip(b"\r\n"), maxsplit=PARTS_LIMIT)
    return [part.head, *(_split(group)[0] for group in groups)]


def _original(blocks: Sequence[Message], parts: Sequence[_Part]) -> str:
    returned = _split(_returned(parts))[0]
    named = [_identifiers(block, name) for block in blocks for name in ORIGINAL]
    return next((found[0] for found in [*named, _identifiers(returned, "Message-ID")] if found), "")


def _disposition(blocks: Sequence[Message], original: str) -> Report:
    def value(name: str) -> str:
        return next((_text_of(block, name) for block in blocks if name in block), "")

    return Report(
        kind="disposition",
        original_message_id=original,
        final_recipient=_recipient(value("Final-Recipient")),
        original_recipient=_recipient(value("Original-Recipient")),
        disposition=value("Disposition"),
    )


def _delivery(block: Message, original: str) -> Report:
    return Report(
        kind="delivery",
        original_message_id=original,
        final_recipient=_recipient(_text_of(block, "Final-Recipient")),
        original_recipient=_recipient(_text_of(block, "Original-Recipient")),
        action=_text_of(block, "Action").lower(),
        status=_text_of(block, "Status"),
        diagnostic=_text_of(block, "Diagnostic-Code"),
    )


def _recipient(value: str) -> str:
    """The address of `rfc822; address`."""
    return value.rpartition(";")[2].strip()
