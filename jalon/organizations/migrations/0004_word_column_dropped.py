from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_words_as_settings")]
    operations = [migrations.RemoveField(model_name="establishment", name="word_for_person")]
