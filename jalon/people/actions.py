"""Use cases on identities, entourage and consents."""

import datetime as dt
from dataclasses import replace
from typing import Unpack

from django.db import transaction

from jalon.audit.actions import keep_changes, record_entry
from jalon.core.errors import DomainError
from jalon.core.identity import Ins, Traits
from jalon.core.text import one_line
from jalon.db.changes import apply, lock
from jalon.db.keyed import draw_key
from jalon.db.locks import one_at_a_time
from jalon.people.changes import (
    ContactChanges,
    MeasureChanges,
    ParentChanges,
    PersonChanges,
    PersonDetails,
    VigilanceChanges,
)
from jalon.people.models import (
    Consent,
    Contact,
    ParentalResponsibility,
    Person,
    ProtectionMeasure,
    Vigilance,
)
from jalon.people.queries import by_ins, name_key
from jalon.people.rules import PROOFS, check_name, differences, tidied
from jalon.people.search import twins_of
from jalon.staff.models import Professional

# The seven strict traits (RNIV 1), and what goes with two of them.
STRICT = {
    "ins",
    "ins_oid",
    "birth_name",
    "first_name",
    "birth_first_names",
    "sex",
    "birth_date",
    "birth_date_precision",
    "birth_place",
}
REGISTER = "register"  # one at a time in a managing body: a slip of the date is a twin too
PHOTO = ("photo_sha256", "photo_agreed_by", "photo_agreed_on")
NAMES = {"birth_name", "first_name", "birth_first_names", "used_name", "used_first_name"}


@transaction.atomic
def register(
    *,
    traits: Traits,
    finess: str,
    by: Professional | None,
    key: str = "",
    despite_twin: bool = False,
    **others: Unpack[PersonDetails],
) -> Person:
    """Create an identity, provisional (SC.INS/va1.45).

    Raises DomainError `already_known` when somebody with the same traits exists, unless a person decided
    `despite_twin`: a duplicate is refused before it exists, even asked for twice at the same instant.
    """
    traits = tidied(traits)
    one_at_a_time(REGISTER)
    if not despite_twin and twins_of(traits):
        raise DomainError(
            "Cette personne est déjà connue. Ouvrez son dossier au lieu d’en créer un second.",
            code="already_known",
        )
    person = Person()
    apply(person, others, allowed=PersonDetails)
    person.take_traits(traits)
    person.key = key or f"3{finess}/{person.pk.hex[-12:]}"
    _save(person)
    record_entry("people.registered", on=person.pk, by=by)
    return person


def _save(person: Person) -> None:
    """Save, then read the status that the database derives from what was saved."""
    person.name_key = name_key(person)
    person.save()
    person.refresh_from_db(fields=["identity_status"])


@transaction.atomic
def show_face(
    *, person: Person, photo: str, agreed_by: str, agreed_on: dt.date, by: Professional, today: dt.date
) -> Person:
    """Show a photo of the person, kept under this digest, in place of the former one.

    `agreed_by`: the person, or whoever represents them (Code civil, art. 9). Raises DomainError
    `photo_not_agreed`.
    """
    person = lock(person)
    agreed_by = one_line(agreed_by)
    if not agreed_by or agreed_on > today:
        raise DomainError(
            "Une photo se montre avec un accord : dites qui l’a donné, et quel jour.",
            code="photo_not_agreed",
            place="photo_agreed_on" if agreed_by else "photo_agreed_by",
        )
    person.photo_sha256, person.photo_agreed_by, person.photo_agreed_on = photo, agreed_by, agreed_on
    person.save(update_fields=PHOTO)
    record_entry("people.photo_shown", on=person.pk, by=by)
    return person


@transaction.atomic
def hide_face(*, person: Person, by: Professional) -> Person:
    """Show the photo no more; nothing to do when there is none."""
    person = lock(person)
    if person.photo_sha256:
        person.photo_sha256, person.photo_agreed_by, person.photo_agreed_on = "", "", None
        person.save(update_fields=PHOTO)
        record_entry("people.photo_hidden", on=person.pk, by=by)
    return person


@transaction.atomic
def edit(*, person: Person, by: Professional | None, **fields: Unpack[PersonChanges]) -> Person:
    """Change what is known of a person.

    A strict trait is refused on an identity that is retrieved or qualified (SC.INS/va1.18): the INS vouches
    for it. On the others it drops the proof, which was of the former trait.
    """
    person = lock(person)
    changed = apply(person, fields, allowed=PersonChanges)
    for name in changed & NAMES:
        check_name(getattr(person, name), name)
    if changed & STRICT and person.ins_digest:
        raise DomainError(
            "Les traits stricts viennent de l’INS et ne se modifient pas ici. "
            "Signalez l’erreur à la référente identitovigilance.",
            code="strict_traits_locked",
        )
    changed |= _one_death(person, changed)
    if {"died_on", "birth_date"} & changed and _dies_before_birth(person):
        raise DomainError(
            "Le décès est avant la naissance. Vérifiez les deux dates.",
            code="death_before_birth",
            place="died_on",
        )
    if changed & STRICT:
        person.proven_on, person.proof = None, ""
    person.name_key = name_key(person)
    keep_changes(person, changed, "people.edited", by=by)
    person.refresh_from_db(fields=["identity_status"])
    return person


