"""Many records: what a page or an export asks, weighs and takes stays what it was with few."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from django.utils import timezone

from jalon_sandbox.bench.base import SHAPE
from jalon_sandbox.bench.dossier import Visitor, visitor
from jalon_sandbox.drills.place import DATABASE, served
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.load.filling import fill
from jalon_sandbox.load.place import tell_story

RECORDS = 10_000
PAGES = ("home:day", "people:list", "handover:list", "agenda:week", "directory:list", "exchange:inbox")
SLOWEST = 3.0  # seconds, of a page or of an export, on any machine
HEAVIEST = 400_000  # bytes of a page
WIDER = 3  # times what the page weighed with few records
MORE = 2  # questions to the database that a page may ask beyond those it asked with few records


@dataclass(frozen=True)
class Cost:
    """What a page or an export cost."""

    queries: int
    size: int
    seconds: float


def drill(options: Options) -> Report:
    """10 000 records, or `size`, on a throw-away server: measured with few, then with all."""
    with served(options.data) as (server, _):
        tell_story()
        few = measure(visitor())
        shape = replace(SHAPE, day=timezone.localdate().isoformat())
        with server.connect(DATABASE) as superuser:
            fill(superuser, shape, people=options.size or RECORDS)
        return judged(few, measure(visitor()), records())


def records() -> int:
    """How many there are, in the only managing body."""
    from jalon.db.tenant import tenant
    from jalon.organizations.models import ManagingBody
    from jalon.records.models import Record

    with tenant(ManagingBody.objects.values_list("pk", flat=True).get()):
        return Record.objects.count()


def measure(who: Visitor) -> dict[str, Cost]:
    """Each page twice, the second time counted; then the summary and the export of one record."""
    from django.urls import reverse

    costs = {}
    paths = {name: reverse(name) for name in PAGES}
    paths["records:summary"] = reverse("records:summary", args=[who.records[0]])
    for name, path in paths.items():
        who.get(path)
        costs[name] = _counted(partial(who.get, path))
    costs["export"] = _counted(partial(_exported, who))
    return costs


def _counted(act: Callable[[], int]) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    started = time.monotonic()
    with CaptureQueriesContext(connection) as asked:
        size = act()
    return Cost(len(asked), size, time.monotonic() - started)


def _exported(who: Visitor) -> int:
    from jalon.db.tenant import tenant
    from jalon.exchange.transfer.exporter import export_file
    from jalon.records.models import Record

    with tenant(who.body):
        return len(export_file(Record.objects.get(pk=who.records[0]), by=None))


def judged(few: dict[str, Cost], many: dict[str, Cost], count: int) -> Report:
    """What grew that should not have."""
    report = Report("volume", figures={"records": count})
    for name, cost in many.items():
        before = few[name]
        report.figures[name] = {"queries": cost.queries, "bytes": cost.size, "ms": round(1000 * cost.seconds)}
        report.lines.append(
            f"{name} : {cost.queries} requêtes ({before.queries} avant), {cost.size} octets "
            f"({before.size}), {1000 * cost.seconds:.0f} ms ({1000 * before.seconds:.0f})"
        )
        more = cost.queries - before.queries
        report.expect(more <= MORE, f"{name} pose {more} requêtes de plus")
        report.expect(cost.seconds < SLOWEST, f"{name} prend {cost.seconds:.1f} s")
        heavy = cost.size > max(HEAVIEST, WIDER * before.size)
        report.expect(not heavy, f"{name} pèse {cost.size} octets")
    return report
