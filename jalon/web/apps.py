from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured


class WebConfig(AppConfig):
    name = "jalon.web"
    verbose_name = "écrans"

    def ready(self) -> None:
        from jalon.web.account import signs  # noqa: F401  it listens once the models are known

        checks.register(declared_well)


def declared_well(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """An area that contradicts itself or another is told before any page is asked for."""
    from jalon.web.registry import areas

    try:
        areas()
    except ImproperlyConfigured as wrong:
        return [checks.Error(sentence, id="jalon.E001") for sentence in str(wrong).splitlines()]
    return []
