"""A MSSanté operator on loopback: SMTP and IMAP under mutual TLS, real protocols, mailboxes in memory.

What it takes, it delivers, and files a copy in the sender's `Sent` folder before it says 250, as operators
that keep one do. It never removes a duplicate: what was sent twice is seen twice.
"""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from jalon.gateways.mssante.access import Server
from jalon.gateways.mssante.messages import is_real
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.common.server import serve, server_context
from jalon_sandbox.mssante import control, smtp
from jalon_sandbox.mssante.imap import Boxes
from jalon_sandbox.mssante.office import Box, Office

__all__ = ["Box", "Operator", "Ports", "run"]

HOST = "127.0.0.1"
T = TypeVar("T")


@dataclass(frozen=True)
class Ports:
    """Where each server listens; 0 lets the machine choose. `smtp` and `imap` ask for STARTTLS."""

    smtp: int = 0
    smtps: int = 0
    imap: int = 0
    imaps: int = 0
    control: int = 0


class Operator:
    """One simulated operator. `start` returns once every server listens; `stop` ends them all.

    `check_token` says whether an access token opens a mailbox (address, token); by default it must equal the
    box's own. Every client must show a certificate of `authority`. Raises ValueError on a real domain.
    """

    def __init__(
        self,
        authority: Authority,
        domain: str,
        boxes: Iterable[Box] = (),
        ports: Ports = Ports(),  # noqa: B008  frozen
        *,
        check_token: Callable[[str, str], bool] | None = None,
        auth_required: bool = False,
    ) -> None:
        if is_real(f"@{domain}"):
            raise ValueError("un domaine réel ne peut pas être simulé")
        self.domain = domain
        self.ports = ports
        self._auth_required = auth_required
        self._check_token = check_token or self._own_token
        own = authority.server(["localhost", f"smtp.{domain}", f"imap.{domain}"], rsa=True)
        self._context = server_context(authority.ca_pem, own.cert_pem, own.key_pem)
        self._first_boxes = tuple(boxes)
        self._office: Office | None = None
        self._boxes: Boxes | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._failure: OSError | None = None
        self._end = asyncio.Event()

    # --- life ---------------------------------------------------------------------------------------

    def start(self) -> Self:
        """Raises OSError when a port cannot be had."""
        ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(ready,), name="mssante", daemon=True)
        self._thread.start()
        ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def stop(self) -> None:
        if self._thread is not None and self._thread.is_alive() and self._loop is not None:
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _serve(self, ready: threading.Event) -> None:
        try:
            asyncio.run(self._main(ready))
        except OSError as error:
            self._failure = error
        finally:
            ready.set()

    async def _main(self, ready: threading.Event) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        self._boxes = Boxes(self._context, self._secret_of, self._check_token)
        self._office = Office(self.domain, self._boxes.deliver)
        for box in self._first_boxes:
            await self._open(box)
        with contextlib.ExitStack() as stack:
            await self._listen(stack)
            ready.set()
            await self._end.wait()
        await _close_connections()

    async def _listen(self, stack: contextlib.ExitStack) -> None:
        asked, context = self.ports, self._context

        async def opened(opening: Awaitable[asyncio.Server]) -> int:
            server = await opening
            stack.callback(server.close)
            return int(server.sockets[0].getsockname()[1])

        panel = stack.enter_context(serve(control.app(self), None, host=HOST, port=asked.control))
        self.ports = Ports(
            smtp=await opened(self._smtp(asked.smtp, tls_context=context, require_starttls=True)),
            smtps=await opened(self._smtp(asked.smtps, ssl_context=context, auth_require_tls=False)),
            imap=await opened(self.boxes.serve(HOST, asked.imap, starttls=True)),
            imaps=await opened(self.boxes.serve(HOST, asked.imaps, starttls=False)),
            control=int(panel.rpartition(":")[2]),
        )

    async def _smtp(
        self, port: int, *, ssl_context: ssl.SSLContext | None = None, **options: Any
    ) -> asyncio.Server:
        def connection() -> asyncio.Protocol:
            return smtp.protocol(
                self.office,
                self._check_password,
                self._check_token,
                auth_required=self._auth_required,
                loop=asyncio.get_running_loop(),
                **options,
            )

        return await asyncio.get_running_loop().create_server(connection, HOST, port, ssl=ssl_context)

    # --- what tests and `/_sandbox` ask ---------------------------------------------------------------

    @property
    def office(self) -> Office:
        if self._office is None:
            raise RuntimeError("l’opérateur simulé n’est pas démarré")
        return self._office

    @property
    def boxes(self) -> Boxes:
        if self._boxes is None:
            raise RuntimeError("l’opérateur simulé n’est pas démarré")
        return self._boxes

    def smtp(self, context: ssl.SSLContext, *, starttls: bool = True) -> Server:
        """The address of its SMTP server, for a client."""
        return Server(
            "localhost", self.ports.smtp if starttls else self.ports.smtps, context, starttls=starttls
        )

    def imap(self, context: ssl.SSLContext, *, starttls: bool = True) -> Server:
        """The address of its IMAP server, for a client."""
        return Server(
            "localhost", self.ports.imap if starttls else self.ports.imaps, context, starttls=starttls
        )

    def taken(self, message_id: str = "") -> int:
        """How many times it took this mail (any mail by default), each recipient counted."""
        return self._ask(self._taken(message_id))

    def contents(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The mails of a folder, oldest first, as they were stored. Raises KeyError without such a folder."""
        return self._ask(self.boxes.contents(address.lower(), folder))

    def inject(self, address: str, data: bytes) -> None:
        """Put a mail into a mailbox as if it had come from elsewhere, unchecked."""
        self._ask(self.boxes.deliver(address.lower(), "INBOX", data))

    def add_box(self, box: Box) -> None:
        """Raises ValueError on an address outside the operator's domain."""
        self._ask(self._open(box))

    def change(self, values: dict[str, object]) -> None:
        """Set switches by name (see `Switches`). Raises KeyError, TypeError or ValueError on a wrong one."""
        self._ask(self._change(values))

    def status(self) -> dict[str, Any]:
        return self._ask(self._status())

    def _ask(self, question: Coroutine[Any, Any, T]) -> T:
        """Ask in the loop that owns the answer."""
        if self._loop is None:
            question.close()
            raise RuntimeError("l’opérateur simulé n’est pas démarré")
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(timeout=30)

    async def _open(self, box: Box) -> None:
        if not self.office.is_ours(box.address.lower()):
            raise ValueError(f"{box.address} n’est pas du domaine {self.domain}")
        self.office.add(box)
        await self.boxes.open_box(box.address.lower())

    async def _change(self, values: dict[str, object]) -> None:
        self.office.switches.change(values)

    async def _taken(self, message_id: str) -> int:
        return sum(count for (_, each), count in self.office.taken.items() if message_id in {"", each})

    async def _status(self) -> dict[str, Any]:
        office = self.office
        deliveries: dict[str, dict[str, int]] = {}
        for (address, message_id), count in office.taken.items():
            deliveries.setdefault(address, {})[message_id] = count
        switches = {
            name: sorted(value) if isinstance(value, set) else value
            for name, value in asdict(office.switches).items()
        }
        return {
            "domain": self.domain,
            "ports": asdict(self.ports),
            "boxes": sorted(office.boxes),
            "taken": sum(office.taken.values()),
            "deliveries": deliveries,
            "switches": switches,
        }

    def _secret_of(self, address: str) -> str | None:
        box = self.office.boxes.get(address)
        return box.secret if box is not None and box.secret else None

    def _check_password(self, address: str, secret: str) -> bool:
        return secret == self._secret_of(address.lower())

    def _own_token(self, address: str, token: str) -> bool:
        box = self.office.boxes.get(address.lower())
        return box is not None and bool(token) and box.token == token


async def _close_connections() -> None:
    """End the connections still open, and let the loop see them closed."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0.05)


def run(
    authority: Authority,
    domain: str,
    boxes: Iterable[Box],
    ports: Ports,
    *,
    check_token: Callable[[str, str], bool] | None = None,
    until: threading.Event | None = None,
) -> None:
    """Serve until `until` is set (for ever without it, or until interrupted), for `jalon sandbox`."""
    with Operator(authority, domain, boxes, ports, check_token=check_token):
        (until or threading.Event()).wait()
