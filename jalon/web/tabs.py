"""The tabs of a record: those this professional may open."""

from typing import Any

from django.urls import reverse

from jalon.staff.models import Permission

TABS = (
    ("summary", "Synthèse", "layout-list", Permission.OPEN_RECORD),
    ("plan", "Projet personnalisé", "target", Permission.READ_PLAN),
    ("agenda", "Agenda", "calendar-days", Permission.READ_AGENDA),
    ("documents", "Documents", "folder", Permission.READ_DOCUMENTS),
    ("circle", "Entourage", "users-round", Permission.OPEN_RECORD),
    ("identity", "Identité", "id-card", Permission.OPEN_RECORD),
    ("accesses", "Accès au dossier", "history", Permission.READ_ACCESSES),
)
# What was opened, as the page of accesses tells it: the tabs, what they lead to, and the commands.
SEEN = {f"records:{name}": label for name, label, _, _ in TABS} | {
    "records:note": "Transmission, écrite",
    "records:reveal-ins": "INS affichée",
    "records:document": "Document",
    "records:file": "Fichier d’un document",
    "records:decide": "Envoi, décision",
    "records:export": "Export du dossier",
    "records:person-edit": "Identité, à modifier",
    "records:contact-add": "Entourage, à compléter",
    "records:contact": "Entourage, à modifier",
    "records:stay-add": "Séjours, à compléter",
    "records:stay": "Séjours, à modifier",
    "records:event-add": "Agenda, à compléter",
    "records:event": "Agenda, à modifier",
    "records:plan-open": "Projet, ouvert",
    "records:plan-edit": "Projet, à modifier",
    "records:plan-add": "Projet, à compléter",
    "records:plan-part": "Projet, à modifier",
    "records:plan-agree": "Projet, accord",
    "records:agreement": "Projet, accord à corriger",
    "records:plan-move": "Projet, état",
    "records:plan-sign": "Projet, signature",
    "record show": "Dossier, par commande",
    "record identify": "Identité, par commande",
    "plan write": "Projet, par commande",
    "plan sign": "Signature, par commande",
    "mail file": "Document reçu, par commande",
}


def tabs(view: Any) -> list[dict[str, Any]]:
    """The tabs of the record this view opened."""
    current = getattr(view, "shown_at", view.request.resolver_match.url_name)
    return [
        {
            "label": label,
            "icon": icon,
            "url": reverse(f"records:{name}", args=[view.record.pk]),
            "current": name == current,
        }
        for name, label, icon, permission in TABS
        if view.may(permission)
    ]
