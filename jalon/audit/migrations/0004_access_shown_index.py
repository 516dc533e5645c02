import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """Beside the writes: the table of accesses is the largest, and no page is read without one."""

    atomic = False
    dependencies = [("audit", "0003_access_shown")]

    operations = [
        # Cut on the way, the index is there without being noted, or is there and not valid: it is made again.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS access_shown", migrations.RunSQL.noop),
        # What a run cut short left half made; alone in its statement, as `concurrently` asks.
        migrations.RunSQL("drop index concurrently if exists access_shown", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name="access",
            index=django.contrib.postgres.indexes.GinIndex(fields=["shown"], name="access_shown"),
        ),
    ]
