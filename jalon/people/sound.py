"""The keys by which a word that was typed with a slip is found: those that the database gives words it knows.

`people_name_keys` and `people_sound` (migration 0005) write them there; here they are of what is typed: to
ask the database for them took longer than to find people by them. A test reads the same from both. Pure.
"""

import re
from collections.abc import Iterable
from typing import Final

LEAST: Final = 2  # letters: a word of so few has no key but itself
_SAID: Final = (
    ("sch|ch|sh", "x"), ("ph", "f"), ("y", "i"), ("w", "v"), ("z", "s"), ("h", ""),
    ("(eau|au|o)l?[tdx]?s?$", "o"), ("(?<=..)[tdsxpe]+$", ""), ("e?au", "o"), ("qu|q|ck|cc?(?![eis])", "k"),
    ("gu?(?=[ei])", "j"), ("sc", "s"), ("c", "s"), ("[ae][iy]", "e"), ("e([mn])(?![aeiou])", r"a\1"),
    ("m(?=[bp])", "n"), (r"(.)\1+", r"\1"),
)  # fmt: skip
SAID: Final = tuple((re.compile(one), other) for one, other in _SAID)


def sound(word: str) -> str:
    """How a word is said in French: what is written otherwise and said alike has the same."""
    for written, said in SAID:
        word = written.sub(said, word, count=1 if written.pattern.endswith("$") else 0)
    return word


def keys(words: Iterable[str]) -> list[str]:
    """Each word, the same less each of its letters, and how it is said."""
    return list(dict.fromkeys(key for word in words for key in _keys(word)))


def _keys(word: str) -> Iterable[str]:
    yield word
    if len(word) > LEAST:
        yield from (word[:place] + word[place + 1 :] for place in range(len(word)))
        yield f"~{sound(word)}"
