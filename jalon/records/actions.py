"""Use cases on records and stays."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Unpack

from django.db import IntegrityError, transaction

from jalon.audit.actions import keep_changes, record_entries, record_entry
from jalon.core.errors import DomainError
from jalon.core.identity import Traits
from jalon.db.bulk import insert
from jalon.db.changes import apply, lock
from jalon.db.keyed import draw_key
from jalon.db.locks import one_at_a_time
from jalon.organizations.models import Establishment, Unit
from jalon.people.actions import REGISTER, register
from jalon.people.changes import PersonDetails
from jalon.people.models import Person
from jalon.people.search import alike, twins_of
from jalon.records.changes import RecordChanges, RecordDetails, StayChanges
from jalon.records.models import AccessGrant, Record, Stay
from jalon.staff.models import Professional
from jalon.staff.queries import team

LONGEST_GRANT = dt.timedelta(days=92)


@transaction.atomic
def open_record(
    *,
    person: Person,
    establishment: Establishment,
    on: dt.date,
    by: Professional | None,
    unit: Unit | None = None,
    **others: Unpack[RecordDetails],
) -> Record:
    """The record of this person in this establishment, opened if there was none."""
    new = Record(person=person, establishment=establishment, opened_on=on, unit=unit)
    apply(new, others, allowed=RecordDetails)
    defaults = {name: getattr(new, name) for name in ("opened_on", "unit", *others)}
    record, created = Record.objects.get_or_create(
        person=person, establishment=establishment, defaults=defaults
    )
    if created:
        record_entry("records.opened", on=record.pk, by=by)
    return record


@transaction.atomic
def open_records(records: Sequence[Record], *, by: Professional | None) -> None:
    """Write these new records, of people who had none there. Raises IntegrityError if one has meanwhile."""
    insert(records)
    record_entries("records.opened", on=[record.pk for record in records], by=by)


@transaction.atomic
def place(
    *, record: Record, today: dt.date, by: Professional | None, **fields: Unpack[RecordChanges]
) -> Record:
    """Change the unit, the room or the key worker of a record.

    Raises DomainError `unit_elsewhere` or `not_of_the_team`: a record names a unit of its house, and somebody
    who works there that day; whoever it named before may stay.
    """
    record = lock(record)
    former = record.key_worker_id
    changed = apply(record, fields, allowed=RecordChanges)
    if record.unit and record.unit.establishment_id != record.establishment_id:
        raise DomainError(
            "Cette unité est d’un autre établissement. Choisissez-en une de la liste.",
            code="unit_elsewhere",
            place="unit",
        )
    worker = record.key_worker
    if worker and worker.pk != former and worker not in team(record.establishment_id, today):
        raise DomainError(
            "Ce professionnel ne travaille pas dans cet établissement. Choisissez quelqu’un de l’équipe.",
            code="not_of_the_team",
            place="key_worker",
        )
    keep_changes(record, changed, "records.placed", by=by)
    return record


@transaction.atomic
def admit(
    *,
    record: Record,
    by: Professional | None,
    key: str = "",
    **fields: Unpack[StayChanges],
) -> Stay:
    """Begin a stay, or plan one: `starts_on` is then unknown.

    Raises DomainError `stay_without_date`, `stay_reversed`, or `stays_overlap` when the person is already
    there at that date.
    """
    stay = Stay(record=record)
    apply(stay, fields, allowed=StayChanges)
    if not (stay.starts_on or stay.planned_start):
        raise DomainError(
            "Ce séjour n’a pas de date. Donnez l’entrée, ou l’entrée prévue.",
            code="stay_without_date",
            place="starts_on",
        )
    _check_order(stay, {"ends_on", "planned_end"})
    stay.key = key or draw_key(record.person.key, "SEJOUR", stay.pk)
    with _alone():
        stay.save()
    record_entry("records.admitted", on=record.pk, by=by)
    return stay


@contextmanager
def _alone() -> Iterator[None]:
    """Say in our words what the database refuses: two stays at the same time."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "stays_do_not_overlap" not in str(error):
            raise
        raise DomainError(
            "Un autre séjour tient déjà ces dates. Terminez-le d’abord, ou changez les dates.",
            code="stays_overlap",
            place="starts_on",
        ) from error


