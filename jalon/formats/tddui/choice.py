"""An element that may be of several types (`value[x]`): JSON has a name for each type, beside the other
elements."""

from dataclasses import dataclass
from typing import Any

from jalon.formats.tddui.lens import Json, Shape


@dataclass(frozen=True)
class Choice:
    """Field `name` is what `shape` finds among the elements of the node itself, None if it finds nothing."""

    name: str
    shape: Shape[Any]

    def read(self, node: Json, into: Json) -> None:
        """The value, whatever its type."""
        found = self.shape.fields(node)
        if found:
            into[self.name] = self.shape.cls(**found)

    def write(self, value: Any, node: Json) -> None:
        """The value under the name of its type."""
        held = getattr(value, self.name)
        if held is not None:
            node.update(self.shape.write(held))
