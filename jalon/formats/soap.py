"""SOAP 1.2 envelopes (1.1 is read too), WS-Addressing, faults and MTOM/XOP parts: bytes ⇄ dataclasses.

Multipart bodies are built and split by hand: the `email` package would rewrite line ends (and costs ten
times more), and a document's hash is over its exact bytes. Sizes are bounded; XML goes through `xml.parse`.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import xml

SOAP12: Final = "http://www.w3.org/2003/05/soap-envelope"
SOAP11: Final = "http://schemas.xmlsoap.org/soap/envelope/"
WSA: Final = "http://www.w3.org/2005/08/addressing"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
XOP: Final = "http://www.w3.org/2004/08/xop/include"
ANONYMOUS: Final = f"{WSA}/anonymous"

MAX_MESSAGE: Final = 60 * 2**20
MAX_PARTS: Final = 200
MAX_PART_HEADERS: Final = 8 * 2**10
ROOT_ID: Final = "root@jalon"

_VERSIONS: Final[Mapping[str, Literal["1.1", "1.2"]]] = {SOAP12: "1.2", SOAP11: "1.1"}
_PARAMETER = re.compile(r';\s*([\w-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^;\s"]+)')
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")


# --- envelopes -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Addressing:
    """The WS-Addressing headers. `message_id` is whole (`urn:uuid:…`); `relates_to` is for answers."""

    action: str
    message_id: str
    to: str = ""
    relates_to: str = ""


@dataclass(frozen=True)
class Fault:
    """A SOAP fault. `code` is the most precise one (the 1.2 Subcode when there is one), prefix removed."""

    code: str
    reason: str
    detail: bytes = b""


@dataclass(frozen=True)
class Message:
    """An envelope that was read. `payload` is the first element of Body; None when the body is empty."""

    version: Literal["1.1", "1.2"]
    addressing: Addressing
    header: etree._Element | None
    payload: etree._Element | None
    fault: Fault | None = None


def envelope(
    addressing: Addressing,
    payload: etree._Element | None,
    *,
    security: Sequence[bytes] = (),
    headers: Sequence[etree._Element] = (),
) -> bytes:
    """A SOAP 1.2 envelope. `security` are signed assertions, put untouched in one `wsse:Security` header.

    A request (no `relates_to`) also carries the anonymous ReplyTo. `payload` and `headers` are moved.
    """
    root = etree.Element(f"{{{SOAP12}}}Envelope", nsmap={"soap": SOAP12, "wsa": WSA})
    header = etree.SubElement(root, f"{{{SOAP12}}}Header")
    _address(header, addressing)
    header.extend(headers)
    if security:
        holder = etree.SubElement(header, f"{{{WSSE}}}Security", nsmap={"wsse": WSSE})
        holder.extend(xml.parse(assertion) for assertion in security)
    body = etree.SubElement(root, f"{{{SOAP12}}}Body")
    if payload is not None:
        body.append(payload)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _address(header: etree._Element, addressing: Addressing) -> None:
    action = etree.SubElement(header, f"{{{WSA}}}Action")
    action.text = addressing.action
    etree.SubElement(header, f"{{{WSA}}}MessageID").text = addressing.message_id
    etree.SubElement(header, f"{{{WSA}}}To").text = addressing.to or ANONYMOUS
    if addressing.relates_to:
        etree.SubElement(header, f"{{{WSA}}}RelatesTo").text = addressing.relates_to
        return
    reply_to = etree.SubElement(header, f"{{{WSA}}}ReplyTo")
    etree.SubElement(reply_to, f"{{{WSA}}}Address").text = ANONYMOUS
    for element in (action, reply_to):
        element.set(f"{{{SOAP12}}}mustUnderstand", "true")


def read(data: bytes, *, limit: int = MAX_MESSAGE) -> Message:
    """The envelope in `data` (SOAP 1.2 or 1.1, with or without addressing).

    Raises DomainError `xml_refused` (unreadable XML, DOCTYPE, too large) or `soap_refused` (not an envelope).
    """
    root = xml.parse(data, limit=limit)
    name = etree.QName(root)
    version = _VERSIONS.get(name.namespace or "")
    body = root.find(f"{{{name.namespace}}}Body")
    if version is None or name.localname != "Envelope" or body is None:
        raise refused("Le message n’est pas une enveloppe SOAP.", place=name.localname)
    header = root.find(f"{{{name.namespace}}}Header")
    payload = next(body.iterchildren("*"), None)
    return Message(version, _addressing(header), header, payload, _fault(payload))


def _addressing(header: etree._Element | None) -> Addressing:
    def text(name: str) -> str:
        return "" if header is None else (header.findtext(f"{{{WSA}}}{name}") or "").strip()

    return Addressing(text("Action"), text("MessageID"), text("To"), text("RelatesTo"))


def _fault(payload: etree._Element | None) -> Fault | None:
    if payload is None or etree.QName(payload).localname != "Fault":
        return None
    # By its parts, not by its envelope: some put the fault of 1.1 in an envelope of 1.2.
    if payload.find(f"{{{SOAP12}}}Code") is not None:
        codes = [found.text or "" for found in payload.iter(f"{{{SOAP12}}}Value")]
        reason, detail = payload.findtext(f".//{{{SOAP12}}}Text"), payload.find(f"{{{SOAP12}}}Detail")
    else:
        codes = [payload.findtext("{*}faultcode") or ""]
        reason, detail = payload.findtext("{*}faultstring"), payload.find("{*}detail")
    code = codes[-1].strip().rpartition(":")[2] if codes else ""
    return Fault(code, (reason or "").strip(), b"" if detail is None else etree.tostring(detail))


def fault(addressing: Addressing, reason: str, *, code: str = "Sender", subcode: str = "") -> bytes:
    """The bytes of a SOAP 1.2 fault, as a simulator answers one. `code` is Sender or Receiver."""
    payload = etree.Element(f"{{{SOAP12}}}Fault", nsmap={"soap": SOAP12, "wsse": WSSE})
    holder = etree.SubElement(payload, f"{{{SOAP12}}}Code")
    etree.SubElement(holder, f"{{{SOAP12}}}Value").text = f"soap:{code}"
    if subcode:
        inner = etree.SubElement(holder, f"{{{SOAP12}}}Subcode")
        etree.SubElement(inner, f"{{{SOAP12}}}Value").text = f"wsse:{subcode}"
    text = etree.SubElement(etree.SubElement(payload, f"{{{SOAP12}}}Reason"), f"{{{SOAP12}}}Text")
    text.text = reason
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "fr")
    return envelope(addressing, payload)


def content_type(action: str) -> str:
    """The Content-Type of a plain SOAP 1.2 request (RFC 3902)."""
    return f'application/soap+xml; charset=UTF-8; action="{action}"'


def refused(message: str, *, place: str = "") -> DomainError:
    """The DomainError `soap_refused`, to raise."""
    return DomainError(message, code="soap_refused", place=place)


# --- MTOM ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One MIME part: `content_id` without its angle brackets, the bytes as they are."""

    content_id: str
    data: bytes = field(repr=False)
    media_type: str = "application/octet-stream"


