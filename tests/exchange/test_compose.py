"""What we write of a person, a house and a professional, and what a delivery is made of."""

import datetime as dt
import io
import zipfile
from typing import Any

import pytest
from django.utils import timezone
from lxml import etree

from jalon.exchange.compose import parcel as parcels
from jalon.exchange.compose import people
from jalon.exchange.compose.identifiers import oid
from jalon.exchange.models import Delivery
from jalon.exchange.outbox import publish
from jalon.exchange.outbox.papers.plan import PAPER
from jalon.formats import mime, xds, xml
from jalon.formats.cda import header, reader
from jalon.formats.cda.received import ReadDocument
from jalon.formats.xdm import package
from jalon.formats.xds.model import REPLACES
from jalon.formats.xdsig import Signer
from jalon.organizations.models import Establishment
from jalon.people.models import Person
from jalon.plans.actions import sign
from jalon.plans.models import PersonalPlan, PlanVersion
from jalon_sandbox.common.pki import Authority
from tests.exchange import world as worlds
from tests.exchange.world import Destination, World
from tests.factories import (
    TEST_OID,
    ContactFactory,
    EstablishmentFactory,
    GoalFactory,
    NeedFactory,
    ParentalResponsibilityFactory,
    PlanFactory,
    ProfessionalFactory,
    ProtectionMeasureFactory,
    RecordFactory,
    matricule,
)
from tests.formats.pdf_text import pages
from tests.support import SHARED, needs_shared

pytestmark = pytest.mark.django_db
SCHEMA = SHARED / "standards/xds/dmp_wsdl_schema_v2.01.04/schema/ebRS/lcm.xsd"


def plan_of(person: Person, **said: Any) -> PersonalPlan:
    house = EstablishmentFactory.create(name="Foyer d’Essai", sector="SA16", phone="01 99 00 00 00")
    return PlanFactory.create(
        record=RecordFactory.create(person=person, establishment=house), ready=True, **said
    )


def signed(plan: PersonalPlan) -> PlanVersion:
    return sign(plan=plan, by=worlds.professional(), now=timezone.now())


def filed(plan: PersonalPlan) -> tuple[ReadDocument, bytes]:
    """The clinical document of this plan once signed, and the file it carries."""
    document = publish.file(source=signed(plan), by=worlds.professional())
    read = reader.read(parcels.load(document.cda_sha256))
    return read, parcels.load(document.sha256)


# --- the person ---------------------------------------------------------------------------------------------


def test_the_document_names_the_person_the_house_and_the_signatory(body: object) -> None:
    plan = plan_of(worlds.person(used_name="ESSAI", used_first_name="Cam"))
    version = signed(plan)
    document = publish.file(source=version, by=version.signed_by)
    read = reader.read(parcels.load(document.cda_sha256))
    patient, signer = read.patient, version.signed_by
    assert patient.ins is not None
    assert (patient.ins.matricule, patient.ins.oid) == (matricule(worlds.CAMILLE), TEST_OID)
    assert (patient.birth_name, patient.first_name) == ("FICTIF", "Camille")
    assert patient.birth_first_names == "Camille Anne"
    assert (patient.used_name, patient.used_first_name) == ("ESSAI", "Cam")
    assert (patient.birth_date, patient.birth_place, patient.sex) == (worlds.BORN, "38185", "F")
    assert [author.entity.id and author.entity.id.extension for author in read.authors] == [signer.key]
    assert read.custodian is not None
    assert read.custodian.id == header.Id(header.STRUCTURES, plan.record.establishment.idnat)
    assert read.code is not None
    assert read.code.code == "80788-3"
    assert read.effective_time == timezone.localtime(version.signed_at).replace(microsecond=0)


def test_the_file_of_the_record_is_the_very_one_inside_the_clinical_document(body: object) -> None:
    read, printed = filed(plan_of(worlds.person()))
    assert read.embedded is not None
    assert read.embedded.data == printed


