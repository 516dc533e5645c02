"""The word of an establishment becomes a setting: whoever had chosen another one than the default keeps it."""

from django.db import migrations

from jalon.db.tenant import tenant

DEFAULT = "personne accompagnée"
FEMININE = ("personne", "famille", "résidente", "patiente", "usagère")


def _typed(word):
    """« résident » → « un résident, des résidents », as the setting is typed."""
    plural = " ".join(part if part.endswith(("s", "x")) else f"{part}s" for part in word.split())
    return f"{'une' if word.startswith(FEMININE) else 'un'} {word}, des {plural}"


def keep_words(apps, schema_editor):
    Body = apps.get_model("organizations", "ManagingBody")
    Establishment = apps.get_model("organizations", "Establishment")
    SettingValue = apps.get_model("organizations", "SettingValue")
    for body in Body.objects.order_by("pk").values_list("pk", flat=True):
        with tenant(body):
            # No screen of 0.1 could change this word: what is no word at all was typed in the database itself.
            chosen = Establishment.objects.exclude(word_for_person=DEFAULT)
            for house in chosen.filter(word_for_person__regex=r"^[[:alpha:]]+([ ’'-][[:alpha:]]+)*$"):
                SettingValue.objects.get_or_create(
                    establishment_id=house.pk, unit_id=None, name="word",
                    defaults={"value": _typed(house.word_for_person.strip().lower())},
                )


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_settings")]
    operations = [migrations.RunPython(keep_words, migrations.RunPython.noop)]
