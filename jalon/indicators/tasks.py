"""The month closed by itself, on its first days."""

from django.utils import timezone
from procrastinate.contrib.django import app

from jalon.core.period import Month
from jalon.db.tenant import tenant
from jalon.indicators.actions import close_month
from jalon.indicators.models import MonthlyFigure
from jalon.organizations.models import Establishment
from jalon.organizations.queries import bodies, moment_at


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
