"""A WSGI application behind mutual TLS, in threads: what a sandbox needs of a server, and no more."""

import base64
import contextlib
import hashlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, Final, cast
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

from cryptography import x509
from cryptography.x509.oid import NameOID

from jalon.gateways.common import tls

MAX_LINE: Final = 65_536
CLIENT_SERIAL: Final = "jalon.client_serial"
"""In the WSGI environment over TLS, the serial number of the client's certificate, when it showed one."""
CLIENT_THUMBPRINT: Final = "jalon.client_thumbprint"
"""`x5t#S256` of RFC 8705."""
CLIENT_NAME: Final = "SSL_CLIENT_S_DN_CN"
"""In the WSGI environment over TLS, the common name of that certificate; empty when it showed none."""


def server_context(
    ca: tls.Pem, cert: tls.Pem, key: tls.Pem, *, require_client: bool = True, crl: tls.Pem | None = None
) -> ssl.SSLContext:
    """A server's context presenting `cert`/`key`; by default a client must show a certificate of `ca`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    tls.present(context, cert, key)
    if require_client:
        context.verify_mode = ssl.CERT_REQUIRED
        tls.trust(context, ca)
    if crl is not None:
        tls.trust(context, crl)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context


class _Answer(ServerHandler):
    def log_exception(self, exc_info: Any) -> None:
        # A client that hung up is the ordinary life of a sandbox; a bug of the application is not.
        if not isinstance(exc_info[1], OSError):
            super().log_exception(exc_info)


class _Handler(WSGIRequestHandler):
    timeout = 30

    def setup(self) -> None:
        # Here, and not where connections are accepted: a slow handshake must not hold the others.
        if isinstance(self.request, ssl.SSLSocket):
            self.request.settimeout(self.timeout)
            self.request.do_handshake()
        super().setup()

    def handle(self) -> None:
        self.raw_requestline = self.rfile.readline(MAX_LINE + 1)
        if len(self.raw_requestline) > MAX_LINE or not self.parse_request():
            return
        wfile = cast("IO[bytes]", self.wfile)
        answer = _Answer(self.rfile, wfile, self.get_stderr(), self.get_environ())
        answer.request_handler = self  # type: ignore[attr-defined]  # what wsgiref itself does
        answer.run(self.server.get_app())  # type: ignore[attr-defined]  # a WSGIServer

    def get_environ(self) -> dict[str, Any]:
        environ = super().get_environ()
        if isinstance(self.connection, ssl.SSLSocket):
            environ |= {"HTTPS": "on", CLIENT_NAME: ""} | _shown(self.connection)
        return environ

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: requests carry names."""


def _shown(connection: ssl.SSLSocket) -> dict[str, Any]:
    """What tells whose certificate the client showed."""
    der = connection.getpeercert(binary_form=True)
    if not der:
        return {}
    certificate = x509.load_der_x509_certificate(der)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return {
        CLIENT_SERIAL: certificate.serial_number,
        CLIENT_NAME: str(names[0].value) if names else "",
        CLIENT_THUMBPRINT: base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode(),
    }


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
        return self.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False), address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client refused or gone is the ordinary life of a sandbox."""


@contextlib.contextmanager
def serve(
    app: Callable[..., Iterable[bytes]],
    context: ssl.SSLContext | None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[str]:
    """Serve a WSGI application as long as the block lasts; gives its address (`https://127.0.0.1:12345`).

    `context` is that of `server_context`, None for plain HTTP; port 0 takes a free one.
    An application that raises ConnectionAbortedError closes the connection without another byte.
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
