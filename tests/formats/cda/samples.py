"""Visibly fictional people and documents; the matricules are the official ones of the INSi test bench."""

import datetime as dt
from dataclasses import replace

from jalon.core.identity import Ins
from jalon.formats.cda.body import Document, Embedded, Listing, Paragraph, Section, Span, Structured, Table
from jalon.formats.cda.header import (
    ESSMS,
    LOINC,
    PROFESSIONALS,
    STRUCTURES,
    Address,
    Author,
    Code,
    Encounter,
    Entity,
    Guardian,
    Header,
    Id,
    LegalAuthenticator,
    Organization,
    Patient,
    PersonName,
    RelatedPerson,
    ServiceEvent,
    Telecom,
)
from tests.support import SHARED

EXAMPLES = sorted((SHARED / "standards/cda/exemples").glob("*.xml"))  # published, or written as they are

OURS = "1.2.250.1.999.1"
PARIS = dt.timezone(dt.timedelta(hours=1))
NOW = dt.datetime(2026, 11, 24, 14, 15, 0, tzinfo=PARIS)
JDV_ROLE = "2.16.840.1.113883.5.111"

# Enough of a PDF/A-1 for what looks at its marks only; the real ones come from formats.pdf.
SMALL_PDF = b'%PDF-1.4\n<rdf:Description pdfaid:part="1" pdfaid:conformance="A"/>\n%%EOF\n'

PLAN = Code("80788-3", LOINC, "Projet personnalisé d'accompagnement", "LOINC")
OUR_TEMPLATE = Id(f"{OURS}.8.1")
NURSE = Code("G15_60", "1.2.250.1.213.1.1.4.5", "Infirmier")
EDUCATOR = Code("326", "1.2.250.1.213.1.6.1.107", "Educateur spécialisé")
SECTOR = Code(
    "SA16",
    "1.2.250.1.71.4.2.4",
    "Etablissement pour personnes handicapées",
    translations=(Code("183", "1.2.250.1.213.1.6.1.8", "Institut Médico-Educatif (I.M.E.)"),),
)

HOME = Organization(
    Id(STRUCTURES, "1010001246"),
    "IME « Les Œillets » de l’Île-d’Aix",
    telecoms=(Telecom("tel:+33147150000", "WP"),),
    addresses=(Address(lines=("12 bis rue de l’Église", "75007 PARIS")),),
)
NURSE_MARTIN = Entity(
    Id(PROFESSIONALS, "801234567897"),
    NURSE,
    PersonName("MARTIN", "Cléa", "MME"),
    replace(HOME, setting=ESSMS),
)

ZOE = Patient(
    birth_name="ADRUN",
    first_name="ZOE",
    birth_first_names="ZOE",
    sex="F",
    birth_date=dt.date(1975, 12, 31),
    birth_place="63220",
    ins=Ins("275126322074974", "1.2.250.1.213.1.4.10"),
    local_ids=(Id(f"{OURS}.2", "USAGER-0001"),),
)
# Known by the house only: no INS, a birth year, a ligature, an apostrophe.
UNKNOWN_DAY = Patient(
    birth_name="LE CŒUR D’ALÈNE",
    first_name="Zoé",
    sex="U",
    birth_date=dt.date(1950, 12, 31),
    birth_date_precision="year",
    local_ids=(Id(f"{OURS}.2", "USAGER-0002"),),
)
MINOR = replace(
    ZOE,
    birth_name="ECETINSI",
    first_name="PIERRE-ALAIN",
    birth_first_names="PIERRE-ALAIN MURIEL FLORIANT",
    sex="M",
    birth_date=dt.date(2009, 7, 14),
    ins=Ins("109076322083489", "1.2.250.1.213.1.4.10"),
    guardians=(
        Guardian(
            person=PersonName("D’ŒUVRE-FICTIVE", "Maëlle", "MME"),
            addresses=(Address(number="1", street="rue du Port", postal_code="75007", city="PARIS"),),
            telecoms=(Telecom("tel:0600000001", "MC"),),
        ),
    ),
)
PROTECTED = replace(
    ZOE,
    birth_name="CORSE",
    used_name="D’ISTRIA",
    used_first_name="ANTO",
    first_name="ANTHONY",
    birth_first_names="ANTHONY",
    sex="M",
    birth_date=dt.date(1980, 3, 2),
    birth_place="2B020",
    ins=Ins("180032B02040123", "1.2.250.1.213.1.4.10"),
    guardians=(Guardian(organization=Organization(Id(STRUCTURES, "1750001234"), "UDAF « Tutelle & Cie »")),),
)
SISTER = RelatedPerson(
    "NOK",
    PersonName("D’ISTRIA", "Lætitia"),
    Code("SIS", JDV_ROLE, "Soeur"),
    addresses=(Address(lines=("3 allée des Œillets", "20200 BASTIA"), use="H"),),
    telecoms=(Telecom("tel:0600000002", "MC"),),
)


def header(patient: Patient = ZOE, **changes: object) -> Header:
    """The header of a first version of a plan; `changes` are fields of Header."""
    whole = Header(
        id=Id(f"{OURS}.4.20261124.1"),
        set_id=Id(f"{OURS}.5.20261124.1"),
        version=1,
        code=PLAN,
        title="Projet personnalisé d’accompagnement",
        effective_time=NOW,
        patient=patient,
        authors=(Author(NOW, NURSE_MARTIN),),
        custodian=HOME,
        legal_authenticator=LegalAuthenticator(NOW, NURSE_MARTIN),
        events=(ServiceEvent(NOW, NURSE_MARTIN),),
        encounter=Encounter(SECTOR),
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # field names are checked by replace itself


def embedded(patient: Patient = ZOE, pdf: bytes = SMALL_PDF, **changes: object) -> Document:
    return Document(header(patient, **changes), Embedded(pdf))


def goals(number: int) -> tuple[Section, ...]:
    """Sections as a plan has them, with a table of `number` goals."""
    rows = tuple(
        (f"Objectif {n} : s’habiller seul·e", "Œuvrer < 3 fois & demie", f"{n:02d}/12/2026")
        for n in range(1, number + 1)
    )
    said = Paragraph(
        (
            "Je veux ",
            Span("cuisiner", "Bold"),
            " avec « Cœur & Co ».\nEt dormir ici.",
        )
    )
    return (
        Section("Attentes de la personne", (said,), Code("61146-7", LOINC, "Objectifs", "LOINC")),
        Section(
            "Objectifs",
            (
                Listing(("Premier", ("Deuxième ", Span("souligné", "Underline"))), ordered=True),
                Table(("Objectif", "Résultat attendu", "Échéance"), rows, "Les objectifs de l’année"),
            ),
        ),
    )


def structured(patient: Patient = ZOE, number: int = 3, **changes: object) -> Document:
    return Document(header(patient, **{"templates": (OUR_TEMPLATE,), **changes}), Structured(goals(number)))
