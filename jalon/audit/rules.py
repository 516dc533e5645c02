"""The hash chain of accesses: what is hashed, and how a break is found. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """A sealed access: its rank, the digest kept, and the facts as they read today."""

    position: int
    digest: str
    facts: tuple[str, ...]


def digest(previous: str, facts: Iterable[str]) -> str:
    """SHA-256 of the former digest and of the facts, separated so that no two lists read alike."""
    text = "\x1f".join([previous, *facts])
    return hashlib.sha256(text.encode()).hexdigest()


def first_break(links: Iterable[Link], head: tuple[int, str] | None) -> str | None:
    """Where the chain breaks, in French; None when it is whole.

    `head` is the last (position, digest) kept outside the database: a chain that ends before it was truncated,
    and a chain rewritten from the start does not pass through it.
    """
    previous, expected, seen_head = GENESIS, 1, head is None
    for link in links:
        if link.position != expected:
            return f"Le maillon {expected} manque."
        if digest(previous, link.facts) != link.digest:
            return f"Le maillon {link.position} ne correspond plus à sa trace."
        if head and link.position == head[0]:
            if link.digest != head[1]:
                return f"Le maillon {link.position} diffère de l’empreinte gardée hors de la base."
            seen_head = True
        previous, expected = link.digest, expected + 1
    if not seen_head:
        return f"La chaîne s’arrête au maillon {expected - 1} : des traces manquent à la fin."
    return None
