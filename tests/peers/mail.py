"""Debian's postfix and dovecot as a MSSanté operator: started by hand on loopback, under mutual TLS.

Nothing of the machine's own configuration is used or changed; everything lives in a scratch folder. Postfix
wants root to start; it and dovecot then work as their own system users, who must be able to reach the folder.

Sent copies are made by `sender_bcc_maps` to `<box>+Sent@…`, which dovecot's LMTP files in the folder Sent: as
at an operator, the copy comes some time after the 250.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs

from jalon.gateways.mssante.client import Server
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.mssante.simulator import Box

HOST = "127.0.0.1"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/log/postfix.log
maillog_file_prefixes = {folder}
myhostname = smtp.{domain}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
recipient_delimiter = +
message_size_limit = 40000000
virtual_mailbox_limit = 0
virtual_mailbox_domains = regexp:{folder}/etc/domains
virtual_mailbox_maps = texthash:{folder}/etc/boxes, regexp:{folder}/etc/citizens
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
sender_bcc_maps = texthash:{folder}/etc/sent
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = {folder}/etc/server.crt
smtpd_tls_key_file = {folder}/etc/server.key
smtpd_tls_CAfile = {folder}/etc/ca.crt
smtpd_tls_req_ccert = yes
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_relay_restrictions = permit_tls_all_clientcerts, reject
smtpd_reject_unlisted_sender = yes
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtpd_delay_reject = no
smtpd_error_sleep_time = 0
"""

