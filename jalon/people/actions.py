"""Use cases on identities, entourage and consents."""

import datetime as dt
from dataclasses import replace
from typing import Unpack

from django.db import transaction

from jalon.audit.actions import keep_changes, record_entry
from jalon.core.errors import DomainError
from jalon.core.identity import Ins, Traits
from jalon.db.changes import apply, lock
from jalon.db.keyed import draw_key
from jalon.db.locks import one_at_a_time
from jalon.people.changes import ContactChanges, PersonChanges, PersonDetails
from jalon.people.models import Consent, Contact, Person, Vigilance
from jalon.people.queries import by_ins, name_key, twins_of
from jalon.people.rules import PROOFS, check_name, differences, tidied
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
def warn(*, person: Person, kind: str, text: str, by: Professional | None) -> Vigilance:
    """Add a vigilance to every page and document of the person."""
    vigilance = Vigilance.objects.create(person=person, kind=kind, text=text)
    record_entry("people.vigilance_added", on=person.pk, by=by, facts={"kind": kind})
    return vigilance


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
