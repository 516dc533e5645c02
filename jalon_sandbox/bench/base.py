"""The base of a benchmark: a kept folder, filled up to what is asked by the generator."""

import contextlib
from collections.abc import Iterator
from typing import Any, Final

from jalon.commands.context import connect
from jalon_sandbox.bench.report import Options
from jalon_sandbox.load.place import kept
from jalon_sandbox.load.volume import Shape

SHAPE: Final = Shape(notes=6, events=8, openings=2, plans=0.2, months=1)
"""What a person of a benchmark holds: enough for each page, few enough for 100 000 of them."""


@contextlib.contextmanager
def base(options: Options, shape: Shape = SHAPE) -> Iterator[dict[str, Any]]:
    """Django on the base to measure, for the time of the block; gives what to say of that base."""
    if options.here:
        connect()
        yield {"base": "en place"}
        return
    with kept(options.data, shape) as filled:
        filled.fill(options.records)
        yield {"base": "jetable, fsync=off"}
