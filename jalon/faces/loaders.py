"""Where templates are: what every page uses by its own name, a room's own behind the name of the room."""

from collections.abc import Iterable
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PrefixLoader


def loader(shared: Iterable[Path], rooms: Iterable[Path]) -> BaseLoader:
    """`layout/base.html` is in a shared folder, `agenda/week.html` in `templates` of the room agenda."""
    own = {room.name: FileSystemLoader(room / "templates") for room in rooms}
    return ChoiceLoader([FileSystemLoader(list(shared)), PrefixLoader(own)])
