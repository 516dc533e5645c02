"""Bytes → a mail. Tolerant of what real mailers do, bounded by construction: size, headers, parts, depth.

The structure is split here, on views of the bytes, in one pass a level, rather than by the standard library:
its parser recurses without limit and rewrites what it holds. The library decodes single header blocks, which
are small.
"""

import binascii
import email.parser
import email.utils
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import Message

from jalon.core.errors import DomainError
from jalon.core.typography import NBSP
from jalon.formats.mime import headers, tnef
from jalon.formats.mime.vocabulary import MEDIA_TYPE, Attachment, Mail, Report

SIZE_LIMIT = 40 * 2**20
HEADERS_LIMIT = 256 * 2**10
PAGE_LIMIT = 2 * 2**20  # characters of an HTML part without plain twin; what follows is ignored
PARTS_LIMIT = 100
DEPTH_LIMIT = 10

ENCODING = re.compile(r"[A-Za-z0-9-]+")
HEADER_LINE = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]|From ")
NEWLINE, RETURN = b"\n"[0], b"\r"[0]
ORIGINAL = ("Original-Message-ID", "X-Original-Message-ID")
REPORTS = {
    "message/disposition-notification": "disposition",
    "message/delivery-status": "delivery",
    "message/global-delivery-status": "delivery",
}
MESSAGES = {"message/rfc822", "message/global"}
RETURNED = {*MESSAGES, "text/rfc822-headers"}
TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
FORWARDS_LIMIT = 3  # messages in one another that are opened: each holds its bytes once more


@dataclass(frozen=True)
class _Part:
    """A leaf of the mail's tree: its headers, its content once the transfer encoding is undone."""

    head: Message
    media_type: str
    name: str
    data: bytes
    forwards: int = 0  # how many messages it is inside of

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
    every = _all_parts(head, body)
    parts = [part for part in every if not part.forwards]
    reports = _reports(parts)
    return Mail(
        message_id=next(iter(headers.identifiers(head, "Message-ID")), ""),
        sender=headers.first_address(head, "From"),
        recipients=headers.addresses(head, "To"),
        copies=headers.addresses(head, "Cc"),
        subject=headers.text_of(head, "Subject"),
        date=headers.date(head),
        text=_body_text(parts),
        headers=headers.kept_headers(head),
        attachments=_attachments(parts if reports else every, has_reports=bool(reports)),
        in_reply_to=next(iter(headers.identifiers(head, "In-Reply-To")), ""),
        references=headers.identifiers(head, "References"),
        reply_to=headers.first_address(head, "Reply-To").address,
        disposition_notification_to=headers.first_address(head, "Disposition-Notification-To").address,
        return_receipt_to=headers.first_address(head, "Return-Receipt-To").address,
        reports=reports,
        returned=_returned(parts),
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


def _leaves(head: Message, body: memoryview, depth: int, forwards: int = 0) -> Iterator[_Part]:
    if depth > DEPTH_LIMIT:
        raise _too_much("mail_too_deep", f"ses parties s’emboîtent sur plus de {DEPTH_LIMIT} niveaux")
    boundary = headers.parameter(head, "boundary") if head.get_content_maintype() == "multipart" else ""
    segments = list(_segments(body, boundary)) if boundary else []
    if not segments:
        yield from _leaf(
            _Part(head, _media_type(head), _file_name(head), _content(head, body), forwards), depth
        )
    for segment in segments:
        yield from _leaves(*_split(segment), depth + 1, forwards)


def _leaf(part: _Part, depth: int) -> Iterator[_Part]:
    """A part, and what is inside the message that it forwards."""
    yield part
    if part.media_type in MESSAGES and part.forwards < FORWARDS_LIMIT:
        yield from _leaves(*_split(part.data), depth + 1, part.forwards + 1)


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
    named = ENCODING.search(str(encoding))  # some write signs around it: quotes, a semicolon, a comment
    match named[0].lower() if named else "":
        case "base64":
            return headers.base64(body)
        case "quoted-printable":
            return binascii.a2b_qp(body)
    return body


def _media_type(head: Message) -> str:
    media_type = head.get_content_type()
    return media_type if MEDIA_TYPE.fullmatch(media_type) else "application/octet-stream"


def _file_name(head: Message) -> str:
    """The file's name without any folder, its end when it is endless; empty when the part has none."""
    name = headers.parameter(head, "filename", "Content-Disposition") or headers.parameter(head, "name")
    return headers.bare(name)


# --- content ---------------------------------------------------------------------------------------


def _body_text(parts: Sequence[_Part]) -> str:
    """What is to be read: the plain parts; without any, the HTML ones stripped of their tags."""
    shown = [part for part in parts if part.is_text]
    plain = [_part_text(part) for part in shown if part.media_type == "text/plain"]
    return "\n\n".join(plain) if plain else "\n\n".join(_without_tags(_part_text(part)) for part in shown)


def _part_text(part: _Part) -> str:
    text = headers.decode(part.data, headers.parameter(part.head, "charset"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _without_tags(page: str) -> str:
    start, *pieces = page[:PAGE_LIMIT].split("<")
    shown = (piece.partition(">")[2] for piece in pieces if not piece.lower().startswith(("style", "script")))
    return html.unescape(start + "".join(shown)).strip()


def _attachments(parts: Sequence[_Part], *, has_reports: bool) -> tuple[Attachment, ...]:
    apart = {*REPORTS, *RETURNED} if has_reports else set()
    files = [part for part in parts if not part.is_text and part.media_type not in apart]
    return tuple(attachment for part in files for attachment in _opened(part))


def _opened(part: _Part) -> Iterator[Attachment]:
    """A file, then those that Outlook has shut up in it."""
    yield Attachment(part.name, part.media_type, part.data)
    if part.media_type in TNEF or part.name.lower() == "winmail.dat":
        for name, data in tnef.files(part.data):
            yield Attachment(headers.bare(name), "application/octet-stream", data)


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
    named = [headers.identifiers(block, name) for block in blocks for name in ORIGINAL]
    return next((found[0] for found in [*named, headers.identifiers(returned, "Message-ID")] if found), "")


def _disposition(blocks: Sequence[Message], original: str) -> Report:
    def value(name: str) -> str:
        return next((headers.text_of(block, name) for block in blocks if name in block), "")

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
        final_recipient=_recipient(headers.text_of(block, "Final-Recipient")),
        original_recipient=_recipient(headers.text_of(block, "Original-Recipient")),
        action=headers.text_of(block, "Action").lower(),
        status=headers.text_of(block, "Status"),
        diagnostic=headers.text_of(block, "Diagnostic-Code"),
    )


def _recipient(value: str) -> str:
    """The address of `rfc822; address`."""
    return value.rpartition(";")[2].strip()
