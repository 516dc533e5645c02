"""The matricules received before they were indexed: read once from what came with each person."""

from django.db import migrations

from jalon.db.tenant import tenant
from jalon.people.models import ins_digest

BATCH = 500


def index(apps, schema_editor):
    Body = apps.get_model("organizations", "ManagingBody")
    Person = apps.get_model("people", "Person")
    Received = apps.get_model("exchange", "ReceivedIns")
    for body in Body.objects.order_by("pk").values_list("pk", flat=True):
        with tenant(body):
            rows = [
                Received(person_id=person.pk, digest=digest)
                for person in Person.objects.exclude(received="").only("pk", "received").iterator(BATCH)
                for digest in sorted(_digests(person.received))
            ]
            Received.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _digests(received):
    found = received.get("received_ins", ()) if received else ()
    return {ins_digest(each.get("value", "")) for each in found} - {""}


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_received_ins")]
    operations = [migrations.RunPython(index, migrations.RunPython.noop)]
