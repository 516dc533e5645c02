"""The mails of the MSSanté, as the référentiel socle #2 wants them."""

import datetime as dt
from dataclasses import replace

import pytest

from jalon.core.errors import DomainError
from jalon.core.identity import Ins, Traits
from jalon.formats import mime
from jalon.formats.mime import Address
from jalon.gateways.mssante import messages
from jalon.gateways.mssante.messages import Document, Post, Shipment

NOW = dt.datetime(2026, 3, 4, 15, 30, tzinfo=dt.UTC)
TEST_INS = Ins("255069999999934", "1.2.250.1.213.1.4.10")
ZOE = Traits(
    birth_name="D’ÉPREUVE-CŒUR",
    first_name="Zoé",
    birth_first_names="Zoé Anne",
    sex="F",
    birth_date=dt.date(1955, 6, 9),
    birth_place="99999",
)
PLAN = Document("60593-1", "Projet personnalisé", dt.date(2026, 3, 2), b"%PDF-1.4 un")
SHIPMENT = Shipment(traits=ZOE, ins=TEST_INS, documents=(PLAN,), archive=b"PK\x03\x04")
POST = Post(
    message_id="m1@ehpad.sante.test",
    date=NOW,
    sender=Address("EHPAD des Tilleuls", "tilleuls@ehpad.sante.test"),
    recipients=(Address("", "zoe@cabinet.sante.test"),),
    product="JALON-0001",
    text="Bonjour,\nVoici le projet.",
)


def refusal(post: Post = POST, shipment: Shipment = SHIPMENT) -> str:
    with pytest.raises(DomainError) as caught:
        messages.documents_mail(post, shipment)
    return caught.value.code


# --- documents ---------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/CONF.23", "SC.MSS/CONF.14", "SC.MSS/CONF.15", "SC.MSS/CONF.16")
def test_a_document_leaves_as_an_archive_its_pdf_twin_and_its_headers() -> None:
    mail = messages.documents_mail(POST, SHIPMENT)
    assert [(each.name, each.media_type) for each in mail.attachments] == [
        ("IHE_XDM.zip", "application/zip"),
        ("20260302_Projet personnalisé_D'EPREUVE-COEUR_Zoé.pdf", "application/pdf"),
    ]
    assert mail.headers == {"X-MSS-NIL": "JALON-0001", "X-MSS-CODECDA": "60593-1", "X-MSS-INS": "O"}
    assert mime.read(mime.write(mail)) == mail


@pytest.mark.requirement("SC.MSS/CONF.25")
def test_the_subject_names_the_document_and_the_person() -> None:
    assert (
        messages.documents_subject(SHIPMENT)
        == "XDM/1.0/DDM+Projet personnalisé D'EPREUVE-COEUR Zoé 09/06/1955"
    )


def test_the_label_is_cut_at_40_characters() -> None:
    long = replace(PLAN, label="Compte rendu de bilan fonctionnel (ergothérapie et suite)")
    subject = messages.documents_subject(replace(SHIPMENT, documents=(long,)))
    assert subject.startswith("XDM/1.0/DDM+Compte rendu de bilan fonctionnel (ergot D'EPREUVE")


def test_several_documents_are_counted_and_their_codes_listed_once() -> None:
    note = Document("34133-9", "Note: synthèse/bilan", dt.date(2026, 3, 1), b"%PDF")
    mail = messages.documents_mail(POST, replace(SHIPMENT, documents=(PLAN, note, PLAN)))
    assert mail.subject.startswith("XDM/1.0/DDM+3 documents D'EPREUVE")
    assert mail.header("x-mss-codecda") == "60593-1,34133-9"
    names = [each.name for each in mail.attachments[1:]]
    assert names[1] == "20260301_Note synthèse bilan_D'EPREUVE-COEUR_Zoé.pdf"
    assert len(set(names)) == 3


def test_a_partial_birth_date_is_left_out_of_the_subject() -> None:
    partial = replace(SHIPMENT, traits=replace(ZOE, birth_date_precision="month"))
    assert messages.documents_subject(partial).endswith("Zoé")


def test_the_record_number_ends_the_pdf_name() -> None:
    name = messages.pdf_name(PLAN, ZOE, "2026_0042")
    assert name == "20260302_Projet personnalisé_D'EPREUVE-COEUR_Zoé_2026 0042.pdf"


@pytest.mark.requirement("SC.MSS/CONF.14")
def test_an_identity_that_is_not_qualified_is_said_so() -> None:
    assert messages.documents_mail(POST, replace(SHIPMENT, ins=None)).header("X-MSS-INS") == "N"


@pytest.mark.requirement("SC.MSS/va1.02", "SC.MSS/va1.13")
def test_a_new_version_says_that_it_replaces() -> None:
    mail = messages.documents_mail(POST, replace(SHIPMENT, replaces=True))
    assert mail.subject.startswith("[Annule et remplace] XDM/1.0/DDM+Projet")
    read_back = messages.parse_subject(mail.subject)
    assert read_back.replaces
    assert read_back.carries_documents


def test_a_shipment_without_document_without_pdf_or_too_large_is_refused() -> None:
    assert refusal(shipment=replace(SHIPMENT, documents=())) == "mssante_no_document"
    assert refusal(shipment=replace(SHIPMENT, archive=b"")) == "mssante_no_document"
    assert refusal(shipment=replace(SHIPMENT, documents=(replace(PLAN, pdf=b""),))) == "mssante_pdf_missing"
    assert refusal(shipment=replace(SHIPMENT, archive=bytes(18_300_000))) == "mssante_too_large"


