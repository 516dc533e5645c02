"""What is said of the fictional person of `sample`: stay, events, plan and its parts, and what is kept
verbatim."""

from typing import Any

from tests.formats.tddui.sample import (
    CISIS,
    CONTACT,
    CS,
    LOCAL,
    OLD_PLACE,
    ORGANIZATION,
    PATIENT,
    PERIOD,
    PRACTITIONER,
    R5,
    ROLE,
    SD,
    SERAFIN,
    Json,
    concept,
    ext,
    given,
    ident,
    ref,
    said,
)

AUTHOR = {"extension": [ext("status-author", valueReference=ref("Practitioner/ide"))]}
LOU = ref("Patient/lou")
PLAN_REF = ext("careplan-reference", valueReference=ref("CarePlan/pp"))
FILE = ext("attachment", valueReference=ref("DocumentReference/doc"))
NOTE = {"authorReference": ref("Practitioner/ide"), "time": "2026-01-06", "text": "Relu avec Lou : d’accord"}


def resource(type_: str, profile: str, *, updated: str = "", **content: Any) -> Json:
    meta = ({"lastUpdated": updated} if updated else {}) | {"profile": [SD + profile]}
    named = {("class" if name == "class_" else name): part for name, part in content.items()}
    return {"resourceType": type_, "meta": meta} | named


def actcode(code: str) -> Json:
    return {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code}


