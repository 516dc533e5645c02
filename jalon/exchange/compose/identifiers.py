"""Identifiers of documents and sendings, as OIDs of the UUIDs of our rows."""

import uuid
from dataclasses import dataclass

from django.conf import settings


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
    def of(cls, version: uuid.UUID, set_source: uuid.UUID) -> "Identifiers":
        """Of this version, in the set that belongs to an object for life: the same each time."""
        return cls(oid(version), oid(set_source), f"{settings.SOFTWARE_OID}.2")
