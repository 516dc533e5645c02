"""What may be wrong in what the areas declare: each fault is a sentence that names the area."""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from jalon.organizations import families
from jalon.organizations.settings import OWN
from jalon.staff.rules import Permission, Role
from jalon.web.area import MENU, Area, Tab

MODULES = frozenset(families.BASE) | frozenset(families.MODULES)


def own_pages(area: Area) -> list[Any]:
    """The pages behind the area's prefix."""
    return list(getattr(area.urls, "urlpatterns", ()))


def record_pages(area: Area) -> list[Any]:
    """The pages of a record that the area holds."""
    return list(getattr(area.urls, "record_urlpatterns", ()))


def faults(areas: Iterable[Area]) -> list[str]:
    """Everything wrong, each area apart, then between them."""
    every = tuple(areas)
    return [*(fault for area in every for fault in _of(area)), *_between(every), *_menus(every)]


def _of(area: Area) -> Iterator[str]:
    for permission in _twice(area.permissions):
        yield f"{area.name}: permission {permission} is declared twice."
    if area.module and area.module not in MODULES:
        yield f"{area.name}: module {area.module!r} is unknown."
    if own_pages(area) and not area.prefix:
        yield f"{area.name}: its urlpatterns need a prefix."
    if area.room and area.room.url not in {f"{area.name}:{page.name}" for page in own_pages(area)}:
        yield f"{area.name}: its room leads to {area.room.url}, which is none of its URLs."
    yield from _traces(area)
    yield from _permissions(area)


def _traces(area: Area) -> Iterator[str]:
    """Each page of a record has the words of its trace, once; no words are about a page that is not."""
    pages = {page.name for page in record_pages(area)}
    tabs = {tab.name for tab in area.tabs}
    for name in sorted(tabs - pages):
        yield f"{area.name}: tab {name!r} is none of its URLs under a record."
    for name in sorted(area.seen.keys() - pages):
        yield f"{area.name}: words are given for {name!r}, which is none of its URLs under a record."
    for name in sorted(pages - tabs - area.seen.keys()):
        yield f"{area.name}: {name!r} needs the words of its trace (`seen`)."


def _permissions(area: Area) -> Iterator[str]:
    """The area says every permission that its pages ask for; a tab asks for what its page does."""
    pages = (*own_pages(area), *record_pages(area))
    for page in pages:
        yield from (f"{area.name}: {page.name!r} {lack}" for lack in lacks(page))
    needed = {page.name: asked(page) for page in pages}
    for name, permission in needed.items():
        if permission and permission not in area.permissions:
            yield f"{area.name}: {name!r} asks for {permission}, which the area does not declare."
    for tab in area.tabs:
        if needed.get(tab.name, tab.permission) != tab.permission:
            yield f"{area.name}: tab {tab.name!r} and its page ask for two permissions."


def asked(page: Any) -> Any:
    """The permission of a page; nothing for one that is open to all."""
    view = getattr(page.callback, "view_class", None)
    return getattr(view, "permission", "")


def lacks(page: Any) -> Iterator[str]:
    """What the view of a page does not say: it says both, or that it is open to all, and why."""
    if getattr(page.callback, "open_to_all", ""):
        return
    view = getattr(page.callback, "view_class", None)
    if not isinstance(getattr(view, "permission", None), Permission):
        yield "does not say its permission (`permission`)."
    if not isinstance(getattr(view, "content", None), frozenset):
        yield "does not say which classes of content it shows (`content`)."


def _between(areas: tuple[Area, ...]) -> Iterator[str]:
    """What one area may not take from another."""
    for what, taken in (
        ("name", [area.name for area in areas]),
        ("setting", [*(one.name for one in OWN), *(one.name for area in areas for one in area.settings)]),
        ("prefix", [area.prefix for area in areas if area.prefix]),
        ("rank", [area.room.rank for area in areas if area.room]),
        ("URL name under a record", [page.name for area in areas for page in record_pages(area)]),
        ("place in a group of the record", [_place(tab) for area in areas for tab in area.tabs]),
    ):
        for value in _twice(taken):
            yield f"{_holders(areas, value)}: {what} {value} is taken twice."


def _place(tab: Tab) -> str:
    return f"{tab.group.label} {tab.rank}"


def _holders(areas: tuple[Area, ...], value: Any) -> str:
    return ", ".join(sorted({area.name for area in areas if value in set(_taken(area))}))


def _taken(area: Area) -> Iterator[Any]:
    yield from (area.name, area.prefix, *(one.name for one in area.settings))
    yield from (page.name for page in record_pages(area))
    yield from (_place(tab) for tab in area.tabs)
    if area.room:
        yield area.room.rank


def _menus(areas: tuple[Area, ...]) -> Iterator[str]:
    """A menu is read at a glance."""
    for role in Role:
        count = sum(role in area.room.roles for area in areas if area.room)
        if count > MENU:
            yield f"The menu of {role} has {count} entries: {MENU} at most."


def _twice(values: Iterable[Hashable]) -> list[Any]:
    return [value for value, count in Counter(values).items() if count > 1]
