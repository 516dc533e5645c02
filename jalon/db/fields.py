"""Fields of the house: encrypted text, and the blank text everyone writes."""

import base64
from typing import Any

import orjson
from django.db import models

from jalon.db.encryption import decrypt, encrypt


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
        if not value:
            return value
        return decrypt(base64.b64decode(value), context=self.context).decode()


class EncryptedJSONField(EncryptedTextField):
    """A JSON value stored encrypted; '' stands for an empty object."""

    # What the type checker reads of such a field.
    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(orjson.dumps(value).decode() if value else "")

    def from_db_value(self, value: Any, *args: Any) -> Any:
        text = super().from_db_value(value, *args)
        return orjson.loads(text) if text else {}
