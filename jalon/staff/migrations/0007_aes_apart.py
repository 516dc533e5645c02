"""« Aide-soignante ou AES » was one function. Who is an AES, or an AMP, by their profession, has it said now."""

from django.db import migrations

from jalon.db.tenant import tenant

AES = ("323", "328")  # JDV_J01


def part(apps, schema_editor):
    Body = apps.get_model("organizations", "ManagingBody")
    Membership = apps.get_model("staff", "Membership")
    for body in Body.objects.order_by("pk").values_list("pk", flat=True):
        with tenant(body):
            held = Membership.objects.filter(role="care_worker", professional__profession__in=AES)
            held.update(role="aes")


class Migration(migrations.Migration):
    dependencies = [("staff", "0006_functions_proved")]
    operations = [migrations.RunPython(part, migrations.RunPython.noop)]
