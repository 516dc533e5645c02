"""Counts kept at hand: a tally of each establishment for a month, true but for what is to recount.

A tally tells a month as it is known when it ends. Whoever writes something that is counted leaves a `Recount`
of its record: a reader counts those few again, until the worker puts them back into the tallies.
"""

import uuid
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from jalon.indicators.counting import Sql, lines
from jalon.indicators.definitions import VERSION
from jalon.indicators.models import Recount, Tally
from jalon.indicators.rules import Measure

KEPT = """
select tally.establishment_id as establishment, line.code, line.record, line.counted, line.apart
from indicators_tally as tally
join indicators_tallyline as line
  on line.managing_body_id = tally.managing_body_id and line.tally = tally.id
where tally.establishment_id = any(%s) and tally.month = %s and tally.months = %s and tally.zone = %s
  and tally.definition = %s"""
BUT = """
select establishment, code, record, counted, apart from ({kept}) as kept
where record not in (select unnest(%s::uuid[]))
union all {fresh}"""
LACKING = "select record from ({lines}) as line where code = %s and counted = 0"
# One statement, hence one instant: what is written meanwhile is in both, or to recount in neither.
DIFFERENCES = """
with kept as ({kept}), plain as ({plain})
select establishment, code, record
from ((table kept except table plain) union (table plain except table kept)) as different
where record not in (select record from indicators_recount where since < %s)
order by establishment, code, record"""


def tallies_of(measure: Measure) -> QuerySet[Tally]:
    """The tallies of this very measure: of these establishments, months, zone and definitions."""
    return Tally.objects.filter(
        establishment_id__in=measure.houses, month=str(measure.month), months=measure.months,
        zone=str(measure.zone), definition=VERSION,
    )  # fmt: skip


def at_hand(measure: Measure) -> Sql:
    """The lines of this measure: those kept, but those of records written to since, counted again."""
    if tallies_of(measure).count() < len(measure.houses):
        return lines(measure)
    stale = list(Recount.objects.filter(since__lt=measure.end).values_list("record", flat=True).distinct())
    kept, values = _kept(measure)
    if not stale:
        return kept, values
    fresh, others = lines(measure, stale)
    return BUT.format(kept=kept, fresh=fresh), [*values, stale, *others]


def lacking(measure: Measure, code: str) -> list[uuid.UUID]:
    """Records of the denominator of this indicator that nothing was counted for."""
    text, values = at_hand(measure)
    return [record for (record,) in _asked(LACKING.format(lines=text), [*values, code])]


def differences(measure: Measure) -> list[tuple[uuid.UUID, str, uuid.UUID]]:
    """Establishment, code and record of each line that is not what is counted from what happened."""
    kept, values = _kept(measure)
    plain, others = lines(measure)
    found = _asked(DIFFERENCES.format(kept=kept, plain=plain), [*values, *others, measure.end])
    return [(house, code, record) for house, code, record in found]


def _kept(measure: Measure) -> Sql:
    return KEPT, [list(measure.houses), str(measure.month), measure.months, str(measure.zone), VERSION]


def _asked(text: str, values: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()
