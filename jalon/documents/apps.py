from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "jalon.documents"
    verbose_name = "documents"
