"""Records into transfers, each with all that it names."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from jalon.audit.actions import record_entries, record_entry
from jalon.core.memory import without_collecting
from jalon.exchange.models import VerbatimResource
from jalon.exchange.transfer.attribution import is_mention
from jalon.exchange.transfer.codec import load
from jalon.exchange.transfer.content import contents_of
from jalon.exchange.transfer.links import Name, cut_loose, named
from jalon.exchange.transfer.shelf import Shelf
from jalon.formats.tddui import AsReceived, write
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.catalog import kind_of_item
from jalon.records.models import Record
from jalon.staff.models import Professional

AT_ONCE = 50
"""Records whose rows are looked up together: enough to share the questions, few enough for the memory."""


def export_files(records: Sequence[Record], *, by: Professional | None) -> Iterator[tuple[Record, bytes]]:
    """The Bundle of each record, as it leaves the house: traced. Raises what the writer raises."""
    for start in range(0, len(records), AT_ONCE):
        some = records[start : start + AT_ONCE]
        with without_collecting():
            files = [(record, write(data)) for record, data in zip(some, export_records(some), strict=True)]
        yield from files
        record_entries("exchange.exported", on=[record.pk for record in some], by=by)


def export_file(record: Record, *, by: Professional | None) -> bytes:
    """The Bundle of a record, as it leaves the house: traced. Raises what the writer raises."""
    data = write(export_record(record))
    record_entry("exchange.exported", on=record.pk, by=by)
    return data


def export_record(record: Record) -> transfer.Transfer:
    """One record whole, with the structures and professionals it names."""
    (found,) = export_records([record])
    return found


def export_records(records: Sequence[Record]) -> Iterator[transfer.Transfer]:
    """Each of these records whole: their rows are looked up for all at once."""
    kept: dict[Any, list[VerbatimResource]] = {record.pk: [] for record in records}
    for row in VerbatimResource.objects.filter(record__in=records).order_by("pk"):
        kept[row.record_id].append(row)
    each = zip(records, contents_of(records), strict=True)
    told = [_Told(person, kept[record.pk], record.establishment.idnat) for record, person in each]
    shelf = Shelf()
    shelf.look_up(name for one in told for name in one.names)
    for one in told:
        yield _with_shared(one, shelf)


def export_rest() -> transfer.Transfer:
    """What came in files without people: structures, professionals, resources."""
    told = _Told(None, VerbatimResource.objects.filter(record__isnull=True).order_by("pk"), "")
    return _with_shared(told, Shelf())


class _Told:
    """One record, or what is nobody's: the person, what is kept whole, the house it leaves, what it names."""

    def __init__(
        self, person: transfer.PersonRecord | None, kept: Iterable[VerbatimResource], house: str
    ) -> None:
        resources = [load(transfer.VerbatimResource, row.content) for row in kept]
        self.people = (person,) if person else ()
        self.verbatim = tuple(one for one in resources if not is_mention(one))
        self.house = house
        self.referred = set(named((self.people, self.verbatim)))
        self.names = self.referred | {(one.type, one.key) for one in resources if is_mention(one)}
        # The house comes too, whether named or not: the record must find its place elsewhere.
        self.names |= {("Organization", house)} if house else set()


def _with_shared(told: _Told, shelf: Shelf) -> transfer.Transfer:
    """A transfer that holds all it refers to; what is not ours to send is referred to by its identifier."""
    shared = shelf.closed(told.names, told.house)
    unread = tuple(one for one in shared if isinstance(one, AsReceived))
    read = tuple(one for one in shared if not isinstance(one, AsReceived))
    data = transfer.Transfer(people=told.people, verbatim=told.verbatim, held=read, as_received=unread)
    lost = (told.referred | set(named(shared))) - set(_sent(data))
    return cut_loose(data, lost) if lost else data


def _sent(data: transfer.Transfer) -> Iterable[Name]:
    for item in data.items():
        yield kind_of_item(item).fhir, item.key
    for kept in data.unread():
        yield kept.kind.fhir, kept.key
    for resource in data.verbatim:
        yield resource.type, resource.key
