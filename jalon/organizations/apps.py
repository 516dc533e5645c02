from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "jalon.organizations"
    verbose_name = "établissements"
