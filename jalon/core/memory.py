"""What the collector of cycles is spared: it walks objects that stay, and finds nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SURVIVORS = 50_000


def settle() -> None:
    """Once a process that serves is ready: what it holds is never walked again, and a page is over before
    the collector is called for (700 new objects by default; a page makes some thousands, and leaves none).

    Some 3 % of a page: `jalon bench dossier`, with and without.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(SURVIVORS, 20, 50)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave cycles alone for the time of a bounded piece of work that makes many objects, all of them in use.

    The collector would walk them again and again for nothing: a third of the time of an import. What is left
    of a cycle is collected afterwards.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
