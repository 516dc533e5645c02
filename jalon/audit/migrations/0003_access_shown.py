import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_sent_form")]

    operations = [
        migrations.AddField(
            model_name="access",
            name="shown",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="dossiers montrés",
            ),
        ),
    ]
