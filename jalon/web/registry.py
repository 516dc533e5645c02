"""The areas of the screens, found by their folders; what is derived from what they say."""

import pkgutil
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, include, path

from jalon.organizations.settings import OWN, Setting
from jalon.web.area import Area, Room
from jalon.web.declarations import faults, own_pages, record_pages

FOLDER = "jalon.web.areas"
UNDER_A_RECORD = "dossiers/<uuid:record_id>/"


@cache
def areas() -> tuple[Area, ...]:
    """Every area. Raises ImproperlyConfigured, with a sentence for each thing wrong in a declaration."""
    folders = pkgutil.iter_modules(import_module(FOLDER).__path__)
    found = tuple(_declared(module.name) for module in folders)
    if wrong := faults(found):
        raise ImproperlyConfigured("\n".join(wrong))
    return found


def _declared(name: str) -> Area:
    package = f"{FOLDER}.{name}"
    area: Area = import_module(f"{package}.area").AREA
    return replace(area, urls=import_module(f"{package}.urls"))


def urlpatterns() -> list[URLPattern | URLResolver]:
    """The pages of every area behind its prefix and its name, then those of a record under the record."""
    own = [path(area.prefix, include((own_pages(area), area.name))) for area in areas() if area.prefix]
    under = [page for area in areas() for page in record_pages(area)]
    return [*own, path(UNDER_A_RECORD, include((under, "records")))]


@cache
def area_of(page: str) -> Area | None:
    """The area that a page is of (`agenda:week`, `records:event`)."""
    return next((area for area in areas() if page in set(_names(area))), None)


def _names(area: Area) -> Iterator[str]:
    yield from (f"{area.name}:{page.name}" for page in own_pages(area))
    yield from (f"records:{page.name}" for page in record_pages(area))


@cache
def rooms() -> tuple[tuple[Area, Room], ...]:
    """The areas that have a place in the menu, in the one order of every menu."""
    found = [(area, area.room) for area in areas() if area.room]
    return tuple(sorted(found, key=lambda pair: pair[1].rank))


@cache
def seen() -> dict[str, str]:
    """What was opened in a record, as the page of accesses says it: URL name → words."""
    tabs = {f"records:{tab.name}": tab.label for area in areas() for tab in area.tabs}
    return tabs | {f"records:{name}": words for area in areas() for name, words in area.seen.items()}


@cache
def settings() -> dict[str, Setting]:
    """What may be set, by name: of the establishments themselves, then of each area."""
    found = (*OWN, *(setting for area in areas() for setting in area.settings))
    return {setting.name: setting for setting in found}
