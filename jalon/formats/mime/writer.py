"""A mail → bytes. Deterministic: date and identifiers are the mail's, the boundary comes from its Message-ID.

Every byte is ASCII and every line ends with CRLF, so that no road alters them.
"""

import base64
import binascii
import email.utils
import hashlib
import re
import string
from collections.abc import Iterable, Iterator, Sequence

from jalon.core.errors import DomainError
from jalon.formats.mime.vocabulary import (
    IDENTIFIER,
    KEPT_HEADERS,
    MEDIA_TYPE,
    NAME_LIMIT,
    Address,
    Attachment,
    Mail,
    Report,
)

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,75}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
PLAIN = (string.ascii_letters + string.digits + "-._").encode()  # in a file's name, written as they are
WORD = 45  # bytes of text in an encoded word: 60 of base64, under the 75 of RFC 2047
LINE = 76


def write(mail: Mail) -> bytes:
    """The bytes of `mail`, all ASCII, CRLF; the same bytes each time.

    Raises DomainError `mail_header` when a header, an address, an identifier or a file name carries what
    would break out of its place (line breaks, control characters) or is not what its name says.
    """
    lines = [*_envelope(mail), *_extra_headers(mail), "MIME-Version: 1.0"]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii") + _body(mail)


def _envelope(mail: Mail) -> Iterator[str]:
    if mail.date is None or mail.date.tzinfo is None:
        raise _refused("Date", "une date avec son fuseau est attendue")
    yield f"Date: {email.utils.format_datetime(mail.date)}"
    yield _addresses("From", [mail.sender])
    yield _addresses("To", mail.recipients)
    if mail.copies:
        yield _addresses("Cc", mail.copies)
    yield _unstructured("Subject", mail.subject)
    yield _identifiers("Message-ID", [mail.message_id])
    if mail.in_reply_to:
        yield _identifiers("In-Reply-To", [mail.in_reply_to])
    if mail.references:
        yield _identifiers("References", mail.references)
    for name, address in (
        ("Reply-To", mail.reply_to),
        ("Disposition-Notification-To", mail.disposition_notification_to),
        ("Return-Receipt-To", mail.return_receipt_to),
    ):
        if address:
            yield _addresses(name, [Address("", address)])


def _extra_headers(mail: Mail) -> Iterator[str]:
    for name, value in mail.headers.items():
        if not HEADER_NAME.fullmatch(name) or not name.lower().startswith(KEPT_HEADERS):
            raise _refused(name, "cet en-tête n’est pas de ceux qu’un courriel MSSanté porte")
        yield _unstructured(name, value)


def _refused(place: str, why: str) -> DomainError:
    return DomainError(f"Le courriel n’a pas été écrit : {why}.", code="mail_header", place=place)


def _checked(name: str, value: str) -> str:
    if CONTROL.search(value):
        raise _refused(name, "un saut de ligne ou un caractère de commande s’y trouve")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise _refused(name, "un caractère invalide s’y trouve")
    return value


def _unstructured(name: str, value: str) -> str:
    """One header of free text: as it is when it is plain ASCII, else in encoded words (RFC 2047)."""
    _checked(name, value)
    words = value.split(" ")
    if value.isascii() and "=?" not in value and all(0 < len(word) < LINE for word in words):
        return "\r\n ".join(_folded(f"{name}:", words))
    return f"{name}: " + "\r\n ".join(_encoded_words(value))


def _folded(line: str, words: Iterable[str]) -> Iterator[str]:
    """The lines of a header cut at spaces; the first word stays on the first line."""
    for rank, word in enumerate(words):
        if rank and len(line) + 1 + len(word) > LINE:
            yield line
            line = word
        else:
            line = f"{line} {word}"
    yield line


def _encoded_words(text: str) -> Iterator[str]:
    chunk = b""
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > WORD:
            yield _encoded_word(chunk)
            chunk = b""
        chunk += encoded
    yield _encoded_word(chunk)


def _encoded_word(chunk: bytes) -> str:
    return f"=?utf-8?b?{base64.b64encode(chunk).decode()}?="


def _addresses(name: str, addresses: Sequence[Address]) -> str:
    if not addresses:
        raise _refused(name, "aucun destinataire")
    return f"{name}: " + ",\r\n ".join(_address(name, each) for each in addresses)


def _address(name: str, address: Address) -> str:
    if not ADDRESS.fullmatch(address.address):
        raise _refused(name, "une adresse de messagerie est mal formée")
    label = _checked(name, address.label)
    if not label:
        return address.address
    if label.isascii() and len(label) <= LINE - 20 and "=?" not in label:
        quoted = label.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}"\r\n <{address.address}>'
    return "\r\n ".join(_encoded_words(label)) + f"\r\n <{address.address}>"


