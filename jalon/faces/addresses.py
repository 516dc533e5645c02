"""Addresses of pages: a page of a record names some fifty; each is written from a pattern read once."""

import uuid
from functools import cache
from typing import Any

from django.urls import get_script_prefix, reverse


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of the page of this name, as Django's `reverse` gives it. Raises NoReverseMatch."""
    values = (*args, *kwargs.values())
    if all(type(value) is uuid.UUID for value in values):
        return _pattern(get_script_prefix(), name, len(args), tuple(kwargs)).format(*values)
    return reverse(name, args=args or None, kwargs=kwargs or None)


@cache
def _pattern(_prefix: str, name: str, count: int, names: tuple[str, ...]) -> str:
    """The address with `{0}`, `{1}`… where its identifiers go."""
    places = [uuid.UUID(int=rank) for rank in range(count + len(names))]
    written = reverse(name, args=places[:count] or None, kwargs=dict(zip(names, places[count:], strict=True)))
    written = written.replace("{", "{{").replace("}", "}}")
    for rank, place in enumerate(places):
        written = written.replace(str(place), f"{{{rank}}}")
    return written
