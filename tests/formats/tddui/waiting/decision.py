"""A decision of the CDAPH, with the request it answers."""

from typing import Any

from jalon.formats.tddui.classes.decision import Benefit, BenefitDetail, Decision, DecisionData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import CS, SD, Json, concept, ext, ident, ref
from tests.formats.tddui.sample_observation import quantity
from tests.formats.tddui.sample_record import LOU, resource
from tests.formats.tddui.waiting import Waiting

SMT = "https://smt.esante.gouv.fr/fhir/CodeSystem/"
MOS = "https://mos.esante.gouv.fr/NOS/"
TYPE = f"{MOS}TRE_R327-TypeDecision/FHIR/TRE-R327-TypeDecision"
RIGHT = f"{SMT}tre-r420-droit-prestation"
ORIENTATION = f"{SMT}tre-r408-type-enseignement-specialise"
QUALIFICATION = f"{SMT}tre-r422-qualification-orientation"
MDPH = "urn:oid:1.2.250.1.999.77"


def coded(name: str, system: str, code: str) -> Json:
    return {"url": name, "valueCodeableConcept": concept(system, code)}


def number(code: str, system: str, value: str) -> Json:
    return ident(system, value, concept(CS + "basic-decision-identifier", code))


def part(node: Any, *names: str) -> Any:
    """The extension that these names lead to, one under another."""
    for name in names:
        (node,) = (each for each in node["extension"] if each["url"] == name)
    return node


def without(node: Json, name: str) -> None:
    node["extension"] = [each for each in node["extension"] if each["url"] != name]


def as_right(it: Json, category: str, type_: str) -> Json:
    """The right of the decision, of another category and type."""
    benefit: Json = part(it, DECISION, "droitPrestation")
    for name, code in (("categorieDroitPrestation", category), ("typeDroitPrestation", type_)):
        part(benefit, name)["valueCodeableConcept"]["coding"][0]["code"] = code
    return benefit


def as_first(it: Json) -> None:
    """The decision, as a first award that yet names the one before."""
    part(it, DECISION, "typeDecision")["valueCodeableConcept"]["coding"][0]["code"] = "1"
    benefit = part(it, DECISION, "droitPrestation")
    part(benefit, "natureDroitPrestation")["valueCodeableConcept"]["coding"][0]["code"] = "1"


def as_renewal(it: Json) -> None:
    """The decision, as a renewal that names none."""
    part(it, DECISION, "typeDecision")["valueCodeableConcept"]["coding"][0]["code"] = "1"
    it["identifier"].pop(0)


def untrained(it: Json) -> None:
    without(part(as_right(it, "11", "11.1"), "detailPrestation"), "formation")


def undated(it: Json) -> None:
    without(part(as_right(it, "8", "8.7"), "detailPrestation"), "temporaliteAccueil")


DECISION = SD + "decision"
DETAIL = [
    coded("temporaliteAccueil", f"{MOS}TRE_R240-TemporaliteAccueil/FHIR/TRE-R240-TemporaliteAccueil", "01"),
    coded("precisionOrientation", ORIENTATION, "3"),
    {"url": "accueilSequentiel", "valueBoolean": False},
    {"url": "formation", "valueString": "Horticulture"},
    {"url": "montantAttribue", "valueMoney": {"value": 150.5, "currency": "EUR"}},
    {"url": "frequence", "valueQuantity": quantity(2, "wk", "semaines")},
    coded("qualificationOrientation", QUALIFICATION, "1"),
    {"url": "structureAccueil", "valueReference": ref("Organization/ime")},
    {"url": "structureAccueil", "valueReference": ref("Organization/old")},
    {
        "url": "priseCharge",
        "extension": [
            coded("modePriseCharge", f"{MOS}TRE_R213-ModePriseEnCharge", "47"),
            {
                "url": "quantification",
                "extension": [
                    {"url": "valeurPriseCharge", "valueInteger": 3},
                    {"url": "unitePriseCharge", "valueQuantity": quantity(1, "d", "jour")},
                    coded("frequencePriseCharge", "http://unitsofmeasure.org", "wk"),
                ],
            },
        ],
    },
    {
        "url": "priseCharge",
        "extension": [coded("modePriseCharge", f"{MOS}TRE_R213-ModePriseEnCharge", "48")],
    },
]
BENEFIT = [
    coded("categorieDroitPrestation", RIGHT, "7"),
    coded("typeDroitPrestation", RIGHT, "7.8"),
    coded("natureDroitPrestation", TYPE, "6"),
    {"url": "dateOuverture", "valueDate": "2025-01-01"},
    {"url": "dateEcheance", "valueDate": "2027-12-31"},
    {"url": "existencePAG", "valueBoolean": True},
    coded("motifFinPAG", f"{SMT}tre-r421-motif-fin-pag", "1"),
    {"url": "creton", "valueBoolean": False},
    {"url": "taux", "valueQuantity": quantity(80, "%")},
    coded("typeCompensation", f"{SMT}tre-r417-type-demande-compensation", "4"),
    {"url": "commentaire", "valueString": "Deux structures possibles"},
    {"url": "detailPrestation", "extension": DETAIL},
]
REQUEST = resource(
    "ServiceRequest",
    "service-request-demande-orientation",
    identifier=[ident(MDPH, "D-1", concept(CS + "service-request-identifier", "DEMANDE_ORIENTATION"))],
    status="active",
    intent="plan",
    subject=LOU,
)