def _one_death(person: Person, changed: set[str]) -> set[str]:
    """A death has its day or says that nobody knows it: what was told last holds. What that changed."""
    if "died_on" in changed and person.died_on and person.death_reported:
        person.death_reported = False
        return {"death_reported"}
    if "death_reported" in changed and person.death_reported and person.died_on:
        person.died_on, person.died_on_precision = None, "day"
        return {"died_on", "died_on_precision"}
    return set()


def _dies_before_birth(person: Person) -> bool:
    return bool(person.died_on and person.birth_date and person.died_on < person.birth_date)


@transaction.atomic
def attach_ins(
    *, person: Person, ins: Ins, official: Traits, by: Professional | None, now: dt.datetime
) -> Person:
    """Record the INS that INSi returned for this person (answer 00): *récupérée*, or *qualifiée* when proven.

    Raises DomainError `doubtful_identity` (SC.INS/va1.44), `traits_differ` when the traits known here
    disagree with the official ones, `ins_already_known` when somebody else has it: a person decides.
    """
    person = lock(person)
    if person.doubtful or person.fictitious:
        raise DomainError(
            "Une identité douteuse ou fictive ne peut pas porter d’INS.", code="doubtful_identity"
        )
    if fields := differences(person.traits, official):
        raise DomainError(
            f"Les traits diffèrent de ceux de l’INS : {', '.join(fields)}. Vérifiez la pièce d’identité.",
            code="traits_differ",
        )
    if by_ins(ins.matricule).exclude(pk=person.pk).exists():
        raise DomainError(
            "Une autre personne porte déjà cette INS : c’est peut-être la même. "
            "Signalez le doublon à la référente identitovigilance.",
            code="ins_already_known",
        )
    # INSi may give no place: ours then stays.
    person.take_traits(replace(official, birth_place=official.birth_place or person.birth_place))
    person.take_ins(ins, now)
    _save(person)
    record_entry("people.ins_attached", on=person.pk, by=by)
    return person


@transaction.atomic
def prove_identity(*, person: Person, proof: str, by: Professional | None, today: dt.date) -> Person:
    """A high-confidence document was seen (SC.INS/va1.26): *validée*, or *qualifiée* with the INS."""
    if proof not in PROOFS:
        raise DomainError(
            "Cette pièce ne prouve pas une identité. Choisissez une pièce de la liste.", code="weak_proof"
        )
    person = lock(person)
    if person.doubtful or person.fictitious:
        raise DomainError(
            "Une identité douteuse ou fictive ne se prouve pas. Levez d’abord le doute.",
            code="doubtful_identity",
        )
    person.proven_on, person.proof = today, proof
    _save(person)
    record_entry("people.identity_proven", on=person.pk, by=by, facts={"proof": proof})
    return person


@transaction.atomic
def doubt(*, person: Person, by: Professional | None, doubtful: bool) -> Person:
    """Set or lift a doubt. A doubtful identity loses its INS and its proof (SC.INS/va1.20, va1.44)."""
    person = lock(person)
    person.doubtful = doubtful
    if doubtful:
        person.drop_ins()
        person.proven_on, person.proof = None, ""
    _save(person)
    record_entry("people.doubted" if doubtful else "people.doubt_lifted", on=person.pk, by=by)
    return person


@transaction.atomic
def keep_contact(
    *, person: Person, contact: Contact | None, by: Professional | None, **fields: Unpack[ContactChanges]
) -> Contact:
    """Add a contact, or change one."""
    contact = lock(contact) if contact else Contact(person=person)
    contact.key = contact.key or draw_key(person.key, "CONTACT", contact.pk)
    changed = apply(contact, fields, allowed=ContactChanges)
    if not (contact.last_name or contact.first_name):
        raise DomainError(
            "Un contact a un nom ou un prénom. Complétez l’un des deux.",
            code="contact_without_name",
            place="last_name",
        )
    keep_changes(contact, changed, "people.contact_kept", on=person.pk, by=by)
    return contact


@transaction.atomic
def keep_measure(
    *,
    person: Person,
    measure: ProtectionMeasure | None,
    by: Professional | None,
    **fields: Unpack[MeasureChanges],
) -> ProtectionMeasure:
    """Add a legal protection, or settle what one says.

    Raises DomainError `measure_reversed`, or `foreign_contact` when the holder is nobody of the entourage.
    """
    measure = lock(measure) if measure else ProtectionMeasure(person=person)
    changed = apply(measure, fields, allowed=MeasureChanges)
    if "contact" in changed and measure.contact:
        _of_the_entourage(person, measure.contact)
        measure.holder = measure.holder or str(measure.contact)
    _in_order(measure, "measure_reversed")
    keep_changes(measure, changed, "people.measure_kept", on=person.pk, by=by)
    return measure


