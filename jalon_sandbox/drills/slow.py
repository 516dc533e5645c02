"""Four people who ask a service that answers in eight seconds, and others whose pages take no longer for it.

INSi is asked by the worker, Pro Santé Connect while somebody waits to sign in. Periods with and without them
take turns: what the machine does besides falls on both.
"""

import contextlib
import datetime as dt
import http.client
import os
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from jalon_sandbox.bench.base import SHAPE
from jalon_sandbox.bench.dossier import Visitor, visitor
from jalon_sandbox.bench.load import Client, Seen, served
from jalon_sandbox.common import server
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.insi import simulator as insi
from jalon_sandbox.load.place import JALON, kept
from jalon_sandbox.psc import simulator as psc
from jalon_sandbox.psc.parties import Party
from jalon_sandbox.services import IDAM, identities
from jalon_sandbox.supervisor import House

ASKING: Final = 4
SLOW: Final = 8.0  # seconds an answer
PERIOD: Final = 8.0  # seconds
TURNS: Final = 6
PEOPLE: Final = 2_000
CLIENTS: Final = 2
MORE: Final = 1.10  # of the time that a page takes without them
TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)')
LIVES: Final = (
    "select count(*) from procrastinate_workers where last_heartbeat > now() - interval '20 seconds'"
)
SIGN_IN: Final = "/compte/oidc/psc/login/"

Ask = Callable[[int, threading.Event], None]
"""What one of those who ask does, until it is over."""


@dataclass
class Services:
    """Both services, each answering after so many seconds."""

    environment: dict[str, str]
    slow: float = SLOW
    seconds: float = 0.0
    asked: Counter[str] = field(default_factory=Counter)

    def later(self, name: str, application: Any) -> Any:
        """The same service, when it has taken its time."""

        def answer(environ: Any, start: Any) -> Any:
            self.asked[name] += 1
            time.sleep(self.seconds)
            return application(environ, start)

        return answer


@contextlib.contextmanager
def services(folder: Path) -> Iterator[Services]:
    """INSi, which knows nobody, and Pro Santé Connect."""
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority.create(dt.datetime.now(dt.UTC))
    mine = authority.server(["localhost"])
    context = server.server_context(authority.ca_pem, mine.cert_pem, mine.key_pem)
    found = Services(identities(folder, authority) | {"JALON_INSI_IDAM": IDAM})
    provider = psc.Simulator("", (), [Party("jalon", "secret", (), ())])
    with (
        server.serve(found.later("insi", insi.Simulator((), idams=[IDAM])), context) as asked,
        server.serve(found.later("psc", provider), None) as signing,
    ):
        provider.settle(signing)
        found.environment |= {
            "JALON_INSI_URL": asked, "JALON_PSC_DISCOVERY": signing + psc.DISCOVERY,
            "JALON_PSC_ORIGIN": signing, "JALON_PSC_CLIENT_ID": "jalon", "JALON_PSC_CLIENT_SECRET": "secret",
        }  # fmt: skip
        yield found


def drill(options: Options) -> Report:
    """Six turns of each service, or `size`, on a base of thousands of people."""
    os.environ["JALON_ACCESS_LOG"] = "false"
    with services(options.data / "services") as both:
        os.environ.update(both.environment)
        with kept(options.data / "load", SHAPE) as base:
            base.fill(PEOPLE)
            people = [visitor(role="nurse") for _ in range(CLIENTS)]
            with working(os.environ) as port:
                return campaign(people, port, both, options.size or TURNS, PERIOD)


@contextlib.contextmanager
def working(environment: Mapping[str, str], workers: int = 2) -> Iterator[int]:
    """The screens, and a worker."""
    house = House()
    with served(environment, workers) as port:
        try:
            house.start("tâches", [JALON, "worker"], env=dict(environment))
            _wait_for_a_worker(environment["DATABASE_URL"])
            yield port
        finally:
            house.close()


