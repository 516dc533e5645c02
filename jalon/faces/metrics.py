"""Figures for whoever watches over the site, as Prometheus reads them (text format 0.0.4). Nobody's data.

Requests are counted by each process, which leaves its counts in a file every few seconds: whichever answers
adds up all of them. What waits is asked of the database.
"""

import hmac
import json
import math
import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse

from jalon.db.groups import each
from jalon.exchange import watching

LEFT_EVERY: Final = 5.0  # seconds
LOOPBACK: Final = ("127.0.0.1", "::1")
Line = tuple[str, dict[str, str], float]


class Counts:
    """The requests of this process, by route and status: how many, and how many seconds in all."""

    def __init__(self) -> None:
        self.lock, self.left_at = threading.Lock(), 0.0
        self.requests: Counter[str] = Counter()
        self.seconds: Counter[str] = Counter()

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """One more request."""
        key = json.dumps([method, route, str(status)])
        with self.lock:
            self.requests[key] += 1
            self.seconds[key] += seconds  # type: ignore[assignment]  # a Counter of floats
            due = time.monotonic() - self.left_at > LEFT_EVERY
        if due:
            self.leave()

    def leave(self) -> None:
        """Put the counts where the other processes read them; a full disk is for the probes to say."""
        with self.lock:
            self.left_at = time.monotonic()
            text = json.dumps([self.requests, self.seconds])
        place = _folder() / f"{os.getpid()}.json"
        beside = place.with_suffix(".part")
        try:
            place.parent.mkdir(0o700, parents=True, exist_ok=True)
            beside.write_text(text)
            beside.rename(place)
        except OSError:
            beside.unlink(missing_ok=True)


COUNTS = Counts()


def _folder() -> Path:
    return Path(settings.VAR) / "metrics"


def forget() -> None:
    """The counts of a former start: begun again from nothing, as Prometheus expects."""
    shutil.rmtree(_folder(), ignore_errors=True)


def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure; for this machine, when nobody speaks through a proxy, or for whoever has the token."""
    if not _may_read(request):
        return HttpResponse(status=404)
    COUNTS.leave()
    text = "\n".join(_written(line) for line in [*_requests(), *_bases()])
    return HttpResponse(f"{text}\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read(request: HttpRequest) -> bool:
    said, token = request.headers.get("Authorization", ""), settings.METRICS_TOKEN
    if token:
        return hmac.compare_digest(said.encode(), f"Bearer {token}".encode())
    return request.META.get("REMOTE_ADDR") in LOOPBACK and "X-Forwarded-For" not in request.headers


def _written(line: Line) -> str:
    name, labels, value = line
    inside = ",".join(f'{key}="{word}"' for key, word in labels.items())
    figure = "+Inf" if value == math.inf else f"{value:.10g}"
    return f"{name}{{{inside}}} {figure}" if inside else f"{name} {figure}"


def _requests() -> Iterator[Line]:
    requests: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    for file in sorted(_folder().glob("*.json")):
        for total, part in zip((requests, seconds), json.loads(file.read_text()), strict=True):
            for key, value in part.items():
                total[key] += value
    for name, counts in (("jalon_requests_total", requests), ("jalon_request_seconds_total", seconds)):
        for key, value in sorted(counts.items()):
            method, route, status = json.loads(key)
            yield name, {"method": method, "route": route, "status": status}, value


def _bases() -> Iterator[Line]:
    """Of each group, when there are some."""
    for group in each():
        for name, labels, value in _base():
            yield name, labels | ({"group": group} if group else {}), value


def _base() -> Iterator[Line]:
    try:
        yield from _waiting()
        yield "jalon_database_up", {}, 1
    except Error:
        watching.let_go()
        yield "jalon_database_up", {}, 0


def _waiting() -> Iterator[Line]:
    for queue in watching.queues():
        lane = {"lane": queue.lane}
        yield "jalon_jobs_waiting", lane, queue.waiting
        yield "jalon_jobs_oldest_seconds", lane, queue.oldest
        yield "jalon_jobs_late", lane, queue.late
    heard = watching.heard()
    yield "jalon_worker_heartbeat_age_seconds", {}, math.inf if heard is None else heard
    for silence in watching.silences():
        destination = {"destination": silence.destination}
        yield "jalon_destination_failures", destination, silence.failures
        yield "jalon_destination_silent", destination, float(silence.next_at is not None)
    for house, success, failing in watching.rounds():
        of = {"establishment": str(house)}
        yield "jalon_mailbox_last_success_timestamp_seconds", of, success
        yield "jalon_mailbox_failing", of, float(failing)
