import logging

from django.apps import AppConfig

from jalon.web.logs import Discreet


class WebConfig(AppConfig):
    name = "jalon.web"
    verbose_name = "écrans"

    def ready(self) -> None:
        """Django logs the failures of pages with their messages: only the places are kept."""
        logging.getLogger("django.request").addFilter(Discreet())