def _wait_for_a_worker(address: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    with psycopg.connect(address.replace("postgres://", "postgresql://"), autocommit=True) as base:
        while base.execute(LIVES).fetchone() == (0,):
            if time.monotonic() > deadline:
                raise SystemExit("L’exécuteur de tâches ne démarre pas.")
            time.sleep(0.1)


def campaign(people: Sequence[Visitor], port: int, both: Services, turns: int, period: float) -> Report:
    """With each service in turn: pages without those who ask, then with them, as often as said."""
    report = Report("slow")
    _pages(people, port, period / 2)  # what a process makes once
    askers: dict[str, Ask] = {
        "insi": lambda number, over: _look_up(people[0], number, over),
        "psc": lambda _, over: _sign_in(people[0].host, port, over),
    }
    for name, ask in askers.items():
        pairs = [_pair(people, port, both, ask, period) for _ in range(turns)]
        _told(report, name, pairs, both.slow)
        report.expect(both.asked[name] >= turns * ASKING, f"{name} : personne ne l’a demandé")
    return report


def _pair(
    people: Sequence[Visitor],
    port: int,
    both: Services,
    ask: Ask,
    period: float,
) -> tuple[Seen, Seen]:
    """The pages of a period alone, and of one during which four ask."""
    quiet = _pages(people, port, period)
    both.seconds, over = both.slow, threading.Event()
    asking = [threading.Thread(target=ask, args=[number, over]) for number in range(ASKING)]
    for one in asking:
        one.start()
    try:
        time.sleep(0.5)  # each of them waits
        busy = _pages(people, port, period)
    finally:
        over.set()
        for one in asking:
            one.join()
        both.seconds = 0.0
    return quiet, busy


def _pages(people: Sequence[Visitor], port: int, seconds: float) -> Seen:
    seen, until = Seen(), time.monotonic() + seconds
    clients = [Client(who, number, port, until, seen) for number, who in enumerate(people)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return seen


def _look_up(who: Visitor, number: int, over: threading.Event) -> None:
    """Ask INSi for one person, as the page of the identity does, and again when it has answered."""
    from django.db import connection
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.exchange.identity import asking
    from jalon.people.models import Person

    try:
        while not over.wait(0.2):
            with tenant(who.body):
                unknown = Person.objects.filter(ins="", doubtful=False, fictitious=False)
                person = unknown.order_by("pk")[number]
                look_up = asking.request(person=person, by=None, now=timezone.now())
            while look_up.state == "asked" and not over.wait(0.5):
                with tenant(who.body):
                    look_up.refresh_from_db()
    finally:
        connection.close()


def _sign_in(host: str, port: int, over: threading.Event) -> None:
    """Ask to sign in by Pro Santé Connect, again and again."""
    while not over.is_set():
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(link):
            link.request("GET", "/compte/login/", headers={"Host": host})
            page = link.getresponse()
            cookie = str(page.headers["Set-Cookie"]).partition(";")[0]
            token = TOKEN.search(page.read().decode())
            body = f"csrfmiddlewaretoken={token[1] if token else ''}"
            kind = "application/x-www-form-urlencoded"
            said = {"Host": host, "Cookie": cookie, "Content-Type": kind, "Referer": f"http://{host}/"}
            link.request("POST", SIGN_IN, body, said)
            link.getresponse().read()


def _told(report: Report, name: str, pairs: Sequence[tuple[Seen, Seen]], slow: float) -> None:
    """The ratio of each pair, and their median: one period when the machine was elsewhere decides nothing."""
    times = [
        tuple(sorted(one for each in seen.times.values() for one in each) for seen in pair) for pair in pairs
    ]
    ratio = statistics.median(statistics.mean(busy) / statistics.mean(quiet) for quiet, busy in times)
    slowest = max(busy[-1] for _, busy in times) / 1000
    errors = sum(len(seen.errors) for pair in pairs for seen in pair)
    p50, p95 = (
        [round(statistics.median(_at(side[n], at) for side in times)) for n in (0, 1)] for at in (50, 95)
    )
    figures = {"ratio": round(ratio, 3), "slowest_s": round(slowest, 2), "errors": errors}
    report.figures[name] = figures | {"p50_ms": p50, "p95_ms": p95}
    report.lines.append(
        f"{name} : pages {ratio:.2f} fois aussi longues pendant que {ASKING} attendent ; p50 {p50[0]} puis "
        f"{p50[1]} ms, p95 {p95[0]} puis {p95[1]} ms, la plus lente {slowest:.1f} s"
    )
    report.expect(errors == 0, f"{name} : {errors} pages en échec")
    report.expect(ratio <= MORE, f"{name} : les pages sont {ratio:.2f} fois plus longues")
    report.expect(slowest < slow, f"{name} : une page a attendu le service ({slowest:.1f} s)")


def _at(ranked: Sequence[float], percent: int) -> float:
    return ranked[min(len(ranked) - 1, len(ranked) * percent // 100)]
