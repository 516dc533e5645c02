from django.db import migrations, models


class Migration(migrations.Migration):
    """What is under way: a window asks for what has not ended."""

    dependencies = [("agenda", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["managing_body", "record", "ends_at"], name="event_record_end"),
        ),
    ]