MASTER_CF = """
{smtp} inet n - n - - smtpd
{smtps} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

DOVECOT_CONF = """
protocols = imap lmtp
base_dir = {folder}/run
log_path = {folder}/log/dovecot.log
listen = 127.0.0.1
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%d/%n
recipient_delimiter = +
lmtp_save_to_detail_mailbox = yes
lda_mailbox_autocreate = yes
auth_failure_delay = 0
ssl = required
ssl_cert = <{folder}/etc/server.crt
ssl_key = <{folder}/etc/server.key
ssl_ca = <{folder}/etc/ca.crt
ssl_verify_client_cert = yes
ssl_require_crl = no
auth_ssl_require_client_cert = yes
auth_mechanisms = plain xoauth2
passdb {{
  driver = passwd-file
  args = scheme=plain {folder}/etc/secrets
  mechanisms = plain
}}
passdb {{
  driver = oauth2
  args = {folder}/etc/oauth2.conf
  mechanisms = xoauth2
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%d/%n allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""

OAUTH2_CONF = """
introspection_mode = post
introspection_url = http://127.0.0.1:{tokens}/introspection
username_attribute = sub
active_attribute = active
active_value = true
"""


@dataclass(frozen=True)
class MailPorts:
    smtp: int
    smtps: int
    imap: int
    imaps: int
    lmtp: int
    tokens: int


class MailPeer:
    """A real mail operator. `with MailPeer(authority, "sante.test", boxes) as peer: …`."""

    def __init__(self, authority: Authority, domain: str, boxes: Sequence[Box]) -> None:
        self.authority, self.domain, self.boxes = authority, domain, tuple(boxes)
        self.ports = MailPorts(*_free_ports(6))
        self._stack = contextlib.ExitStack()

    def smtp(self, context: ssl.SSLContext, *, starttls: bool = True) -> Server:
        return Server(
            "localhost", self.ports.smtp if starttls else self.ports.smtps, context, starttls=starttls
        )

    def imap(self, context: ssl.SSLContext, *, starttls: bool = True) -> Server:
        return Server(
            "localhost", self.ports.imap if starttls else self.ports.imaps, context, starttls=starttls
        )

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            self.folder = stack.enter_context(_scratch())
            self._write()
            stack.enter_context(_introspection(self.ports.tokens, self.boxes))
            dovecot = ["dovecot", "-F", "-c", str(self.folder / "etc/dovecot.conf")]
            master = self.folder / "spool/pid/master.pid"
            stack.enter_context(_running(dovecot, self.folder / "log/dovecot.out"))
            postfix = ["postfix", "-c", str(self.folder / "etc"), "start-fg"]
            stack.enter_context(_running(postfix, self.folder / "log/postfix.out", master))
            _wait_for([self.ports.smtp, self.ports.smtps, self.ports.imap, self.ports.imaps, self.ports.lmtp])
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @contextlib.contextmanager
    def delivery_held(self) -> Iterator[None]:
        """Mails are accepted and wait in postfix's queue, as when an operator is slow to file them."""
        manager = _child(int((self.folder / "spool/pid/master.pid").read_text()), "qmgr")
        os.kill(manager, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(manager, signal.SIGCONT)

    def log(self) -> str:
        """What both servers said, for a test that fails."""
        return "".join(path.read_text(errors="replace") for path in sorted((self.folder / "log").iterdir()))

    def _write(self) -> None:
        etc = self.folder / "etc"
        for name in ("etc", "spool", "data", "log", "run", "mail"):
            (self.folder / name).mkdir(mode=0o755)
        shutil.chown(self.folder / "data", "postfix")
        shutil.chown(self.folder / "mail", "mail", "mail")
        names = ["localhost", f"smtp.{self.domain}", f"imap.{self.domain}"]
        self.authority.server(names, rsa=True).write(etc, "server")
        self.authority.write(etc)
        (etc / "ca.key").unlink()
        values = {"folder": self.folder, "domain": self.domain, **vars(self.ports)}
        (etc / "main.cf").write_text(MAIN_CF.format(**values))
        (etc / "master.cf").write_text(MASTER_CF.format(**values))
        (etc / "dovecot.conf").write_text(DOVECOT_CONF.format(**values))
        (etc / "oauth2.conf").write_text(OAUTH2_CONF.format(**values))
        self._write_boxes(etc)

    def _write_boxes(self, etc: Path) -> None:
        domain = self.domain.replace(".", r"\.")
        (etc / "domains").write_text(rf"/^(.*\.)?{domain}$/ ok" + "\n")
        (etc / "citizens").write_text(rf"/^[0-9AB]{{15}}@patient\.{domain}$/ ok" + "\n")
        (etc / "boxes").write_text("".join(f"{box.address} ok\n" for box in self.boxes))
        (etc / "sent").write_text("".join(f"{box.address} {_sent(box.address)}\n" for box in self.boxes))
        (etc / "secrets").write_text("".join(f"{box.address}:{box.secret}\n" for box in self.boxes))


def _sent(address: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local}+Sent@{domain}"


def _child(parent: int, name: str) -> int:
    """The number of the process of this name that `parent` started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return next(int(each) for each in children if Path(f"/proc/{each}/comm").read_text().strip() == name)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.create_server((HOST, 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in held]


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    """A folder that the servers' own users may enter (pytest's folders are closed to them)."""
    with tempfile.TemporaryDirectory(prefix="jalon-mail-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@contextlib.contextmanager
def _running(command: list[str], output: Path, pid_file: Path | None = None) -> Iterator[None]:
    """A server, ended by its number: the one in `pid_file` when the command starts another process."""
    with output.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "PATH": PATH}
        )
    try:
        yield
    finally:
        number = int(pid_file.read_text()) if pid_file and pid_file.exists() else process.pid
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGTERM)
        process.wait(timeout=20)


def _wait_for(ports: Sequence[int], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    for port in ports:
        while not _listens(port):
            if time.monotonic() > end:
                raise TimeoutError(f"nothing listens on {port}")
            time.sleep(0.05)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=1):
            return True
    except OSError:
        return False


@contextlib.contextmanager
def _introspection(port: int, boxes: Sequence[Box]) -> Iterator[None]:
    """Says whose mailbox an access token opens (RFC 7662), as Pro Santé Connect would to an operator."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802  the library finds it by this name
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            owner = next((box.address for box in boxes if box.token and [box.token] == form.get("token")), "")
            body = json.dumps({"active": bool(owner), "sub": owner}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer((HOST, port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
