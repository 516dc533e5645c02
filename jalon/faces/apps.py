from django.apps import AppConfig


class FacesConfig(AppConfig):
    name = "jalon.faces"
    verbose_name = "visages"
