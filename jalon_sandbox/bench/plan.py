"""The document of the CDA benchmark: a personal plan as an establishment writes one, 33 KB of it. Pure."""

import datetime as dt
from dataclasses import replace

from jalon.core.identity import Ins
from jalon.formats import paper
from jalon.formats.cda import header as h
from jalon.formats.cda.body import Document, Embedded, Paragraph, Section, Span, Structured, Table
from jalon.formats.papers.plan import Action, Goal, PlanPdf
from jalon.terminology import Coding, value_set

PARIS = dt.timezone(dt.timedelta(hours=1))
SIGNED = dt.datetime(2026, 11, 24, 14, 15, tzinfo=PARIS)
ROOT = "1.2.250.1.999.1"
GOALS = 21  # with their actions: what makes 33 KB
HOUSE = h.Organization(
    h.Id(h.STRUCTURES, "1990000028"),
    "Foyer « Les Tilleuls » de l’Exemple",
    telecoms=(h.Telecom("tel:+33199000000", "WP"),),
    addresses=(h.Address(lines=("1 rue de l’Exemple", "35000 RENNES")),),
)
PERSON = h.Patient(
    birth_name="PAT-TROIS",
    first_name="DOMINIQUE",
    birth_first_names="DOMINIQUE MARIE-LOUISE",
    sex="F",
    birth_date=dt.date(1979, 3, 28),
    birth_place="51215",
    ins=Ins("279035121518989", "1.2.250.1.213.1.4.10"),
    local_ids=(h.Id(f"{ROOT}.2", "USAGER-0001"),),
)


def header(number: int) -> h.Header:
    """The header of the plan of this number: its identifier is its own, as each document's is."""
    nurse = _code(value_set("JDV_J01").get("G15_60"))
    identifier = h.Id(h.PROFESSIONALS, "801234567897")
    whose = replace(HOUSE, setting=h.ESSMS)
    signer = h.Entity(identifier, nurse, h.PersonName("MARTIN", "Cléa", "MME"), whose)
    return h.Header(
        id=h.Id(f"{ROOT}.4.{number + 1}"),
        set_id=h.Id(f"{ROOT}.5.{number + 1}"),
        version=1,
        code=_code(value_set("JDV_J07").get("80788-3")),
        title="Projet personnalisé d’accompagnement",
        effective_time=SIGNED,
        patient=PERSON,
        authors=(h.Author(SIGNED, signer),),
        custodian=HOUSE,
        legal_authenticator=h.LegalAuthenticator(SIGNED, signer),
        events=(h.ServiceEvent(SIGNED, signer),),
        encounter=h.Encounter(_code(value_set("JDV_J02").get("SA16")), low=SIGNED),
        templates=(h.Id(f"{ROOT}.8.1"),),
    )


def _code(coding: Coding) -> h.Code:
    return h.Code(coding.code, coding.system, coding.display, coding.system_name)


def structured(number: int) -> Document:
    """The plan in sections (N3), without the PDF copy."""
    return Document(header(number), Structured(SECTIONS))


def embedded(number: int, pdf: bytes) -> Document:
    """The plan as Jalon sends it today: a PDF/A-1 in a header (N1)."""
    return Document(replace(header(number), templates=()), Embedded(pdf))


def _goal(rank: int) -> Section:
    words = Span("« Je veux prendre le bus sans être accompagnée, & choisir mes sorties. »", "Italics")
    said = Paragraph(("Elle a dit : ", words))
    expected = Paragraph(
        f"Objectif {rank} : un trajet complet par semaine, ticket validé sans aide, arrêt demandé au bon "
        "moment. Une hésitation au changement de ligne est prévue et travaillée avec des photos."
    )
    actions = Table(
        ("Action", "Qui", "Du", "Au", "Fréquence"),
        tuple(
            (f"Trajet {step} accompagné, puis à distance", "Inès BOURRACHE", "01/12/2026", "31/05/2027",
             "Chaque mardi, de 10 h à 11 h 30") for step in range(1, 5)
        ),
        f"Les actions de l’objectif {rank}",
    )  # fmt: skip
    return Section(f"Objectif {rank}", (said, expected, actions))


SECTIONS = (
    Section("Attentes de la personne", (Paragraph("Elle veut voir sa sœur plus souvent."),)),
    *(_goal(rank) for rank in range(1, GOALS + 1)),
    Section("Accords", (Paragraph("La personne est d’accord. Signé par l’établissement."),)),
)


def pdf(number: int) -> PlanPdf:
    """What the PDF of the plan of this number says: as much as its sections, in words that no other has.

    The compiler keeps what it has laid out: the same words again would cost it nothing.
    """
    return PlanPdf(
        title=f"Projet personnalisé {2026 + number}",
        identity=paper.Identity(
            PERSON.birth_name, f"{PERSON.birth_first_names} {number}", PERSON.birth_date, ins=PERSON.ins
        ),
        establishment=paper.Establishment(HOUSE.name, HOUSE.addresses[0].lines),
        written=SIGNED,
        version=1,
        authors=("Cléa MARTIN, infirmière",),
        goals=tuple(_printed(number, rank) for rank in range(1, GOALS + 1)),
    )


def _printed(number: int, rank: int) -> Goal:
    actions = (
        Action(
            f"Trajet {step} de la semaine {number}, accompagné puis à distance", f"Inès BOURRACHE {number}"
        )
        for step in range(1, 5)
    )
    return Goal(
        title=f"Objectif {rank} du plan {number}",
        description=f"Prendre le bus {number} sans être accompagnée, et choisir mes sorties.",
        expected_result=f"{number} trajets complets, ticket validé sans aide, arrêt demandé au bon moment.",
        actions=tuple(actions),
    )