@dataclass(frozen=True)
class Unpacked:
    """The SOAP bytes of a body and its other parts by content id (none when it was not multipart)."""

    soap: bytes = field(repr=False)
    parts: Mapping[str, Part]


def include(content_id: str) -> etree._Element:
    """The `xop:Include` that stands for the part `content_id`."""
    return etree.Element(f"{{{XOP}}}Include", {"href": f"cid:{content_id}"}, nsmap={"xop": XOP})


def included(element: etree._Element) -> str:
    """The content id that the `xop:Include` under `element` points to, percent-decoded; '' without one."""
    found = element.find(f"{{{XOP}}}Include")
    href = "" if found is None else found.get("href", "")
    if not href.startswith("cid:"):
        return ""
    return _ESCAPED.sub(_unescaped, href[4:].encode()).decode("utf-8", "replace")


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes.fromhex(found[1].decode())


def inline(root: etree._Element, parts: Mapping[str, Part]) -> None:
    """Replace in place each `xop:Include` by the base64 of its part, as an XML Schema wants it.

    Raises DomainError `soap_refused` when a part is missing.
    """
    for found in list(root.iter(f"{{{XOP}}}Include")):
        holder = found.getparent()
        if holder is None or (content_id := included(holder)) not in parts:
            raise refused("Une pièce annoncée manque dans le message.", place=found.get("href", ""))
        holder.remove(found)
        holder.text = base64.b64encode(parts[content_id].data).decode()


