"""A transfer into the record: by business key, whole or not at all, twice is once.

An identity is never qualified by what a file says (SC.INS/va1.13, va1.57): traits come in, a received
matricule stays in `received`, set aside.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.documents.storage import store
from jalon.exchange.models import ImportedFile, VerbatimResource
from jalon.exchange.transfer.bind import columns_of, parse_day
from jalon.exchange.transfer.codec import dump
from jalon.exchange.transfer.kinds import CONTACT, OWNED, PARTS, PERSON, SHARED, Kind, signer
from jalon.formats.tddui import model as transfer
from jalon.organizations.models import Establishment
from jalon.people.models import Person
from jalon.people.queries import sort_key
from jalon.plans.models import PersonalPlan
from jalon.records.actions import open_record
from jalon.records.models import Record
from jalon.staff.models import Professional

LOCKED_BY_INS = {
    "birth_name",
    "birth_first_names",
    "first_name",
    "sex",
    "birth_date",
    "birth_date_precision",
    "birth_place",
}


@dataclass
class Report:
    """What an import did, by class; `notes` are sentences for a person."""

    created: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    verbatim: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    records: list[uuid.UUID] = field(default_factory=list)

    def count(self, outcome: str, name: str) -> None:
        counts = getattr(self, outcome)
        counts[name] = counts.get(name, 0) + 1

    def total(self, outcome: str) -> int:
        return sum(getattr(self, outcome).values())


@dataclass
class Import:
    """One import under way: what is already in, by key, so that links find their rows."""

    report: Report
    today: dt.date
    by: Professional | None
    house: str = ""
    known: dict[tuple[str, str], Model] = field(default_factory=dict)

    def find(self, to: str, key: str) -> Any:
        return self.known.get((to, key))


TYPES = {
    "organizations": "Organization", "practitioners": "Practitioner", "roles": "PractitionerRole",
    "person": "Patient", "contacts": "RelatedPerson", "plans": "CarePlan", "needs": "ServiceRequest",
    "goals": "Goal",
}  # fmt: skip


@transaction.atomic
def import_transfer(
    data: transfer.Transfer, raw: bytes, *, now: dt.datetime, by: Professional | None, house: str = ""
) -> Report:
    """Bring a whole transfer in. `house`: FINESS of the receiving establishment, when it is not the sender's.

    Raises DomainError, and nothing is written: `unknown_finess`, `edited_both_sides`, or what a table
    refuses.
    """
    work = Import(Report(), now.date(), by, house)
    for kind in SHARED:
        for item in getattr(data, kind.name):
            _keep(work, kind, item, {})
    for person in data.people:
        _import_person(work, person, data.organizations)
    for resource in data.verbatim:
        _keep_verbatim(work, resource)
    report = work.report
    ImportedFile.objects.create(
        sha256=store(raw), imported_at=now, by=by,
        created=report.total("created"), changed=report.total("changed"),
        unchanged=report.total("unchanged"), verbatim=report.total("verbatim"),
    )  # fmt: skip
    return report


def _import_person(work: Import, record: transfer.PersonRecord, structures: Iterable[Any]) -> None:
    person = _keep(work, PERSON, record.person, {})
    if record.person.received_ins and not person.ins_digest:
        work.report.notes.append(
            "Un matricule INS reçu est mis de côté : l’identité reste à vérifier par INSi."
        )
    house = _house(work, record, structures)
    first = min((day for stay in record.stays if (day := parse_day(stay.start))), default=work.today)
    folder = open_record(person=person, establishment=house, on=first, by=work.by)
    work.report.records.append(folder.pk)
    for kind in OWNED:
        for item in getattr(record, kind.name):
            _keep(work, kind, item, _owner(work, kind, item, record, person, folder))


def _owner(
    work: Import, kind: Kind, item: Any, record: transfer.PersonRecord, person: Person, folder: Record
) -> dict[str, Any]:
    """The columns that say whose the row is."""
    if kind is CONTACT:
        return {"person": person}
    if kind.name in PARTS:
        return {"plan": _plan(work, item.plan.key if item.plan else "", record, item.key)}
    if kind.name == "agreements":
        return _agreement(work, item, record)
    return {"record": folder}


def _plan(work: Import, key: str, record: transfer.PersonRecord, item_key: str) -> PersonalPlan:
    plan = work.find("CarePlan", key)
    if plan is None and len(record.plans) == 1:
        plan = work.find("CarePlan", record.plans[0].key)
    if plan is None:
        raise DomainError(
            f"L’élément {item_key} ne dit pas à quel projet personnalisé il appartient. "
            "Joignez le projet au fichier.",
            code="part_without_plan",
        )
    return plan


def _agreement(work: Import, item: Any, record: transfer.PersonRecord) -> dict[str, Any]:
    """An agreement belongs to the plan that names it; its side is said there."""
    named = ((plan.key, held) for plan in record.plans for held in plan.agreements)
    plan_key, side = next(
        ((key, held.side) for key, held in named if held.agreement.key == item.key), ("", "structure")
    )
    professional, contact = signer(item, "Practitioner"), signer(item, "RelatedPerson")
    return {
        "plan": _plan(work, plan_key, record, item.key),
        "side": side,
        "professional": work.find("Practitioner", professional.key) if professional else None,
        "contact": work.find("RelatedPerson", contact.key) if contact else None,
    }


# --- one row ------------------------------------------------------------------------------------------------


def _keep(work: Import, kind: Kind, item: Any, owner: dict[str, Any]) -> Any:
    """Create the row of this key, or bring it up to date; the same file again changes nothing."""
    told = dump(item)
    row: Any = kind.model._default_manager.filter(key=item.key).first()
    if row is None:
        row = kind.model(
            key=item.key, received=told, **owner, **columns_of(kind.binds, item), **_refs(work, kind, item)
        )
        _finish(kind, row)
        work.report.count("created", kind.name)
        if kind is PERSON:
            record_entry("people.imported", on=row.pk, by=work.by)
    elif row.received == told:
        work.report.count("unchanged", kind.name)
    else:
        _update(work, kind, row, item, told)
    if kind.name in TYPES:
        work.known[TYPES[kind.name], item.key] = row
    return row


def _finish(kind: Kind, row: Any) -> None:
    if kind is PERSON:
        row.name_key = sort_key(row.usual_name, row.usual_first_name)
    _check_lengths(row)
    row.save()


def _check_lengths(row: Any) -> None:
    """A text longer than its column is refused by name: nothing is cut."""
    for column in row._meta.local_fields:
        value, limit = row.__dict__.get(column.attname), column.max_length
        if isinstance(value, str) and limit and len(value) > limit and column.name != "received":
            raise DomainError(
                f"« {column.verbose_name} » compte {len(value)} caractères, plus que les {limit} possibles.",
                code="too_long",
                place=row.key,
            )


def _refs(work: Import, kind: Kind, item: Any) -> dict[str, Any]:
    found = {}
    for ref in kind.refs:
        link = getattr(item, ref.element)
        found[ref.column] = work.find(ref.to, link.key) if link and link.to == ref.to else None
    return found


def _update(work: Import, kind: Kind, row: Any, item: Any, told: Any) -> None:
    """Three sides: what was told before, what is told now, what our columns say.

    A column edited here keeps our value, unless the sender changed it too: then a person must look.
    """
    before = _told_before(kind, row)
    now = columns_of(kind.binds, item)
    locked = LOCKED_BY_INS if kind is PERSON and row.ins_digest else set()
    for column, value in now.items():
        if value == before.get(column) or column in locked or getattr(row, column) == value:
            continue
        if getattr(row, column) != before.get(column, getattr(row, column)):
            name = row._meta.get_field(column).verbose_name
            raise DomainError(
                f"« {name} » a changé ici et dans le fichier. "
                "Choisissez à l’écran la bonne valeur, puis réimportez.",
                code="edited_both_sides",
                place=row.key,
            )
        setattr(row, column, value)
    for column, value in _refs(work, kind, item).items():
        if value is not None:
            setattr(row, column, value)
    row.received = told
    _finish(kind, row)
    work.report.count("changed", kind.name)


def _told_before(kind: Kind, row: Any) -> dict[str, Any]:
    from jalon.exchange.transfer.codec import load

    if not row.received:
        return {bind.column: getattr(row, bind.column) for bind in kind.binds}
    return columns_of(kind.binds, load(kind.data, row.received))


def _keep_verbatim(work: Import, resource: transfer.VerbatimResource) -> None:
    """Named, counted, and sent out again with the record of its person."""
    content = dump(resource)
    key = f"{resource.type} {resource.key}"[:200]
    owner = work.find("Patient", resource.owner)
    record = owner.records.order_by("pk").last() if owner else None
    row, created = VerbatimResource.objects.get_or_create(
        key=key,
        defaults={
            "record": record,
            "type": resource.type,
            "profile": resource.profile[:200],
            "content": content,
        },
    )
    if not created and row.content != content:
        row.content = content
        row.save()
    work.report.count("verbatim", resource.type)


# --- which house --------------------------------------------------------------------------------------------


def _house(work: Import, record: transfer.PersonRecord, structures: Iterable[Any]) -> Establishment:
    """The receiving establishment: the one asked for; else the sender's if it is ours or told by the file."""
    wanted = work.house or _finess_of(record)
    found = Establishment.objects.filter(finess=wanted).first() if wanted else None
    if found:
        return found
    told = next((one for one in structures if one.key == f"1{wanted}"), None)
    if told is None or work.house:
        raise DomainError(
            f"L’établissement {wanted or '(sans FINESS)'} n’est pas connu ici. "
            "Ajoutez-le, ou nommez celui qui accueille la personne avec --establishment.",
            code="unknown_finess",
            place=record.person.key,
        )
    # Its key is not checked: the official examples themselves carry a number whose key is wrong.
    work.report.notes.append(
        f"L’établissement {told.name or wanted} ({wanted}) est ajouté, d’après le fichier."
    )
    return Establishment.objects.create(finess=wanted, name=told.name or wanted, category="")


def _finess_of(record: transfer.PersonRecord) -> str:
    """The FINESS of the person's key, or of the house of a stay."""
    head = record.person.key.partition("/")[0]
    if len(head) == 10 and head.startswith("3"):  # noqa: PLR2004  3 + nine characters
        return head[1:]
    keys = (
        stay.provider.key for stay in record.stays if stay.provider and stay.provider.to == "Organization"
    )
    return next((key[1:] for key in keys if key.startswith("1")), "")
