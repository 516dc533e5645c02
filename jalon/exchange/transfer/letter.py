"""One file of an import under way: what it says, where its people are received, what came of it."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from jalon.exchange.transfer.attribution import attributed
from jalon.exchange.transfer.belongings import Belongings
from jalon.exchange.transfer.houses import Houses, known_houses
from jalon.exchange.transfer.identity import with_own_keys
from jalon.exchange.transfer.keeping import Keeping
from jalon.exchange.transfer.report import Report
from jalon.exchange.transfer.times import parse_day
from jalon.exchange.transfer.verbatim import Whole
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.classes.person import PersonData
from jalon.formats.tddui.classes.stay import StayData
from jalon.organizations.models import Establishment
from jalon.organizations.queries import moment_at
from jalon.people.models import Person
from jalon.records.actions import open_records
from jalon.records.models import Record
from jalon.staff.models import Professional


class How(TypedDict):
    """How files are brought in. `house`: FINESS of the receiving establishment, when it is not the sender's;
    `into`: the establishments that whoever imports may receive in, all of them when it is None; `dry_run`:
    everything is checked and nothing is written; `run`: the import of many files that these are of.
    """

    now: dt.datetime
    by: Professional | None
    house: NotRequired[str]
    into: NotRequired[Collection[uuid.UUID] | None]
    dry_run: NotRequired[bool]
    run: NotRequired[uuid.UUID]


@dataclass
class Letter:
    """One file: its content, its bytes; then its houses, its people and their records, in the same order."""

    data: transfer.Transfer
    raw: bytes
    report: Report = field(default_factory=Report)
    houses: Houses = field(init=False)
    places: list[Establishment] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    held: list[Belongings] = field(default_factory=list)
    folders: list[Record] = field(default_factory=list)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()

    def pairs(self) -> Iterator[tuple[PersonData, Person]]:
        """What the file says of the people it holds, and their rows."""
        for record, row in zip(self.data.people, self.people, strict=True):
            if not record.known:
                yield record.person, row

    def belongings(self, keeping: Keeping) -> list[Belongings]:
        """What belongs to each person."""
        pairs = zip(self.data.people, self.folders, strict=True)
        self.held = [Belongings(keeping, record, folder) for record, folder in pairs]
        return self.held

    def kept_whole(self, ours: Container[tuple[str, str]]) -> Whole:
        """What has no table, and whose it is."""
        loose = [resource for each in self.held for resource in each.loose]
        owners = {each.record.person.key: each.folder for each in self.held}
        return Whole(self.report, attributed(self.data, loose, ours), owners)


def find_houses(letters: Sequence[Letter], asked: str, into: Collection[uuid.UUID] | None) -> None:
    """Where each file is received, and the keys under which what it says is kept there."""
    known = known_houses([letter.data for letter in letters], asked)
    for letter in letters:
        letter.houses = Houses(letter.data, asked, letter.report, known, into)
        letter.places = [letter.houses.of(record) for record in letter.data.people]
        letter.data = with_own_keys(letter.data, [place.finess for place in letter.places])


def open_folders(letters: Iterable[Letter], now: dt.datetime, by: Professional | None) -> None:
    """The record of each person in their house, opened at the first stay; today, there, if there was none."""
    people = [person for letter in letters for person in letter.people]
    known = Record.objects.filter(person__in=people).select_related("person", "establishment")
    found = {(record.person_id, record.establishment_id): record for record in known}
    opened = []
    for letter in letters:
        for record, person, place in zip(letter.data.people, letter.people, letter.places, strict=True):
            name = (person.pk, place.pk)
            if name not in found:
                first = _first_day(record, place, now)
                found[name] = Record(person=person, establishment=place, opened_on=first)
                opened.append(found[name])
                letter.report.count("created", "records")
            letter.folders.append(found[name])
        letter.report.records += [folder.pk for folder in letter.folders]
    open_records(opened, by=by)


def _first_day(record: transfer.PersonRecord, place: Establishment, now: dt.datetime) -> dt.date:
    days = [day for stay in record.of(StayData) if (day := parse_day(stay.start))]
    return min(days) if days else moment_at(place, now).today
