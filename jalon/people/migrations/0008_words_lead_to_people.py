"""The person whom a word finds is known as such: nothing changes in the database."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0007_photo_of_a_person")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="nameword",
                    name="person",
                    field=models.ForeignKey(
                        db_column="person",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="words",
                        to="people.person",
                        verbose_name="usager",
                    ),
                )
            ]
        )
    ]
