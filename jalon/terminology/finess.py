"""Categories of establishments (FINESS), with the groups they belong to."""

from dataclasses import dataclass
from functools import cache

from jalon.terminology.files import entry_named, rows


@dataclass(frozen=True)
class FinessCategory:
    """A category: `domain` is SOC, SAN, ENS or ADM; `branch` and `group` are aggregates 1 and 2.

    `valid_from` and `valid_to` are YYYY-MM-DD, empty when not given.
    """

    code: str
    label: str
    short: str
    domain: str
    group: str
    group_label: str
    branch: str
    branch_label: str
    valid_from: str
    valid_to: str


@cache
def categories() -> dict[str, FinessCategory]:
    """Every category by its code."""
    lines = [FinessCategory(**row) for row in rows(entry_named("TRE_R66_CategorieEtablissement"))]
    return {line.code: line for line in lines}


def category(code: str) -> FinessCategory:
    """The category of that code. Raises KeyError."""
    try:
        return categories()[code]
    except KeyError:
        raise KeyError(f"no FINESS category {code!r}") from None
