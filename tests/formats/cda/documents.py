"""Documents of every kind we write, by what makes each one particular."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from jalon.formats.cda.body import (
    Document,
    Observation,
    Paragraph,
    Quantity,
    Section,
    Span,
    Structured,
    Value,
)
from jalon.formats.cda.header import (
    DMP,
    ESSMS,
    LOINC,
    PROFESSIONALS,
    VERY_RESTRICTED,
    Address,
    Author,
    Code,
    Device,
    Encounter,
    Entity,
    Id,
    LegalAuthenticator,
    Organization,
    PersonName,
    Recipient,
    Related,
    ServiceEvent,
    Telecom,
)
from tests.formats.cda import samples
from tests.formats.cda.samples import (
    MINOR,
    NOW,
    NURSE_MARTIN,
    OURS,
    PROTECTED,
    SECTOR,
    SISTER,
    UNKNOWN_DAY,
    ZOE,
    embedded,
    structured,
)

EDUCATOR = replace(NURSE_MARTIN, profession=samples.EDUCATOR)
SOFTWARE = Entity(
    Id(PROFESSIONALS, "3010001246/jalon"),
    Code("LOGICIEL_DUI", "1.2.250.1.213.1.1.4.6", "Logiciel de Dossier Usager Informatisé"),
    organization=samples.HOME,
)
THEMSELVES = Entity(Id("1.2.250.1.213.1.4.10", "275126322074974"), person=PersonName("ADRUN", "Zoé"))
EXPRESSION = Code("EXP_PATIENT", "1.2.250.1.213.1.1.4.6", "Expression personnelle du patient")
WILLS = Code("EXPPAT_1", "1.2.250.1.213.1.1.4.12", "Volontés et droits du patient")
UNKNOWN_BIRTHDAY = replace(UNKNOWN_DAY, birth_date=dt.date(1950, 3, 1), birth_date_precision="month")
HARBOR = Address(number="1", street="quai d’Œuf", postal_code="20200", city="BASTIA", use="H")
EVENING = NOW.replace(tzinfo=dt.timezone(-dt.timedelta(hours=4)))


def _fact(number: int, label: str, value: Value) -> Observation:
    return Observation(Id(f"{OURS}.9.{number}"), Code(f"F{number}", OURS, label), value, NOW, "gir")


ASSESSMENT = Section(
    "Évaluation",
    (Paragraph((Span("GIR 4, 62,5 kg, marche seul", id="gir"),)),),
    Code("48768-6", LOINC, "Sources de paiement", "LOINC"),
    entries=(
        _fact(1, "GIR", 4),
        _fact(2, "Poids", Quantity(Decimal("62.5"), "kg")),
        _fact(3, "Marche", True),
        _fact(4, "Mots", "« seul·e » & bien"),
        _fact(5, "Métier", samples.NURSE),
    ),
    sections=(Section("Détail", (Paragraph("Aucun"),)),),
)

DOCUMENTS: dict[str, Document] = {
    "a plan as a PDF": embedded(),
    "a person known by their birth year": embedded(UNKNOWN_DAY),
    "a person known by their birth month": embedded(UNKNOWN_BIRTHDAY),
    "a minor and their mother": embedded(MINOR),
    "a protected adult, their guardian and their sister": embedded(PROTECTED, informants=(SISTER,)),
    "an INS whose birth date RNIV completed": embedded(replace(ZOE, birth_date_precision="month")),
    "a person by their local number only": embedded(replace(ZOE, ins=None)),
    "an address in parts, three telephones": embedded(
        replace(
            ZOE,
            addresses=(
                Address(number="1", street="quai d’Œuf", postal_code="20200", city="BASTIA", use="H"),
            ),
            telecoms=(
                Telecom("tel:06 00 00 00 03"),
                Telecom("mailto:z@x.fr"),
                Telecom("tel:3966", "EC"),
            ),
        )
    ),
    "sections": structured(),
    "thirty goals": structured(number=30),
    "thirty goals of a minor": structured(MINOR, 30),
    "sections and their PDF copy": Document(
        structured().header, Structured((*samples.goals(2), ASSESSMENT), samples.SMALL_PDF)
    ),
    "coded facts": Document(structured().header, Structured((ASSESSMENT,))),
    "an educator": embedded(
        authors=(Author(NOW, EDUCATOR),), legal_authenticator=LegalAuthenticator(NOW, EDUCATOR)
    ),
    "two authors, one with a function": embedded(
        authors=(
            Author(NOW, NURSE_MARTIN, Code("CORRE", "1.2.250.1.213.1.1.4.2.280", "Correspondant")),
            Author(NOW, EDUCATOR),
        )
    ),
    "the software as author": embedded(
        authors=(Author(NOW, SOFTWARE, device=Device("Jalon & Cie", "Jalon 1.0")),)
    ),
    "a second version": embedded(version=2, related=Related(Id(f"{OURS}.4.1"))),
    "recipients": embedded(
        recipients=(
            Recipient(
                Id(PROFESSIONALS, "801234567897"), PersonName("BOILEAU", "Noé", "M", "DR"), samples.HOME
            ),
        )
    ),
    "a stay": embedded(
        encounter=Encounter(
            SECTOR,
            dt.date(2026, 1, 5),
            NOW,
            Code("IMP", "2.16.840.1.113883.5.4", "Hospitalisation complète"),
            (Id(f"{OURS}.7", "SEJOUR-1"),),
            NURSE_MARTIN,
            "Unité des « Flots »",
            Address(lines=("Allée A", "75007 PARIS")),
        )
    ),
    "an evening in Guadeloupe": embedded(effective_time=EVENING, authors=(Author(EVENING, NURSE_MARTIN),)),
    "a very restricted document": embedded(confidentiality=VERY_RESTRICTED),
    "several acts": embedded(
        events=(
            ServiceEvent(NOW, NURSE_MARTIN, NOW + dt.timedelta(hours=1)),
            ServiceEvent(code=Code("Z74", "2.16.840.1.113883.6.3", "Dépendance", "CIM-10")),
        )
    ),
    "the wishes of the person, in their own words": embedded(
        code=WILLS,
        authors=(Author(NOW, THEMSELVES),),
        custodian=DMP,
        legal_authenticator=LegalAuthenticator(NOW, THEMSELVES),
        events=(
            ServiceEvent(
                NOW,
                replace(THEMSELVES, organization=Organization(None, setting=ESSMS)),
                code=EXPRESSION,
            ),
        ),
    ),
}
