"""Months that 0.1 counted twice: the first count is the closing, the others say that they came after it."""

from django.db import migrations

from jalon.db.tenant import tenant

REASON = "nouveau décompte, d’avant les corrections motivées"


def say_so(apps, schema_editor):
    Body = apps.get_model("organizations", "ManagingBody")
    Figure = apps.get_model("indicators", "MonthlyFigure")
    for body in Body.objects.order_by("pk").values_list("pk", flat=True):
        with tenant(body):
            known = set()
            for row in Figure.objects.filter(reason="").order_by("computed_at", "pk"):
                name = (row.establishment_id, row.month, row.code)
                if name in known:
                    Figure.objects.filter(pk=row.pk).update(reason=REASON)
                known.add(name)


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_corrections")]
    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]
