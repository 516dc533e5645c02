"""Where something is set: the whole managing body, an establishment, or one of its units."""

import uuid
from dataclasses import dataclass
from typing import Any

from jalon.organizations.models import Establishment, Unit
from jalon.organizations.queries import value_of
from jalon.organizations.settings import BODY, HOUSE, UNIT, Setting


@dataclass(frozen=True)
class Spot:
    """A level and what it names. Neither: the whole managing body."""

    house: Establishment | None = None
    unit: Unit | None = None

    @classmethod
    def of(cls, unit: Unit) -> "Spot":
        return cls(unit.establishment, unit)

    @property
    def pk(self) -> uuid.UUID | None:
        """Of what it names."""
        named = self.unit or self.house
        return named.pk if named else None

    @property
    def level(self) -> str:
        return UNIT if self.unit else HOUSE if self.house else BODY

    def inherited(self, setting: Setting) -> Any:
        """What holds when nothing is set here: of the level above, else the default."""
        if self.house is None:
            return setting.default_for(None)
        above = self.house if self.unit else None
        return value_of(setting, establishment=above, facts=self.house)