@pytest.mark.requirement("SC.INS/va1.53", "EXI ID 29")
@pytest.mark.parametrize(
    "facts", [{}, {"with_ins": True}, {"proven": True}], ids=["provisional", "retrieved", "validated"]
)
def test_short_of_a_qualified_identity_the_matricule_is_written_nowhere(
    facts: dict[str, bool], body: object
) -> None:
    person = worlds.person(with_qualified_identity=False, **facts)
    version = signed(plan_of(person))
    document = publish.file(source=version, by=version.signed_by)
    cda, printed = parcels.load(document.cda_sha256), parcels.load(document.sha256)
    assert reader.read(cda).patient.ins is None
    assert matricule(worlds.CAMILLE).encode() not in cda
    assert all(matricule(worlds.CAMILLE) not in page.replace(" ", "") for page in pages(printed))


def test_apostrophes_ligatures_and_accents_are_written_as_they_are(body: object) -> None:
    person = worlds.person(
        worlds.ZOE, birth_name="D’ESSAI-CŒUR", first_name="Zoé", birth_first_names="Zoé Maëlys"
    )
    read, printed = filed(plan_of(person))
    assert (read.patient.birth_name, read.patient.birth_first_names) == ("D’ESSAI-CŒUR", "Zoé Maëlys")
    assert "D’ESSAI-CŒUR" in "".join(pages(printed))


def test_the_parents_of_a_minor_are_the_representatives(body: object) -> None:
    child = worlds.person(worlds.CHILD, birth_date=dt.date(2014, 3, 9))
    for rank, name in enumerate(("Sophie", "Karl"), start=1):
        parent = ContactFactory.create(
            person=child, first_name=name, role="GUARD", phone="01 99 00 00 01", call_order=rank
        )
        ParentalResponsibilityFactory.create(contact=parent)
    ContactFactory.create(person=child, first_name="Tante", comment="N’a pas l’autorité parentale")
    guardians = filed(plan_of(child, accord__contact=parent))[0].patient.guardians
    assert [guardian.person.given for guardian in guardians if guardian.person] == ["Sophie", "Karl"]
    assert {guardian.telecoms[0].value for guardian in guardians} == {"tel:0199000001"}


def test_whoever_holds_the_measure_in_force_represents_a_protected_adult(body: object) -> None:
    adult = worlds.person()
    ProtectionMeasureFactory.create(person=adult, holder="UDAF d’Exemple", goods_mode="representation")
    ProtectionMeasureFactory.create(person=adult, holder="Curatrice, qui assiste")
    ProtectionMeasureFactory.create(
        person=adult, holder="Ancienne tutrice", starts_on=dt.date(2015, 1, 1), ends_on=dt.date(2020, 1, 1)
    )
    ProtectionMeasureFactory.create(
        person=adult, holder="Futur mandataire", starts_on=dt.date(2031, 1, 1), ends_on=None
    )
    guardians = filed(plan_of(adult))[0].patient.guardians
    assert [guardian.organization.name for guardian in guardians if guardian.organization] == [
        "UDAF d’Exemple"
    ]


def test_a_birth_date_known_to_the_month_is_told_to_the_month_without_ins(body: object) -> None:
    person = worlds.person(
        with_qualified_identity=False, birth_date=dt.date(1950, 3, 1), birth_date_precision="month"
    )
    read, _ = filed(plan_of(person))
    assert (read.patient.birth_date, read.patient.birth_date_precision) == (dt.date(1950, 3, 1), "month")


def test_a_qualified_identity_of_unknown_birthplace_says_so_by_its_national_code(body: object) -> None:
    read, _ = filed(plan_of(worlds.person(birth_place="99999")))
    assert read.patient.birth_place == "99999"


def test_a_plan_of_somebody_without_birth_date_is_filed_as_a_file_alone(body: object) -> None:
    version = signed(plan_of(worlds.person(with_qualified_identity=False)))
    version.header["person"]["birth_date"] = None  # signed before the rule asked for it
    document = publish.file(source=version, by=version.signed_by)
    assert document.cda_sha256 == ""
    assert parcels.load(document.sha256).startswith(b"%PDF")


def test_thirty_goals_are_all_printed(body: object) -> None:
    plan = plan_of(worlds.person())
    for rank in range(29):
        GoalFactory.create(plan=plan, title=f"Objectif d’essai n° {rank}")
    NeedFactory.create(plan=plan)
    _, printed = filed(plan)
    text = "".join(pages(printed))
    assert all(f"Objectifd’essain°{rank}" in text.replace(" ", "").replace("\xa0", "") for rank in range(29))


