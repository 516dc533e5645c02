from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "jalon.agenda"
    verbose_name = "agenda"
