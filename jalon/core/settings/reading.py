"""A setting, and how the environment is read through a table. Pure: the environment is an argument."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jalon.core.settings.kinds import TEXT, Kind

NONE: Final = "—"
"""How the page of settings writes « no default »."""


class SettingsRefused(Exception):
    """The product does not start: one French sentence a problem, each naming its setting."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Setting:
    """One setting of the product, read from the variable of the environment that bears its name.

    `default` is written as the environment would write it, and None when the setting must be given; `modes`
    holds the defaults of a mode (`demo`, `test`). `said` is what a page shows when the default is made up
    from another. A secret is never shown, not even when it is refused.
    """

    name: str
    help: str
    kind: Kind = TEXT
    default: str | None = ""
    modes: Mapping[str, str] = field(default_factory=dict)
    said: str = ""
    secret: bool = False

    def default_in(self, mode: str) -> str | None:
        return self.modes.get(mode, self.default)

    @property
    def row(self) -> str:
        """Its line in the page of settings: variable, default, use."""
        shown = self.said or self.default
        return f"| `{self.name}` | {f'`{shown}`' if shown else NONE} | {self.help} |"


def read(table: Iterable[Setting], environment: Mapping[str, str], mode: str) -> dict[str, Any]:
    """Name → value of every setting of the table; SettingsRefused with everything that is wrong, at once."""
    values, problems = {}, []
    for setting in table:
        try:
            values[setting.name] = _value(setting, environment.get(setting.name, ""), mode)
        except ValueError as error:
            problems.append(f"{setting.name} {error}")
    if problems:
        raise SettingsRefused(problems)
    return values


def _value(setting: Setting, given: str, mode: str) -> Any:
    """ValueError says in French what is wrong, after the name of the setting."""
    text = _taken(given.strip()) or setting.default_in(mode)
    if text is None:
        raise ValueError(f"manque, ou est vide : {setting.help}.")
    if not text:
        return ""
    try:
        return setting.kind.read(text)
    except ValueError:
        shown = "ce qui est écrit" if setting.secret else f"« {text} »"
        raise ValueError(f"n’est pas lisible : {shown} n’est pas {setting.kind.words}.") from None


def _taken(text: str) -> str:
    """The value as it is written, never another variable's. `$$` begins a value that begins with `$`."""
    if text.startswith("$$"):
        return text[1:]
    if text.startswith("$"):
        raise ValueError(
            "commence par « $ » : aucune variable n’est remplacée ici. Écrivez la valeur elle-même ; "
            "si elle commence vraiment par « $ », doublez-le (« $$ »)."
        )
    return text
