"""A closed list of codes, each with its word: what rules decide on, and models choose from."""

from enum import StrEnum
from typing import Self


class Choice(StrEnum):
    """A code that is compared, stored and logged; its French `label` is only shown."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        """`NURSE = "nurse", "infirmière"`."""
        choice = str.__new__(cls, code)
        choice._value_ = code
        choice.label = label
        return choice

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """What a field of a model offers."""
        return [(choice.value, choice.label) for choice in cls]
