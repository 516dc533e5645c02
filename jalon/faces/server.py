"""Between the server and the pages: whoever sends slowly holds a connection, and no thread.

A body is read here, where waiting costs nothing, within a time that follows its size; then a thread makes the
page. Pages stay synchronous: a transaction and its connection belong to one thread.
"""

import asyncio
import contextlib
import io
import sys
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

THREADS: Final = 2
"""Of a process: one page computes while another waits for the database; more only take turns at computing
(eight people at once: 68 pages a second with four threads, 83 with two)."""
WAITING: Final = 4
OUTSIDE: Final = "/compte/oidc/"
"""Pages that wait for a service of others (Pro Santé Connect): threads of their own, and no other waits."""
PATIENCE: Final = 20.0
"""Seconds for a body to arrive, whatever its size."""
SLOWEST: Final = 16 * 1024
"""Bytes a second of the slowest line that still sends a large file."""
SMALL: Final = 64 * 1024
"""Bytes of a body that is never refused for want of room."""
ROOM: Final = 128 * 2**20
"""Bytes of bodies that a process holds at once."""
LONGEST: Final = 120.0
"""Seconds after which somebody is told to come back later; the page is finished without them."""
MARGIN: Final = 2**20  # around the files of a form

TOO_SLOW = (408, "L’envoi a pris trop de temps. Vérifiez votre connexion et recommencez.")
TOO_MANY = (503, "Trop d’envois arrivent en même temps. Recommencez dans un instant.")
TOO_LONG = (503, "La réponse prend trop de temps. Recommencez dans un instant.")


class NoRoomError(Exception):
    """More is being sent than a process may hold."""


class Gone(Exception):  # noqa: N818  nobody is there any more: not an error
    """The browser left before the end of what it sent."""


class Threads:
    """An ASGI application around a WSGI one."""

    def __init__(self, application: Any, *, largest: int, room: int = ROOM) -> None:
        self.application = application
        self.kept = largest + MARGIN
        self.room = room
        self.pool = ThreadPoolExecutor(THREADS, thread_name_prefix="page")
        self.aside = ThreadPoolExecutor(WAITING, thread_name_prefix="outside")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        try:
            await asyncio.wait_for(self._read(body, receive), _patience(scope))
            status, headers, content = await self._page(scope, body)
        except Gone:
            return
        except TimeoutError:
            status, headers, content = _sentence(*TOO_SLOW)
        except NoRoomError:
            status, headers, content = _sentence(*TOO_MANY)
        finally:
            self.room += _held(body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _read(self, body: bytearray, receive: Receive) -> None:
        """The body, as far as a form may go: what is longer is let pass, and the form says so."""
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            before = _held(body)
            body += message.get("body", b"")[: self.kept - len(body)]
            self.room -= _held(body) - before
            if self.room < 0:
                raise NoRoomError
            more = message.get("more_body", False)

    async def _page(self, scope: Scope, body: bytearray) -> tuple[int, Any, bytes]:
        pool = self.aside if scope["path"].startswith(OUTSIDE) else self.pool
        work = asyncio.get_running_loop().run_in_executor(pool, self._answer, scope, bytes(body))
        try:
            return await asyncio.wait_for(asyncio.shield(work), LONGEST)
        except TimeoutError:
            return _sentence(*TOO_LONG)

    def _answer(self, scope: Scope, body: bytes) -> tuple[int, Any, bytes]:
        """In a thread: the page, whole."""
        started: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> None:
            started[:] = [
                int(status[:3]),
                [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
            ]

        with contextlib.closing(_Closed(self.application(_environ(scope, body), start))) as parts:
            content = b"".join(parts)
        return started[0], started[1], content


class _Closed:
    """The parts of an answer, closed at the end when they can be: it ends the request for Django."""

    def __init__(self, parts: Any) -> None:
        self.parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.parts)

    def close(self) -> None:
        if hasattr(self.parts, "close"):
            self.parts.close()


def _held(body: bytearray) -> int:
    return len(body) if len(body) > SMALL else 0


def _header(scope: Scope, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == wanted), "")


def _patience(scope: Scope) -> float:
    announced = _header(scope, b"content-length")
    size = int(announced) if announced.isascii() and announced.isdigit() else 0
    return PATIENCE + min(size, ROOM) / SLOWEST


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    """What a synchronous page is asked with (PEP 3333)."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client") or ("", 0)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(body)),  # unless it was announced
        **_headers(scope),
    }


def _headers(scope: Scope) -> dict[str, str]:
    """Those whose name holds `_` are left out: they would pass for another, written with `-`."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        word = name.decode("latin-1").upper().replace("-", "_")
        key = word if word in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{word}"
        if b"_" not in name:
            between = "; " if key == "HTTP_COOKIE" else ","
            found[key] = between.join(filter(None, (found.get(key), value.decode("latin-1"))))
    return found


def _sentence(status: int, words: str) -> tuple[int, Any, bytes]:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    return status, headers, words.encode()
