"""What would be dangerous to start with: settings that contradict one another, a role that is too strong."""

from pathlib import Path

from django.conf import settings
from django.db import connection

FILES = (
    "SERVICES_CA",
    "SERVICES_CERTIFICATE",
    "SERVICES_KEY",
    "SIGNATURE_CERTIFICATE",
    "SIGNATURE_KEY",
    "MSSANTE_CRL",
)


def problems() -> list[str]:
    """Everything wrong, one French sentence each."""
    return [*_role(), *_files(), *_production()]


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


def _files() -> list[str]:
    return [
        f"Le fichier {name} n’existe pas : {getattr(settings, name)}."
        for name in FILES
        if getattr(settings, name) and not Path(getattr(settings, name)).exists()
    ]


def _production() -> list[str]:
    if settings.MODE != "production":
        return []
    found = []
    if not settings.PUBLIC_URL.startswith("https:"):
        found.append("L’adresse publique n’est pas en https : les sessions passeraient en clair.")
    if settings.DMP_URL and not settings.SIGNATURE_KEY:
        found.append("Le DMP est connecté sans cachet de signature.")
    if settings.MSSANTE_SMTP and not settings.SOFTWARE_NIL:
        found.append("La messagerie est connectée sans référence produit (NIL).")
    if settings.MSSANTE_SMTP and not settings.MSSANTE_CRL:
        found.append(
            "La messagerie est connectée sans liste de révocation (JALON_MSSANTE_CRL) : "
            "un opérateur révoqué serait cru."
        )
    return found
