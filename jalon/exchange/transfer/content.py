"""What rows say in a transfer: what was received, with what our columns say today."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from jalon.core.identity import Ins
from jalon.exchange.transfer.bind import merged
from jalon.exchange.transfer.classes.person import local_id, with_ins
from jalon.exchange.transfer.holders import Holders, target_key
from jalon.exchange.transfer.kept import candidate, received
from jalon.exchange.transfer.table import AnyTable
from jalon.exchange.transfer.tables import OWNED, PERSON, parent_of, rows_of
from jalon.formats.tddui import AsReceived
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.classes.person import PersonData
from jalon.formats.tddui.values import Link
from jalon.people.models import Person
from jalon.records.models import Record


def content_of(record: Record) -> transfer.PersonRecord:
    """The person and everything of theirs, read."""
    return next(_contents([record], as_received=False))


def contents_of(records: Sequence[Record]) -> Iterator[transfer.PersonRecord]:
    """The same of several people, looked up together, as it leaves: what nobody edited is not read.

    One at a time: what is opened is sent while the processor still has it at hand.
    """
    return _contents(records, as_received=True)


def _contents(records: Sequence[Record], *, as_received: bool) -> Iterator[transfer.PersonRecord]:
    owned, holders = rows_of(records), Holders()
    for record in records:
        rows = {table: found[record.pk] for table, found in owned.items()}
        yield _content(record, rows, holders, as_received=as_received)


def _content(
    record: Record, rows: dict[AnyTable, list[Any]], holders: Holders, *, as_received: bool
) -> transfer.PersonRecord:
    person = person_of(record.person)
    owner = Link(to="Patient", key=record.person.key)
    if not record.person.received:
        house = Link(to="Organization", key=record.establishment.idnat)
        person = replace(person, managing_organization=house)
    sent = _unread(rows, holders) if as_received else {}
    said = {
        table: {
            row.key: _said(table, _base(table, row, owner), row, holders)
            for row in rows[table]
            if (table, row.key) not in sent
        }
        for table in OWNED
    }
    _name_parts(said, rows)
    held = tuple(table.fill(item) for table in OWNED for item in said[table].values())
    return transfer.PersonRecord(person=person, held=held, as_received=tuple(sent.values()))


def _unread(rows: dict[AnyTable, list[Any]], holders: Holders) -> dict[tuple[AnyTable, str], AsReceived]:
    """What goes out as it came: what nobody edited, and that no part born here has to be named by."""
    naming = {(above, getattr(row, table.owner).key) for above, table, row in _native_parts(rows)}
    found = [
        (table, row, kept)
        for table in OWNED
        for row in rows[table]
        if (table, row.key) not in naming and (kept := candidate(table, row)) is not None
    ]
    holders.load(role for _, _, kept in found for role in kept.roles())
    return {(table, row.key): kept.unread for table, row, kept in found if kept.points(table, row, holders)}


def _native_parts(rows: dict[AnyTable, list[Any]]) -> Iterator[tuple[AnyTable, AnyTable, Any]]:
    """The rows born here that what owns them has to name: its class, theirs, each."""
    for table in OWNED:
        above = parent_of(table)
        if table.named is not None and above is not None:
            yield from ((above, table, row) for row in rows[table] if not row.received)


def _name_parts(said: dict[AnyTable, dict[str, Any]], rows: dict[AnyTable, list[Any]]) -> None:
    """Let what owns parts born here name them; the links received stay, in their order."""
    for above, table, row in _native_parts(rows):
        key = getattr(row, table.owner).key
        if table.named is not None:
            said[above][key] = table.named(said[above][key], row)


def person_of(row: Person) -> PersonData:
    """The person: our qualified INS, or none at all (SC.INS/va1.53)."""
    data = received(PERSON, row) if row.received else PERSON.make(row)
    before, data = data, PERSON.fill(merged(PERSON, data, row))
    data = data if data is before else _untold(data)
    # The key by which we know them is how the next import finds them again.
    data = replace(data, local_id=data.local_id or local_id(row.key))
    if row.is_qualified:
        return with_ins(data, Ins(row.ins, row.ins_oid))
    return replace(data, qualified_ins=False)


def shared_of(table: AnyTable, row: Any, holders: Holders) -> Any:
    """A structure, a professional or a role."""
    data = received(table, row) if row.received else table.make(row)
    return _said(table, data, row, holders)


def _base(table: AnyTable, row: Any, owner: Link) -> Any:
    return received(table, row) if row.received else table.make(row, owner)


def _said(table: AnyTable, data: Any, row: Any, holders: Holders) -> Any:
    """The object with what the columns say, and the links that a column stands for when it says otherwise.

    A professional taken away is taken away; a structure that has no row here stays as it was told.
    """
    before, data = data, merged(table, data, row)
    for ref in table.refs:
        target, told = getattr(row, ref.column), target_key(ref.get(data), ref.to, holders)
        if target and target.key != told:
            data = ref.change(data, Link(to=ref.to, key=target.key))
        elif not target and told and ref.to == "Practitioner":
            data = ref.change(data, None)
    return _untold(data) if data is not before else data


def _untold(data: Any) -> Any:
    """An edited object loses its narrative, which told it as it was."""
    if not data.envelope.narrative:
        return data
    return replace(data, envelope=replace(data.envelope, narrative=""))
