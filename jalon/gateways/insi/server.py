"""A WSGI application served over mutual TLS in threads: what a sandbox needs of a server, and no more."""

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

CLIENT_NAME = "SSL_CLIENT_S_DN_CN"  # in the WSGI environment, when a client certificate was shown


class _Handler(WSGIRequestHandler):
    timeout = 30

    def setup(self) -> None:
        if isinstance(self.request, ssl.SSLSocket):
            self.request.settimeout(self.timeout)
            self.request.do_handshake()
        super().setup()

    def get_environ(self) -> dict[str, Any]:
        environ = super().get_environ()
        if isinstance(self.connection, ssl.SSLSocket):
            environ["HTTPS"] = "on"
            environ[CLIENT_NAME] = _common_name(self.connection)
        return environ

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests carry names."""


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext | None) -> None:
        super().__init__(address, _Handler)
        self.context = context

    def server_bind(self) -> None:
        # As HTTPServer does, without its look-up of the host's name.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]
        self.setup_environ()

    def get_request(self) -> tuple[Any, Any]:
        connection, address = super().get_request()
        if self.context is None:
            return connection, address
        # The handshake waits for the thread of the connection: a slow client must not hold the others.
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client refused or gone is the ordinary life of a sandbox."""


def _common_name(connection: ssl.SSLSocket) -> str:
    certificate = connection.getpeercert() or {}
    subject: Any = certificate.get("subject", ())
    return next((str(value) for part in subject for name, value in part if name == "commonName"), "")


@contextlib.contextmanager
def serve(
    app: Callable[..., Iterable[bytes]],
    context: ssl.SSLContext | None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[str]:
    """Serve a WSGI application in threads as long as the block lasts; gives its address.

    `context` is that of `gateways.common.tls.server_context` (mutual TLS), None for plain HTTP; port 0 takes
    a free one.
    """
    with _Server((host, port), context) as server:
        server.set_app(app)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"{'https' if context else 'http'}://{host}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
