from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0005_functions'),
    ]

    operations = [
        ValidateConstraint(model_name='membership', name='membership_role_known'),
    ]