@transaction.atomic
def welcome(
    *,
    traits: Traits,
    establishment: Establishment,
    unit: Unit | None,
    starts_on: dt.date,
    by: Professional | None,
    set_apart: Collection[uuid.UUID] = (),
    **others: Unpack[PersonDetails],
) -> Record:
    """Somebody new: their identity, their record and their stay, or nothing of them.

    `set_apart`: the people known here whom whoever welcomes was shown, and who are not this one. Raises
    DomainError `entry_before_birth`, and `already_known` or `looks_alike` when somebody else has these
    traits, or may be the one typed with a slip: a person decides (SC.INS/va1.02). One registers at a time.
    """
    if starts_on < traits.birth_date:
        raise DomainError(
            "L’entrée est avant la naissance. Vérifiez les deux dates.", code="entry_before_birth"
        )
    one_at_a_time(REGISTER)
    others_known = [known for known in alike(traits) if known.pk not in set_apart]
    if others_known and not twins_of(traits):
        raise DomainError(
            "Une personne déjà connue ressemble à celle-ci par ses noms et sa date de naissance. "
            "Vérifiez que ce n’est pas elle.",
            code="looks_alike",
        )
    person = register(
        traits=traits, finess=establishment.finess, by=by, despite_twin=not others_known, **others
    )
    record = open_record(person=person, establishment=establishment, unit=unit, on=starts_on, by=by)
    admit(record=record, starts_on=starts_on, by=by)
    return record


@transaction.atomic
def edit_stay(*, stay: Stay, by: Professional | None, **fields: Unpack[StayChanges]) -> Stay:
    """Change a stay; to end it is to give its exit. Raises DomainError `stay_reversed` or `stays_overlap`."""
    stay = lock(stay)
    changed = apply(stay, fields, allowed=StayChanges)
    _check_order(stay, changed)
    with _alone():
        keep_changes(stay, changed, "records.stay_edited", on=stay.record_id, by=by)
    return stay


def _check_order(stay: Stay, changed: set[str]) -> None:
    """What was received reversed stays so until somebody touches one of its two dates."""
    for start, end in (("starts_on", "ends_on"), ("planned_start", "planned_end")):
        begun, ended = getattr(stay, start), getattr(stay, end)
        if {start, end} & changed and begun and ended and ended < begun:
            raise DomainError(
                "La sortie est avant l’entrée. Choisissez une date plus tardive.",
                code="stay_reversed",
                place=end,
            )


@transaction.atomic
def grant(
    *, record: Record, to: Professional, reason: str, starts_on: dt.date, ends_on: dt.date, by: Professional
) -> AccessGrant:
    """Open one record to one professional for a time, with a reason; their functions say what they do there.

    Raises DomainError `grant_without_reason`, `grant_reversed`, `grant_too_long` or `grant_to_oneself`.
    """
    if to == by:
        raise DomainError(
            "Nul ne s’ouvre un dossier à soi-même. Demandez-le à une autre personne de l’encadrement.",
            code="grant_to_oneself",
            place="to",
        )
    if not reason.strip():
        raise DomainError(
            "Dites pourquoi ce dossier est ouvert à cette personne.",
            code="grant_without_reason",
            place="reason",
        )
    if ends_on < starts_on:
        raise DomainError(
            "La fin est avant le début. Choisissez une date plus tardive.",
            code="grant_reversed",
            place="ends_on",
        )
    if ends_on - starts_on > LONGEST_GRANT:
        raise DomainError(
            "Un dossier s’ouvre pour trois mois au plus. Choisissez une fin plus proche : il se rouvre.",
            code="grant_too_long",
            place="ends_on",
        )
    given = AccessGrant.objects.create(
        record=record, professional=to, reason=reason.strip(), starts_on=starts_on, ends_on=ends_on
    )
    record_entry("records.granted", on=record.pk, by=by, facts={"to": str(to.pk)})
    return given


@transaction.atomic
def end_grant(*, given: AccessGrant, by: Professional) -> None:
    """This record is no longer open to them, at once; history keeps that it was.

    Raises DomainError `an_emergency`: that is reviewed, and stays to be read.
    """
    if given.until:
        raise DomainError("Une urgence se relit. Elle finit d’elle-même.", code="an_emergency")
    given.delete()
    record_entry("records.grant_ended", on=given.record_id, by=by, facts={"to": str(given.professional_id)})
