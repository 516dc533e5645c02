"""Second factors, kept under our keys: whoever reads their table proves nothing with it."""

import base64
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db import transaction

from jalon.db.encryption import decrypt, encrypt, is_current

SECRETS: Final = ("secret", "seed")
"""What an authenticator holds that makes its codes; a key of the device holds its public half only."""
CONTEXT: Final = "mfa_authenticator.data"
SEALED: Final = "sealed:"
"""In front of what is encrypted: releases up to 0.1 wrote in clear."""


class FactorAdapter(DefaultMFAAdapter):
    """The library writes and reads its secrets through these two."""

    def encrypt(self, text: str) -> str:
        return SEALED + base64.b64encode(encrypt(text.encode(), context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises as `jalon.db.encryption.decrypt` does."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        return decrypt(_stored(encrypted_text), context=CONTEXT).decode()


def seal_factors() -> int:
    """Rewrite under the first key what is in clear or under a former one; how many were."""
    ids = [one.pk for one in Authenticator.objects.iterator() if _stale(one.data)]
    return sum(_seal(pk) for pk in ids)


@transaction.atomic
def _seal(pk: int) -> bool:
    """One at a time, held: a code of rescue that is used meanwhile stays used."""
    factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
    if factor is None or not (stale := _stale(factor.data)):
        return False
    adapter = FactorAdapter()
    factor.data |= {name: adapter.encrypt(adapter.decrypt(factor.data[name])) for name in stale}
    factor.save(update_fields=["data"])
    return True


def _stale(data: dict[str, Any]) -> list[str]:
    return [name for name in SECRETS if name in data and not _is_sealed(data[name])]


def _is_sealed(text: str) -> bool:
    return text.startswith(SEALED) and is_current(_stored(text))


def _stored(text: str) -> bytes:
    return base64.b64decode(text.removeprefix(SEALED))
