"""One factory a model, with traits that tell a story.

    PersonFactory(with_qualified_identity=True, protected=True)
    RecordFactory(admitted_last_month=True, with_signed_plan=True)

Built inside a tenant (fixture `body`): no factory sets a managing body, the database does. Everybody is
visibly fictional, and matricules are under the test OID.
"""

import datetime as dt
from typing import Any

import factory
from django.http import HttpRequest
from factory.django import DjangoModelFactory

from jalon.agenda.models import Event
from jalon.care.models import Family, HandoverNote
from jalon.core.identity import Traits
from jalon.documents.models import Document
from jalon.organizations.models import Establishment, ManagingBody, Structure, Unit
from jalon.people.models import (
    Consent,
    Contact,
    ParentalResponsibility,
    Person,
    ProtectionMeasure,
    Vigilance,
    ins_digest,
)
from jalon.people.queries import name_key
from jalon.plans import actions as plans
from jalon.plans.models import Action, Agreement, Expectation, Goal, Need, PersonalPlan
from jalon.records.models import AccessGrant, Record, Stay
from jalon.staff.models import Account, Function, Membership, Professional, Seat
from jalon.staff.queries import Actor, actor_of
from jalon.staff.rules import Role

TODAY = dt.date(2026, 11, 22)
NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
YESTERDAY = TODAY - dt.timedelta(days=1)
TOMORROW = TODAY + dt.timedelta(days=1)
LAST_MONTH = dt.date(2026, 10, 12)
TEST_OID = "1.2.250.1.213.1.4.10"
TEST_PASSWORD = "un-mot-de-passe-d-essai"

BIRTH_NAMES = ("FICTIF", "EXEMPLE", "ESSAI", "IMAGINAIRE", "MODÈLE", "SPÉCIMEN", "TEST-D’OC", "INVENTÉ")
FIRST_NAMES = ("Camille", "Zoé", "Hervé", "Noémie", "Anne-Lise", "Maël", "Océane", "Loïc", "Inès")


