from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

FAMILIES = [
    ('soin', 'Santé'), ('educ', 'Éducatif'), ('vie', 'Quotidien'), ('emo', 'Émotions'), ('lien', 'Famille'),
    ('evt', 'Événement'), ('psy', 'Psychologique'), ('jus', 'Justice'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('care', '0004_last_passage'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handovernote',
            name='family',
            field=models.CharField(choices=FAMILIES, max_length=5, verbose_name='famille'),
        ),
        migrations.AlterField(
            model_name='handovernoteevent',
            name='family',
            field=models.CharField(choices=FAMILIES, max_length=5, verbose_name='famille'),
        ),
        # Wider than the former one: what is there is right, and proved by the next migration.
        migrations.RemoveConstraint(model_name='handovernote', name='note_family_known'),
        AddConstraintNotValid(
            model_name='handovernote',
            constraint=models.CheckConstraint(
                condition=models.Q(family__in=[code for code, _ in FAMILIES]), name='note_family_known'
            ),
        ),
    ]
