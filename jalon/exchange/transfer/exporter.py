"""The record into a transfer: what was received, with what our columns say today."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from jalon.exchange.models import VerbatimResource
from jalon.exchange.transfer import native
from jalon.exchange.transfer.bind import merged
from jalon.exchange.transfer.codec import load
from jalon.exchange.transfer.kinds import FUNCTION, OWNED, PERSON, PROFESSIONAL, STRUCTURE, Kind
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.model_plans import Activity, PlanAgreement
from jalon.formats.tddui.values import Link
from jalon.organizations.models import Structure
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.staff.models import Function, Professional

QUERIES: dict[str, Any] = {
    "contacts": lambda record: record.person.contacts.all(),
    "stays": lambda record: record.stays.select_related("record__establishment").order_by("pk"),
    "events": lambda record: record.events.select_related("record__establishment", "responsible").order_by(
        "pk"
    ),
    "plans": lambda record: record.plans.order_by("pk"),
}


def export_record(record: Record) -> transfer.Transfer:
    """One record whole, with the structures and professionals it names."""
    person = _person(record.person)
    owner = Link(to="Patient", key=person.key)
    rows = {kind.name: _rows(kind, record) for kind in OWNED}
    items: dict[str, Any] = {
        kind.name: tuple(_item(kind, row, owner) for row in rows[kind.name]) for kind in OWNED
    }
    items["events"] = tuple(
        _with_responsible(data, row) for data, row in zip(items["events"], rows["events"], strict=True)
    )
    items["plans"] = tuple(_with_parts(data, rows) for data in items["plans"])
    items["agreements"] = tuple(
        _with_signer(data, row, owner)
        for data, row in zip(items["agreements"], rows["agreements"], strict=True)
    )
    content = transfer.PersonRecord(person=person, **items)
    verbatim = tuple(
        load(transfer.VerbatimResource, row.content)
        for row in VerbatimResource.objects.filter(record=record).order_by("pk")
    )
    named = set(_named((content, verbatim)))
    return transfer.Transfer(people=(content,), verbatim=verbatim, **_shared(record, named))


def _rows(kind: Kind, record: Record) -> list[Any]:
    if kind.name in QUERIES:
        return list(QUERIES[kind.name](record))
    related = [ref.column for ref in kind.refs]
    found = kind.model._default_manager.filter(plan__record=record).select_related("plan", *related)
    return list(found.order_by("pk"))


def _item(kind: Kind, row: Any, owner: Link) -> Any:
    data = load(kind.data, row.received) if row.received else native.MAKERS[kind.name](row, owner)
    return _with_refs(kind, merged(kind.binds, data, row), row)


def _with_refs(kind: Kind, data: Any, row: Any) -> Any:
    """The links that a column stands for, when it says otherwise now; an unknown target stays as received."""
    for ref in kind.refs:
        target = getattr(row, ref.column)
        link = getattr(data, ref.element)
        told = link.key if link and link.to == ref.to else ""
        if target and target.key != told:
            data = replace(data, **{ref.element: Link(to=ref.to, key=target.key)})
    return data


def _person(row: Person) -> transfer.PersonData:
    """The person: our qualified INS, or none at all (SC.INS/va1.53)."""
    data = load(transfer.PersonData, row.received) if row.received else native.person(row)
    data = merged(PERSON.binds, data, row)
    if not row.is_qualified:
        return replace(data, qualified_ins=False)
    return replace(
        data,
        received_ins=(native.ins_identifier(row.ins, row.ins_oid),),
        received_reliability=(),
        qualified_ins=True,
    )


def _with_responsible(data: transfer.EventData, row: Any) -> transfer.EventData:
    """A native event names who holds it among its participants."""
    from jalon.formats.tddui.model_stays import Participant

    if row.received or not row.responsible:
        return data
    return replace(data, participants=(Participant(who=Link(to="Practitioner", key=row.responsible.key)),))


def _with_parts(data: transfer.PlanData, rows: dict[str, list[Any]]) -> transfer.PlanData:
    """The links from a plan to parts added here; those received stay, in their order."""

    def mine(name: str) -> list[Any]:
        return [row for row in rows[name] if row.plan.key == data.key and not row.received]

    goals = tuple(Link(to="Goal", key=row.key) for name in ("expectations", "goals") for row in mine(name))
    acts = tuple(Activity(reference=Link(to="Task", key=row.key)) for row in mine("actions"))
    agreed = tuple(PlanAgreement(row.side, Link(to="Consent", key=row.key)) for row in mine("agreements"))
    return replace(
        data, goals=data.goals + goals, activities=data.activities + acts, agreements=data.agreements + agreed
    )


def _with_signer(data: transfer.AgreementData, row: Any, owner: Link) -> transfer.AgreementData:
    if row.received:
        return data
    if row.contact:
        return replace(data, signers=(Link(to="RelatedPerson", key=row.contact.key),))
    signer = Link(to="Practitioner", key=row.professional.key) if row.professional else owner
    return replace(data, signers=(signer,))


# --- who and where ------------------------------------------------------------------------------------------


def _named(value: Any) -> Iterable[tuple[str, str]]:
    """Every link inside a value, whatever its depth."""
    if isinstance(value, Link):
        yield value.to, value.key
    if isinstance(value, transfer.VerbatimResource):
        yield from ((match["to"], match["key"]) for match in _tokens(value.json))
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _named(getattr(value, name))
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from _named(one)


def _tokens(json: str) -> Iterable[Any]:
    import re

    return re.finditer(r'"(?P<to>[A-Z][A-Za-z]+)\?identifier=(?P<key>[^"]+)"', json)


def _shared(record: Record, named: set[tuple[str, str]]) -> dict[str, Any]:
    """The structures, professionals and roles named, and what those name in turn."""
    house = record.establishment
    roles = [
        _simple(FUNCTION, row)
        for row in Function.objects.filter(key__in=_keys(named, "PractitionerRole")).select_related(
            "professional", "structure"
        )
    ]
    named = named | set(_named(tuple(roles)))
    people = Professional.objects.filter(key__in=_keys(named, "Practitioner")).order_by("pk")
    structures = {
        row.key: _simple(STRUCTURE, row)
        for row in Structure.objects.filter(key__in=_keys(named, "Organization")).order_by("pk")
    }
    if house.idnat in _keys(named, "Organization") and house.idnat not in structures:
        structures[house.idnat] = native.structure(house.idnat, house.name)
    return {
        "organizations": tuple(structures.values()),
        "practitioners": tuple(_simple(PROFESSIONAL, row) for row in people),
        "roles": tuple(roles),
    }


def _keys(named: set[tuple[str, str]], to: str) -> list[str]:
    return sorted(key for type_, key in named if type_ == to)


def _simple(kind: Kind, row: Any) -> Any:
    data = load(kind.data, row.received) if row.received else native.professional(row)
    return _with_refs(kind, merged(kind.binds, data, row), row)