# --- professionals and houses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profession", "roles"),
    [
        ("G15_60", ["60"]),  # a nurse
        ("G15_10/SM26", ["10", "SM26"]),  # a physician and their specialty
        ("326", ["51"]),  # a specialized educator, in the DMP's own numbering
        ("318", ["42"]),
        ("345", ["99"]),  # a head of service is no health professional
        ("", ["99", "312"]),
        ("inconnue", ["99", "312"]),
    ],
)
def test_the_role_told_to_the_dmp_is_one_it_knows(profession: str, roles: list[str]) -> None:
    told = people.dmp_roles(ProfessionalFactory.build(profession=profession))
    assert [one.code for one in told] == roles


def test_the_encounter_says_the_sector_and_the_category_of_the_house() -> None:
    told = people.encounter(EstablishmentFactory.build(sector="SA16", category="437"), None).sector
    assert told is not None
    assert told.code == "SA16"
    assert [one.code for one in told.translations] == ["437"]
    plain = people.encounter(EstablishmentFactory.build(sector="SA16", category=""), None).sector
    assert plain is not None
    assert plain.translations == ()


def test_a_document_type_has_the_class_the_dmp_wants() -> None:
    assert parcels.class_of("80788-3").code
    with pytest.raises(KeyError):
        parcels.class_of("inconnu")


def test_a_set_belongs_to_its_plan_and_each_version_has_its_own_identifier(body: object) -> None:
    plan = plan_of(worlds.person())
    one = PAPER.identifiers(signed(plan))
    GoalFactory.create(plan=plan)
    two = PAPER.identifiers(signed(plan))
    assert one.set == two.set == oid(plan.pk)
    assert one.document != two.document
    assert [PAPER.identifiers(version) for version in plan.versions.order_by("number")] == [one, two]


# --- what a delivery is made of -----------------------------------------------------------------------------


@pytest.fixture
def mailed(house: Establishment, world: World) -> Delivery:
    """A delivery by mail, asked and not yet sent."""
    plan = worlds.plan(worlds.record(house))
    return worlds.publish(plan, timezone.now())[Destination.CITIZEN_MAIL]


def test_the_same_delivery_makes_the_same_bytes_each_time(mailed: Delivery) -> None:
    assert parcels.message(parcels.read(mailed)) == parcels.message(parcels.read(mailed))


