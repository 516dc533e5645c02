"""The figures of a month, read and counted, among 1, 3 and 10 million events of as many people.

Three managing bodies of one base and of the same people, of whom three then ten times more is written: each
is asked in turn, so that what disturbs one disturbs the others.
"""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from jalon_sandbox.bench.dossier import visitor
from jalon_sandbox.bench.lists import P95, QUERIES, Asked, measure
from jalon_sandbox.bench.report import Options, Report
from jalon_sandbox.load.place import Kept, kept
from jalon_sandbox.load.volume import Shape

SHAPE: Final = Shape(notes=100, events=150, openings=0, plans=0.5, ins=0, months=12)
PEOPLE: Final = 4_000
TIMES: Final = (1, 3, 10)
"""A million notes and events a year for so many people, then more of them."""
GROWTH, DIFFERENT = "read_growth", "different_lines"
LEAST: Final = 10
EVENTS: Final = "select (select count(*) from care_handovernote) + (select count(*) from agenda_event)"
DIRECTOR: Final = "director.{}.0.0@charge.jalon.example"  # of the large service of a body
Body = tuple[int, uuid.UUID]


def run(options: Options) -> Report:
    """`records`: how many people each body has."""
    report = Report("indicators", ceilings={GROWTH: 1.2, DIFFERENT: 0, QUERIES: 12, P95: 100})
    with kept(options.data, SHAPE) as base:
        bodies = _filled(base, options.records or PEOPLE)
        told = {times: _kept_up(body) for times, body in bodies}
        spent = _in_turn(_questions(bodies), options.seconds)
        pages = [measure(one, options.seconds) for one in _pages()]
    for times, one in told.items():
        one |= {name: round(1000 * spent[name, times], 2) for name in ("read", "count", "past")}
    least, most = (min(TIMES), max(TIMES))
    report.ratios[GROWTH] = round(spent["read", most] / spent["read", least], 2)
    report.figures = {
        DIFFERENT: sum(one[DIFFERENT] for one in told.values()),
        QUERIES: max(one[QUERIES] for one in pages),
        P95: max(one[P95] for one in pages),
        "bodies": list(told.values()),
    }
    report.lines = [_line(one) for one in told.values()]
    report.conditions = {"base": "gardée, fsync=off", "service": base.shape.service}
    return report


def _filled(base: Kept, people: int) -> list[Body]:
    """The managing bodies, by how many times more is written of the same people."""
    from jalon.organizations.models import ManagingBody

    for rank, times in enumerate(TIMES, start=1):
        shape = replace(base.shape, notes=SHAPE.notes * times, events=SHAPE.events * times)
        Kept(base.server, shape).fill(people, bodies=rank)
    found = ManagingBody.objects.order_by("pk").values_list("pk", flat=True)
    return list(zip(TIMES, found, strict=False))


def _kept_up(body: uuid.UUID) -> dict[str, Any]:
    """What the worker does after a load; whether what it keeps is what is counted, in every house."""
    from django.db import connection
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.indicators.models import Tally
    from jalon.indicators.tallies import differences
    from jalon.indicators.tallying import tallied
    from jalon.indicators.tasks import keep_up

    began = time.perf_counter()
    keep_up(body, timezone.now())
    spent = time.perf_counter() - began
    with tenant(body), connection.cursor() as cursor:
        cursor.execute(EVENTS)
        different = sum(len(differences(one)) for one in tallied(Tally.objects.all()))
        return {"events": cursor.fetchone()[0], "keep_up_s": round(spent, 1), DIFFERENT: different}


def _questions(bodies: list[Body]) -> dict[tuple[str, int], Callable[[], Any]]:
    """Of the large service of each: its figures at hand, counted, and counted as they were a month ago."""
    from django.utils import timezone

    from jalon.core.period import Month
    from jalon.indicators.counting import counted
    from jalon.indicators.queries import figures, measure_of

    now = timezone.now()
    month = Month.of(timezone.localdate(now))
    asked: dict[str, Callable[[Any], Any]] = {
        "read": lambda house: figures(house, month, now=now),
        "count": lambda house: counted(measure_of(house, month, now=now)),
        "past": lambda house: counted(measure_of(house, month.previous, now=now)),
    }
    return {
        (name, times): partial(_inside, body, question)
        for name, question in asked.items()
        for times, body in bodies
    }


def _inside(body: uuid.UUID, question: Callable[[Any], Any]) -> float:
    """How long the question took, once inside the body."""
    from django.db.models import Count

    from jalon.db.tenant import tenant
    from jalon.organizations.models import Establishment

    with tenant(body):
        house = Establishment.objects.annotate(people=Count("records")).order_by("-people")[0]
        start = time.perf_counter()
        question(house)
        return time.perf_counter() - start


def _in_turn(asked: dict[Any, Callable[[], float]], seconds: float) -> dict[Any, float]:
    """The median of each, asked in turn."""
    times: dict[Any, list[float]] = {name: [] for name in asked}
    end, turns = time.perf_counter() + seconds, 0
    while time.perf_counter() < end or turns < LEAST:
        turns += 1
        for name, ask in asked.items():
            times[name].append(ask())
    return {name: statistics.median(each) for name, each in times.items()}


def _pages() -> Iterator[Asked]:
    """The figures and a list of theirs, in the fullest body."""
    from django.urls import reverse

    who = visitor(DIRECTOR.format(len(TIMES) - 1))
    for name, told in (("indicators:index", ()), ("indicators:proof", ("I2",))):
        yield Asked(name, reverse(name, args=told), who)


def _line(told: dict[str, Any]) -> str:
    return (
        f"{told['events']} transmissions et événements : lu en {told['read']} ms, "
        f"compté en {told['count']} ms, le mois passé en {told['past']} ms ; "
        f"{told[DIFFERENT]} lignes différentes ; décomptes faits en {told['keep_up_s']} s."
    )
