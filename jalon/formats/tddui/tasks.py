"""What the classes made of a FHIR Task share: typed inputs and outputs."""

from typing import Any

from jalon.formats.tddui.datatypes import LINK, first_code
from jalon.formats.tddui.lens import PLAIN, Codec, Json


class Input:
    """Task.input (or output) of one type of `system` ↔ its value."""

    def __init__(self, system: str, code: str, value: str, codec: Codec = PLAIN) -> None:
        self.system, self.code, self.value, self.codec = system, code, value, codec

    def read(self, raw: Any) -> Any:
        """The value, `""` if it is of another type (the residue then keeps it)."""
        return self.codec.read(raw.get(self.value, {} if self.codec is LINK else ""))

    def write(self, value: Any) -> Json:
        """The typed input."""
        content = self.codec.write(value)
        if not content:
            return {}
        return {"type": {"coding": [{"system": self.system, "code": self.code}]}, self.value: content}


def input_code(item: Json) -> str:
    """The type of an input, which tells one from another."""
    return first_code(item.get("type", {}))
