"""The receivers, and what they got: every message is counted, none is removed as a duplicate."""

import contextlib
import datetime as dt
import email
import email.policy
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jalon.core.identity import Ins
from jalon.gateways.dmp import messages
from jalon.terminology import value_set
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.common.server import server_context
from jalon_sandbox.dmp import simulator
from jalon_sandbox.mssante.simulator import Box, Operator
from jalon_sandbox.services import identities
from tests.factories import TEST_OID, matricule
from tests.faults.story import HOME
from tests.peers.mail import MailPeer, _free_ports
from tests.peers_present import present

DOMAIN = "sante.test"
BOX = Box(HOME, secret="un-secret-d-essai")
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


@dataclass(frozen=True)
class Receivers:
    """Both receivers: how a worker reaches them, and what they hold."""

    environment: dict[str, str]
    mail: PasswordPeer | Operator
    dmp: simulator.Simulator

    @property
    def operator(self) -> str:
        return "the simulated operator" if isinstance(self.mail, Operator) else "postfix and dovecot"

    def mails(self) -> Counter[str]:
        """How many times each Message-ID lies in the citizens' mailboxes, once nothing is queued."""
        if isinstance(self.mail, Operator):
            kept = self.mail.status()["deliveries"]
            return Counter({name: count for box in kept.values() for name, count in box.items()})
        _wait_until_empty(self.mail.folder / "spool")
        boxes = (self.mail.folder / "mail" / f"patient.{DOMAIN}").iterdir()
        return Counter(_message_id(file) for box in boxes for file in _maildir(box))

    def feeds(self) -> Counter[str]:
        """How many times the DMP accepted each submission set."""
        return Counter(
            one.submission_id
            for one in self.dmp.received
            if one.action == messages.SUBMIT and one.outcome == "Success"
        )

    def documents(self) -> Counter[str]:
        """How many times the DMP holds each document."""
        return Counter(one.entry.unique_id for one in self.dmp.registry.stored)


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


@contextlib.contextmanager
def open_receivers(folder: Path, people: int) -> Iterator[Receivers]:
    """A mail operator (postfix and dovecot where they are, else the simulated one) and the simulated DMP."""
    folder.mkdir(parents=True)
    authority = Authority.create(dt.datetime.now(dt.UTC))
    services = authority.server(["localhost"])
    context = server_context(authority.ca_pem, services.cert_pem, services.key_pem)
    citizens: dict[Ins, simulator.PatientState] = {
        Ins(matricule(number), TEST_OID): "open" for number in range(people)
    }
    types = frozenset(coding.code for coding in value_set("JDV_J66"))
    dmp = simulator.Simulator(simulator.Policy(authority.ca_pem, types=types), citizens)
    operator = PasswordPeer if real_mail() else Operator
    with simulator.serve(dmp, context) as address, operator(authority, DOMAIN, [BOX]) as mail:
        environment = {
            **identities(folder, authority),
            "JALON_DMP_URL": address,
            "JALON_DMP_APPROVAL": "JALON-ESSAI",
            "JALON_MSSANTE_SMTP": f"localhost:{mail.ports.smtp}",
            "JALON_MSSANTE_IMAP": f"localhost:{mail.ports.imaps}",
            "JALON_MSSANTE_SECRETS": json.dumps({BOX.address: BOX.secret}),
            "JALON_MSSANTE_CITIZEN_DOMAIN": DOMAIN,
            "JALON_MSSANTE_HOST": f"jalon.{DOMAIN}",
            "JALON_NIL": "JALON-ESSAI",
        }
        yield Receivers(environment, mail, dmp)
