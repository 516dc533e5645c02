"""What a resource refers to and when, found in one walk, without the places: those are for what is wrong."""

from dataclasses import dataclass, field

from jalon.formats.fhir import Json
from jalon.formats.tddui.periods import reversed_period


@dataclass
class Spots:
    """`references`: the element that a node is (`partOf`, `subject`), the node, the element that refers
    (`reference`, or the `url` of an attachment, not the name of an extension); `periods`: nodes of two ends.
    """

    references: list[tuple[str, Json, str]] = field(default_factory=list)
    periods: list[Json] = field(default_factory=list)

    @property
    def in_order(self) -> bool:
        """Whether no period ends before it begins."""
        return not any(reversed_period(each["start"], each["end"]) for each in self.periods)


def spots(resource: Json) -> Spots:
    """Those of a resource, in the order of the file."""
    found = Spots()
    _gather(resource, "", found)
    return found


def _gather(node: Json, role: str, found: Spots) -> None:
    element = "reference" if "reference" in node else "url" if role != "extension" else ""
    if element in node and type(node[element]) is str:
        found.references.append((role, node, element))
    if "start" in node and "end" in node:
        found.periods.append(node)
    for name, value in node.items():
        if type(value) is dict:
            _gather(value, name, found)
        elif type(value) is list:
            for item in value:
                if type(item) is dict:
                    _gather(item, name, found)
