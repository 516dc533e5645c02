"""The record into a transfer: what was received, with what our columns say today."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jalon.audit.actions import record_entry
from jalon.core.identity import Ins
from jalon.exchange.models import VerbatimResource
from jalon.exchange.transfer.attribution import is_mention
from jalon.exchange.transfer.bind import merged
from jalon.exchange.transfer.classes.organization import TABLE as STRUCTURE
from jalon.exchange.transfer.classes.organization import structure
from jalon.exchange.transfer.classes.person import local_id, with_ins
from jalon.exchange.transfer.classes.practitioner import TABLE as PROFESSIONAL
from jalon.exchange.transfer.classes.role import TABLE as FUNCTION
from jalon.exchange.transfer.classes.role import role
from jalon.exchange.transfer.codec import load
from jalon.exchange.transfer.holders import Holders
from jalon.exchange.transfer.links import Name, cut_loose, named
from jalon.exchange.transfer.rows import target_key
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import OWNED, PERSON, SHARED, parent_of, related, rows_of
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui import write
from jalon.formats.tddui.catalog import kind_of_item
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.formats.tddui.classes.person import PersonData
from jalon.formats.tddui.values import Link
from jalon.organizations.models import Establishment
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.staff.models import Professional

TYPES = frozenset(table.type for table in SHARED)


def export_file(record: Record, *, by: Professional | None) -> bytes:
    """The Bundle of a record, as it leaves the house: traced. Raises what the writer raises."""
    data = write(export_record(record))
    record_entry("exchange.exported", on=record.pk, by=by)
    return data


def export_record(record: Record) -> transfer.Transfer:
    """One record whole, with the structures and professionals it names."""
    kept = VerbatimResource.objects.filter(record=record).order_by("pk")
    return _with_shared((content_of(record),), kept, record.establishment.idnat)


def export_rest() -> transfer.Transfer:
    """What came in files without people: structures, professionals, resources."""
    return _with_shared((), VerbatimResource.objects.filter(record__isnull=True).order_by("pk"), "")


def content_of(record: Record) -> transfer.PersonRecord:
    """The person and everything of theirs."""
    person = person_of(record.person)
    if not record.person.received:
        house = Link(to="Organization", key=record.establishment.idnat)
        person = replace(person, managing_organization=house)
    owner = Link(to="Patient", key=person.key)
    rows = {table: list(rows_of(table, record)) for table in OWNED}
    base = {table: [_base(table, row, owner) for row in rows[table]] for table in OWNED}
    holders = Holders()
    links = (link for items in base.values() for link in named(tuple(items)))
    holders.load(key for to, key in links if to == "PractitionerRole")
    said = {
        table: {
            row.key: _said(table, data, row, holders)
            for data, row in zip(base[table], rows[table], strict=True)
        }
        for table in OWNED
    }
    _name_parts(said, rows)
    held = tuple(table.fill(item) for table in OWNED for item in said[table].values())
    return transfer.PersonRecord(person=person, held=held)


def _name_parts(said: dict[AnyTable, dict[str, Any]], rows: dict[AnyTable, list[Any]]) -> None:
    """Let what owns parts born here name them; the links received stay, in their order."""
    for table in OWNED:
        above = parent_of(table)
        if above is None or table.named is None:
            continue
        for row in (one for one in rows[table] if not one.received):
            key = getattr(row, table.owner).key
            said[above][key] = table.named(said[above][key], row)


def person_of(row: Person) -> PersonData:
    """The person: our qualified INS, or none at all (SC.INS/va1.53)."""
    data = load(PersonData, row.received) if row.received else PERSON.make(row)
    received, data = data, PERSON.fill(merged(PERSON, data, row))
    data = data if data is received else _untold(data)
    # The key by which we know them is how the next import finds them again.
    data = replace(data, local_id=data.local_id or local_id(row.key))
    if row.is_qualified:
        return with_ins(data, Ins(row.ins, row.ins_oid))
    return replace(data, qualified_ins=False)


def shared_of(table: AnyTable, row: Any, holders: Holders) -> Any:
    """A structure, a professional or a role."""
    data = load(table.data, row.received) if row.received else table.make(row)
    return _said(table, data, row, holders)


def _base(table: AnyTable, row: Any, owner: Link) -> Any:
    return load(table.data, row.received) if row.received else table.make(row, owner)


def _said(table: AnyTable, data: Any, row: Any, holders: Holders) -> Any:
    """The object with what the columns say, and the links that a column stands for when it says otherwise.

    A professional taken away is taken away; a structure that has no row here stays as it was told.
    """
    received, data = data, merged(table, data, row)
    for ref in table.refs:
        target, told = getattr(row, ref.column), target_key(ref.get(data), ref.to, holders)
        if target and target.key != told:
            data = ref.change(data, Link(to=ref.to, key=target.key))
        elif not target and told and ref.to == "Practitioner":
            data = ref.change(data, None)
    return _untold(data) if data is not received else data


def _untold(data: Any) -> Any:
    """An edited object loses its narrative, which told it as it was."""
    if not data.envelope.narrative:
        return data
    return replace(data, envelope=replace(data.envelope, narrative=""))


# --- who and where ------------------------------------------------------------------------------------------


def _with_shared(
    people: tuple[transfer.PersonRecord, ...], kept: Iterable[VerbatimResource], house: str
) -> transfer.Transfer:
    """A transfer that holds all it refers to; what is not ours to send is referred to by its identifier."""
    resources = [load(transfer.VerbatimResource, row.content) for row in kept]
    verbatim = tuple(one for one in resources if not is_mention(one))
    mentioned = {(one.type, one.key) for one in resources if is_mention(one)}
    # The house comes too, whether named or not: the record must find its place elsewhere.
    mentioned |= {("Organization", house)} if house else set()
    shared = _shared(mentioned | set(named((people, verbatim))), house)
    data = transfer.Transfer(people=people, verbatim=verbatim, held=shared)
    lost = set(named(data)) - set(_sent(data))
    return cut_loose(data, lost) if lost else data


def _shared(names: set[Name], house: str) -> tuple[Any, ...]:
    """The structures, professionals and roles of `names`, and those they name in turn.

    Our own professionals come with their profession in `house`.
    """
    found: dict[AnyTable, dict[str, Any]] = {table: {} for table in SHARED}
    looked_up: set[Name] = set()
    holders = Holders()
    while waiting := {name for name in names if name[0] in TYPES} - looked_up:
        looked_up |= waiting
        for table in SHARED:
            keys = sorted(key for type_, key in waiting if type_ == table.type)
            rows = list(_known(table, keys))
            added = {row.key: shared_of(table, row, holders) for row in rows}
            if table is STRUCTURE:
                added |= _houses(key for key in keys if key not in added)
            if table is PROFESSIONAL:
                ours = filter(None, (role(row, house) for row in rows if house))
                found[FUNCTION] |= {role.key: role for role in ours}
                names = names | set(named(tuple(found[FUNCTION].values())))
            found[table] |= added
            names = names | set(named(tuple(added.values())))
    return tuple(items[key] for items in found.values() for key in sorted(items))


def _known(table: AnyTable, keys: list[str]) -> Iterable[Any]:
    found = table.model._default_manager.filter(key__in=keys) if keys else None
    return found.select_related(*related(table)) if found is not None else ()


def _houses(keys: Iterable[str]) -> dict[str, OrganizationData]:
    """Our own establishments: they have no row among the structures."""
    finess = [key[1:] for key in keys if key.startswith("1")]
    known = Establishment.objects.filter(finess__in=finess) if finess else ()
    return {house.idnat: structure(house.idnat, house.name, house.category) for house in known}


def _sent(data: transfer.Transfer) -> Iterable[Name]:
    for item in data.items():
        yield kind_of_item(item).fhir, item.key
    for resource in data.verbatim:
        yield resource.type, resource.key
