"""Who plays the story: its day, its houses, its team, the people accompanied."""

import datetime as dt
import random
from dataclasses import dataclass, field

from jalon.core.moment import PARIS, local_day
from jalon.organizations.models import Establishment, Unit
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon_sandbox.demo.population import Someone
from jalon_sandbox.demo.team import Worker


@dataclass
class Story:
    """What is being built, and the chance it is built with."""

    now: dt.datetime
    chance: random.Random
    houses: dict[str, Establishment] = field(default_factory=dict)
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    team: list[tuple[Worker, Professional]] = field(default_factory=list)
    records: list[tuple[Someone, Record]] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        return local_day(self.now, PARIS)

    def moment(self, in_days: int, hour: int, minute: int) -> dt.datetime:
        """That time of that day, on the clock of the houses."""
        day = self.today + dt.timedelta(days=in_days)
        return dt.datetime.combine(day, dt.time(hour, minute), PARIS)

    def workers(self, someone: Someone, *roles: str) -> list[Professional]:
        """Those who work where this person is, of these roles."""
        code = someone.house.code
        return [
            professional
            for worker, professional in self.team
            if code in worker.houses and worker.role in roles and worker.unit in ("", someone.unit)
        ]
