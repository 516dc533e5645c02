from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "jalon.staff"
    verbose_name = "professionnels"
