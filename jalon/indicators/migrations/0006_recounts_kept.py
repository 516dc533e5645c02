"""The database notes the records to count again, whoever writes what is counted, and however.

Each of these tables only grows: a history, or what is written once. What a row says is of a record, known from
an instant on; a tally of a month that ended before does not change.
"""

from django.db import migrations

PLAN = "JOIN plans_personalplanevent AS plan ON plan.pgh_obj_id = one.plan_id"
PERSON = "JOIN records_recordevent AS record ON record.person_id = one.person_id"
DOCUMENT = "JOIN documents_document AS document ON document.id = {}.document_id"
DELIVERY = "JOIN exchange_delivery AS delivery ON delivery.id = one.delivery_id "
# Histories → the record of a version, and what leads to it.
HISTORIES = {
    "records_recordevent": ("one.pgh_obj_id", ""),
    "records_stayevent": ("one.record_id", ""),
    "care_handovernoteevent": ("one.record_id", ""),
    "agenda_eventevent": ("one.record_id", ""),
    "plans_personalplanevent": ("one.record_id", ""),
    "plans_expectationevent": ("plan.record_id", PLAN),
    "plans_needevent": ("plan.record_id", PLAN),
    "plans_goalevent": ("plan.record_id", PLAN),
    "plans_actionevent": ("plan.record_id", PLAN),
    "plans_agreementevent": ("plan.record_id", PLAN),
    "people_consentevent": ("record.pgh_obj_id", PERSON),
    "documents_withdrawalevent": ("document.record_id", DOCUMENT.format("one")),
}
# What is written once → the same, and when it is known.
WRITTEN_ONCE = {
    "documents_document": ("one.record_id", "", "filed_at"),
    "plans_planversion": ("plan.record_id", PLAN, "signed_at"),
    "exchange_deliverystep": ("document.record_id", DELIVERY + DOCUMENT.format("delivery"), "at"),
}
NOTE = """
  INSERT INTO indicators_recount (managing_body_id, record, mark, since)
  SELECT one.managing_body_id, {record}, gen_random_uuid(), min({since}) FROM {rows} {join}
  GROUP BY one.managing_body_id, {record};"""
# A version that is not the first may have taken its object from another record: that one too.
FORMER = """
  IF EXISTS (SELECT FROM written WHERE pgh_label <> 'insert') THEN {note}
  END IF;"""
# A transition table has one name, and UPDATE has two of them: hence two triggers.
TRIGGERS = """
CREATE FUNCTION {table}_recount() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{body}
  RETURN NULL;
END $$;
CREATE TRIGGER recount_added AFTER INSERT ON {table}
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION {table}_recount();
CREATE TRIGGER recount_removed AFTER DELETE ON {table}
  REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION {table}_recount();
CREATE TRIGGER recount_before AFTER UPDATE ON {table}
  REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION {table}_recount();
CREATE TRIGGER recount_after AFTER UPDATE ON {table}
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION {table}_recount();
-- Also where a large load leaves the other triggers out.
ALTER TABLE {table} ENABLE ALWAYS TRIGGER recount_added;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER recount_removed;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER recount_before;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER recount_after;
"""
REMOVED = """
DROP TRIGGER recount_added ON {table};
DROP TRIGGER recount_removed ON {table};
DROP TRIGGER recount_before ON {table};
DROP TRIGGER recount_after ON {table};
DROP FUNCTION {table}_recount;
"""


def kept(table):
    """The function and the triggers of this table."""
    if table in WRITTEN_ONCE:
        record, join, since = WRITTEN_ONCE[table]
        body = NOTE.format(record=record, join=join, since=f"one.{since}", rows="written AS one")
    else:
        record, join = HISTORIES[table]
        body = NOTE.format(record=record, join=join, since="one.pgh_created_at", rows="written AS one")
        rows = f"written JOIN {table} AS one ON one.pgh_obj_id = written.pgh_obj_id"
        former = NOTE.format(record=record, join=join, since="written.pgh_created_at", rows=rows)
        body += FORMER.format(note=former)
    return TRIGGERS.format(table=table, body=body)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0005_tallies"),
        ("agenda", "0001_initial"),
        ("care", "0001_initial"),
        ("documents", "0002_withdrawal"),
        ("exchange", "0001_initial"),
        ("people", "0001_initial"),
        ("plans", "0001_initial"),
        ("records", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(kept(table), REMOVED.format(table=table)) for table in (*HISTORIES, *WRITTEN_ONCE)
    ]