def test_the_largest_shipment_accepted_is_under_25_megabytes_on_the_road() -> None:
    mail = messages.documents_mail(POST, replace(SHIPMENT, archive=bytes(18_260_000)))
    assert 24_900_000 < len(mime.write(mail)) <= 25_010_000


# --- every mail --------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/CONF.16", "SC.MSS/va1.15")
def test_every_mail_names_the_product_and_may_ask_for_receipts() -> None:
    mail = messages.letter(replace(POST, delivery_receipt=True), "Question")
    assert mail.headers == {"X-MSS-NIL": "JALON-0001"}
    assert mail.disposition_notification_to == "tilleuls@ehpad.sante.test"
    assert mail.return_receipt_to == "tilleuls@ehpad.sante.test"
    assert messages.letter(replace(POST, reading_receipt=False), "x").disposition_notification_to == ""


def test_the_end_of_an_exchange_is_a_header() -> None:
    mail = messages.letter(replace(POST, last=True), "Réponse")
    assert mail.header("X-MSS-MES") == "FIN"


@pytest.mark.requirement("SC.MSS/va1.09")
def test_an_application_says_who_answers() -> None:
    mail = messages.letter(replace(POST, contact="accueil@ehpad.sante.test"), "Envoi")
    assert mail.reply_to == "accueil@ehpad.sante.test"
    assert "généré automatiquement" in mail.text
    assert "accueil@ehpad.sante.test" in mail.text
    assert mail.header("Auto-Submitted") == "auto-generated"


@pytest.mark.parametrize(
    "post",
    [
        replace(POST, recipients=(Address("", "x@medecin.mssante.fr"),)),
        replace(POST, recipients=(*POST.recipients, Address("", "255069999999934@PATIENT.MSSANTE.FR"))),
        replace(POST, sender=Address("", "x@mssante.fr")),
        replace(POST, contact="x@chb.mssante.fr."),
    ],
)
def test_a_real_address_is_refused_unless_the_installation_is_connected(post: Post) -> None:
    assert refusal(post) == "mssante_real_domain"
    messages.check_addresses(replace(post, allow_real_domains=True))


def test_a_domain_that_only_looks_real_is_not() -> None:
    messages.check_addresses(replace(POST, recipients=(Address("", "x@fauxmssante.fr"),)))


def test_a_mail_without_recipient_is_refused() -> None:
    assert refusal(replace(POST, recipients=())) == "mssante_mailbox"


# --- the citizen -------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/va1.19")
def test_a_citizen_address_comes_from_a_qualified_ins_only() -> None:
    address = messages.citizen_address(TEST_INS, "sante.test", qualified=True)
    assert address == "255069999999934@patient.sante.test"
    with pytest.raises(DomainError) as caught:
        messages.citizen_address(TEST_INS, "sante.test", qualified=False)
    assert caught.value.code == "mssante_ins_not_qualified"


def test_a_test_matricule_never_reaches_the_real_network() -> None:
    with pytest.raises(DomainError) as caught:
        messages.citizen_address(TEST_INS, "mssante.fr", qualified=True)
    assert caught.value.code == "mssante_test_identity"
    real = replace(TEST_INS, oid="1.2.250.1.213.1.4.8")
    assert messages.citizen_address(real, "mssante.fr", qualified=True).endswith("@patient.mssante.fr")


@pytest.mark.parametrize("matricule", ["", "2550699999999", "255069999999934\r\nX", "A55069999999934"])
def test_a_malformed_matricule_makes_no_address(matricule: str) -> None:
    with pytest.raises(DomainError) as caught:
        messages.citizen_address(replace(TEST_INS, matricule=matricule), "sante.test", qualified=True)
    assert caught.value.code == "mssante_ins_format"


def test_a_citizen_is_told_from_a_professional_by_the_address() -> None:
    assert messages.citizen_matricule("255069999999934@patient.sante.test") == "255069999999934"
    assert messages.citizen_matricule("155062a99999934@Patient.sante.test") == "155062A99999934"
    assert messages.citizen_matricule("zoe@cabinet.sante.test") == ""
    assert messages.citizen_matricule("255069999999934@cabinet.sante.test") == ""


# --- receiving ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("XDM/1.0/DDM+Bilan EPREUVE Zoé 09/06/1955", "Bilan EPREUVE Zoé 09/06/1955"),
        ("[Annule et remplace] XDM/1.0/DDM+Bilan EPREUVE Zoé", "Bilan EPREUVE Zoé"),
        ("[KO Intégration système !][902] XDM/1.0/DDM+Bilan EPREUVE", "Bilan EPREUVE"),
        ("Re: XDM/1.0/DDM+Bilan", "Re: Bilan"),
        ("[FIN] Merci", "Merci"),
        ("Une question", "Une question"),
    ],
)
def test_the_prefix_is_hidden_and_kept(subject: str, shown: str) -> None:
    parsed = messages.parse_subject(subject)
    assert parsed.shown == shown
    assert parsed.stored == subject


def test_the_code_of_a_failure_is_in_its_subject() -> None:
    assert messages.parse_subject("[KO Intégration système !][902] XDM/1.0/DDM+x").failure_code == "902"
    assert messages.parse_subject("XDM/1.0/DDM+x").failure_code == ""


@pytest.mark.parametrize("name", ["ihe_xdm.ZIP", "IHE_XDM (1).zip", "IHE_XDM_2.zip"])
def test_an_archive_is_found_whatever_its_case_and_number(name: str) -> None:
    mail = messages.documents_mail(POST, SHIPMENT)
    named = replace(mail.attachments[0], name=name)
    assert messages.archives_of(replace(mail, attachments=(named, mail.attachments[1]))) == (named,)
    assert messages.archives_of(replace(mail, attachments=mail.attachments[1:])) == ()