def _luhn(digits: str) -> str:
    """`digits` and its Luhn key."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    return digits + str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def finess(number: int) -> str:
    """A FINESS with a true key; department 99 does not exist."""
    return _luhn(f"99{number:06d}")


def rpps(number: int) -> str:
    """An RPPS with a true key, of the range of the national test professionals; the demonstration has the
    first half."""
    return _luhn(f"8997{500_000 + number:06d}")


def matricule(number: int) -> str:
    """A matricule of 15 characters with a true key; it names nobody (birth abroad, country 999)."""
    digits = f"2510599999{number:03d}"
    return f"{digits}{97 - int(digits) % 97:02d}"


def traits(**changes: Any) -> Traits:
    """Somebody as an agent types them, Camille FICTIF unless told."""
    said: dict[str, Any] = {
        "birth_name": "FICTIF",
        "first_name": "Camille",
        "birth_first_names": "Camille",
        "sex": "F",
        "birth_date": dt.date(1951, 5, 17),
        "birth_place": "38185",
    }
    return Traits(**(said | changes))


class ManagingBodyFactory(DjangoModelFactory[ManagingBody]):
    class Meta:
        model = ManagingBody

    name = factory.Sequence("Association Exemple {}".format)
    finess = factory.Sequence(lambda n: finess(900_000 + n))


class EstablishmentFactory(DjangoModelFactory[Establishment]):
    class Meta:
        model = Establishment

    name = factory.Sequence("Les Tilleuls {}".format)
    finess = factory.Sequence(finess)
    category = "448"


class UnitFactory(DjangoModelFactory[Unit]):
    class Meta:
        model = Unit

    establishment = factory.SubFactory(EstablishmentFactory)
    name = factory.Sequence("Verger {}".format)


class StructureFactory(DjangoModelFactory[Structure]):
    class Meta:
        model = Structure

    key = factory.Sequence(lambda n: f"1{finess(500_000 + n)}")
    name = factory.Sequence("Structure partenaire {}".format)


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    email = factory.Sequence("professionnel{}@exemple.test".format)

    @classmethod
    def _create(cls, model_class: type[Account], *args: Any, **kwargs: Any) -> Account:
        kwargs.setdefault("password", TEST_PASSWORD)
        return Account.objects.create_user(*args, **kwargs)


class SeatFactory(DjangoModelFactory[Seat]):
    class Meta:
        model = Seat

    account = factory.SubFactory(AccountFactory)
    managing_body = factory.SubFactory(ManagingBodyFactory)


class MembershipFactory(DjangoModelFactory[Membership]):
    """A role in an establishment, in force since last year."""

    class Meta:
        model = Membership

    class Params:
        starting_tomorrow = factory.Trait(starts_on=TOMORROW)
        ended_yesterday = factory.Trait(ends_on=YESTERDAY)

    professional = factory.SubFactory("tests.factories.ProfessionalFactory")
    establishment = factory.SubFactory(EstablishmentFactory)
    role = Role.EDUCATOR
    starts_on = dt.date(2025, 9, 1)


class ProfessionalFactory(DjangoModelFactory[Professional]):
    class Meta:
        model = Professional
        skip_postgeneration_save = True

    class Params:
        with_account = factory.Trait(account=factory.SubFactory(AccountFactory))
        educator = factory.Trait(work=factory.RelatedFactory(MembershipFactory, "professional"))
        nurse = factory.Trait(
            profession="60",
            job="infirmière",
            work=factory.RelatedFactory(MembershipFactory, "professional", role=Role.NURSE),
        )

    first_name = factory.Iterator(["Ada", "Basile", "Cléo", "Dora"])
    last_name = factory.Sequence("Professionnel-{}".format)
    rpps = factory.Sequence(rpps)
    key = factory.LazyAttribute(lambda one: f"8{one.rpps}")


class FunctionFactory(DjangoModelFactory[Function]):
    """What somebody of elsewhere does in a structure."""

    class Meta:
        model = Function

    professional = factory.SubFactory(ProfessionalFactory)
    structure = factory.SubFactory(StructureFactory)
    profession = "60"
    key = factory.LazyAttribute(lambda one: f"{one.professional.key} {one.structure.key}")


class ProtectionMeasureFactory(DjangoModelFactory[ProtectionMeasure]):
    class Meta:
        model = ProtectionMeasure

    person = factory.SubFactory("tests.factories.PersonFactory")
    kind = ProtectionMeasure.Kind.CURATELLE
    person_mode = ProtectionMeasure.Mode.ASSISTANCE
    goods_mode = ProtectionMeasure.Mode.ASSISTANCE
    holder = "UDAF d’Exemple"
    starts_on = dt.date(2025, 1, 15)
    ends_on = dt.date(2030, 1, 14)


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    class Params:
        trusted_person = factory.Trait(trusted=True, role="NOK")

    person = factory.SubFactory("tests.factories.PersonFactory")
    last_name = "PROCHE-FICTIF"
    first_name = factory.Sequence("Prénom-{}".format)
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.person.key}-CONTACT-{n}")


class ParentalResponsibilityFactory(DjangoModelFactory[ParentalResponsibility]):
    """Somebody of the entourage who exercises the parental authority."""

    class Meta:
        model = ParentalResponsibility

    contact = factory.SubFactory(ContactFactory)
    person = factory.SelfAttribute("contact.person")
    exercise = ParentalResponsibility.Exercise.EXERCISED


class VigilanceFactory(DjangoModelFactory[Vigilance]):
    class Meta:
        model = Vigilance

    person = factory.SubFactory("tests.factories.PersonFactory")
    kind = Vigilance.Kind.ALLERGY
    text = "allergie fictive à l’arachide"


class ConsentFactory(DjangoModelFactory[Consent]):
    class Meta:
        model = Consent

    class Params:
        opposed = factory.Trait(granted=False)

    person = factory.SubFactory("tests.factories.PersonFactory")
    purpose = Consent.Purpose.DMP_FEED
    granted = True
    decided_on = LAST_MONTH


class PersonFactory(DjangoModelFactory[Person]):
    """A person accompanied, of a provisional identity unless a trait says better."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    class Params:
        number = factory.Sequence(lambda n: n)
        with_ins = factory.Trait(
            ins=factory.LazyAttribute(lambda one: matricule(one.number % 1000)),
            ins_oid=TEST_OID,
            ins_digest=factory.LazyAttribute(lambda one: ins_digest(one.ins)),
            ins_retrieved_at=NOW,
        )
        proven = factory.Trait(proven_on=LAST_MONTH, proof="cni")
        with_retrieved_identity = factory.Trait(with_ins=True)
        with_validated_identity = factory.Trait(proven=True)
        with_qualified_identity = factory.Trait(with_ins=True, proven=True)
        minor = factory.Trait(birth_date=dt.date(2014, 3, 9))
        protected = factory.Trait(measure=factory.RelatedFactory(ProtectionMeasureFactory, "person"))
        with_trusted_person = factory.Trait(
            trusted_contact=factory.RelatedFactory(ContactFactory, "person", trusted_person=True)
        )
        with_allergy = factory.Trait(allergy=factory.RelatedFactory(VigilanceFactory, "person"))
        opposed_to_dmp = factory.Trait(
            opposition=factory.RelatedFactory(ConsentFactory, "person", opposed=True)
        )

    birth_name = factory.Iterator(BIRTH_NAMES)
    first_name = factory.Iterator(FIRST_NAMES)
    birth_first_names = factory.SelfAttribute("first_name")
    sex = "F"
    birth_date = factory.LazyAttribute(  # 1950 to 2004: of age, however many others were made before
        lambda one: dt.date(1950, 1, 1) + dt.timedelta(days=37 * one.number % 20_000)
    )
    birth_place = "38185"
    key = factory.LazyAttribute(lambda one: f"3{finess(1)}/{one.number:06d}")

    @classmethod
    def _build(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        person = model_class(**kwargs)
        person.name_key = name_key(person)
        return person

    @classmethod
    def _create(cls, model_class: type[Person], *args: Any, **kwargs: Any) -> Person:
        person = cls._build(model_class, *args, **kwargs)
        person.save(force_insert=True)
        return person


class StayFactory(DjangoModelFactory[Stay]):
    class Meta:
        model = Stay

    record = factory.SubFactory("tests.factories.RecordFactory")
    admitted_on = LAST_MONTH
    starts_on = LAST_MONTH
    mode = "46"
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.record.person.key}-SEJOUR-{n}")


