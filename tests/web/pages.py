"""Every page of the product, as the URL configuration knows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

UNDER_A_RECORD = "dossiers/<uuid:record_id>/"
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Page:
    """One address: its name (its route when it has none), its route, what answers."""

    name: str
    route: str
    callback: Any

    @property
    def view(self) -> Any:
        return getattr(self.callback, "view_class", None)

    @property
    def methods(self) -> set[str]:
        return {method for method in METHODS if hasattr(self.view, method)}


def every_page() -> list[Page]:
    return list(_walk(get_resolver("jalon.config.urls").url_patterns))


def _walk(patterns: list[Any], route: str = "", space: str = "") -> Iterator[Page]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            yield Page(f"{space}{pattern.name}" if pattern.name else here, here, pattern.callback)
