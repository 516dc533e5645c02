from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_recounts_say_so")]
    operations = [
        migrations.AddConstraint(
            model_name='monthlyfigure',
            constraint=models.UniqueConstraint(condition=models.Q(('reason', '')), fields=('managing_body', 'establishment', 'month', 'code'), name='month_closed_once'),
        ),
    ]
