"""Fields of the house: encrypted text, and the blank text everyone writes."""

import base64
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import orjson
from django.db import models

from jalon.db.encryption import decrypt, encrypt


def _opened(stored: str, context: str) -> bytes:
    return decrypt(base64.b64decode(stored), context=context)


class EncryptedTextField(models.TextField):
    """Text stored encrypted: the column holds base64, '' stays ''. To search, keep a keyed hash beside."""

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, list(args), {**kwargs, "context": self.context}

    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return ""
        return base64.b64encode(encrypt(str(value).encode(), context=self.context)).decode()

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return _opened(value, self.context).decode() if value else value


class Sealed(Mapping[str, Any]):
    """A JSON object read from a column: opened at the first look into it, which pages seldom take."""

    def __init__(self, stored: str, context: str) -> None:
        self.stored, self.context = stored, context

    @cached_property
    def content(self) -> dict[str, Any]:
        """What it says, kept open."""
        return self.open()

    def open(self) -> dict[str, Any]:
        """What it says, of which nothing is kept. Raises as `decrypt` does."""
        opened: dict[str, Any] = orjson.loads(_opened(self.stored, self.context))
        return opened

    def __getitem__(self, name: str) -> Any:
        return self.content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.content)

    def __len__(self) -> int:
        return len(self.content)

    def __bool__(self) -> bool:
        return True  # an empty object is stored as ''


class EncryptedJSONField(EncryptedTextField):
    """A JSON object stored encrypted, read as `Sealed`; '' stands for an empty one."""

    # What the type checker reads of such a field.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(orjson.dumps(dict(value)).decode() if value else "")

    def from_db_value(self, value: Any, *_: Any) -> Any:
        return Sealed(value, self.context) if value else {}
