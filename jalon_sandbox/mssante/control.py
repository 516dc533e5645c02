"""`/_sandbox`: what the simulated operator has seen, and its switches, in JSON, for tests and demonstrations.

    GET  /_sandbox                               domain, ports, boxes, mails taken, switches
    GET  /_sandbox/messages?address=…&folder=…   the mails of a folder, in base64
    POST /_sandbox/switches   (application/json) some switches, by name
    POST /_sandbox/boxes      (application/json) address, secret, token
    POST /_sandbox/messages?address=…  (message/rfc822) a mail put into a mailbox as it is

Only on loopback: the `Host` must be a loopback name (a page elsewhere cannot reach it by a name of its own),
and the types asked for are ones a page may not send without permission.
"""

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from jalon_sandbox.mssante.office import Box

BODY_LIMIT = 40 * 2**20
LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}


class Controlled(Protocol):
    """What the control needs of an operator."""

    def status(self) -> dict[str, Any]: ...
    def change(self, values: dict[str, object]) -> None: ...
    def add_box(self, box: Box) -> None: ...
    def contents(self, address: str, folder: str = "INBOX") -> list[bytes]: ...
    def inject(self, address: str, data: bytes) -> None: ...


class RefusedError(Exception):
    """The request cannot be served: an HTTP status and a word."""


def app(operator: Controlled) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    """The WSGI application of `/_sandbox`."""

    def serve(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            status, answer = "200 OK", _answer(operator, environ)
        except RefusedError as refusal:
            status, answer = str(refusal), {"error": str(refusal)}
        body = json.dumps(answer, ensure_ascii=False).encode()
        start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    return serve


def _answer(operator: Controlled, environ: WSGIEnvironment) -> object:
    if environ.get("HTTP_HOST", "").rpartition(":")[0] not in LOOPBACK:
        raise RefusedError("403 Forbidden")
    query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    match environ["REQUEST_METHOD"], environ.get("PATH_INFO", "").rstrip("/"):
        case "GET", "/_sandbox":
            return operator.status()
        case "GET", "/_sandbox/messages":
            mails = operator.contents(_wanted(query, "address"), query.get("folder", "INBOX"))
            return [base64.b64encode(mail).decode() for mail in mails]
        case "POST", "/_sandbox/switches":
            return _change(operator, _json(environ))
        case "POST", "/_sandbox/boxes":
            return _add_box(operator, _json(environ))
        case "POST", "/_sandbox/messages":
            operator.inject(_wanted(query, "address"), _body(environ, "message/rfc822"))
            return operator.status()
    raise RefusedError("404 Not Found")


def _change(operator: Controlled, values: dict[str, object]) -> object:
    try:
        operator.change(values)
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedError("400 Bad Request") from error
    return operator.status()


def _add_box(operator: Controlled, values: dict[str, object]) -> object:
    try:
        operator.add_box(Box(**{name: str(value) for name, value in values.items()}))
    except (TypeError, ValueError) as error:
        raise RefusedError("400 Bad Request") from error
    return operator.status()


def _wanted(query: dict[str, str], name: str) -> str:
    if not query.get(name):
        raise RefusedError("400 Bad Request")
    return query[name]


def _body(environ: WSGIEnvironment, media_type: str) -> bytes:
    if environ.get("CONTENT_TYPE", "").partition(";")[0].strip() != media_type:
        raise RefusedError("415 Unsupported Media Type")
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if not 0 < length <= BODY_LIMIT:
        raise RefusedError("413 Content Too Large")
    return bytes(environ["wsgi.input"].read(length))


def _json(environ: WSGIEnvironment) -> dict[str, object]:
    try:
        values = json.loads(_body(environ, "application/json"))
    except ValueError as error:
        raise RefusedError("400 Bad Request") from error
    if not isinstance(values, dict):
        raise RefusedError("400 Bad Request")
    return values
