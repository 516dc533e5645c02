"""Write docs/guide/pieces.md, what the areas of the screens declare: `python -m tools.rooms`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402  the settings are named first

PAGE = Path(__file__).resolve().parents[1] / "docs/guide/pieces.md"
HEAD = """# Toutes les pièces

Cette page est écrite par le logiciel, d’après ce que chaque pièce déclare : menus, rubriques du dossier,
droits, adresses.

« Ma journée » ouvre toujours le menu, « Plus » le ferme ; entre les deux, huit places au plus, dans
le même ordre pour tous. Ce qui n’est pas dans votre menu est dans « Plus », ou se trouve par `Ctrl K`
et trois lettres.
"""


def page() -> str:
    """The page whole, from the declarations."""
    parts = [HEAD, _rooms(), _tabs(), _permissions(), _addresses()]
    return "\n".join(parts)


def _rooms() -> str:
    from jalon.staff.rules import who_may
    from jalon.web.registry import rooms

    rows = [
        (
            room.label,
            room.family.value,
            room.about,
            _functions(_held(room, who_may(room.permission))) or "« Plus »",
        )
        for _, room in rooms()
    ]
    return _table("Les menus", ("Pièce", "Famille", "Ce qu’on y trouve", "Au menu de"), rows)


def _tabs() -> str:
    from jalon.web.area import Group
    from jalon.web.registry import areas

    tabs = [tab for area in areas() for tab in area.tabs]
    order = list(Group)
    tabs.sort(key=lambda tab: (order.index(tab.group), tab.rank))
    rows = [(tab.group.label, tab.label, tab.permission.label) for tab in tabs]
    return _table("Les rubriques du dossier", ("Rubrique", "Page", "Droit"), rows)


def _permissions() -> str:
    from jalon.staff.rules import Permission, who_may

    rows = [(one.label, _functions(who_may(one))) for one in Permission]
    return _table("Les droits", ("Droit", "Fonctions"), rows)


def _addresses() -> str:
    from jalon.web.registry import areas

    rows = [row for area in areas() for row in _of(area)]
    return _table("Les adresses", ("Adresse", "Pièce ou trace", "Droit"), rows)


def _of(area: Any) -> Iterator[tuple[str, ...]]:
    from jalon.web.declarations import asked, own_pages, record_pages
    from jalon.web.registry import UNDER_A_RECORD, seen

    for one in own_pages(area):
        yield f"`{area.prefix}{one.pattern}`", area.room.label if area.room else "", _right(asked(one))
    for one in record_pages(area):
        yield f"`{UNDER_A_RECORD}{one.pattern}`", seen()[f"records:{one.name}"], _right(asked(one))


def _right(permission: Any) -> str:
    return str(permission.label) if permission else "ouvert à tous"


def _held(room: Any, openers: Any) -> list[Any]:
    """Whose menu shows the room: a function that may not open it has no entry."""
    return [role for role in openers if role in room.roles]


def _functions(roles: Any) -> str:
    return ", ".join(role.label for role in roles)


def _table(title: str, heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, ("---",) * len(heads), *rows)]
    return f"## {title}\n\n" + "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    from tests.server import close

    try:
        django.setup()
        PAGE.write_text(page(), "utf-8")
    finally:
        close()


if __name__ == "__main__":
    main()
