from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "jalon.db"
    verbose_name = "base"
