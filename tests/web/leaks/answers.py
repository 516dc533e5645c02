"""Everything an answer says: its head, its body, and what is folded in a PDF, an archive or a message."""

import email
import io
import re
import zipfile
import zlib
from base64 import b64decode
from binascii import Error
from typing import Any

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)
BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{4}){20,}(?:[A-Za-z0-9+/=]{4})?")


def said_by(answer: Any) -> str:
    """Head and body of an answer, as text."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    cookies = "\n".join(str(cookie) for cookie in answer.cookies.values())
    return f"{head}\n{cookies}\n{opened(b''.join(answer))}"


def opened(data: bytes, depth: int = 5) -> str:
    """These bytes as text, then what is folded inside them."""
    inner = _folded(data) if depth else []
    return "\n".join([data.decode("utf-8", "replace"), *(opened(one, depth - 1) for one in inner)])


def _folded(data: bytes) -> list[bytes]:
    if zipfile.is_zipfile(io.BytesIO(data)):
        archive = zipfile.ZipFile(io.BytesIO(data))
        return [name.encode() + b"\n" + archive.read(name) for name in archive.namelist()]
    if b"\nMIME-Version:" in data:
        parts = email.message_from_bytes(data).walk()
        return [part.get_payload(decode=True) for part in parts if not part.is_multipart()]
    found = [_inflated(one) for one in STREAM.findall(data)] if b"%PDF-" in data[:200] else []
    found += [_decoded(one) for one in BASE64.findall(b"".join(data.split()))]
    return [one for one in found if one and one != data]


def _inflated(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data


def _decoded(data: bytes) -> bytes:
    try:
        return b64decode(data, validate=True)
    except Error:
        return b""
