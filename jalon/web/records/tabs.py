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


def tabs(view: Any) -> list[dict[str, Any]]:
    """The tabs of the record this view opened."""
    current = view.request.resolver_match.url_name
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
