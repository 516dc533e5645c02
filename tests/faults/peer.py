"""A real operator of mail for the citizens' mailboxes: postfix and dovecot, where they are."""

import email
import email.policy
import os
import time
from collections import Counter
from pathlib import Path

from jalon_sandbox.services import MAIL_DOMAIN
from tests.peers.mail import MailPeer, _free_ports
from tests.peers_present import present

QUEUES = ("maildrop", "incoming", "active", "deferred")
SASL_OF_POSTFIX = """
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{port}
smtpd_tls_auth_only = yes
"""
SASL_OF_DOVECOT = """
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {port}
  }}
}}
protocol smtp {{
  auth_ssl_require_client_cert = no
}}
"""


class PasswordPeer(MailPeer):
    """Postfix that also asks who writes (PLAIN, checked by dovecot), as operators do."""

    def _write(self) -> None:
        super()._write()
        (port,) = _free_ports(1)
        for name, more in (("main.cf", SASL_OF_POSTFIX), ("dovecot.conf", SASL_OF_DOVECOT)):
            with (self.folder / "etc" / name).open("a") as file:
                file.write(more.format(port=port))


def delivered(peer: PasswordPeer) -> Counter[str]:
    """How many times each Message-ID lies in the citizens' mailboxes, once nothing is queued."""
    _wait_until_empty(peer.folder / "spool")
    boxes = (peer.folder / "mail" / f"patient.{MAIL_DOMAIN}").iterdir()
    return Counter(_message_id(file) for box in boxes for file in _maildir(box))


def _maildir(box: Path) -> list[Path]:
    return [file for part in ("new", "cur") for file in (box / part).iterdir()]


def _message_id(file: Path) -> str:
    found = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["Message-ID"]
    return str(found).strip("<> ")


def _wait_until_empty(spool: Path, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while waiting := [file for name in QUEUES for file in (spool / name).rglob("*") if file.is_file()]:
        if time.monotonic() > end:
            raise TimeoutError(f"{len(waiting)} mails still in the operator's queue")
        time.sleep(0.1)


def real_mail() -> bool:
    """Postfix (which only root starts) and dovecot are here, or have to be (CI)."""
    here = present("postfix") and present("dovecot") and os.geteuid() == 0
    return here or bool(os.environ.get("JALON_NO_SKIP"))
