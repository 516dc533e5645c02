from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('care', '0005_restricted_families'),
    ]

    operations = [
        ValidateConstraint(model_name='handovernote', name='note_family_known'),
    ]