class PlanFactory(DjangoModelFactory[PersonalPlan]):
    """A plan in preparation; ready: all that its signature demands; signed: by the real use case."""

    class Meta:
        model = PersonalPlan
        skip_postgeneration_save = True

    class Params:
        ready = factory.Trait(
            hope=factory.RelatedFactory("tests.factories.ExpectationFactory", "plan"),
            aim=factory.RelatedFactory("tests.factories.GoalFactory", "plan"),
            accord=factory.RelatedFactory("tests.factories.AgreementFactory", "plan"),
        )
        signed = factory.Trait(ready=True, signature=factory.PostGeneration(lambda *told: _sign(*told)))

    record = factory.SubFactory("tests.factories.RecordFactory")
    title = "Projet d’essai"
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.record.person.key}-PPER-{n}")


def _sign(plan: PersonalPlan, create: bool, extracted: Any, **changes: Any) -> None:
    by = changes.get("by") or ProfessionalFactory.create()
    plans.sign(plan=plan, by=by, now=changes.get("now", NOW))
    plan.refresh_from_db()


class _PartFactory(DjangoModelFactory[Any]):
    class Meta:
        abstract = True

    plan = factory.SubFactory(PlanFactory)


class ExpectationFactory(_PartFactory):
    class Meta:
        model = Expectation

    description = "Retourner au marché le samedi."
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.plan.record.person.key}-ATTE-{n}")


class NeedFactory(_PartFactory):
    class Meta:
        model = Need

    description = "Être accompagnée dans ses déplacements."
    category = "1.3.3.1"
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.plan.record.person.key}-BESO-{n}")


class GoalFactory(_PartFactory):
    class Meta:
        model = Goal

    title = "Aller au marché seule"
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.plan.record.person.key}-OBJE-{n}")


