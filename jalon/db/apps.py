from django.apps import AppConfig


class DbConfig(AppConfig):
    name = "jalon.db"
    verbose_name = "base"

    def ready(self) -> None:
        from jalon.db.groups import route

        route()
