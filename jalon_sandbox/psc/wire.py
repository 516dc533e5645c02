"""As much of HTTP as an OpenID provider needs on top of WSGI."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from jalon_sandbox.common.server import CLIENT_THUMBPRINT

LIMIT = 2**16
Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: dict[str, str]
    body: bytes = field(repr=False)
    authorization: str = field(repr=False)
    certificate: str
    cookies: dict[str, str] = field(repr=False)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    @classmethod
    def read(cls, environ: Environ) -> "Request":
        size = min(int(environ.get("CONTENT_LENGTH") or 0), LIMIT)
        return cls(
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            query=dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)),
            body=environ["wsgi.input"].read(size),
            certificate=environ.get(CLIENT_THUMBPRINT, ""),
            authorization=environ.get("HTTP_AUTHORIZATION", ""),
            cookies=_cookies(environ.get("HTTP_COOKIE", "")),
        )


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


@dataclass(frozen=True)
class Response:
    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def send(self, start_response: StartResponse) -> Iterable[bytes]:
        line = f"{self.status} {HTTPStatus(self.status).phrase}"
        fixed = [("Content-Length", str(len(self.body))), ("Cache-Control", "no-store")]
        start_response(line, [*self.headers, *fixed])
        return [self.body]


def as_json(value: Mapping[str, Any], status: int = 200, *headers: tuple[str, str]) -> Response:
    return Response(status, orjson.dumps(value), (("Content-Type", "application/json"), *headers))


def redirect(url: str, parameters: Mapping[str, str], *headers: tuple[str, str]) -> Response:
    given = urlencode({name: value for name, value in parameters.items() if value})
    joint = "" if not given else "&" if "?" in url else "?"
    return Response(302, headers=(("Location", f"{url}{joint}{given}"), *headers))


class OAuthError(Exception):
    """A refusal in the words of OAuth: `code` of the specification, a status for the endpoints in JSON."""

    def __init__(self, code: str, description: str, status: int = 400) -> None:
        super().__init__(code)
        self.code, self.description, self.status = code, description, status

    def response(self) -> Response:
        content = {"error": self.code, "error_description": self.description}
        if self.status != 401:
            return as_json(content, self.status)
        scheme = "Basic" if self.code == "invalid_client" else "Bearer"
        return as_json(content, 401, ("WWW-Authenticate", f'{scheme} realm="psc", error="{self.code}"'))
