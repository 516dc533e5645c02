"""What a password must be, beyond its length; and one that is said aloud."""

import re
import secrets
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from jalon.staff.models import Professional

DIFFERENT: Final = 6
OWN: Final = 4
"""Letters of one's name or address from which it counts as such."""
LEET: Final = str.maketrans("013457@$!€", "oieastasie")
FRENCH: Final = {
    "accueil", "administrateur", "administration", "association", "automne", "bienvenue", "connexion",
    "direction", "educateur", "educatrice", "etablissement", "foyer", "infirmiere", "internat", "jalon",
    "printemps", "residence", "secretariat", "soignant", "vacances",
}  # fmt: skip
"""What people of this field type, beside the twenty thousand of Django's list."""
HEARD: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # no sign that reads or sounds like another
GROUPS, SIGNS = 4, 5


def spoken() -> str:
    """A password drawn at random (99 bits), in groups that can be read aloud and copied from paper."""
    groups = ("".join(secrets.choice(HEARD) for _ in range(SIGNS)) for _ in range(GROUPS))
    return "-".join(groups)


class Varied:
    """Refuses a password that repeats a few signs, however long it is."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password.lower())) < DIFFERENT:
            raise ValidationError(self.get_help_text(), code="password_not_varied")

    def get_help_text(self) -> str:
        return f"Votre mot de passe doit avoir au moins {DIFFERENT} signes différents."


class Uncommon:
    """Refuses a common word made longer: with figures or signs around, written twice, with 0 for o."""

    def __init__(self) -> None:
        self.common = frozenset(CommonPasswordValidator().passwords) | FRENCH

    def validate(self, password: str, user: Any = None) -> None:
        if any(word in self.common for word in _words(password)):
            raise ValidationError(self.get_help_text(), code="password_common_word")

    def get_help_text(self) -> str:
        return "Votre mot de passe ne peut pas être un mot courant allongé de chiffres, de signes ou répété."


class NotOneself:
    """Refuses what carries the name or the address of whoever it is for."""

    def validate(self, password: str, user: Any = None) -> None:
        letters = _plain(password)
        if any(part in letters for part in _own(user)):
            raise ValidationError(self.get_help_text(), code="password_of_oneself")

    def get_help_text(self) -> str:
        return "Votre mot de passe ne peut pas contenir votre nom, votre prénom ni votre adresse."


def _words(password: str) -> set[str]:
    """What is left of it without what people add."""
    bare = password.strip("0123456789!?.,;:_-*+/#@$€&% ")
    found = {_plain(bare), _plain(bare.translate(LEET)), _plain(password.translate(LEET))}
    return found | {word[: len(word) // n] for word in found for n in (2, 3) if _repeats(word, n)}


def _repeats(word: str, times: int) -> bool:
    return bool(word) and word == word[: len(word) // times] * times


def _own(user: Any) -> set[str]:
    parts = {_plain(part) for text in _said(user) for part in re.split(r"[^\w]|_", text)}
    return {part for part in parts if len(part) >= OWN}


def _said(user: Any) -> Iterator[str]:
    if user is None:
        return
    yield user.email.partition("@")[0]
    yield user.email.rpartition("@")[2].partition(".")[0]
    for names in Professional.objects.filter(account=user.pk).values_list("first_name", "last_name"):
        yield from names


def _plain(text: str) -> str:
    """Small letters without accents."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))