def pack(soap: bytes, parts: Sequence[Part], *, action: str) -> tuple[str, bytes]:
    """(Content-Type, body) of a MTOM message: the envelope first, each part's bytes untouched.

    The boundary is drawn from the envelope itself (which holds a unique MessageID), so the same message gives
    the same bytes; it is drawn again until no part contains it.
    """
    mark = _boundary(soap, [part.data for part in parts])
    root_type = 'application/xop+xml; charset=UTF-8; type="application/soap+xml"'
    pieces = [_part(mark, ROOT_ID, root_type, soap)[2:]]
    pieces += [_part(mark, part.content_id, part.media_type, part.data) for part in parts]
    kind = (
        f'multipart/related; type="application/xop+xml"; start="<{ROOT_ID}>"; '
        f'start-info="application/soap+xml"; boundary="{mark}"; action="{action}"'
    )
    return kind, b"".join((*pieces, f"\r\n--{mark}--\r\n".encode()))


def _boundary(soap: bytes, blobs: Sequence[bytes]) -> str:
    rank = 0
    while True:
        mark = f"jalon-{hashlib.sha256(soap + bytes([rank])).hexdigest()[:40]}"
        if not any(mark.encode() in blob for blob in (soap, *blobs)):
            return mark
        rank += 1


def _part(mark: str, content_id: str, media_type: str, data: bytes) -> bytes:
    head = (
        f"\r\n--{mark}\r\nContent-Type: {media_type}\r\n"
        f"Content-Transfer-Encoding: binary\r\nContent-ID: <{content_id}>\r\n\r\n"
    )
    return head.encode() + data


def unpack(kind: str, body: bytes, *, limit: int = MAX_MESSAGE, max_parts: int = MAX_PARTS) -> Unpacked:
    """Split a body by its Content-Type `kind`. Bare LF line ends are accepted around parts, never inside.

    Raises DomainError `soap_refused`: too large, too many parts, no boundary, truncated, two parts of one
    name, an encoding other than binary, 8bit, 7bit and base64.
    """
    if len(body) > limit:
        raise refused(f"Le message dépasse {limit // 2**20} Mo.")
    if not kind.strip().lower().startswith("multipart/"):
        return Unpacked(body, {})
    parameters = _parameters(kind)
    parts: dict[str, Part] = {}
    for piece in _pieces(body, parameters.get("boundary", ""), max_parts):
        part = _read_part(piece)
        if part.content_id in parts:
            raise refused("Deux pièces du message portent le même nom.", place=part.content_id)
        parts[part.content_id] = part
    start = parameters.get("start", "").strip("<>") or next(iter(parts), "")
    if start not in parts:
        raise refused("La pièce principale du message manque.", place=start)
    return Unpacked(parts.pop(start).data, parts)


def _parameters(kind: str) -> dict[str, str]:
    found = ((name.lower(), value) for name, value in _PARAMETER.findall(kind))
    return {name: re.sub(r"\\(.)", r"\1", value[1:-1]) if value[0] == '"' else value for name, value in found}


def _pieces(body: bytes, mark: str, max_parts: int) -> list[bytes]:
    if not mark:
        raise refused("Le message en plusieurs parties ne dit pas ce qui les sépare.", place="boundary")
    pieces = (b"\n" + body).split(b"\n--" + mark.encode())
    if len(pieces) - 2 > max_parts:
        raise refused(f"Le message a plus de {max_parts} parties.")
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise refused("Le message est tronqué : sa dernière partie n’est pas fermée.")
    return [piece.removesuffix(b"\r") for piece in pieces[1:-1]]


def _read_part(piece: bytes) -> Part:
    head, data = _cut_headers(piece)
    headers = _headers(head)
    content_id = headers.get("content-id", "").strip("<>")
    encoding = headers.get("content-transfer-encoding", "binary").lower()
    if encoding == "base64":
        data = _base64(data, content_id)
    elif encoding not in ("binary", "8bit", "7bit"):
        raise refused(f"L’encodage « {encoding} » d’une pièce n’est pas accepté.", place=content_id)
    return Part(content_id, data, headers.get("content-type", "application/octet-stream"))


def _cut_headers(piece: bytes) -> tuple[bytes, bytes]:
    """The headers and the content of a part, on the first empty line (CRLF or bare LF)."""
    found = re.compile(rb"\r?\n\r?\n").search(piece, 0, MAX_PART_HEADERS)
    if found is None:
        raise refused("Une partie du message n’a pas d’en-têtes lisibles.")
    return piece[: found.start()], piece[found.end() :]


def _headers(head: bytes) -> dict[str, str]:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", head.decode("utf-8", "replace").strip())
    lines = (line.partition(":") for line in unfolded.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in lines if colon}


def _base64(data: bytes, place: str) -> bytes:
    try:
        return base64.b64decode(data)
    except binascii.Error as error:
        raise refused("Une pièce en base64 est illisible.", place=place) from error
