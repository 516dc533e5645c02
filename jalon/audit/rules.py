"""The hash chain of accesses: what is hashed, and how a break is found. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """A sealed access: its rank, the digest kept, and the facts as they read today."""

    position: int
    digest: str
    facts: tuple[str, ...]


def digest(previous: str, facts: Iterable[str]) -> str:
    """SHA-256 of the former digest and of the facts, written as a JSON list: no two lists read alike."""
    return hashlib.sha256(json.dumps([previous, *facts]).encode()).hexdigest()


def first_break(links: Iterable[Link], heads: Mapping[int, str]) -> str | None:
    """Where the chain breaks, in French; None when it is whole.

    `heads` are the digests by rank kept outside the database, all of them: a chain that ends before the last
    one was truncated, and a chain rewritten, or cut then continued, does not pass through each of them.
    """
    previous, expected = GENESIS, 1
    for link in links:
        if link.position != expected:
            return f"Le maillon {expected} manque."
        if digest(previous, link.facts) != link.digest:
            return f"Le maillon {link.position} ne correspond plus à sa trace."
        if heads.get(link.position, link.digest) != link.digest:
            return f"Le maillon {link.position} diffère de l’empreinte gardée hors de la base."
        previous, expected = link.digest, expected + 1
    if max(heads, default=0) >= expected:
        return f"La chaîne s’arrête au maillon {expected - 1} : des traces manquent à la fin."
    return None
