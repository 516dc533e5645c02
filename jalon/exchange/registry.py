"""What declares itself: each module of a package holds one thing under one name, and no list repeats them."""

import pkgutil
from functools import cache
from importlib import import_module
from typing import Any


@cache
def declared(package: str, name: str) -> tuple[Any, ...]:
    """The `name` of each module of a package, in the order of the modules; read once, when first asked."""
    names = [one.name for one in pkgutil.iter_modules(import_module(package).__path__)]
    return tuple(getattr(import_module(f"{package}.{one}"), name) for one in names)
