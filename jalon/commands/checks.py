"""What is dangerous to start with: settings that contradict one another, a role that is too strong.

`jalon check` says it; `jalon serve` and `jalon worker` refuse it.
"""

import os
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.db import connection, connections
from django.db.utils import OperationalError

from jalon.core.settings.dangers import SANDBOX_SERVER, dangers, is_loopback
from jalon.core.settings.reading import SettingsRefused
from jalon.core.settings.table import PRODUCTION, settings_of
from jalon.db.groups import each

FILES = (
    "SERVICES_CA",
    "SERVICES_CERTIFICATE",
    "SERVICES_KEY",
    "SIGNATURE_CERTIFICATE",
    "SIGNATURE_KEY",
    "MSSANTE_CRL",
)


def refuse_danger(host: str = "127.0.0.1") -> None:
    """Raises SettingsRefused with everything that `jalon check` finds, and the address listened to."""
    if found := [*_listening(host), *problems()]:
        raise SettingsRefused(found)
    connections.close_all()


def problems() -> list[str]:
    """Everything wrong, one French sentence each."""
    bases = [f"{group} : {said}" if group else said for group in each() for said in _base()]
    return [*_framework(), *dangers(settings_of(os.environ)), *_files(), *bases]


def _framework() -> list[str]:
    """What Django finds, warnings of ours aside: those are said by our own checks."""
    found = checks.run_checks(include_deployment_checks=True)
    return [str(message) for message in found if message.is_serious(checks.ERROR)]


def _listening(host: str) -> list[str]:
    if settings.MODE == PRODUCTION or is_loopback(host):
        return []
    return [
        f"JALON_MODE={settings.MODE} n’est permis que sur cette machine : --host {host} l’ouvre à d’autres."
    ]


def _base() -> list[str]:
    try:
        return [*_role(), *_server()]
    except OperationalError:
        return ["La base ne répond pas. Vérifiez DATABASE_URL, et que PostgreSQL est démarré."]


def _role() -> list[str]:
    """The application's role must own nothing and pass under row-level security."""
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        strong = cursor.fetchone()[0]
        cursor.execute(
            "select count(*) from pg_class where relowner = current_user::regrole and relkind = 'r'"
        )
        owned = cursor.fetchone()[0]
    if strong or owned:
        return [
            "Le rôle de la base est trop fort : il voit tous les organismes. Connectez-vous avec jalon_app."
        ]
    return []


def _server() -> list[str]:
    """The demonstration and the tests meet a base of theirs, never one that may hold real people."""
    with connection.cursor() as cursor:
        cursor.execute("show cluster_name")
        sandbox = cursor.fetchone()[0] == SANDBOX_SERVER
    if settings.MODE == PRODUCTION or sandbox:
        return []
    return [
        f"JALON_MODE={settings.MODE} n’est permis que sur la base que le bac à sable démarre "
        "(`jalon demo`) : celle-ci peut être vraie."
    ]


def _files() -> list[str]:
    return [
        f"Le fichier {name} n’existe pas : {getattr(settings, name)}."
        for name in FILES
        if getattr(settings, name) and not Path(getattr(settings, name)).exists()
    ]