class ActionFactory(_PartFactory):
    class Meta:
        model = Action

    title = "Apprendre le trajet en bus"
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.plan.record.person.key}-ACTI-{n}")


class AgreementFactory(_PartFactory):
    """The person's agreement, in their words."""

    class Meta:
        model = Agreement

    side = Agreement.Side.PERSON
    signed_at = NOW
    words = "Oui, c’est ce que je veux."
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.plan.record.person.key}-ACCORD-{n}")


class RecordFactory(DjangoModelFactory[Record]):
    class Meta:
        model = Record
        skip_postgeneration_save = True

    class Params:
        in_a_unit = factory.Trait(
            unit=factory.SubFactory(UnitFactory, establishment=factory.SelfAttribute("..establishment"))
        )
        admitted_last_month = factory.Trait(
            opened_on=LAST_MONTH, stay=factory.RelatedFactory(StayFactory, "record")
        )
        with_signed_plan = factory.Trait(
            signed_plan=factory.RelatedFactory(PlanFactory, "record", signed=True)
        )

    person = factory.SubFactory(PersonFactory)
    establishment = factory.SubFactory(EstablishmentFactory)
    opened_on = LAST_MONTH


class AccessGrantFactory(DjangoModelFactory[AccessGrant]):
    """A grant in force this week."""

    class Meta:
        model = AccessGrant

    class Params:
        starting_tomorrow = factory.Trait(starts_on=TOMORROW)
        ended_yesterday = factory.Trait(ends_on=YESTERDAY)

    record = factory.SubFactory(RecordFactory)
    professional = factory.SubFactory(ProfessionalFactory)
    reason = "remplacement de nuit"
    starts_on = TODAY - dt.timedelta(days=3)
    ends_on = TODAY + dt.timedelta(days=3)


class DocumentFactory(DjangoModelFactory[Document]):
    """The row of a document; its bytes are stored by whoever reads them."""

    class Meta:
        model = Document

    record = factory.SubFactory(RecordFactory)
    source = Document.Source.OWN
    type_code = "11490-0"
    title = "Document d’essai"
    written_at = NOW
    media_type = "application/pdf"
    sha256 = "0" * 64
    size = 0
    unique_id = factory.Sequence("1.2.250.1.999.1.{}".format)
    set_id = factory.SelfAttribute("unique_id")


class HandoverNoteFactory(DjangoModelFactory[HandoverNote]):
    class Meta:
        model = HandoverNote

    class Params:
        of_health = factory.Trait(family=Family.HEALTH, text="A mal dormi, tension à surveiller.")

    record = factory.SubFactory(RecordFactory)
    author = factory.SubFactory(ProfessionalFactory)
    written_at = NOW
    family = Family.DAILY
    text = "A participé à l’atelier cuisine."


class EventFactory(DjangoModelFactory[Event]):
    class Meta:
        model = Event

    record = factory.SubFactory(RecordFactory)
    label = "Sortie au marché"
    starts_at = NOW
    ends_at = NOW + dt.timedelta(hours=2)
    key = factory.LazyAttributeSequence(lambda one, n: f"{one.record.person.key}-EVN-{n}")


def actor_for(professional: Professional, on: dt.date) -> Actor:
    """The professional as the gate sees them that day, by an account of their own."""
    if professional.account is None:
        professional.account = AccountFactory.create()
        professional.save()
    found = actor_of(professional.account, dt.datetime.combine(on, dt.time(12), tzinfo=dt.UTC))
    assert found, "nobody in activity"
    return found


def actor(
    role: str = Role.EDUCATOR,
    *,
    establishment: Establishment | None = None,
    unit: Unit | None = None,
    on: dt.date = TODAY,
    **period: Any,
) -> Actor:
    """A new professional with this role there, as the gate sees them on that day."""
    house = establishment or (unit.establishment if unit else EstablishmentFactory.create())
    work = MembershipFactory.create(role=role, establishment=house, unit=unit, **period)
    return actor_for(work.professional, on)


def asked_by(somebody: Actor, on: dt.date = TODAY) -> Any:
    """What a view receives from this professional that day."""
    request: Any = HttpRequest()
    request.actor, request.today = somebody, on
    return request
