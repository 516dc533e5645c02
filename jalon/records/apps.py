from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "jalon.records"
    verbose_name = "dossiers"
