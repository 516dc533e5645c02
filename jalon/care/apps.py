from django.apps import AppConfig


class CareConfig(AppConfig):
    name = "jalon.care"
    verbose_name = "transmissions"
