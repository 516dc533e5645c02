"""Django, started once by the commands that need it."""

import os

import django


def setup() -> None:
    """Configure Django from the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    django.setup()


def as_owner() -> None:
    """Take the owner's role, for migrations and for nothing else."""
    from django.conf import settings
    from django.db import connection

    connection.close()
    connection.settings_dict["USER"] = settings.DATABASE_OWNER
    connection.settings_dict["OPTIONS"].pop("options", None)  # a migration takes the time it takes
    if settings.DATABASE_OWNER_PASSWORD:
        connection.settings_dict["PASSWORD"] = settings.DATABASE_OWNER_PASSWORD