def test_what_is_sent_is_parsed_once_and_described_once_by_mail_and_to_the_dmp(
    mailed: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed, described = [], []
    read, describe = xml._parsed, xds.entry_of
    monkeypatch.setattr(xml, "_parsed", lambda data: parsed.append(data) or read(data))
    monkeypatch.setattr(
        xds, "entry_of", lambda data, **more: described.append(data) or describe(data, **more)
    )
    parcel = parcels.read(mailed)
    parcels.message(parcel)
    now = dt.datetime.now(dt.UTC)
    seal = Authority.create(now).signing("JALON-ESSAI", unit="1990000002")
    lot = parcels.lot(parcel, {})
    lot.signed(Signer(seal.key_pem, seal.cert_pem), unique_id="1.2.3", signature_id="_1", at=now)
    assert parsed.count(parcel.cda) == 1
    assert described == [parcel.cda]


@pytest.mark.requirement("SC.MSS/CONF.23", "SC.CDA/DD.12", "ECO.2.1.5")
def test_the_mail_carries_the_archive_and_the_same_document_as_a_file(mailed: Delivery) -> None:
    mail = mime.read(parcels.message(parcels.read(mailed)))
    archive, twin = mail.attachments
    (held,) = package.read(archive.data).documents
    read = reader.read(held.data)
    assert read.embedded is not None
    assert read.embedded.data == twin.data
    assert (archive.name, twin.media_type) == ("IHE_XDM.zip", "application/pdf")
    assert held.data == parcels.load(mailed.document.cda_sha256)


@pytest.mark.requirement("ECO.2.1.3", "ECO.2.1.6", "ECO.2.4.1", "ECO.2.4.2", "ECO.2.4.3", "ECO.2.2.7")
def test_the_mail_says_its_subject_its_headers_and_its_sender(mailed: Delivery) -> None:
    mail = mime.read(parcels.message(parcels.read(mailed)))
    assert mail.subject.startswith("XDM/1.0/DDM+")
    assert mail.subject.endswith("FICTIF Camille 17/05/1951")
    assert mail.header("X-MSS-CODECDA") == "80788-3"
    assert mail.header("X-MSS-INS") == "O"
    assert mail.header("X-MSS-NIL") == "JALON-DEMO"
    assert mail.header("X-MSS-MES") == "FIN"
    assert mail.sender.label == "Foyer d’Essai"
    today = timezone.localdate()
    assert mail.attachments[1].name.startswith(f"{today:%Y%m%d}_")
    assert mail.attachments[1].name.endswith("_FICTIF_Camille.pdf")


def test_the_metadata_of_the_archive_name_one_person_by_their_ins(mailed: Delivery) -> None:
    (patient,) = package.read(parcels.archive(parcels.read(mailed))).patients
    assert (patient.value, patient.authority) == (matricule(worlds.CAMILLE), TEST_OID)


def test_the_archive_tells_a_person_who_sends(mailed: Delivery) -> None:
    with zipfile.ZipFile(io.BytesIO(parcels.archive(parcels.read(mailed)))) as opened:
        readme = opened.read("README.TXT").decode()
        etree.fromstring(opened.read("IHE_XDM/SUBSET01/METADATA.XML"))
    assert "Foyer d’Essai" in readme
    assert "1 rue de l’Exemple, 35000 Rennes" in readme


def metadata(delivery: Delivery) -> xds.Metadata:
    """What METADATA.XML of its archive says."""
    (subset,) = package.read(parcels.archive(parcels.read(delivery))).subsets
    return subset.metadata


def replacements(delivery: Delivery) -> list[tuple[str, str]]:
    return [(one.source, one.target) for one in metadata(delivery).associations if one.kind == REPLACES]


def test_the_archive_of_a_new_version_replaces_the_entry_of_the_former_archive(mailed: Delivery) -> None:
    again = worlds.publish(PersonalPlan.objects.get(), timezone.now())[Destination.CITIZEN_MAIL]
    (old,), (new,) = metadata(mailed).entries, metadata(again).entries
    assert replacements(mailed) == []
    assert replacements(again) == [(new.entry_uuid, old.entry_uuid)]
    assert old.entry_uuid != new.entry_uuid
    (document,) = package.read(parcels.archive(parcels.read(again))).documents
    related = reader.read(document.data).related
    assert related is not None
    assert str(related.id) == old.unique_id, "the CDA and its metadata name the same former version"


@needs_shared
def test_the_metadata_of_a_new_version_follow_the_ebrim_schema(mailed: Delivery) -> None:
    again = worlds.publish(PersonalPlan.objects.get(), timezone.now())[Destination.CITIZEN_MAIL]
    with zipfile.ZipFile(io.BytesIO(parcels.archive(parcels.read(again)))) as opened:
        root = etree.fromstring(opened.read("IHE_XDM/SUBSET01/METADATA.XML"))
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(root)


@pytest.mark.parametrize(("category", "kind"), [("182", "16"), ("460", "16"), ("437", "11"), ("", "11")])
def test_the_kind_of_support_follows_the_category_of_the_house(
    mailed: Delivery, category: str, kind: str
) -> None:
    mailed.document.record.establishment.category = category
    content_type = parcels.read(mailed).submission.content_type
    assert content_type is not None
    assert content_type.code == kind


@pytest.mark.requirement("EX_GEN-1320")
def test_the_assertion_names_the_professional_by_their_national_identifier(mailed: Delivery) -> None:
    parcel = parcels.read(mailed)
    signer = mailed.document.author
    assert signer is not None
    told = parcels.vihf(signer, "1990000010", "SA16", parcel.ins, mailed.requested_at)
    assert told.user_id == f"8{signer.rpps}"
    assert told.patient == parcel.ins
    assert told.mode == "INDIRECTE"


def test_the_signature_of_a_lot_has_the_same_identifiers_at_each_attempt(mailed: Delivery) -> None:
    assert parcels.signature_ids(mailed) == parcels.signature_ids(Delivery.objects.get(pk=mailed.pk))
