"""A sample of each class that no table of the house holds yet, a file each, found by being here."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from jalon.formats.tddui import Item
from tests.formats.tddui.sample import Json


@dataclass(frozen=True)
class Waiting:
    """What is shown of one class.

    `name`: of the class. `sample`: a resource that says all its profile and its type allow, in the record of
    `sample_record` (`beside`: what it refers to that is not there, `Type/id` → resource). `edit`: a field,
    another value, the one element that then differs. `made`: an object with no more than a screen would ask.
    `refused`: what its rules refuse, in words, with how to spoil the sample and the place told.
    """

    name: str
    sample: Json
    edit: tuple[str, Any, str]
    made: Item
    refused: dict[str, tuple[Callable[[Json], Any], str]]
    beside: dict[str, Json] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Where the sample stands in the file."""
        return f"{self.sample['resourceType']}/{self.name.replace('_', '-')}"


SAMPLES: list[Waiting] = [
    import_module(f"{__name__}.{module.name}").WAITING for module in pkgutil.iter_modules(__path__)
]
