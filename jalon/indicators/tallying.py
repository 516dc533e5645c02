"""Making the tallies, and putting back into them what was written since."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import replace
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet

from jalon.core.moment import local_day
from jalon.core.period import Month
from jalon.db.locks import one_at_a_time
from jalon.db.past import versions
from jalon.indicators.counting import lines
from jalon.indicators.definitions import VERSION
from jalon.indicators.models import MonthlyFigure, Tally, TallyLine
from jalon.indicators.rules import Measure, months_of
from jalon.indicators.tallies import tallies_of
from jalon.organizations.models import Establishment
from jalon.organizations.queries import profiles
from jalon.records.models import Record

HOUSES, RECORDS = 20, 500  # what one transaction counts
TAKE = """
delete from indicators_recount
where record in (select distinct record from indicators_recount order by record limit %s)
returning record, since"""
FILL = """
insert into indicators_tallyline (managing_body_id, tally, record, code, counted, apart)
select tally.managing_body_id, tally.id, line.record, line.code, line.counted, line.apart
from ({lines}) as line
join indicators_tally as tally on tally.establishment_id = line.establishment and tally.id = any(%s)"""
Key = tuple[str, int, str]


def untallied(now: dt.datetime) -> list[Measure]:
    """What is measured in the month under way and has no tally yet."""
    found = (_without(one) for one in measures(now))
    return [one for one in found if one.houses]


def _without(measure: Measure) -> Measure:
    """The same, less the establishments that have theirs."""
    there = set(tallies_of(measure).values_list("establishment_id", flat=True))
    return replace(measure, houses=tuple(house for house in measure.houses if house not in there))


def measures(now: dt.datetime, month: Month | None = None) -> list[Measure]:
    """What each establishment measures in this month, or in the one under way there, some at a time."""
    began = dict(MonthlyFigure.objects.values_list("establishment").annotate(Min("month")))
    houses: dict[Key, list[uuid.UUID]] = defaultdict(list)
    for house, profile in profiles(Establishment.objects.values_list("pk", flat=True)).items():
        wanted = str(month or Month.of(local_day(now, profile.zone)))
        houses[wanted, months_of(wanted, began.get(house)), str(profile.zone)].append(house)
    return _some_at_a_time(houses)


def tallied(tallies: QuerySet[Tally], size: int = HOUSES) -> list[Measure]:
    """What these tallies measure, so many establishments at a time."""
    houses: dict[Key, list[uuid.UUID]] = defaultdict(list)
    for one in tallies.filter(definition=VERSION).order_by("pk"):
        houses[one.month, one.months, one.zone].append(one.establishment_id)
    return _some_at_a_time(houses, size)


def _some_at_a_time(houses: dict[Key, list[uuid.UUID]], size: int = HOUSES) -> list[Measure]:
    """As they are known when the month ends: what is written meanwhile is known before."""
    return [
        Measure(tuple(found[first : first + size]), Month.parse(month), ZoneInfo(zone), months).at_its_end
        for (month, months, zone), found in houses.items()
        for first in range(0, len(found), size)
    ]


@transaction.atomic
def tally(measure: Measure) -> None:
    """Count these establishments from what happened, in place of what was kept of this month."""
    one_at_a_time("tallies")
    mine = Tally.objects.filter(establishment_id__in=measure.houses)
    _forget(mine.filter(Q(month=str(measure.month)) | ~Q(definition=VERSION)))
    made = Tally.objects.bulk_create(
        Tally(
            establishment_id=house, month=str(measure.month), months=measure.months, zone=str(measure.zone),
            definition=VERSION,
        )
        for house in measure.houses
    )  # fmt: skip
    _fill(measure, [one.pk for one in made])


@transaction.atomic
def count_again() -> int:
    """Put back into the tallies some of the records that were written to; how many, 0 when none is left."""
    one_at_a_time("tallies")
    touched = _taken()
    for measure in tallied(_concerned(touched), RECORDS):  # about one of each at most
        tallies = list(tallies_of(measure).values_list("pk", flat=True))
        records = [record for record, since in touched.items() if since < measure.end]
        TallyLine.objects.filter(tally__in=tallies, record__in=records).delete()
        _fill(measure, tallies, records)
    return len(touched)


def _taken() -> dict[uuid.UUID, dt.datetime]:
    """Records to count again → since when: what is written from here on is to be counted after us."""
    found: dict[uuid.UUID, dt.datetime] = {}
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [RECORDS])
        for record, since in cursor.fetchall():
            found[record] = min(since, found.get(record, since))
    return found


def _concerned(touched: dict[uuid.UUID, dt.datetime]) -> QuerySet[Tally]:
    """The tallies that may hold these records."""
    if not touched:
        return Tally.objects.none()
    first = Month.of(local_day(min(touched.values()), dt.UTC)).previous  # no zone is a month away
    houses = versions(Record).filter(pgh_obj_id__in=touched).values("establishment_id")
    return Tally.objects.filter(establishment_id__in=houses, month__gte=str(first))


def _fill(measure: Measure, tallies: list[uuid.UUID], records: list[uuid.UUID] | None = None) -> None:
    told, values = lines(measure, records)
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(lines=told), [*values, tallies])


def _forget(tallies: QuerySet[Tally]) -> None:
    TallyLine.objects.filter(tally__in=tallies.values("pk")).delete()
    tallies.delete()
