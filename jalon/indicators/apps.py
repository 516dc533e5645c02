from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "jalon.indicators"
    verbose_name = "indicateurs"
