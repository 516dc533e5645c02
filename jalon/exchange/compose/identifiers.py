"""Identifiers of documents and sendings, drawn once, when they are asked for."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from uuid_utils.compat import uuid7


def oid(value: uuid.UUID) -> str:
    """A UUID as an OID (ITU-T X.667): unique without any register."""
    return f"2.25.{value.int}"


@dataclass(frozen=True)
class Identifiers:
    """Of one version of a document: its own, its set's, and the root of our local numbers."""

    document: str
    set: str
    local_root: str

    @classmethod
    def of(cls, set_source: uuid.UUID) -> "Identifiers":
        """A new document of the set that belongs to this object for life."""
        return cls(oid(uuid7()), oid(set_source), f"{settings.SOFTWARE_OID}.2")
