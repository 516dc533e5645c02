"""The record into a transfer: what was received, with what our columns say today."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jalon.audit.actions import record_entry
from jalon.exchange.models import VerbatimResource
from jalon.exchange.transfer import native
from jalon.exchange.transfer.attribution import is_mention
from jalon.exchange.transfer.bind import merged
from jalon.exchange.transfer.codec import load
from jalon.exchange.transfer.holders import Holders
from jalon.exchange.transfer.kinds import OWNED, PERSON, PROFESSIONAL, SHARED, STRUCTURE, Kind
from jalon.exchange.transfer.links import Name, cut_loose, named
from jalon.exchange.transfer.rows import target_key
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui import write
from jalon.formats.tddui.catalog import kind_of_item
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.formats.tddui.classes.person import PersonData
from jalon.formats.tddui.classes.plan import PlanData
from jalon.formats.tddui.values import Link
from jalon.organizations.models import Establishment
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.staff.models import Professional

QUERIES: dict[str, Any] = {
    "contacts": lambda record: record.person.contacts.order_by("pk"),
    "stays": lambda record: record.stays.select_related("record__establishment").order_by("pk"),
    "events": lambda record: record.agenda_events.select_related(
        "record__establishment", "responsible"
    ).order_by("pk"),
    "plans": lambda record: record.plans.order_by("pk"),
}
TYPES = frozenset(kind.type for kind in SHARED)


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
    rows = {kind.name: _rows(kind, record) for kind in OWNED}
    base = {kind.name: [_base(kind, row, owner) for row in rows[kind.name]] for kind in OWNED}
    holders = Holders()
    links = (link for items in base.values() for link in named(tuple(items)))
    holders.load(key for to, key in links if to == "PractitionerRole")
    items: dict[str, Any] = {
        kind.name: tuple(
            native.filled(kind.name, _said(kind, data, row, holders))
            for data, row in zip(base[kind.name], rows[kind.name], strict=True)
        )
        for kind in OWNED
    }
    items["plans"] = tuple(_with_parts(data, rows) for data in items["plans"])
    return transfer.PersonRecord(person=person, held=tuple(item for held in items.values() for item in held))


def person_of(row: Person) -> PersonData:
    """The person: our qualified INS, or none at all (SC.INS/va1.53)."""
    data = load(PersonData, row.received) if row.received else native.person(row)
    received, data = data, native.filled("person", merged(PERSON.binds, data, row))
    data = data if data is received else _untold(data)
    # The key by which we know them is how the next import finds them again.
    data = replace(data, local_id=data.local_id or native.local_id(row.key))
    if row.is_qualified:
        return native.with_ins(data, row.ins, row.ins_oid)
    return replace(data, qualified_ins=False)


def shared_of(kind: Kind, row: Any, holders: Holders) -> Any:
    """A structure, a professional or a role."""
    data = load(kind.data, row.received) if row.received else native.MAKERS[kind.name](row)
    return _said(kind, data, row, holders)


def _rows(kind: Kind, record: Record) -> list[Any]:
    if kind.name in QUERIES:
        return list(QUERIES[kind.name](record))
    related = [ref.column for ref in kind.refs]
    found = kind.model._default_manager.filter(plan__record=record).select_related("plan", *related)
    return list(found.order_by("pk"))


def _base(kind: Kind, row: Any, owner: Link) -> Any:
    return load(kind.data, row.received) if row.received else native.MAKERS[kind.name](row, owner)


def _said(kind: Kind, data: Any, row: Any, holders: Holders) -> Any:
    """The object with what the columns say, and the links that a column stands for when it says otherwise.

    A professional taken away is taken away; a structure that has no row here stays as it was told.
    """
    received, data = data, merged(kind.binds, data, row)
    for ref in kind.refs:
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


def _with_parts(data: PlanData, rows: dict[str, list[Any]]) -> PlanData:
    """The links from a plan to parts added here; those received stay, in their order."""

    def mine(name: str) -> list[Any]:
        return [row for row in rows[name] if row.plan.key == data.key and not row.received]

    aims = tuple(Link(to="Goal", key=row.key) for name in ("expectations", "goals") for row in mine(name))
    acts = [Link(to="Task", key=row.key) for row in mine("actions")]
    agreed = [(row.side, Link(to="Consent", key=row.key)) for row in mine("agreements")]
    return native.with_parts(data, aims, acts, agreed)


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
    found: dict[str, dict[str, Any]] = {kind.name: {} for kind in SHARED}
    looked_up: set[Name] = set()
    holders = Holders()
    while waiting := {name for name in names if name[0] in TYPES} - looked_up:
        looked_up |= waiting
        for kind in SHARED:
            keys = sorted(key for type_, key in waiting if type_ == kind.type)
            rows = list(_known(kind, keys))
            added = {row.key: shared_of(kind, row, holders) for row in rows}
            if kind is STRUCTURE:
                added |= _houses(key for key in keys if key not in added)
            if kind is PROFESSIONAL:
                ours = filter(None, (native.role(row, house) for row in rows if house))
                found["roles"] |= {role.key: role for role in ours}
                names = names | set(named(tuple(found["roles"].values())))
            found[kind.name] |= added
            names = names | set(named(tuple(added.values())))
    return tuple(items[key] for items in found.values() for key in sorted(items))


def _known(kind: Kind, keys: list[str]) -> Iterable[Any]:
    related = [ref.column for ref in kind.refs]
    return kind.model._default_manager.filter(key__in=keys).select_related(*related) if keys else ()


def _houses(keys: Iterable[str]) -> dict[str, OrganizationData]:
    """Our own establishments: they have no row among the structures."""
    finess = [key[1:] for key in keys if key.startswith("1")]
    known = Establishment.objects.filter(finess__in=finess) if finess else ()
    return {house.idnat: native.structure(house.idnat, house.name, house.category) for house in known}


def _sent(data: transfer.Transfer) -> Iterable[Name]:
    for item in data.items():
        yield kind_of_item(item).fhir, item.key
    for resource in data.verbatim:
        yield resource.type, resource.key
