"""Did a test go through the product, or call library code alone?

A requirement is held by what the product does. A test goes through the product when it runs a function of the
commands, the screens or the exchanges, or a task; or an act of the record that one of those calls by name.
Formats, gateways and rules are library code: right, and perhaps never called.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

DOORS = ("commands", "web", "faces", "exchange")
# What these folders hold that runs without anybody having asked for anything.
NO_DOOR = {"models.py", "apps.py", "__init__.py", "area.py", "urls.py", "settings.py", "registry.py"}
# Their tests use an installation that runs beside them.
LIVE = ("tests/browser/", "tests/flows/", "tests/faults/")
ANY = frozenset({"*"})


@cache
def doors(package: Path) -> dict[str, frozenset[str]]:
    """File → the names of its functions by which the product is entered."""
    files = [path for folder in DOORS for path in (package / folder).rglob("*.py")]
    faces = [path for path in files if path.name not in NO_DOOR and "migrations" not in path.parts]
    faces += package.glob("*/tasks.py")
    called = frozenset(name for path in faces for name in _names(path))
    acts = [path for path in package.glob("*/actions.py") if path not in faces]
    return dict.fromkeys(map(str, faces), ANY) | dict.fromkeys(map(str, acts), called)


def _names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


class Watch:
    """What ran while it watched."""

    def __init__(self, package: Path) -> None:
        self.doors = doors(package)
        self.entered = False

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        """As `sys.setprofile` asks; the first function of the product ends it."""
        code = frame.f_code
        names = self.doors.get(code.co_filename)
        if names and code.co_flags & inspect.CO_OPTIMIZED and (names is ANY or code.co_name in names):
            self.entered = True
            sys.setprofile(None)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """In this thread only: what a test asks of another thread, it asks by a function of its own."""
        before = sys.getprofile()
        if not self.entered:
            sys.setprofile(self)
        try:
            yield
        finally:
            sys.setprofile(before)


def is_live(node: str) -> bool:
    """Does this test use an installation that runs beside it?"""
    return node.startswith(LIVE)
