import django.db.models.deletion
import jalon.db.tenant
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
import uuid_utils.compat
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0004_word_column_dropped'),
        ('staff', '0004_account_history'),
    ]

    operations = [
        migrations.CreateModel(
            name='FunctionChange',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('educator', 'éducatrice'), ('care_worker', 'aide-soignante'), ('aes', 'accompagnante éducative et sociale'), ('nurse', 'infirmière'), ('physician', 'médecin'), ('outside_prescriber', 'prescripteur extérieur'), ('pharmacist', 'pharmacienne'), ('dietician', 'diététicienne'), ('psychologist', 'psychologue'), ('team_lead', 'cheffe de service'), ('director', 'directrice'), ('secretary', 'secrétaire d’admission'), ('accounts_officer', 'comptable'), ('quality_officer', 'responsable qualité'), ('identity_officer', 'référente identitovigilance'), ('dpo', 'déléguée à la protection des données'), ('administrator', 'administrateur')], max_length=20, verbose_name='fonction')),
                ('permission', models.CharField(max_length=30, verbose_name='droit')),
                ('given', models.BooleanField(verbose_name='donné')),
            ],
            options={
                'verbose_name': 'droit changé d’une fonction',
                'verbose_name_plural': 'droits changés des fonctions',
            },
        ),
        migrations.CreateModel(
            name='FunctionChangeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, serialize=False)),
                ('role', models.CharField(choices=[('educator', 'éducatrice'), ('care_worker', 'aide-soignante'), ('aes', 'accompagnante éducative et sociale'), ('nurse', 'infirmière'), ('physician', 'médecin'), ('outside_prescriber', 'prescripteur extérieur'), ('pharmacist', 'pharmacienne'), ('dietician', 'diététicienne'), ('psychologist', 'psychologue'), ('team_lead', 'cheffe de service'), ('director', 'directrice'), ('secretary', 'secrétaire d’admission'), ('accounts_officer', 'comptable'), ('quality_officer', 'responsable qualité'), ('identity_officer', 'référente identitovigilance'), ('dpo', 'déléguée à la protection des données'), ('administrator', 'administrateur')], max_length=20, verbose_name='fonction')),
                ('permission', models.CharField(max_length=30, verbose_name='droit')),
                ('given', models.BooleanField(verbose_name='donné')),
            ],
            options={
                'abstract': False,
            },
        ),
        # Wider than the former one: what is there is right, and proved by the next migration.
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_role_known',
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('educator', 'éducatrice'), ('care_worker', 'aide-soignante'), ('aes', 'accompagnante éducative et sociale'), ('nurse', 'infirmière'), ('physician', 'médecin'), ('outside_prescriber', 'prescripteur extérieur'), ('pharmacist', 'pharmacienne'), ('dietician', 'diététicienne'), ('psychologist', 'psychologue'), ('team_lead', 'cheffe de service'), ('director', 'directrice'), ('secretary', 'secrétaire d’admission'), ('accounts_officer', 'comptable'), ('quality_officer', 'responsable qualité'), ('identity_officer', 'référente identitovigilance'), ('dpo', 'déléguée à la protection des données'), ('administrator', 'administrateur')], max_length=20, verbose_name='rôle'),
        ),
        migrations.AlterField(
            model_name='membershipevent',
            name='role',
            field=models.CharField(choices=[('educator', 'éducatrice'), ('care_worker', 'aide-soignante'), ('aes', 'accompagnante éducative et sociale'), ('nurse', 'infirmière'), ('physician', 'médecin'), ('outside_prescriber', 'prescripteur extérieur'), ('pharmacist', 'pharmacienne'), ('dietician', 'diététicienne'), ('psychologist', 'psychologue'), ('team_lead', 'cheffe de service'), ('director', 'directrice'), ('secretary', 'secrétaire d’admission'), ('accounts_officer', 'comptable'), ('quality_officer', 'responsable qualité'), ('identity_officer', 'référente identitovigilance'), ('dpo', 'déléguée à la protection des données'), ('administrator', 'administrateur')], max_length=20, verbose_name='rôle'),
        ),
        AddConstraintNotValid(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['educator', 'care_worker', 'aes', 'nurse', 'physician', 'outside_prescriber', 'pharmacist', 'dietician', 'psychologist', 'team_lead', 'director', 'secretary', 'accounts_officer', 'quality_officer', 'identity_officer', 'dpo', 'administrator'])), name='membership_role_known'),
        ),
        migrations.AddField(
            model_name='functionchange',
            name='establishment',
            field=jalon.db.tenant.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.establishment', verbose_name='établissement ou service'),
        ),
        migrations.AddField(
            model_name='functionchange',
            name='managing_body',
            field=jalon.db.tenant.TenantField(db_default=jalon.db.tenant.CurrentTenant(), db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.managingbody', verbose_name='organisme gestionnaire'),
        ),
        migrations.AddField(
            model_name='functionchangeevent',
            name='establishment',
            field=jalon.db.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.establishment', verbose_name='établissement ou service'),
        ),
        migrations.AddField(
            model_name='functionchangeevent',
            name='managing_body',
            field=jalon.db.tenant.TenantField(db_constraint=False, db_default=jalon.db.tenant.CurrentTenant(), db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organizations.managingbody', verbose_name='organisme gestionnaire'),
        ),
        migrations.AddField(
            model_name='functionchangeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='staff.functionchange'),
        ),
        migrations.AddConstraint(
            model_name='functionchange',
            constraint=models.UniqueConstraint(fields=('managing_body', 'establishment', 'role', 'permission'), name='function_change_once'),
        ),
        migrations.AddConstraint(
            model_name='functionchange',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['educator', 'care_worker', 'aes', 'nurse', 'physician', 'outside_prescriber', 'pharmacist', 'dietician', 'psychologist', 'team_lead', 'director', 'secretary', 'accounts_officer', 'quality_officer', 'identity_officer', 'dpo', 'administrator']), models.Q(('permission', ''), _negated=True)), name='function_change_known'),
        ),
        migrations.AddConstraint(
            model_name='functionchange',
            constraint=jalon.db.tenant.TenantReference(field='establishment', name='staff_functionchange_establishment_same_tenant'),
        ),
        migrations.AddConstraint(
            model_name='functionchange',
            constraint=jalon.db.tenant.TenantPolicy(name='staff_functionchange_tenant'),
        ),
        migrations.AddConstraint(
            model_name='functionchange',
            constraint=models.UniqueConstraint(fields=('managing_body', 'id'), name='staff_functionchange_tenant_key'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='functionchange',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_functionchangeevent" ("establishment_id", "given", "id", "managing_body_id", "permission", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."establishment_id", NEW."given", NEW."id", NEW."managing_body_id", NEW."permission", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id", NEW."role"); RETURN NULL;', hash='ff3f7365f6fd7dd8ef8baaa8c14667abe52069ba', operation='INSERT', pgid='pgtrigger_insert_insert_6f7f8', table='staff_functionchange', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='functionchange',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "staff_functionchangeevent" ("establishment_id", "given", "id", "managing_body_id", "permission", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (NEW."establishment_id", NEW."given", NEW."id", NEW."managing_body_id", NEW."permission", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id", NEW."role"); RETURN NULL;', hash='058cc61939a8bea7b3a2d3c2589f7623d5067f29', operation='UPDATE', pgid='pgtrigger_update_update_f755b', table='staff_functionchange', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='functionchange',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "staff_functionchangeevent" ("establishment_id", "given", "id", "managing_body_id", "permission", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role") VALUES (OLD."establishment_id", OLD."given", OLD."id", OLD."managing_body_id", OLD."permission", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id", OLD."role"); RETURN NULL;', hash='4d37222f4babc821aa4f539b2153f7ee250908e4', operation='DELETE', pgid='pgtrigger_delete_delete_ea030', table='staff_functionchange', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='functionchangeevent',
            constraint=jalon.db.tenant.TenantPolicy(name='staff_functionchangeevent_tenant'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='functionchangeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='db2e4115555cfc457b9399e0be036d246d153ac9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7b570', table='staff_functionchangeevent', when='BEFORE')),
        ),
    ]
