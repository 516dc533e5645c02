"""A request for an orientation."""

from jalon.formats.tddui.classes.orientation_request import OrientationRequestData
from jalon.formats.tddui.values import Coded, Link
from tests.formats.tddui.sample import CS, LOCAL, Json, concept, ident, ref, said
from tests.formats.tddui.sample_observation import quantity
from tests.formats.tddui.sample_record import AUTHOR, LOU, NOTE, resource
from tests.formats.tddui.waiting import Waiting

MDPH = "urn:oid:1.2.250.1.213.9.1"
RIGHT = "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r417-type-demande-compensation"
NATURE = "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r418-nature-demande-compensation"


def document(*kinds: str) -> Json:
    """A document that is there as these."""
    return ref("DocumentReference/doc", extension=[each for kind in kinds for each in said(kind)])


def number(value: str) -> Json:
    return ident(MDPH, value, concept(CS + "service-request-identifier", "DEMANDE_ORIENTATION"))


WAITING = Waiting(
    name="orientation_requests",
    sample=resource(
        "ServiceRequest",
        "service-request-demande-orientation",
        updated="2026-01-20T08:00:00Z",
        language="fr",
        identifier=[number("1234"), ident("urn:demandes", "D-1")],
        instantiatesCanonical=["https://example.test/PlanDefinition/demande"],
        instantiatesUri=["https://example.test/demande"],
        basedOn=[ref("CarePlan/pp")],
        replaces=[ref("ServiceRequest/need")],
        requisition=ident("urn:lots", "L-1"),
        status="active",
        _status=AUTHOR,
        intent="plan",
        category=[concept(RIGHT, "2", "AEEH")],
        priority="urgent",
        doNotPerform=False,
        code=concept(NATURE, "1", "Première demande"),
        orderDetail=[{"text": "Accueil de jour"}],
        quantityQuantity=quantity(2, "d", "jours"),
        subject=LOU,
        encounter=ref("Encounter/event"),
        occurrencePeriod={"start": "2026-01-15", "end": "2026-03-31"},
        asNeededBoolean=False,
        authoredOn="2026-01-14",
        requester=LOU,
        performerType={"text": "MDPH"},
        performer=[ref("Organization/old")],
        locationCode=[{"text": "à domicile"}],
        locationReference=[ref("Location/room")],
        reasonCode=[{"text": "Répit"}],
        reasonReference=[ref("QuestionnaireResponse/qr")],
        insurance=[{"display": "Mutuelle Fictive"}],
        supportingInfo=[
            document("demandeOrientation"),
            document("demandeOrientation"),
            document("depotPoste"),
            document("reponseOrientation"),
            document("pieceComplementaire"),
            document("accordUsager", "accordStructure"),
            ref("Consent/lou", extension=said("accordUsager")),
        ],
        specimen=[{"display": "Aucun prélèvement"}],
        bodySite=[{"text": "les mains"}],
        note=[NOTE],
        patientInstruction="Garder une copie",
        relevantHistory=[{"display": "Une trace"}],
    ),
    edit=("answered", "2026-04-15", "occurrencePeriod.end"),
    made=OrientationRequestData(
        key=f"{MDPH}|1235",
        person=Link("Patient", LOCAL),
        category=Coded(RIGHT, "2"),
        code=Coded(NATURE, "2"),
        sent="2026-01-15",
    ),
    refused={
        "it has its identifier": (lambda it: it["identifier"].pop(0), "identifier"),
        "one such identifier": (lambda it: it["identifier"].append(number("9")), "identifier"),
        "the identifier has its system": (
            lambda it: it["identifier"][0].pop("system"),
            "identifier[0].system",
        ),
        "the identifier has its value": (lambda it: it["identifier"][0].pop("value"), "identifier[0].value"),
        "one right is asked": (lambda it: it["category"].append(concept(RIGHT, "2")), "category"),
        "a right of the list": (
            lambda it: it.update(category=[concept(RIGHT, "99")]),
            "category[0].coding[0].code",
        ),
        "its nature is of the list": (
            lambda it: it.update(code=concept(NATURE, "99")),
            "code.coding[0].code",
        ),
        "it is of a person": (lambda it: it.update(subject=ref("Organization/ime")), "subject.reference"),
        "it is posted once": (
            lambda it: it["supportingInfo"].append(document("depotPoste")),
            "supportingInfo",
        ),
        "answered once": (
            lambda it: it["supportingInfo"].append(document("reponseOrientation")),
            "supportingInfo",
        ),
        "each document says what it is": (
            lambda it: it["supportingInfo"][0].pop("extension"),
            "supportingInfo[0]",
        ),
        "one thing": (
            lambda it: it["supportingInfo"].append(document("pieceComplementaire", "accordUsager")),
            "supportingInfo[7]",
        ),
        "or four at most": (
            lambda it: it["supportingInfo"].append(document(*["accordUsager"] * 5)),
            "supportingInfo[7].extension",
        ),
        "the request is a document": (
            lambda it: it["supportingInfo"][0].update(LOU),
            "supportingInfo[0].reference",
        ),
        "the posting too": (lambda it: it["supportingInfo"][2].update(LOU), "supportingInfo[2].reference"),
        "and the answer": (lambda it: it["supportingInfo"][3].update(LOU), "supportingInfo[3].reference"),
        "and what goes with it": (
            lambda it: it["supportingInfo"][4].update(LOU),
            "supportingInfo[4].reference",
        ),
    },
)
