"""Every page without a person in its address, and those of a record: queries, time and bytes as people grow.

The bars are those of lists: a page of a record, which is about one person, is told beside. Pages are read
from what the areas declare, each asked by somebody of the largest service who may open it.
"""

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from jalon.core.errors import DomainError
from jalon_sandbox.bench.base import SHAPE
from jalon_sandbox.bench.dossier import EVERY_PAGE, Visitor, _data, spy, visitor
from jalon_sandbox.bench.report import Options, Report
from jalon_sandbox.bench.search import largest_body
from jalon_sandbox.load.place import kept

SIZES: Final = (60, 10_000, 100_000)
ROLES: Final = ("nurse", "director", "secretary", "administrator")
# What people ask of a page beside its first sight.
ALSO: Final = {"people:list": ("?q=bruyere",), "handover:list": ("?voir=toutes",)}
OF: Final = {"indicators:proof": ("I2",)}  # pages whose address names what they list
LEAST: Final = 5  # times that a page is asked
TURNS: Final = 21  # of the first page and the last
QUERIES, P95, BYTES, DEEP = "queries", "p95_ms", "kilobytes", "last_page_over_first"
BARS: Final = {QUERIES: 12.0, P95: 100.0, BYTES: 100.0}


@dataclass(frozen=True)
class Asked:
    """A page, and who asks for it."""

    name: str
    path: str
    who: Visitor


def run(options: Options) -> Report:
    """Every list at each size, up to `records`; the base grows from one size to the next."""
    report = Report("lists", ceilings=BARS | {DEEP: 1.5})
    found: dict[int, dict[str, dict[str, float]]] = {}
    with kept(options.data, SHAPE) as base:
        for size in SIZES:
            if size <= (options.records or SIZES[-1]):
                base.fill(size)
                tally()
                found[size] = {one.name: measure(one, options.seconds) for one in pages()}
        report.ratios = {DEEP: round(last_over_first(), 2)}
    report.conditions = {"base": "gardée, fsync=off", "service": base.shape.service}
    report.figures = _worst(found) | {"sizes": found}
    report.lines = list(_table(found))
    return report


def tally() -> None:
    """The tallies of the month, as the worker keeps them up every five minutes."""
    from django.utils import timezone

    from jalon.indicators.tasks import keep_up
    from jalon.organizations.queries import bodies

    for body in bodies():
        keep_up(body, timezone.now())


def pages() -> list[Asked]:
    """Each page that a list may be on, asked by the first of the roles that may open it."""
    from django.urls import reverse

    from jalon.staff.rules import PERMISSIONS, Role

    asking = dict(_asking())
    may = {role: PERMISSIONS[Role(role)] for role in asking}
    found = []
    for name, permission, under_a_record in _declared():
        role = next((role for role in asking if not permission or permission in may[role]), "")
        if not role or (under_a_record and not asking[role].records):
            continue
        path = reverse(name, args=asking[role].records[:1] if under_a_record else OF.get(name))
        found += [Asked(f"{name}{more}", f"{path}{more}", asking[role]) for more in ("", *ALSO.get(name, ()))]
    return [one for one in found if _answers(one)]


def _asking() -> Iterator[tuple[str, Visitor]]:
    """Somebody of each role that somebody has."""
    for role in ROLES:
        with contextlib.suppress(DomainError):
            yield role, visitor(role=role)


def _declared() -> Iterator[tuple[str, Any, bool]]:
    """Name, permission, and whether it is under a record: of each page that is read, by its area."""
    from jalon.web.declarations import asked, own_pages
    from jalon.web.registry import areas

    for area in areas():
        for page in own_pages(area):
            name = f"{area.name}:{page.name}"
            read = hasattr(getattr(page.callback, "view_class", None), "get")
            if read and (name in OF or not page.pattern.converters):
                yield name, asked(page), False
        for tab in area.tabs:
            yield f"records:{tab.name}", tab.permission, True


def _answers(one: Asked) -> bool:
    """A page that leads elsewhere for want of anything to show is no list today; one that fails is told."""
    try:
        one.who.get(one.path)
    except DomainError as refusal:
        if refusal.code != "bench_moved":
            raise
        return False
    return True


def measure(one: Asked, seconds: float) -> dict[str, float]:
    """What this page costs: its own queries, milliseconds, kilobytes sent and in clear."""
    one.who.accepts = ""
    clear = one.who.get(one.path)
    one.who.accepts = "gzip"
    told = _data(spy(one.who, one.path))
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < LEAST or (time.perf_counter() < end and len(times) < 200):
        started = time.perf_counter()
        sent = one.who.get(one.path)
        times.append(1000 * (time.perf_counter() - started))
    return {
        QUERIES: sum(not EVERY_PAGE.match(statement.sql) for statement in told),
        "p50_ms": round(statistics.median(times), 1),
        P95: round(sorted(times)[len(times) * 95 // 100], 1),
        BYTES: round(sent / 1000, 1),
        "clear_kilobytes": round(clear / 1000, 1),
    }


def last_over_first() -> float:
    """Reading the last page of everybody of the body, against the first: in turn, the median of each."""
    from jalon.db.inorder import beyond
    from jalon.faces.paging import SIZE
    from jalon.records.models import Record

    with largest_body():
        rows = Record.objects.with_identity().in_french_order()
        before = list(rows.reverse()[: SIZE + 1])[-1].pk
        asked = (lambda: list(rows.all()[: SIZE + 1]), lambda: beyond(rows, before, SIZE + 1))
        first, last = (
            statistics.median(one) for one in zip(*(map(_seconds, asked) for _ in range(TURNS)), strict=True)
        )
    return float(last / first)


def _seconds(ask: Callable[[], Any]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def _worst(found: dict[int, dict[str, dict[str, float]]]) -> dict[str, Any]:
    """The heaviest list of the largest base, for each bar."""
    lists = [costs for name, costs in found[max(found)].items() if not name.startswith("records:")]
    return {bar: max(costs[bar] for costs in lists) for bar in BARS}


def _table(found: dict[int, dict[str, dict[str, float]]]) -> Iterator[str]:
    sizes = sorted(found)
    names = max(map(len, found[sizes[-1]])) + 1
    yield f"{'page':{names}}" + "".join(f"| {size:>7} : req. p50 p95 ms, ko (clair) " for size in sizes)
    for name in found[sizes[-1]]:
        cells = (_cell(found[size].get(name)) for size in sizes)
        first, last = (found[size].get(name, {}).get("p50_ms") for size in (sizes[0], sizes[-1]))
        growth = f"× {last / first:.1f}" if first and last else ""
        yield f"{name:{names}}" + "".join(f"| {cell:37} " for cell in cells) + growth


def _cell(costs: dict[str, float] | None) -> str:
    if costs is None:
        return ""
    return (
        f"{costs[QUERIES]:>4.0f} {costs['p50_ms']:>7.1f} {costs[P95]:>7.1f}, "
        f"{costs[BYTES]:>6.1f} ({costs['clear_kilobytes']:.0f})"
    )
