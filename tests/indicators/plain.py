"""The five indicators in plain SQL, written from their official text (S001) and from nothing of the product.

Histories alone are read: the latest version of each row before an instant, all of them for a month that runs.
"""

from typing import Any

from django.db import connection

from jalon.indicators.rules import Measure

LATEST = """
{name} as (
  select * from (
    select distinct on (pgh_obj_id) * from {table} where pgh_created_at < %({known})s
    order by pgh_obj_id, pgh_created_at desc, pgh_id desc
  ) as latest where pgh_label <> 'delete'
)"""
KNOWN = {
    "record": "records_recordevent", "stay": "records_stayevent", "note": "care_handovernoteevent",
    "event": "agenda_eventevent", "plan": "plans_personalplanevent", "consent": "people_consentevent",
    "withdrawal": "documents_withdrawalevent",
}  # fmt: skip
PARTS = ("expectation", "need", "goal", "action", "agreement")
BY_HAND = """
select {column} as plan from plans_{table}event
where pgh_created_at >= %(start)s and pgh_created_at < %(end)s
  and pgh_context ->> 'professional' is not null and not pgh_context ? 'transfer'"""
REST = """
supported as (
  select record.id, record.person_id from record
  where record.establishment_id = %(house)s and record.id in (
    select record_id from stay
    where starts_on <= %(last_day)s and (ends_on is null or ends_on >= %(first_day)s))
),
own as (
  select record_id from documents_document
  where source <> 'received' and filed_at >= %(start)s and filed_at < %(end)s
    and id not in (select document_id from withdrawal)
),
written as (
  select record_id from note
  where written_at >= %(start)s and written_at < %(end)s and withdrawn_at is null
  union select record_id from event
  where starts_at >= %(start)s and starts_at < %(end)s and responsible_id is not null
  union select record_id from own
  union select plan.record_id from plan where plan.id in ({by_hand}
    union select plan_id from plans_planversion where signed_at >= %(start)s and signed_at < %(end)s)
),
active as (select * from supported where id in (select record_id from written)),
gone as (
  select delivery.destination, document.record_id from exchange_delivery as delivery
  join documents_document as document on document.id = delivery.document_id
  where (select min(at) from exchange_deliverystep as step
         where step.delivery_id = delivery.id and step.state in ('sent', 'acknowledged'))
    between %(start)s and %(end)s - interval '1 microsecond'
),
latest as (
  select distinct on (person_id, purpose) person_id, purpose, granted from consent
  where decided_on <= %(last_day)s order by person_id, purpose, decided_on desc, recorded_at desc
),
line (code, record, counted, apart) as (
  select 'I1', id, (id in (select id from active))::int, false from supported
  union all select 'I2', id, (id in (
    select record_id from stood where status in ('ENPREPARATION', 'ENCOURS')))::int, false from active
  union all select 'I3', id, (id in (
    select record_id from event
    where starts_at >= %(start)s and starts_at < %(end)s and status <> 'ANNULE'))::int, false from active
  union all select 'I4', id,
    (select count(*) from gone where destination = 'citizen_mail' and record_id = supported.id),
    exists (select from latest where latest.person_id = supported.person_id
            and purpose = 'citizen_mail' and not granted) from supported
  union all select 'I5', id,
    (id in (select record_id from gone where destination = 'dmp'))::int,
    exists (select from latest where latest.person_id = supported.person_id
            and purpose = 'dmp_feed' and not granted) from supported
)
select code, sum(counted), count(*), count(*) filter (where counted = 0), count(*) filter (where apart)
from line group by code"""


def _query() -> str:
    known = [LATEST.format(name=name, table=table, known="known") for name, table in KNOWN.items()]
    stood = LATEST.format(name="stood", table=KNOWN["plan"], known="stood")
    hands = [BY_HAND.format(column="pgh_obj_id", table="personalplan")]
    hands += [BY_HAND.format(column="plan_id", table=part) for part in PARTS]
    return "with " + ",".join([*known, stood]) + "," + REST.format(by_hand=" union ".join(hands))


def plainly(measure: Measure) -> dict[str, tuple[int, int, int, int]]:
    """Code → numerator, denominator, lacking, apart."""
    (house,) = measure.houses
    said: dict[str, Any] = {
        "house": house, "first_day": measure.first_day, "last_day": measure.last_day, "start": measure.start,
        "end": measure.end, "known": measure.known_at or "infinity",
        "stood": measure.state_at or "infinity",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_query(), said)
        return {code: (total, among, lacking, apart) for code, total, among, lacking, apart in cursor}
