"""What rows say in a transfer: what was received, with what our columns say today."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jalon.core.identity import Ins
from jalon.exchange.transfer.bind import merged
from jalon.exchange.transfer.classes.person import local_id, with_ins
from jalon.exchange.transfer.codec import load
from jalon.exchange.transfer.holders import Holders
from jalon.exchange.transfer.links import named
from jalon.exchange.transfer.rows import target_key
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import OWNED, PERSON, parent_of, rows_of
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.classes.person import PersonData
from jalon.formats.tddui.values import Link
from jalon.people.models import Person
from jalon.records.models import Record


def content_of(record: Record) -> transfer.PersonRecord:
    """The person and everything of theirs."""
    return contents_of([record])[0]


def contents_of(records: Sequence[Record]) -> list[transfer.PersonRecord]:
    """The same of several people, looked up together."""
    owned = {table: rows_of(table, records) for table in OWNED}
    holders = Holders()
    drafts = []
    for place, record in enumerate(records):
        rows = {table: owned[table][place] for table in OWNED}
        owner = Link(to="Patient", key=record.person.key)
        drafts.append(
            (record, rows, {table: [_base(table, row, owner) for row in rows[table]] for table in OWNED})
        )
    links = (link for *_, base in drafts for items in base.values() for link in named(tuple(items)))
    holders.load(key for to, key in links if to == "PractitionerRole")
    return [_content(record, rows, base, holders) for record, rows, base in drafts]


def _content(
    record: Record, rows: dict[AnyTable, list[Any]], base: dict[AnyTable, list[Any]], holders: Holders
) -> transfer.PersonRecord:
    person = person_of(record.person)
    if not record.person.received:
        house = Link(to="Organization", key=record.establishment.idnat)
        person = replace(person, managing_organization=house)
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
