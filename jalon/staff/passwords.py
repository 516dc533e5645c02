"""What a password must be, beyond its length."""

from typing import Any, Final

from django.core.exceptions import ValidationError

DIFFERENT: Final = 6


class Varied:
    """Refuses a password that repeats a few signs, however long it is."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(set(password.lower())) < DIFFERENT:
            raise ValidationError(self.get_help_text(), code="password_not_varied")

    def get_help_text(self) -> str:
        return f"Votre mot de passe doit avoir au moins {DIFFERENT} signes différents."