def _identifiers(name: str, identifiers: Iterable[str]) -> str:
    identifiers = list(identifiers)
    if not all(IDENTIFIER.fullmatch(identifier) for identifier in identifiers):
        raise _refused(name, "un identifiant de courriel est mal formé")
    return f"{name}: " + "\r\n ".join(f"<{identifier}>" for identifier in identifiers)


def _body(mail: Mail) -> bytes:
    parts = [_text_part(mail.text)]
    if mail.reports:
        parts.append(_report_part(mail.reports))
    if mail.returned:
        parts.append(_part("message/rfc822", "7bit", _crlf(mail.returned)))
    parts += [_attachment_part(attachment) for attachment in mail.attachments]
    if len(parts) == 1:
        return parts[0]
    return _multipart(parts, _subtype(mail), _boundary(mail.message_id, parts))


def _subtype(mail: Mail) -> str:
    if not mail.reports:
        return "mixed"
    kind = "disposition-notification" if mail.reports[0].kind == "disposition" else "delivery-status"
    return f"report; report-type={kind}"


def _boundary(seed: str, parts: Sequence[bytes]) -> str:
    """A boundary that no part contains. `=_` occurs in no base64 nor quoted-printable text."""
    boundary = f"=_{hashlib.sha256(seed.encode()).hexdigest()[:32]}"
    while any(boundary.encode() in part for part in parts):
        boundary = f"=_{hashlib.sha256(boundary.encode()).hexdigest()[:32]}"
    return boundary


def _multipart(parts: Sequence[bytes], subtype: str, boundary: str) -> bytes:
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'
    delimiter = f"--{boundary}\r\n".encode()
    body = b"".join(delimiter + part + b"\r\n" for part in parts)
    return head.encode() + body + f"--{boundary}--\r\n".encode()


def _part(content_type: str, transfer: str, body: bytes, disposition: str = "") -> bytes:
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {transfer}\r\n{disposition}\r\n"
    return head.encode("ascii") + body


def _text_part(text: str) -> bytes:
    try:
        lines = re.sub(r"\r\n|\r", "\n", text).encode()
    except UnicodeEncodeError as error:
        raise _refused("texte", "un caractère invalide s’y trouve") from error
    quoted = binascii.b2a_qp(lines, istext=True)
    return _part('text/plain; charset="utf-8"', "quoted-printable", quoted.replace(b"\n", b"\r\n"))


def _attachment_part(attachment: Attachment) -> bytes:
    if not MEDIA_TYPE.fullmatch(attachment.media_type) or attachment.media_type.startswith("multipart/"):
        raise _refused("pièce jointe", "son type n’est pas un type de média")
    body = base64.encodebytes(attachment.data).replace(b"\n", b"\r\n")
    disposition = f"Content-Disposition: attachment{_parameter('filename', attachment.name)}\r\n"
    content_type = attachment.media_type + _parameter("name", attachment.name)
    return _part(content_type, "base64", body, disposition)


def _parameter(key: str, name: str) -> str:
    """`; key="name"`, or its RFC 2231 form when the name is not plain ASCII; nothing without a name."""
    if not name:
        return ""
    if len(_checked("pièce jointe", name).encode()) > NAME_LIMIT:
        raise _refused("pièce jointe", f"son nom dépasse {NAME_LIMIT} octets")
    if name.isascii() and not re.search(r'["\\]', name):
        return f';\r\n {key}="{name}"'
    encoded = "".join(chr(each) if each in PLAIN else f"%{each:02X}" for each in name.encode())
    return f";\r\n {key}*=utf-8''{encoded}"


def _crlf(data: bytes) -> bytes:
    return re.sub(rb"\r\n|\r|\n", b"\r\n", data)


def _report_part(reports: Sequence[Report]) -> bytes:
    if reports[0].kind == "disposition":
        return _part("message/disposition-notification", "7bit", _disposition(reports[0]).encode("ascii"))
    blocks = ["Reporting-MTA: dns; localhost\r\n", *(_delivery(report) for report in reports)]
    return _part("message/delivery-status", "7bit", "\r\n".join(blocks).encode("ascii"))


def _fields(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{_unstructured(name, value)}\r\n" for name, value in pairs if value)


def _disposition(report: Report) -> str:
    return _fields(
        [
            ("Original-Recipient", report.original_recipient and f"rfc822;{report.original_recipient}"),
            ("Final-Recipient", report.final_recipient and f"rfc822;{report.final_recipient}"),
            ("Original-Message-ID", report.original_message_id and f"<{report.original_message_id}>"),
            ("Disposition", report.disposition),
        ]
    )


def _delivery(report: Report) -> str:
    return _fields(
        [
            ("Original-Recipient", report.original_recipient and f"rfc822;{report.original_recipient}"),
            ("Final-Recipient", report.final_recipient and f"rfc822;{report.final_recipient}"),
            ("X-Original-Message-ID", report.original_message_id and f"<{report.original_message_id}>"),
            ("Action", report.action),
            ("Status", report.status),
            ("Diagnostic-Code", report.diagnostic),
        ]
    )
