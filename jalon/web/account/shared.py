"""What the door keeps in mind for some minutes, the same for all the processes: tries made, codes used.

The cache that the library counts in. Its values are JSON: a row that somebody wrote is read, never run. Its
keys are hashed: an address of a network or a code is not read in the table.
"""

import datetime as dt
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.utils import timezone

from jalon.db.encryption import keyed_hash
from jalon.staff.models import Remembered
from jalon.staff.remembering import remember

FOREVER = dt.timedelta(days=1)
"""Nothing is kept longer, whatever is asked."""


class Shared(BaseCache):
    """A cache in the database."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep it unless something is kept already: one only of all those who add a key gets True."""
        return remember(self._row(key, value, timeout, version), timezone.now())

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        kept = Remembered.objects.filter(pk=self._digest(key, version), ends_at__gt=timezone.now())
        return next(iter(kept.values_list("value", flat=True)), default)

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        Remembered.objects.bulk_create(
            [self._row(key, value, timeout, version)],
            update_conflicts=True,
            unique_fields=["digest"],
            update_fields=["value", "ends_at"],
        )

    def touch(self, key: str, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        kept = Remembered.objects.filter(pk=self._digest(key, version), ends_at__gt=timezone.now())
        return bool(kept.update(ends_at=self._end(timeout)))

    def delete(self, key: str, version: int | None = None) -> bool:
        gone, _ = Remembered.objects.filter(pk=self._digest(key, version)).delete()
        return bool(gone)

    def clear(self) -> None:
        Remembered.objects.all().delete()

    def _row(self, key: str, value: Any, timeout: float | None, version: int | None) -> Remembered:
        return Remembered(digest=self._digest(key, version), value=value, ends_at=self._end(timeout))

    def _digest(self, key: str, version: int | None) -> str:
        return keyed_hash(self.make_key(key, version=version), context="remembered")

    def _end(self, timeout: float | None) -> dt.datetime:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        now = timezone.now()
        return now + (FOREVER if seconds is None else min(FOREVER, dt.timedelta(seconds=seconds)))


def forget() -> None:
    """What is past; the table holds some minutes."""
    Remembered.objects.filter(ends_at__lte=timezone.now()).delete()