WAITING = Waiting(
    name="decisions",
    sample=resource(
        "Basic",
        "basic-decision",
        updated="2026-02-01T08:00:00Z",
        extension=[
            ext(
                "decision",
                extension=[
                    coded("typeDecision", TYPE, "5"),
                    {"url": "dateEffetCloture", "valueDate": "2026-06-30"},
                    {"url": "dateDecision", "valueDate": "2026-02-01"},
                    coded("motivation", f"{SMT}tre-r419-motivation", "215"),
                    coded("motivation", f"{SMT}tre-r419-motivation", "9999"),
                    {"url": "motivationLocale", "valueString": "Déménagement de la famille"},
                    {"url": "motivationLocale", "valueString": "Accord de l’usager"},
                    {"url": "commentaire", "valueString": "Relue en équipe"},
                    {"url": "droitPrestation", "extension": BENEFIT},
                ],
            )
        ],
        identifier=[
            number("IDDECISIONMAJ", MDPH, "76"),
            number("IDDECISION", MDPH, "77") | {"use": "official"},
            number("NUMENREG", "https://identifiant-medicosocial-numenregistrement.esante.gouv.fr/", "E-1"),
            number("IDNATDECISION", "urn:oid:1.2.250.1.213.8.1", "VT-1"),
            number("NUMALLOC", "https://identifiant-medicosocial-numallocataire.esante.gouv.fr/", "A-1"),
        ],
        code=concept(CS + "basic-type", "DECISION", "Décision"),
        subject=ref("ServiceRequest/request"),
        created="2026-02-02",
        author=ref("Organization/ime"),
    ),
    beside={"ServiceRequest/request": REQUEST},
    edit=("created", "2026-02-03", "created"),
    made=DecisionData(
        key=f"{MDPH}|78",
        request=Link("ServiceRequest", f"{MDPH}|D-1"),
        decision=Decision(
            type=Coded(TYPE, "1"),
            decided="2026-03-01",
            benefit=Benefit(
                category=Coded(RIGHT, "12"),
                type=Coded(RIGHT, "1.1"),
                nature=Coded(TYPE, "1"),
                opens="2026-04-01",
                ends="2031-03-31",
                has_plan=False,
                detail=BenefitDetail(qualification=Coded(QUALIFICATION, "1")),
            ),
        ),
    ),
    refused={
        "it answers a request": (lambda it: it.update(subject=LOU), "subject.reference"),
        "it is a decision": (lambda it: it.update(code=concept("urn:codes", "AUTRE")), "code"),
        "it has its identifier": (lambda it: it["identifier"].pop(1), "identifier"),
        "the identifier says whose it is": (
            lambda it: it["identifier"][1].pop("system"),
            "identifier[1].system",
        ),
        "and which": (lambda it: it["identifier"][1].pop("value"), "identifier[1].value"),
        "what was decided is told": (lambda it: it.pop("extension"), "extension"),
        "another reason is said in words": (
            lambda it: without(part(it, DECISION), "motivationLocale"),
            "extension[0]",
        ),
        "a closed right says when it ends": (
            lambda it: without(part(it, DECISION), "dateEffetCloture"),
            "extension[0]",
        ),
        "a vocational center says what it teaches": (untrained, "extension[0]"),
        "a precision is one of the service": (lambda it: as_right(it, "7", "7.9"), "extension[0]"),
        "a place for adults bears none": (lambda it: as_right(it, "13", "13.1"), "extension[0]"),
        "a place for children says for how long": (
            lambda it: without(
                part(it, DECISION, "droitPrestation", "detailPrestation"), "temporaliteAccueil"
            ),
            "extension[0]",
        ),
        "so does a class": (undated, "extension[0]"),
        "a place for children says if its guest is an adult": (
            lambda it: without(part(it, DECISION, "droitPrestation"), "creton"),
            "extension[0]",
        ),
        "a closing names what it closes": (lambda it: it["identifier"].pop(0), "identifier"),
        "so does a renewal": (as_renewal, "identifier"),
        "a first award names none": (as_first, "identifier"),
    },
)
