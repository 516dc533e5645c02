"""Objects that travel between records: a business key for life, and what was received with them."""

import uuid
from typing import Any

from django.db import models

from jalon.db.fields import EncryptedJSONField
from jalon.db.tenant import TenantModel, add_constraint, is_history, is_real


class KeyField(models.CharField):
    """A business key: unique in its table and managing body, never blank, never reused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", "clé métier")
        kwargs.setdefault("max_length", 200)
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)
        if is_real(cls) and not is_history(cls):
            table = cls._meta.db_table
            add_constraint(
                cls, models.UniqueConstraint(fields=["managing_body", name], name=f"{table}_{name}_once")
            )
            add_constraint(
                cls, models.CheckConstraint(condition=~models.Q(**{name: ""}), name=f"{table}_{name}_given")
            )


class KeyedModel(TenantModel):
    """A row known to other systems by its key.

    `received` is what came with it at import, typed (the vocabulary of the transfer format) and encrypted:
    the columns say what is true today, `received` what was told. The record reads only its columns; the
    bridge merges both at export, so that nothing received is lost and an edited column is what goes out. It
    is decrypted only when the bridge looks into it.
    """

    key = KeyField()
    received = EncryptedJSONField("reçu", context="received", blank=True, default=dict)

    class Meta:
        abstract = True


def draw_key(owner_key: str, code: str, row_id: uuid.UUID) -> str:
    """`3<FINESS>/<idLocal>-<CODE>-<n>` (TDDUI 2.4.0): n is the row's UUIDv7 without hyphens, never reused."""
    return f"{owner_key}-{code}-{row_id.hex}"
