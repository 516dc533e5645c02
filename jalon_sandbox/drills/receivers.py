"""The receivers, and what they got: every message is counted, none is removed as a duplicate."""

import contextlib
import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jalon.core.identity import Ins
from jalon.gateways.dmp import messages
from jalon.terminology import value_set
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.common.server import server_context
from jalon_sandbox.demo.population import HOUSES
from jalon_sandbox.dmp import simulator
from jalon_sandbox.mssante.simulator import Box, Operator
from jalon_sandbox.services import MAIL_DOMAIN, identities

BOXES = [Box(f"{house.code}@jalon.{MAIL_DOMAIN}", f"un-secret-d-essai-{house.code}") for house in HOUSES]
OpenMail = Callable[[Authority, str, Sequence[Box]], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Receivers:
    """Both receivers: how a worker reaches them, and what they hold."""

    environment: dict[str, str]
    operator: str
    mails: Callable[[], Counter[str]]
    """How many times each Message-ID lies in the citizens' mailboxes, once nothing is queued."""
    dmp: simulator.Simulator

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


def simulated(operator: Operator) -> Counter[str]:
    """What lies in the mailboxes of the simulated operator."""
    kept = operator.status()["deliveries"]
    return Counter({name: count for box in kept.values() for name, count in box.items()})


@contextlib.contextmanager
def open_receivers(
    folder: Path,
    citizens: Iterable[Ins],
    open_mail: OpenMail = Operator,
    count: Callable[[Any], Counter[str]] = simulated,
) -> Iterator[Receivers]:
    """A mail operator (the simulated one unless told) and the simulated DMP, where `citizens` have theirs."""
    folder.mkdir(parents=True)
    authority = Authority.create(dt.datetime.now(dt.UTC))
    services = authority.server(["localhost"])
    context = server_context(authority.ca_pem, services.cert_pem, services.key_pem)
    people: dict[Ins, simulator.PatientState] = dict.fromkeys(citizens, "open")
    types = frozenset(coding.code for coding in value_set("JDV_J66"))
    dmp = simulator.Simulator(simulator.Policy(authority.ca_pem, types=types), people)
    with simulator.serve(dmp, context) as address, open_mail(authority, MAIL_DOMAIN, BOXES) as mail:
        environment = {
            **identities(folder, authority),
            "JALON_DMP_URL": address,
            "JALON_DMP_APPROVAL": "JALON-ESSAI",
            "JALON_MSSANTE_SMTP": f"localhost:{mail.ports.smtp}",
            "JALON_MSSANTE_IMAP": f"localhost:{mail.ports.imaps}",
            "JALON_MSSANTE_IMAP_TLS": "direct",
            "JALON_MSSANTE_SECRETS": json.dumps({box.address: box.secret for box in BOXES}),
            "JALON_MSSANTE_CITIZEN_DOMAIN": MAIL_DOMAIN,
            "JALON_MSSANTE_HOST": f"jalon.{MAIL_DOMAIN}",
            "JALON_NIL": "JALON-ESSAI",
        }
        yield Receivers(environment, type(mail).__name__, lambda: count(mail), dmp)
