"""The month closed by itself, on its first days; the tallies kept up, and compared each night."""

import datetime as dt
import uuid

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from jalon.core.moment import local_day
from jalon.core.period import Month
from jalon.db.tenant import tenant
from jalon.indicators.actions import close_month
from jalon.indicators.models import MonthlyFigure, Tally
from jalon.indicators.tallies import differences
from jalon.indicators.tallying import count_again, tallied, tally, untallied
from jalon.organizations.models import Establishment
from jalon.organizations.queries import bodies, moment_at

log = structlog.get_logger()
COMPARED = dt.timedelta(days=40)  # how long ago a month began that may still be closed


@app.periodic(cron="30 3 2 * *")
@app.task(name="indicators.close_months", queueing_lock="indicators.close_months")
def close_months(timestamp: int) -> None:
    """On the 2nd, close the month that ended, in each establishment that has not; the day is its own."""
    now = timezone.now()
    for body in bodies():
        with tenant(body):
            for establishment in Establishment.objects.all():
                month = Month.of(moment_at(establishment, now).today).previous
                if not MonthlyFigure.objects.filter(establishment=establishment, month=str(month)).exists():
                    close_month(establishment=establishment, month=month, now=now)


@app.periodic(cron="*/5 * * * *")
@app.task(name="indicators.keep_tallies", queueing_lock="indicators.keep_tallies")
def keep_tallies(timestamp: int) -> None:
    """Every five minutes: the tallies that lack, then the records to count again. Nobody waits for it."""
    for body in bodies():
        keep_up(body, timezone.now())


@app.periodic(cron="45 2 * * *")
@app.task(name="indicators.compare_tallies", queueing_lock="indicators.compare_tallies")
def compare_tallies(timestamp: int) -> None:
    """Each night, count the latest tallies from what happened; what differs is a fault: told, and mended."""
    since = Month.of(local_day(timezone.now() - COMPARED, dt.UTC))
    for body in bodies():
        with tenant(body):
            latest = tallied(Tally.objects.filter(month__gte=str(since)))
        for measure in latest:
            with tenant(body):
                if found := differences(measure):
                    log.error("tally_differs", month=str(measure.month), lines=len(found))
                    tally(measure)


def keep_up(body: uuid.UUID, now: dt.datetime) -> None:
    """Bring the tallies of this body up to date, a few establishments or records a transaction."""
    with tenant(body):
        lacking = untallied(now)
    for measure in lacking:
        with tenant(body):
            tally(measure)
    while _count_some(body):
        continue


def _count_some(body: uuid.UUID) -> int:
    with tenant(body):
        return count_again()
