"""Sendings disturbed: nothing lost, nothing sent twice, and what is unsure is shown to people.

The receivers' own counts are read: what the house believes proves nothing.
"""

import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jalon_sandbox.drills.deaths import CONCURRENCY, House
from jalon_sandbox.drills.receivers import Receivers
from jalon_sandbox.drills.report import Report

SHORT_DELAYS = {"JALON_RETRY_AFTER": "1", "JALON_RECOVERY_PATIENCE": "6", "JALON_SERVICES_TIMEOUT": "10"}
DOCUMENTS = 10  # of each person
QUERY = (
    "select destination, state, message_id, submission_id, unique_id"
    " from exchange_delivery join documents_document as document on document.id = document_id"
)
Disturb = Callable[[House], Counter[str]]
"""Work until everything asked for has an end, with all that happens meanwhile; each kind of it, counted."""
RESCUED = "select count(*) from procrastinate_events where type = 'deferred_for_retry'"


@dataclass(frozen=True)
class Size:
    """How many people, documents of each, and disturbances."""

    people: int
    documents: int
    kills: int

    @property
    def asked(self) -> int:
        """Sendings: each document goes to two destinations."""
        return self.people * self.documents * 2


@dataclass(frozen=True)
class Account:
    """One delivery: where it went, where it stands with us, and how many times its receiver has it."""

    destination: str
    state: str
    received: int


def campaign(
    name: str, environment: dict[str, str], receivers: Receivers, folder: Path, size: Size, disturb: Disturb
) -> Report:
    """Ask for everything, disturb what sends it as often as said, and count on both sides."""
    told = {**environment, **SHORT_DELAYS, **receivers.environment, "JALON_VAR": str(folder / "house")}
    body = _beside(told, "write", str(size.people), str(size.documents))
    house = House(told["DATABASE_URL"], uuid.UUID(body), told)
    started = time.monotonic()
    deaths = disturb(house)
    found = accounts(house, receivers)
    ((rescued,),) = house.rows(RESCUED)
    report = Report(name, figures={"sendings": len(found), "deaths": dict(deaths), "rescued": rescued})
    report.lines = _lines(deaths, found, rescued, time.monotonic() - started, receivers.operator)
    _judge(report, size, deaths, found, shown=int(_beside(told, "waiting", body)))
    return report


def _beside(environment: dict[str, str], *arguments: str) -> str:
    """What the writing of the sendings, run beside us on their database, printed."""
    command = [sys.executable, "-m", "jalon_sandbox.drills.sendings", *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603  our own module
    return done.stdout.strip()


def accounts(house: House, receivers: Receivers) -> list[Account]:
    """Each delivery beside what its receiver has of it. Raises AssertionError on a message of nobody."""
    mails, feeds, documents = receivers.mails(), receivers.feeds(), receivers.documents()
    found, rows = [], house.rows(QUERY)
    for destination, state, message_id, submission_id, unique_id in rows:
        # Of the DMP, the worse of two counts: lots accepted, and times the document is there.
        received = (
            mails.pop(message_id, 0)
            if destination == "citizen_mail"
            else max(feeds.pop(submission_id, 0), documents[unique_id])
        )
        found.append(Account(destination, state, received))
    if mails or feeds:
        raise AssertionError("a receiver has what nobody asked to send")
    return found


def _judge(report: Report, size: Size, deaths: Counter[str], found: list[Account], shown: int) -> None:
    unsure = [one for one in found if one.state == "to_check"]
    sure = {(one.state, one.received) for one in found if one.state != "to_check"}
    report.figures["unsure"] = len(unsure)
    report.expect(len(found) == size.asked, f"{len(found)} envois au lieu de {size.asked}")
    report.expect(deaths.total() == size.kills, f"{deaths.total()} dérangements au lieu de {size.kills}")
    report.expect(sure <= {("sent", 1), ("acknowledged", 1)}, f"perdus ou doublés : {sorted(sure)}")
    report.expect({one.received for one in unsure} <= {0, 1}, "un envoi à vérifier est parti deux fois")
    # A look-up always decides for the DMP; each death leaves unsure at most the mails then on their way.
    report.expect(
        {one.destination for one in unsure} <= {"citizen_mail"}, "un dépôt au DMP est resté à vérifier"
    )
    report.expect(len(unsure) <= size.kills * CONCURRENCY, f"{len(unsure)} envois à vérifier")
    report.expect(shown == len(unsure), f"{shown} envois montrés à vérifier, {len(unsure)} le sont")


def _lines(
    deaths: Counter[str], found: Sequence[Account], rescued: int, seconds: float, operator: str
) -> list[str]:
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(deaths.items()))
    counts = Counter((one.destination, one.state, one.received) for one in found)
    return [
        f"{deaths.total()} dérangements ({kinds}) pendant {len(found)} envois, {seconds:.0f} s, "
        f"{rescued} tâches reprises ; courrier par {operator}",
        *(
            f"  {where} : {number} {state}, reçu(s) {received} fois"
            for (where, state, received), number in sorted(counts.items())
        ),
    ]
