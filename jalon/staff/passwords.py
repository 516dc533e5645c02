"""What a password must be, beyond its length; and one that is said aloud."""

import secrets
from typing import Any, Final

from django.core.exceptions import ValidationError

DIFFERENT: Final = 6
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
