"""The code that brings somebody back at a post, and what makes one too easy to guess."""

import datetime as dt
from typing import Final

from django.contrib.auth.hashers import check_password, make_password

from jalon.db.encryption import keyed_hash

SHORTEST: Final = 6
LONGEST: Final = 12
DIFFERENT: Final = 3
"""Figures that a code must have at least."""


def refusal(code: str) -> str:
    """Why this code is not taken, and what to do; nothing when it is good."""
    if not (code.isascii() and code.isdigit() and SHORTEST <= len(code) <= LONGEST):
        return f"Un code a de {SHORTEST} à {LONGEST} chiffres, et rien d’autre."
    if trivial(code):
        return "Ce code se devine : une suite, une répétition ou une date. Choisissez-en un autre."
    return ""


def trivial(code: str) -> bool:
    """Few figures, a step that comes back (123456, 975319), a part repeated, a mirror, a date."""
    steps = {(int(after) - int(before)) % 10 for before, after in zip(code, code[1:], strict=False)}
    few = len(set(code)) < DIFFERENT
    return few or len(steps) == 1 or _repeated(code) or code == code[::-1] or _dated(code)


def hashed(code: str, account: object) -> str:
    """What is kept of it: a salt of its own, over a digest that only our key makes."""
    return make_password(_peppered(code, account))


def matches(code: str, account: object, kept: str) -> bool:
    return check_password(_peppered(code, account), kept)


def badge_digest(number: str) -> str:
    """What is kept of the number of a badge, as its reader types it."""
    return keyed_hash(number.strip().casefold(), context="post_badge")


def _peppered(code: str, account: object) -> str:
    return keyed_hash(f"{account} {code}", context="post_code")


def _repeated(code: str) -> bool:
    return any(
        code == code[:size] * (len(code) // size)
        for size in range(1, len(code) // 2 + 1)
        if len(code) % size == 0
    )


def _dated(code: str) -> bool:
    """A day of a life, written in one of the usual ways."""
    return any(_is_date(code, pattern) for pattern in ("%d%m%y", "%y%m%d", "%d%m%Y", "%Y%m%d", "%m%d%y"))


def _is_date(code: str, pattern: str) -> bool:
    try:
        return dt.datetime.strptime(code, pattern).strftime(pattern) == code  # noqa: DTZ007  a day, of no place
    except ValueError:
        return False
