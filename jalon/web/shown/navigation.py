"""The two lines of a record: its groups, then the pages of the one that is open."""

from typing import Any

from jalon.faces.addresses import url
from jalon.web.area import Group, Tab
from jalon.web.modules import is_open
from jalon.web.registry import areas


def navigation(view: Any) -> list[dict[str, Any]]:
    """The groups that have a page here. One that is closed to this professional stays, with its padlock.

    A page of a closed module is absent: its group too when it has no other.
    """
    current = getattr(view, "shown_at", view.request.resolver_match.url_name)
    pages = _pages(view)
    return [_group(view, group, found, current) for group in Group if (found := pages.get(group))]


def _pages(view: Any) -> dict[Group, list[Tab]]:
    found: dict[Group, list[Tab]] = {}
    here = [area for area in areas() if area.tabs and is_open(view.request, area, *view.where())]
    for tab in sorted((tab for area in here for tab in area.tabs), key=lambda one: one.rank):
        found.setdefault(tab.group, []).append(tab)
    return found


def _group(view: Any, group: Group, tabs: list[Tab], current: str) -> dict[str, Any]:
    mine = [tab for tab in tabs if view.may(tab.permission)]
    pages = [_page(view, tab, current) for tab in mine]
    return {
        "label": group.label,
        "icon": group.icon if mine else "lock",
        "locked": not mine,
        "url": _address(view, (mine or tabs)[0]),
        "current": current in {tab.name for tab in mine},
        "pages": pages,
    }


def _page(view: Any, tab: Tab, current: str) -> dict[str, Any]:
    return {"label": tab.label, "url": _address(view, tab), "current": tab.name == current}


def _address(view: Any, tab: Tab) -> str:
    return url(f"records:{tab.name}", view.record.pk)