STAY = resource(
    "Encounter",
    "encounter-sejour",
    extension=[
        ext("comment", valueString="Accueil séquentiel"),
        ext("admission-date", valueDateTime="2025-12-01"),
        ext(R5 + "Encounter.plannedStartDate", valueDateTime="2026-01-02"),
        ext("entry-mode-label", valueString="Orientation CDAPH"),
        ext(R5 + "Encounter.plannedEndDate", valueDateTime="2027-01"),
        ext("exit-mode-label", valueString="Retour à domicile"),
    ],
    identifier=[
        ident("sejour", f"{LOCAL}-SEJOUR-1012", concept(CS + "encounter-identifier", "SEJ")),
        ident("sejour", "1012", concept(CS + "encounter-identifier", "NUMDOSS")),
        ident("urn:ancien-logiciel", "S-77"),
    ],
    status="in-progress",
    statusHistory=[{"status": "planned", "period": PERIOD}],
    class_=actcode("HH"),
    serviceType=concept("urn:j226", "46", "Accueil de jour"),
    priority=concept("urn:priorite", "R"),
    subject=LOU,
    participant=[{"individual": {"display": "Demande de la famille"}}],
    period={"start": "2026-01-05T09:00:00+01:00", "end": "2026-12-31"},
    reasonCode=[{"text": "Besoin de répit"}],
    hospitalization={
        "extension": [ext("entry-date-origin", valueDateTime="2020-09")],
        "preAdmissionIdentifier": {"value": "OLD-9"},
        "origin": ref("Organization/old"),
        "admitSource": concept(CISIS, "GEN-092.06.07", "Autre modalité d’entrée"),
        "reAdmission": concept("urn:re", "R"),
        "dietPreference": [{"text": "sans sel"}],
        "specialCourtesy": [{"text": "courtoisie"}],
        "specialArrangement": [{"text": "fauteuil"}],
        "destination": ref("Organization/old"),
        "dischargeDisposition": concept(CISIS, "GEN-092.06.01"),
    },
    location=[{"location": ref("Location/room"), "status": "active", "period": {"start": "2026-01-05"}}],
    serviceProvider=ref("Organization/ime"),
)
EVENT = resource(
    "Encounter",
    "encounter-evenement",
    updated="2026-03-02T18:00:00.123+01:00",
    extension=[
        ext(
            "ressources-used",
            extension=[
                {"url": "TDDUIRessourceType", "valueCodeableConcept": concept(CISIS, "ORG-206")},
                {"url": "TDDUIMaterialDetail", "valueCodeableConcept": concept(CISIS, "ORG-208")},
            ],
        ),
        ext(
            "ressources-used",
            extension=[
                {"url": "TDDUIRessourceType", "valueCodeableConcept": concept(CISIS, "ORG-207")},
                {"url": "TDDUIFacilityResource", "valueCodeableConcept": concept(CISIS, "ORG-210")},
            ],
        ),
        ext("event-label", valueString="Atelier mémoire"),
        ext("comment", valueString="Arrivée tardive"),
        ext("comment", valueString="Très souriante"),
        ext("event-report", valueString="A nommé six objets sur dix"),
        FILE,
        ext("outside-service", valueBoolean=False),
        ext("event-reason", valueString="Suivi"),
        ext("patient-present", valueBoolean=True),
        ext("meal", valueBoolean=False),
        ext("patient-validation", valueBoolean=True),
    ],
    identifier=[
        ident("evenement", f"{LOCAL}-EVN-1", concept("https://hl7.fr/ig/fhir/core/CodeSystem/vn", "VN"))
    ],
    status="cancelled",
    _status={
        "extension": [
            *AUTHOR["extension"],
            ext("event-cancel-reason", valueCodeableConcept=concept(CISIS, "GEN-357")),
        ]
    },
    class_=actcode("AMB"),
    type=[
        concept(CISIS, "MED-1298"),
        concept(SERAFIN, "2.1.1.1"),
        {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/data-absent-reason",
                    "code": "not-permitted",
                    "display": "Not Permitted",
                }
            ],
            "text": "Atelier",
        },
    ],
    subject=LOU,
    participant=[
        {
            "extension": [ext("participant-present", valueBoolean=True)],
            "type": [concept("urn:roles", "PPRF")],
            "period": {"start": "2026-03-02T14:00:00+01:00"},
            "individual": ref("PractitionerRole/role"),
        }
    ],
    period={"start": "2026-03-02T14:00:00+01:00", "end": "2026-03-02T15:00:00+01:00"},
    location=[{"location": ref("Location/room")}],
    serviceProvider=ref(
        "Organization/ime", extension=[ext("participant-present", valueBoolean=True)], display="IME"
    ),
    partOf=ref("Encounter/stay"),
)
PLAN = resource(
    "CarePlan",
    "careplan-projet-personnalise",
    updated="2026-01-06T10:00:00+01:00",
    extension=[FILE],
    identifier=[ident("projetpersonnalise", f"{LOCAL}-PPER-1")],
    status="active",
    _status=AUTHOR,
    intent="plan",
    category=[concept("urn:j367", "PPA")],
    title="Projet de Lou",
    description="Vivre chez soi",
    subject=LOU,
    encounter=ref("Encounter/stay"),
    period=PERIOD,
    created="2026-01-02",
    author=ref("Practitioner/ide"),
    contributor=[ref("RelatedPerson/zoe")],
    supportingInfo=[
        ref("Consent/lou", extension=said("accordUsager")),
        ref("Consent/ime", extension=said("accordStructure")),
    ],
    goal=[ref("Goal/aim")],
    activity=[{"progress": [NOTE], "reference": ref("Task/act")}],
    note=[{"text": "Phrases courtes, pictogrammes"}],
)
EXPECTATION = resource(
    "Goal",
    "goal-attente",
    extension=[PLAN_REF, FILE],
    identifier=[ident("attente", f"{LOCAL}-ATTE-1")],
    lifecycleStatus="active",
    description={"text": "Sortir seule"},
    subject=LOU,
    note=[
        {"extension": said("commentaireAttente"), "text": "Dit en réunion"},
        {"extension": said("origineAttente"), "text": "Usager"},
    ],
)
NEED = resource(
    "ServiceRequest",
    "service-request-besoin",
    extension=[FILE],
    identifier=[ident("besoin", f"{LOCAL}-BESO-1", concept(CS + "service-request-identifier", "BES"))],
    basedOn=[ref("CarePlan/pp")],
    status="active",
    intent="plan",
    category=[concept("https://smt.esante.gouv.fr/terminologie-SERAFINPH", "1.2.1.3")],
    code={"text": "Se déplacer"},
    orderDetail=[{"text": "Fatigue après 200 m"}],
    subject=LOU,
    authoredOn="2026-01-03",
    requester=ref("Practitioner/ide"),
    note=[{"text": "à revoir"}, NOTE],
)
GOAL = resource(
    "Goal",
    "goal-objectif",
    updated="2026-02-01T00:00:00Z",
    extension=[PLAN_REF, ext("evaluation-reference", valueReference=ref("QuestionnaireResponse/qr")), FILE],
    identifier=[ident("objectif", f"{LOCAL}-OBJE-1")],
    lifecycleStatus="planned",
    _lifecycleStatus=AUTHOR,
    achievementStatus=concept("http://terminology.hl7.org/CodeSystem/goal-achievement", "in-progress"),
    category=[{"text": "Autonomie"}],
    description={"text": "Aller seule à la boulangerie"},
    subject=LOU,
    startDate="2026-02",
    target=[
        {
            "measure": {
                "extension": [
                    ext("http://hl7.org/fhir/StructureDefinition/data-absent-reason", valueCode="unknown")
                ]
            },
            "detailString": "3 fois par semaine",
            "dueDate": "2026-06-30",
        }
    ],
    statusDate="2026-02-01",
    statusReason="revu",
    expressedBy=ref("Practitioner/ide"),
    addresses=[ref("ServiceRequest/need")],
    note=[
        {"extension": said("titreObjectif"), "text": "Sortir"},
        {"extension": said("avisUsagerObjectif"), "text": "Oui !"},
        {"extension": said("strategieMiseEnOeuvreObjectif"), "text": "Par étapes"},
    ],
)
ACTION = resource(
    "Task",
    "task-action",
    updated="2026-02-02T00:00:00Z",
    identifier=[ident("action", f"{LOCAL}-ACTI-1")],
    basedOn=[ref("CarePlan/pp")],
    status="cancelled",
    _status=AUTHOR,
    statusReason={"text": "Hospitalisation"},
    intent="plan",
    priority="routine",
    description="Repérage du trajet",
    executionPeriod={"start": "2026-02-02T10:00:00+01:00"},
    authoredOn="2026-02-01",
    owner=ref("PractitionerRole/role"),
    note=[{"text": "Beau temps"}],
    input=[
        given("objectif", valueReference=ref("Goal/aim")),
        given("titre", valueString="Trajet accompagné"),
        given("avisUsager", valueString="Contente"),
        given("resultatAttendu", valueString="Trajet connu"),
        given("evaluation", valueReference=ref("QuestionnaireResponse/qr")),
        given("pieceJointe", valueReference=ref("DocumentReference/doc")),
    ],
)


