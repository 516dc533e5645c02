import logging

from django.apps import AppConfig

from jalon.faces.logs import Discreet


class FacesConfig(AppConfig):
    name = "jalon.faces"
    verbose_name = "visages"

    def ready(self) -> None:
        """Django logs the failures of pages with their messages: only the places are kept."""
        logging.getLogger("django.request").addFilter(Discreet())
