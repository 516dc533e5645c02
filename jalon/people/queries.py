"""What is read of people: vigilances, who represents them and signs, the person of a matricule."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from jalon.core.dates import MAJORITY, age
from jalon.core.names import fold
from jalon.db.compiled import compiled, param, uuids
from jalon.people.models import (
    HAS_INS,
    Contact,
    ParentalResponsibility,
    Person,
    ProtectionMeasure,
    Vigilance,
    ins_digest,
)
from jalon.people.rules import VIGILANCES, represents
from jalon.people.signature import WITHOUT_EFFECT, Act, Protection, Signature, signature_rule

NAME_KEY_LENGTH: int = Person._meta.get_field("name_key").max_length or 0


def vigilances_of(people: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Vigilance]]:
    """The points of vigilance in force of each of these people, what can kill first."""
    found: dict[uuid.UUID, list[Vigilance]] = defaultdict(list)
    for vigilance in gravest_first(_vigilances().all(people=list(people))):
        found[vigilance.person_id].append(vigilance)
    return found


def gravest_first(rows: Iterable[Vigilance]) -> list[Vigilance]:
    """Points of vigilance, what can kill first."""
    return sorted(rows, key=lambda row: VIGILANCES.index(row.kind))


@compiled
def _vigilances() -> QuerySet[Vigilance]:
    return Vigilance.objects.filter(person__in=uuids("people"), active=True).order_by("pk")


def vigilances_told(person: str) -> ArraySubquery:
    """The points of vigilance in force of the person at the end of this path, beside the row it begins at."""
    found = Vigilance.objects.filter(person=OuterRef(person), active=True).order_by("pk")
    return ArraySubquery(found.values(told=JSONObject(kind="kind", text="text")))


def for_a_page(person: Person, vigilances: Iterable[dict[str, str]]) -> Person:
    """The person as the pages of their record show them: `contacts.all()`, read once, and `vigilances.all()`,
    those `vigilances_told`, are kept as a prefetch keeps them.
    """
    kept: Any = person
    kept._prefetched_objects_cache = {}
    told = [Vigilance(person=person, **one) for one in vigilances]
    for name, found in (("contacts", _contacts().all(person=person.pk)), ("vigilances", told)):
        rows = getattr(person, name).all()
        rows._result_cache = found
        kept._prefetched_objects_cache[name] = rows
    return person


@compiled
def _contacts() -> QuerySet[Contact]:
    return Contact.objects.filter(person_id=param("person"))


def by_ins(matricule: str) -> QuerySet[Person]:
    """The person of this matricule, found by its keyed hash (15 characters, key already checked)."""
    return Person.objects.filter(HAS_INS, ins_digest=ins_digest(matricule))


def name_key(person: Person) -> str:
    """What sorts and finds a person: the names in use, then every other name (SC.INS/va1.19).

    Two spaces keep the others from disturbing the order: « martin anne » comes before « martin anne lise ».
    """
    key = sort_key(person.usual_name, person.usual_first_name)
    for name in (person.birth_name, person.birth_first_names, person.first_name):
        said = fold(name).lower()
        if f" {said} " not in f" {key} ":
            key = f"{key}  {said}"
    return key[:NAME_KEY_LENGTH]


def sort_key(name: str, first_name: str) -> str:
    """Folded, lower-case: French order without ICU."""
    return f"{fold(name)} {fold(first_name)}".strip().lower()


def representatives(person: Person, on: dt.date) -> tuple[list[Contact], list[ProtectionMeasure]]:
    """Who represents the person that day, by coded facts alone: contacts, and measures with their holder.

    A measure represents when its decision says so; one that assists, or is to be verified, does not.
    """
    contacts = [one for one in person.contacts.all() if represents(one.role, one.protection)]
    measures = [
        one
        for one in measures_in_force(person, on)
        if one.holder and REPRESENTATION in (one.person_mode, one.goods_mode)
    ]
    return contacts, measures


REPRESENTATION = ProtectionMeasure.Mode.REPRESENTATION


def measures_in_force(person: Person, on: dt.date) -> list[ProtectionMeasure]:
    """The measures of protection that hold that day, each with who holds it."""
    return _measures().all(person=person.pk, day=on)


@compiled
def _measures() -> QuerySet[ProtectionMeasure]:
    lasts = Q(ends_on__isnull=True) | Q(ends_on__gte=param("day"))
    held = ProtectionMeasure.objects.filter(lasts, person_id=param("person"), starts_on__lte=param("day"))
    return held.select_related("contact").order_by("starts_on", "pk")


def parents_in_force(person: Person, on: dt.date) -> list[ParentalResponsibility]:
    """Those who exercise the parental authority that day."""
    rows = person.parents.select_related("contact").order_by("pk")
    exercised = ParentalResponsibility.Exercise.EXERCISED
    return [one for one in rows if one.exercise == exercised and _holds(one, on)]


def _holds(row: ParentalResponsibility, on: dt.date) -> bool:
    return (row.starts_on is None or row.starts_on <= on) and (row.ends_on is None or on <= row.ends_on)


@dataclass(frozen=True)
class Signers:
    """Who may be asked to sign an act: the person, people of the entourage; `rule`: why, or what lacks."""

    person: bool
    contacts: tuple[Contact, ...]
    rule: Signature

    def missing(self, signed: Collection[uuid.UUID | None]) -> list[str]:
        """Whose signature the rule still asks for, in French; `signed`: contacts, None for the person."""
        asked = ["la personne"] if self.person and None not in signed else []
        waited = [str(one) for one in self.contacts if one.pk not in signed]
        if "parents" in self.rule.signers:
            return asked + waited
        if set(self.rule.signers) - {"person"} and len(waited) == len(self.contacts):
            asked.append(" ou ".join(waited) or "le titulaire de la mesure, à noter page Entourage")
        return asked


def signers(person: Person, act: Act, on: dt.date) -> tuple[Signers, Signers]:
    """Whom the rule names for this act that day: when the person may express a will, and when they may not.

    Nobody else is ever offered to sign.
    """
    years = age(person.birth_date, on) if person.birth_date else None
    measures = measures_in_force(person, on)
    parents = parents_in_force(person, on) if years is not None and years < MAJORITY else []

    def named(*, able: bool) -> Signers:
        protections = [Protection(one.kind, one.person_mode, one.goods_mode) for one in measures]
        rule = signature_rule(act, protections, len(parents), years, able=able)
        holders = [one.contact for one in measures if one.contact and one.kind not in WITHOUT_EFFECT]
        contacts = holders if "holder" in rule.signers else []
        if {"parent", "parents"} & set(rule.signers):
            contacts = [one.contact for one in parents]
        return Signers("person" in rule.signers, tuple(contacts), rule)

    return named(able=True), named(able=False)
