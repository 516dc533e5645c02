"""Documents are made of what was signed: whatever the record becomes, they say the same, to the byte."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection, models
from django.utils import timezone

from jalon.exchange.compose.parcel import class_of
from jalon.exchange.outbox.papers import paper_of, paper_of_type, papers
from jalon.exchange.outbox.papers.plan import PAPER
from jalon.formats.cda import reader, writer
from jalon.organizations.models import Establishment, ManagingBody, SettingValue
from jalon.organizations.settings import TIME_ZONE
from jalon.people import actions as people
from jalon.people.models import Contact, Person, ProtectionMeasure
from jalon.plans.actions import agree, sign
from jalon.plans.models import Action, Agreement, Expectation, Goal, Need, PersonalPlan, PlanVersion
from jalon.staff.models import Professional
from jalon.terminology import value_set
from tests.exchange import world as worlds
from tests.factories import (
    ActionFactory,
    ContactFactory,
    EstablishmentFactory,
    NeedFactory,
    PlanFactory,
    ProtectionMeasureFactory,
    RecordFactory,
    matricule,
)
from tests.formats.pdf_text import pages

pytestmark = pytest.mark.django_db
EVERYTHING: tuple[type[models.Model], ...] = (
    Person, Contact, ProtectionMeasure, Establishment, Professional, PersonalPlan, Expectation, Need, Goal,
    Action, Agreement,
)  # fmt: skip
KEPT_APART = {"ins", "ins_oid", "ins_digest", "received"}  # RNIV decides on an INS: see the last tests


@pytest.fixture
def version(body: ManagingBody) -> PlanVersion:
    """A signed plan that says something of everything a document may show."""
    house = EstablishmentFactory.create(
        name="Foyer d’Essai", sector="SA16", category="437", phone="0199000000"
    )
    person = worlds.person(used_name="ESSAI", address_line="2 rue de l’Exemple", city="Rennes", phone="0199")
    tutor = ContactFactory.create(
        person=person, last_name="Tuteur", first_name="Anne", role="GUARD", phone="06"
    )
    ProtectionMeasureFactory.create(
        person=person, kind="tutelle", person_mode="representation", holder="UDAF d’Exemple", contact=tutor
    )
    plan = PlanFactory.create(
        record=RecordFactory.create(person=person, establishment=house), ready=True, description="Sa vie."
    )
    NeedFactory.create(plan=plan)
    goal = plan.goals.first()
    Goal.objects.filter(pk=goal.pk).update(responsible=worlds.professional(), description="Le samedi.")
    ActionFactory.create(plan=plan, goal_keys=[goal.key], responsible=worlds.professional())
    agree(plan=plan, side="usager", now=timezone.now(), by=None, contact=tutor, words="Avec elle.")
    return sign(plan=plan, by=worlds.professional(), now=timezone.now())


def made(version: PlanVersion) -> tuple[bytes, bytes]:
    """The file and the clinical document, from the row alone."""
    again = PlanVersion.objects.get(pk=version.pk)
    pdf = PAPER.pdf(again)
    clinical = PAPER.clinical(again, pdf)
    return pdf, writer.write(clinical) if clinical else b""


def other(field: "models.Field[Any, Any]") -> Any:
    """Another value for a column; None for one that this test leaves."""
    if field.choices or field.is_relation or field.primary_key or field.name in KEPT_APART:
        return None
    if isinstance(field, models.DateTimeField):
        return dt.datetime(2001, 2, 3, 4, 5, tzinfo=dt.UTC)
    if isinstance(field, models.DateField):
        return dt.date(2001, 2, 3)
    if isinstance(field, (models.CharField, models.TextField)) and not field.name.endswith("_precision"):
        return "Z9"[: field.max_length]
    return None


def edit_everything() -> None:
    for model in EVERYTHING:
        fields = [field for field in model._meta.concrete_fields if not field.generated and not field.unique]
        changes = {field.name: value for field in fields if (value := other(field)) is not None}
        if "key" in changes or "rpps" in changes:  # keys are unique, and for life
            changes.pop("key", None)
            changes.pop("rpps", None)
        assert changes, model
        model._default_manager.update(**changes)
    Goal.objects.update(status="TERMINE")
    Person.objects.update(sex="M")
    for house in Establishment.objects.all():
        SettingValue.objects.create(establishment=house, name=TIME_ZONE.name, value="Indian/Reunion")


def test_the_same_version_gives_the_same_bytes_each_time(version: PlanVersion) -> None:
    assert made(version) == made(version)


def test_whatever_is_edited_after_the_signature_the_documents_do_not_change(version: PlanVersion) -> None:
    before = made(version)
    edit_everything()
    assert made(version) == before
    Action.objects.all().delete()
    Goal.objects.all().delete()
    Agreement.objects.all().delete()
    ProtectionMeasure.objects.all().delete()
    Contact.objects.all().delete()
    assert made(version) == before


def test_the_document_says_what_was_signed(version: PlanVersion) -> None:
    edit_everything()
    pdf, cda = made(version)
    text = "".join(pages(pdf)).replace("\xa0", " ")
    for words in ("Foyer d’Essai", "FICTIF", "ESSAI", "Sa vie.", "Le samedi.", "Anne Tuteur", "Avec elle."):
        assert words in text
    assert str(version.signed_by) in text
    read = reader.read(cda).patient
    assert [one.person.family for one in read.guardians if one.person] == ["Tuteur"]
    assert [one.organization.name for one in read.guardians if one.organization] == ["UDAF d’Exemple"]


def test_the_signed_header_holds_the_matricule_encrypted(version: PlanVersion) -> None:
    assert PlanVersion.objects.get().header["person"]["ins"] == matricule(worlds.CAMILLE)
    with connection.cursor() as cursor:
        cursor.execute("select header, content::text from plans_planversion")
        assert all(matricule(worlds.CAMILLE) not in column for column in cursor.fetchone())


def test_the_dates_of_an_agreement_are_among_what_was_signed(version: PlanVersion) -> None:
    assert {"valid_from", "valid_until", "professional", "contact"} <= version.content["agreements"][0].keys()


# --- versions signed before 0.2 -----------------------------------------------------------------------------


def as_before(version: PlanVersion) -> PlanVersion:
    """The same version as the former schema kept it: no header, identifiers without names, no dates."""
    lost = {"responsible", "professional", "contact", "valid_from", "valid_until"}
    content = {
        name: [{key: one[key] for key in one if key not in lost} for one in part] if name in PARTS else part
        for name, part in version.content.items()
    }
    return PlanVersion.objects.create(
        plan=version.plan, number=version.number + 1, signed_at=version.signed_at,
        signed_by=version.signed_by, content=content,
    )  # fmt: skip


PARTS = {"expectations", "needs", "goals", "actions", "agreements"}


def test_a_version_signed_before_is_still_made_of_its_own_text(version: PlanVersion) -> None:
    former = as_before(version)
    assert former.header == {}
    said = pages(made(former)[0])
    assert "".join(said).replace("version 2", "version 1").replace("Version 2", "Version 1") == "".join(
        pages(made(version)[0])
    )
    Goal.objects.update(title="Tout autre chose", responsible=None)
    PersonalPlan.objects.update(title="Autre titre")
    Establishment.objects.update(phone="01 99 99 99 99")
    text = "".join(pages(made(former)[0]))
    assert "Tout autre chose" not in text
    assert "Autre titre" not in text
    assert "01 99 99 99 99" in text, "what the former schema never kept is read where it is"


# --- what RNIV decides --------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.INS/va1.53")
def test_an_ins_taken_back_since_the_signature_is_told_to_nobody_any_more(version: PlanVersion) -> None:
    before = made(version)[1]
    assert reader.read(before).patient.ins is not None
    people.doubt(person=Person.objects.get(), by=None, doubtful=True)
    pdf, cda = made(version)
    assert matricule(worlds.CAMILLE).encode() not in cda
    assert matricule(worlds.CAMILLE) not in "".join(pages(pdf)).replace(" ", "").replace("\xa0", "")
    assert reader.read(cda).patient.birth_name == reader.read(before).patient.birth_name == "FICTIF"


@pytest.mark.requirement("SC.INS/va1.53")
def test_an_ins_found_since_the_signature_is_not_among_what_was_signed(body: ManagingBody) -> None:
    plan = PlanFactory.create(
        record=RecordFactory.create(person=worlds.person(with_qualified_identity=False)), ready=True
    )
    version = sign(plan=plan, by=worlds.professional(), now=timezone.now())
    before = made(version)
    facts = {
        "ins": matricule(7),
        "ins_oid": worlds.TEST_OID,
        "ins_digest": "ab",
        "proven_on": dt.date(2026, 1, 1),
    }
    Person.objects.update(**facts, proof="cni", ins_retrieved_at=timezone.now())
    assert Person.objects.get().is_qualified
    assert made(version) == before


# --- the types of document ----------------------------------------------------------------------------------


def test_every_type_of_document_is_one_that_the_services_know() -> None:
    for one in papers():
        assert value_set("JDV_J07").get(one.type_code).display
        assert class_of(one.type_code).code
        assert not one.leaves or value_set("JDV_J66").get(one.type_code)
        assert paper_of_type(one.type_code) is one
    assert len({one.source for one in papers()}) == len(papers()), "a row makes one type of document"


def test_a_row_finds_the_document_it_is_made_into(version: PlanVersion) -> None:
    assert paper_of(version) is PAPER
    assert paper_of_type("inconnu") is None
