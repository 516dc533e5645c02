"""A mixed load on a started server: several people at once read, search and write, as on a day of work."""

import contextlib
import http.client
import os
import random
import re
import socket
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from jalon_sandbox.bench.base import SHAPE
from jalon_sandbox.bench.dossier import Visitor, visitor
from jalon_sandbox.bench.report import Options, Report
from jalon_sandbox.load.place import JALON, kept
from jalon_sandbox.supervisor import House

CLIENTS: Final = 8
ROLES: Final = ("nurse", "team_lead", "physician", "psychologist")
SHARE: Final = {"record": 40, "day": 15, "search": 15, "agenda": 10, "handover": 10, "people": 5, "note": 5}
"""What is asked, of a hundred gestures; a note is two requests, its page and its form."""
NAMES: Final = ("bruy", "saule", "perv", "mist", "anne", "marie", "gene", "tour")
FACE: Final = re.compile(rb'name="record" value="([^"]+)"')
HIDDEN: Final = re.compile(rb'<input type="hidden" name="([\w-]+)" value="([^"]*)"')
RATE, P95, ERRORS = "requests_per_second", "p95_ms", "errors"


@dataclass
class Seen:
    """What the clients met: milliseconds by gesture, and what answered otherwise than it should."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """Somebody at work, one gesture after the other on one connection, with as much pause as asked."""

    def __init__(
        self, who: Visitor, number: int, port: int, until: float, seen: Seen, *, pause: float = 0
    ) -> None:
        super().__init__(daemon=True)
        self.who, self.until, self.seen, self.pause = who, until, seen, pause
        self.chance = random.Random(number)  # noqa: S311  a fixed draw, not a secret
        self.csrf = ""
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def run(self) -> None:
        while time.monotonic() < self.until:
            (gesture,) = self.chance.choices(list(SHARE), list(SHARE.values()))
            try:
                self._note() if gesture == "note" else self._ask(gesture, self._path(gesture))
            except (OSError, http.client.HTTPException) as error:
                self.seen.errors.append(f"{gesture}: {type(error).__name__}")
                self.link.close()
            time.sleep(self.pause)
        self.link.close()

    def _path(self, gesture: str) -> str:
        from django.urls import reverse

        if gesture == "record":
            return reverse("records:summary", args=[self.chance.choice(self.who.records)])
        names = {
            "day": "home:day",
            "search": "people:search",
            "agenda": "agenda:week",
            "people": "people:list",
        }
        words = f"?q={self.chance.choice(NAMES)}" if gesture == "search" else ""
        return reverse(names.get(gesture, "handover:list")) + words

    def _note(self) -> None:
        """The page where one writes, then what it sends: its own keys, somebody it shows, some words."""
        from django.urls import reverse

        path = reverse("handover:write")
        page = self._ask("note", path)
        sent = {name.decode(): value.decode() for name, value in HIDDEN.findall(page)}
        sent |= {
            "record": self.chance.choice(FACE.findall(page)).decode(),
            "famille": "vie",
            "texte": "Bonne journée.",
        }
        self._ask("note", path, sent)

    def _ask(self, gesture: str, path: str, sent: dict[str, str] | None = None) -> bytes:
        headers = {"Host": self.who.host, "Cookie": self.who.cookie, "Accept-Encoding": "identity"}
        body = None
        if sent is not None:
            body = urlencode(sent)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"{self.who.cookie}; {self.csrf}",
                "Referer": f"http://{self.who.host}{path}",
            }
        started = time.perf_counter()
        self.link.request("GET" if sent is None else "POST", path, body, headers)
        answer = self.link.getresponse()
        content = answer.read()
        self.seen.times[gesture].append(1000 * (time.perf_counter() - started))
        self._keep(answer)
        if answer.status != (200 if sent is None else 302):
            self.seen.errors.append(f"{gesture}: {answer.status}")
        return content

    def _keep(self, answer: http.client.HTTPResponse) -> None:
        """The cookie of the forms, as a browser keeps it."""
        for said in answer.headers.get_all("Set-Cookie") or ():
            if "csrftoken" in said:
                self.csrf = said.partition(";")[0]


def run(options: Options) -> Report:
    """`jalon serve` on the base of `records` people, and people at work for `seconds`."""
    with kept(options.data, SHAPE) as base:
        base.fill(options.records)
        people = [visitor(role=ROLES[number % len(ROLES)]) for number in range(CLIENTS)]
        with served() as port:
            work(people, port, 3)  # what a process makes once
            started = time.monotonic()
            seen = work(people, port, options.seconds)
            seconds = time.monotonic() - started
    return _told(seen, seconds)


@contextlib.contextmanager
def served(environment: Mapping[str, str] | None = None, workers: int = 2) -> Iterator[int]:
    """The product's own server on a free port of loopback; it answers when the block begins."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    house = House()
    try:
        house.start(
            "écrans",
            [JALON, "serve", "--port", str(port), "--workers", str(workers)],
            env=dict(environment or os.environ),
        )
        _wait(house, port)
        yield port
    finally:
        house.close()


def _wait(house: House, port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if (dead := house.dead()) or time.monotonic() > deadline:
            raise SystemExit(dead or "Les écrans ne répondent pas.")
        time.sleep(0.1)


def work(people: list[Visitor], port: int, seconds: float, *, pause: float = 0) -> Seen:
    """These people at work on this port for so long; what they met."""
    seen, until = Seen(), time.monotonic() + seconds
    clients = [Client(who, number, port, until, seen, pause=pause) for number, who in enumerate(people)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return seen


def _told(seen: Seen, seconds: float) -> Report:
    every = sorted(one for times in seen.times.values() for one in times)
    report = Report("load", floors={RATE: 100}, ceilings={P95: 300, ERRORS: 0})
    report.figures = {
        RATE: round(len(every) / seconds, 1),
        "p50_ms": _at(every, 50),
        P95: _at(every, 95),
        "p99_ms": _at(every, 99),
        ERRORS: len(seen.errors),
        "clients": CLIENTS,
        "machine_load": round(os.getloadavg()[0], 1),
        "by_gesture": {name: _one(times) for name, times in sorted(seen.times.items())},
        "met": sorted(set(seen.errors)),
    }
    report.lines = [
        f"{len(every)} requêtes de {CLIENTS} personnes en {seconds:.0f} s, charge de la machine "
        f"{report.figures['machine_load']}.",
        *(f"{name:9} {told}" for name, told in report.figures["by_gesture"].items()),
        *report.figures["met"],
    ]
    return report


def _one(times: list[float]) -> dict[str, float]:
    ranked = sorted(times)
    return {"count": len(ranked), "p50_ms": round(statistics.median(ranked), 1), "p95_ms": _at(ranked, 95)}


def _at(ranked: list[float], percent: int) -> float:
    return round(ranked[min(len(ranked) - 1, len(ranked) * percent // 100)], 1) if ranked else 0.0
