"""A transfer into the record: by business key, whole or not at all, twice is once.

An identity is never qualified by what a file says (SC.INS/va1.13, va1.57): traits come in, a received
matricule stays in `received`, set aside.
"""

import contextlib
import datetime as dt
import hashlib
import uuid
from collections.abc import Collection

from django.db import DatabaseError, DataError, IntegrityError, transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.db.history import history
from jalon.documents.storage import store
from jalon.exchange.models import ImportedFile
from jalon.exchange.transfer.attribution import attributed
from jalon.exchange.transfer.belongings import Belongings
from jalon.exchange.transfer.classes.stay import TABLE as STAY
from jalon.exchange.transfer.houses import Houses
from jalon.exchange.transfer.identity import with_own_keys
from jalon.exchange.transfer.keeping import Keeping
from jalon.exchange.transfer.notices import notices
from jalon.exchange.transfer.overlaps import refuse_overlaps
from jalon.exchange.transfer.report import Report
from jalon.exchange.transfer.tables import OWNED, PERSON, SHARED
from jalon.exchange.transfer.times import parse_day
from jalon.exchange.transfer.verbatim import keep_verbatim
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.classes.stay import StayData
from jalon.organizations.models import Establishment
from jalon.organizations.queries import moment_at
from jalon.people.models import Person
from jalon.records.actions import open_record
from jalon.records.models import Record
from jalon.staff.models import Professional


def import_transfer(
    data: transfer.Transfer,
    raw: bytes,
    *,
    now: dt.datetime,
    by: Professional | None,
    house: str = "",
    into: Collection[uuid.UUID] | None = None,
    dry_run: bool = False,
) -> Report:
    """Bring a whole transfer in. `house`: FINESS of the receiving establishment, when it is not the sender's.

    `into`: the establishments that whoever imports may receive in, all of them when it is None. With
    `dry_run`, everything is checked and nothing is written. Raises DomainError, and nothing is written:
    `unknown_finess`, `house_not_yours`, `person_elsewhere`, `edited_both_sides`, `key_elsewhere`,
    `stays_overlap`, or what a table refuses.
    """
    keeping = Keeping(by=by)
    try:
        with history(transfer=True), transaction.atomic():
            _bring_in(keeping, data, now, house, into)
            if dry_run:
                transaction.set_rollback(True)
            else:
                _journal(keeping.report, raw, now, by)
    except (IntegrityError, DataError) as error:
        raise _refused(error, _culprit(data, now, house)) from error
    return keeping.report


def _bring_in(
    keeping: Keeping,
    data: transfer.Transfer,
    now: dt.datetime,
    house: str,
    into: Collection[uuid.UUID] | None = None,
) -> None:
    houses = Houses(data, house, keeping.report, into)
    places = [houses.of(record) for record in data.people]
    data = with_own_keys(data, [place.finess for place in places])
    keeping.look_up(data, made=houses.made)
    houses.refuse_strangers(data)
    for table in SHARED:
        for item in data.of(table.data):
            keeping.keep(table, item, {})
    people = [keeping.person(record) for record in data.people]
    keeping.report.notes += notices(data, people, now.year)
    keeping.write((*SHARED, PERSON))
    folders = _folders(keeping, data, people, places, now)
    belongings = [
        Belongings(keeping, record, folder) for record, folder in zip(data.people, folders, strict=True)
    ]
    for each in belongings:
        each.keep()
    refuse_overlaps(keeping.pending(STAY), keeping.places)
    keeping.write(OWNED)
    loose = [resource for each in belongings for resource in each.loose]
    owners = {each.record.person.key: each.folder for each in belongings}
    keep_verbatim(keeping.report, attributed(data, loose, keeping.ours), owners)


def _folders(
    keeping: Keeping,
    data: transfer.Transfer,
    people: list[Person],
    places: list[Establishment],
    now: dt.datetime,
) -> list[Record]:
    """The record of each person in their house, opened at the first stay; today, there, if there was none."""
    known = Record.objects.filter(person__in=people).select_related("person", "establishment")
    found = {(record.person_id, record.establishment_id): record for record in known}
    for record, person, place in zip(data.people, people, places, strict=True):
        if (person.pk, place.pk) not in found:
            days = [day for stay in record.of(StayData) if (day := parse_day(stay.start))]
            first = min(days) if days else moment_at(place, now).today
            found[person.pk, place.pk] = open_record(
                person=person, establishment=place, on=first, by=keeping.by
            )
            keeping.report.count("created", "records")
    folders = [found[person.pk, place.pk] for person, place in zip(people, places, strict=True)]
    keeping.report.records += [folder.pk for folder in folders]
    return folders


def _journal(report: Report, raw: bytes, now: dt.datetime, by: Professional | None) -> None:
    """The file and what it gave; a file known to have given all it holds is not kept twice."""
    digest = hashlib.sha256(raw).hexdigest()
    if report.nothing_changed and ImportedFile.objects.filter(sha256=digest).exists():
        return
    counts = {name: report.total(name) for name in ("created", "changed", "unchanged", "verbatim")}
    file = ImportedFile.objects.create(sha256=store(raw), imported_at=now, by=by, **counts)
    record_entry("exchange.imported", on=file.pk, by=by, facts=counts)


def _culprit(data: transfer.Transfer, now: dt.datetime, house: str) -> str:
    """The place of the object that the database refuses, found by writing row by row, for nothing."""
    keeping = Keeping(by=None, one_by_one=True)
    with contextlib.suppress(IntegrityError, DataError), transaction.atomic():
        _bring_in(keeping, data, now, house)
        transaction.set_rollback(True)
        return ""
    return keeping.writing


def _refused(error: DatabaseError, place: str) -> DomainError:
    """What the tables refuse is a refusal of the file."""
    diagnosis = getattr(error.__cause__, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None) or type(error).__name__
    return DomainError(
        f"La base refuse ce contenu (règle « {rule} »). Rien n’est enregistré : corrigez le fichier, "
        "ou réimportez-le s’il était déjà en cours d’import.",
        code="refused_by_table",
        place=place,
    )