def agreement(signer: str, day: str, **more: Any) -> Json:
    return resource(
        "Consent",
        "consent-accord",
        extension=[ext(R5 + "Consent.period", valuePeriod=PERIOD)],
        status="active",
        scope=concept("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
        category=[concept("http://loinc.org", "59284-0")],
        dateTime=day,
        performer=[ref(signer)],
        policy=[{"authority": "https://www.cnsa.fr/"}],
        **more,
    )


ROOM = {"resourceType": "Location", "name": "Salle bleue", "identifier": [{"value": "R1"}]}
DOCUMENT = resource(
    "DocumentReference",
    "document-reference",
    status="current",
    subject=LOU,
    author=[ref("Practitioner/ide")],
    content=[{"attachment": {"title": "Livret", "contentType": "text/plain", "data": "TGl2cmV0"}}],
)
ANSWERS = resource(
    "QuestionnaireResponse",
    "questionnaire-response",
    identifier=ident("evaluation", f"{LOCAL}-EVAL-1"),
    questionnaire="https://interop.esante.gouv.fr/ig/fhir/tddui/Questionnaire/tddui-questionnaire-situation-ssiad",
    status="completed",
    subject=LOU,
    authored="2026-01-10",
    source=ref("Practitioner/ide"),
    item=[{"linkId": "incontinence", "answer": [{"valueBoolean": True}]}],
)
MEANS = resource(
    "Task",
    "task-moyen-ressource",
    identifier=[ident("moyenressource", f"{LOCAL}-MORE-1")],
    basedOn=[ref("CarePlan/pp")],
    partOf=[ref("Task/act")],
    status="in-progress",
    intent="plan",
    input=[given("titre", "task-input-moyen-ressource", valueString="Un déambulateur")],
)
REVIEW = resource(
    "Task",
    "task-bilan",
    identifier=[ident("bilan", f"{LOCAL}-BILA-1")],
    basedOn=[ref("CarePlan/pp")],
    status="completed",
    intent="plan",
    code=concept("urn:j366", "FINAL"),
    executionPeriod={"start": "2026-12-01"},
    input=[given("perimetre", "task-input-bilan", valueString="Tout")],
)
LIFE = resource(
    "Goal",
    "goal-projet-vie",
    identifier=[ident("projetvie", f"{LOCAL}-PDV-1", concept(CS + "goal-identifier", "PDV"))],
    lifecycleStatus="active",
    description={"text": "Voyager"},
    subject=LOU,
)

RESOURCES: dict[str, Json] = {
    "Patient/lou": PATIENT,
    "RelatedPerson/zoe": CONTACT,
    "Organization/ime": ORGANIZATION,
    "Organization/old": OLD_PLACE,
    "Practitioner/ide": PRACTITIONER,
    "PractitionerRole/role": ROLE,
    "Encounter/stay": STAY,
    "Encounter/event": EVENT,
    "CarePlan/pp": PLAN,
    "Goal/wish": EXPECTATION,
    "ServiceRequest/need": NEED,
    "Goal/aim": GOAL,
    "Task/act": ACTION,
    "Consent/lou": agreement("Patient/lou", "2026-01-05", patient=LOU),
    "Consent/ime": agreement("Practitioner/ide", "2026-01-06T10:00:00+01:00"),
    "Location/room": ROOM,
    "DocumentReference/doc": DOCUMENT,
    "QuestionnaireResponse/qr": ANSWERS,
    "Task/means": MEANS,
    "Task/review": REVIEW,
    "Goal/life": LIFE,
}


def bundle(resources: dict[str, Json] = RESOURCES, base: str = "https://dui.example/fhir/") -> Json:
    """A transaction Bundle of these resources, `Type/id` → resource."""
    entries = [
        {
            "fullUrl": base + name,
            "resource": {"resourceType": each["resourceType"], "id": name.partition("/")[2]} | each,
            "request": {"method": "POST", "url": each["resourceType"]},
        }
        for name, each in resources.items()
    ]
    profile = [SD + "bundle"]
    return {"resourceType": "Bundle", "meta": {"profile": profile}, "type": "transaction", "entry": entries}