@transaction.atomic
def keep_parent(
    *,
    person: Person,
    parent: ParentalResponsibility | None,
    by: Professional | None,
    **fields: Unpack[ParentChanges],
) -> ParentalResponsibility:
    """Say who exercises the parental authority. Raises DomainError `parent_reversed` or `foreign_contact`."""
    parent = lock(parent) if parent else ParentalResponsibility(person=person, contact=fields["contact"])
    changed = apply(parent, fields, allowed=ParentChanges)
    _of_the_entourage(person, parent.contact)
    _in_order(parent, "parent_reversed")
    keep_changes(parent, changed, "people.parent_kept", on=person.pk, by=by)
    return parent


def _of_the_entourage(person: Person, contact: Contact) -> None:
    if contact.person_id != person.pk:
        raise DomainError(
            "Cette personne n’est pas de l’entourage. Ajoutez-la d’abord.",
            code="foreign_contact",
            place="contact",
        )


def _in_order(row: ProtectionMeasure | ParentalResponsibility, code: str) -> None:
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise DomainError(
            "La fin est avant le début. Choisissez une date plus tardive.", code=code, place="ends_on"
        )


@transaction.atomic
def warn(*, person: Person, kind: str, text: str, by: Professional | None) -> Vigilance:
    """Add a vigilance to every page and document of the person.

    Raises DomainError `vigilance_empty`, `unknown_kind`, or `vigilance_known` when the same one is in force.
    """
    one_at_a_time(f"warn {person.pk}")
    vigilance = Vigilance(person=person)
    apply(vigilance, {"kind": kind, "text": text}, allowed=VigilanceChanges)
    _check_vigilance(vigilance)
    vigilance.save()
    record_entry("people.vigilance_added", on=person.pk, by=by, facts={"kind": kind})
    return vigilance


@transaction.atomic
def edit_vigilance(
    *, vigilance: Vigilance, by: Professional | None, **fields: Unpack[VigilanceChanges]
) -> Vigilance:
    """Correct a vigilance in force. Raises DomainError as `warn`, or `vigilance_ended`."""
    vigilance = lock(vigilance)
    _check_in_force(vigilance)
    changed = apply(vigilance, fields, allowed=VigilanceChanges)
    _check_vigilance(vigilance)
    keep_changes(vigilance, changed, "people.vigilance_edited", on=vigilance.person_id, by=by)
    return vigilance


@transaction.atomic
def end_vigilance(*, vigilance: Vigilance, reason: str, by: Professional | None) -> Vigilance:
    """End a vigilance: it leaves every page, and stays in the history with the reason.

    Raises DomainError `end_without_reason` or `vigilance_ended`.
    """
    vigilance = lock(vigilance)
    _check_in_force(vigilance)
    vigilance.active, vigilance.end_reason = False, one_line(reason, "end_reason")
    if not vigilance.end_reason:
        raise DomainError(
            "Dites pourquoi cette vigilance prend fin.", code="end_without_reason", place="end_reason"
        )
    vigilance.save()
    record_entry("people.vigilance_ended", on=vigilance.person_id, by=by, facts={"kind": vigilance.kind})
    return vigilance


def _check_in_force(vigilance: Vigilance) -> None:
    if not vigilance.active:
        raise DomainError("Cette vigilance a déjà pris fin. Ajoutez-en une autre.", code="vigilance_ended")


def _check_vigilance(vigilance: Vigilance) -> None:
    if vigilance.kind not in Vigilance.Kind.values:
        raise DomainError("Choisissez la nature dans la liste.", code="unknown_kind", place="kind")
    if not vigilance.text:
        raise DomainError("Dites ce qu’il faut savoir.", code="vigilance_empty", place="text")
    same = Vigilance.objects.filter(
        person=vigilance.person_id, kind=vigilance.kind, text=vigilance.text, active=True
    )
    if same.exclude(pk=vigilance.pk).exists():
        raise DomainError("Cette vigilance est déjà notée.", code="vigilance_known", place="text")


@transaction.atomic
def decide(*, person: Person, purpose: str, granted: bool, on: dt.date, by: Professional | None) -> Consent:
    """Record what the person accepts or opposes. The former decision stays in the history."""
    consent = Consent.objects.create(person=person, purpose=purpose, granted=granted, decided_on=on)
    record_entry("people.consent", on=person.pk, by=by, facts={"purpose": purpose, "granted": granted})
    return consent


def opposes(person: Person, purpose: str) -> bool:
    """Does the latest decision refuse this purpose? Silence is not opposition (L.1111-15 CSP)."""
    latest = Consent.objects.filter(person=person, purpose=purpose).first()
    return latest is not None and not latest.granted
