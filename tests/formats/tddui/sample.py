"""A fictional person with everything the profiles allow: the widest file the tests read and write."""

from typing import Any

Json = dict[str, Any]
SD = "https://interop.esante.gouv.fr/ig/fhir/tddui/StructureDefinition/tddui-"
CS = "https://interop.esante.gouv.fr/ig/fhir/tddui/CodeSystem/tddui-"
FR = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
FR_CS = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-"
V2 = "http://terminology.hl7.org/CodeSystem/v2-0203"
CISIS = "https://smt.esante.gouv.fr/fhir/CodeSystem/terminologie-cisis"
SERAFIN = "https://smt.esante.gouv.fr/terminologie-SERAFINPH"
R260 = "https://mos.esante.gouv.fr/NOS/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass"
R216 = "https://mos.esante.gouv.fr/NOS/TRE_R216-HL7RoleCode/FHIR/TRE-R216-HL7RoleCode"
R217 = "https://mos.esante.gouv.fr/NOS/TRE_R217-ProtectionJuridique/FHIR/TRE-R217-ProtectionJuridique"
LOCAL = "3010001246/77"


def concept(system: str, code: str, display: str = "", text: str = "") -> Json:
    coding = {"system": system, "code": code} | ({"display": display} if display else {})
    return {"coding": [coding]} | ({"text": text} if text else {})


def ext(name: str, **value: Any) -> Json:
    return {"url": name if "/" in name else SD + name, **value}


def ident(name: str, value: str, type_: Json | None = None) -> Json:
    system = name if ":" in name else f"https://identifiant-medicosocial-{name}.esante.gouv.fr"
    return ({"type": type_} if type_ else {}) | {"system": system, "value": value}


def ref(target: str, **more: Any) -> Json:
    return {"reference": target} | more


def said(code: str) -> list[Json]:
    return [ext("discriminator", valueCodeableConcept=concept(CS + "discriminator", code))]


def given(code: str, system: str = "task-input-action", **value: Any) -> Json:
    return {"type": concept(CS + system, code)} | value


def bundle_of_one(resource: Json) -> Json:
    """A transaction Bundle of one resource."""
    request = {"method": "POST", "url": resource["resourceType"]}
    entry = {"fullUrl": "urn:uuid:0", "resource": resource, "request": request}
    return {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}


PERIOD = {"start": "2026-01-05", "end": "2026-12-31"}
PHONE = {
    "system": "phone",
    "value": "+33 1 00 00 00 00",
    "use": "home",
    "rank": 1,
    "period": {"start": "2020"},
}
MAIL = {
    "extension": [
        ext(FR + "fr-core-contact-point-email-type", valueCoding={"system": FR_CS, "code": "MSSANTE"})
    ],
    "system": "email",
    "value": "lou@patient.mssante.example",
}
ADDRESS = {
    "extension": [
        ext(FR + "fr-core-address-insee-code", valueCoding={"system": "urn:cog", "code": "01004"}),
        ext("comment", valueString="Sonner deux fois : la porte est au fond"),
    ],
    "use": "home",
    "type": "both",
    "line": ["12 bis rue des Lilas", "Bâtiment B"],
    "_line": [
        {
            "extension": [
                ext(HL7 + "iso21090-ADXP-houseNumber", valueString="12"),
                ext(HL7 + "iso21090-ADXP-buildingNumberSuffix", valueString="bis"),
                ext(HL7 + "iso21090-ADXP-streetNameBase", valueString="des Lilas"),
            ]
        },
        None,
    ],
    "city": "Ambérieu-Fictif",
    "district": "01",
    "postalCode": "01500",
    "country": "FRA",
    "period": {"start": "2021-02"},
}
PATIENT = {
    "resourceType": "Patient",
    "meta": {"lastUpdated": "2026-11-20T10:00:00+01:00", "profile": [SD + "patient"]},
    "language": "fr",
    "extension": [
        ext(
            HL7 + "patient-birthPlace",
            valueAddress={
                "extension": [
                    ext(FR + "fr-core-address-insee-code", valueCoding={"system": "urn:cog", "code": "01004"})
                ],
                "city": "Ambérieu-Fictif",
                "district": "Ain",
                "country": "FRA",
            },
        ),
        ext(
            HL7 + "patient-nationality",
            extension=[
                {"url": "code", "valueCodeableConcept": concept("urn:iso:std:iso:3166", "FRA")},
                {"url": "period", "valuePeriod": {"start": "1950"}},
            ],
        ),
        ext(
            "household-situation",
            extension=[
                {
                    "url": "familySituation",
                    "valueCodeableConcept": concept("https://mos.esante.gouv.fr/NOS/TRE_R317", "01", "Seul"),
                },
                {"url": "householdComposition", "valueCodeableConcept": concept("urn:j385", "2")},
                {"url": "householdComposition", "valueCodeableConcept": concept("urn:j385", "3")},
                {"url": "householdCompositionDescription", "valueString": "Vit avec sa sœur"},
            ],
        ),
        ext("comment", valueString="Préfère être appelée Lou"),
        ext(FR + "fr-core-patient-death-place", valueString="à son domicile"),
    ],
    "identifier": [
        ident("urn:oid:1.2.250.1.213.1.4.8", "275126322074974", concept(V2, "NH")) | {"use": "official"},
        ident("localusager", LOCAL, concept(V2, "PI", "Patient internal identifier")) | {"use": "usual"},
        ident("urn:mdph:01", "9/01", concept(CS + "identifier", "PIN")) | {"use": "usual"},
        ident("https://ants.gouv.fr/", "822146819", concept(V2, "DL")) | {"period": {"start": "1980-01-01"}},
        ident("urn:oid:1.2.250.1.213.1.4.2", "99", concept(FR_CS, "INS-C")) | {"use": "secondary"},
    ],
    "active": True,
    "name": [
        {
            "extension": [
                ext(FR + "fr-core-patient-birth-list-given-name", valueString="LOUISE MARIE ODILE")
            ],
            "use": "official",
            "family": "FICTIVE",
            "given": ["LOUISE"],
            "prefix": ["MME"],
        },
        {"use": "usual", "family": "ESSAI-FICTIVE", "given": ["Lou"]},
        {"use": "old", "text": "Louise Essai", "period": {"end": "1999"}},
    ],
    "telecom": [PHONE, MAIL],
    "gender": "female",
    "birthDate": "1950-03",
    "_birthDate": {"extension": [ext("birth-order", valuePositiveInt=749)]},
    "deceasedDateTime": "2026-11-19T23:10:00+01:00",
    "address": [ADDRESS, {"use": "old", "text": "Foyer des Essais", "country": "FRA"}],
    "maritalStatus": concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "S"),
    "multipleBirthInteger": 2,
    "photo": [{"contentType": "image/png", "data": "iVBORw0KGgo=", "title": "Portrait"}],
    "contact": [
        {
            "relationship": [concept(R216, "SIS")],
            "name": {"family": "ESSAI", "given": ["Zoé"]},
            "telecom": [PHONE],
            "address": {"city": "Ambérieu-Fictif"},
            "gender": "female",
            "organization": ref("Organization/ime"),
            "period": {"start": "2020-05"},
        }
    ],
    "communication": [
        {"language": concept("https://mos.esante.gouv.fr/NOS/TRE_R200", "fra", "Français"), "preferred": True}
    ],
    "generalPractitioner": [ref("Practitioner/ide", display="Dr Fictif")],
    "managingOrganization": ref("Organization/ime"),
}
CONTACT = {
    "resourceType": "RelatedPerson",
    "meta": {"profile": [SD + "related-person-contact"]},
    "extension": [
        ext(
            "nationality",
            extension=[{"url": "code", "valueCodeableConcept": concept("urn:iso:std:iso:3166", "BEL")}],
        ),
        ext("comment", valueString="À prévenir en premier"),
        ext("related-person-contact-description", valueString="Sœur et tutrice"),
    ],
    "identifier": [ident("urn:contacts", "C-1")],
    "active": True,
    "patient": ref("Patient/lou"),
    "relationship": [
        concept(R216, "SIS", "Sœur"),
        concept(R260, "NOK", "Parent proche"),
        concept(R217, "TUTEUR", "Tuteur"),
        {"text": "voisine de palier"},
    ],
    "name": [{"use": "official", "family": "FICTIVE", "given": ["ZOE"], "prefix": ["MME"], "suffix": ["DR"]}],
    "telecom": [PHONE, {"system": "phone", "value": "06", "rank": 2}],
    "gender": "female",
    "birthDate": "1948",
    "address": [ADDRESS],
    "photo": [{"url": "https://example.test/zoe.png"}],
    "period": PERIOD,
    "communication": [{"language": concept("urn:langues", "fra")}],
}
ORGANIZATION = {
    "resourceType": "Organization",
    "meta": {"profile": [SD + "organization"]},
    "extension": [ext(FR + "fr-core-organization-short-name", valueString="IME FICTIF")],
    "identifier": [
        ident("urn:oid:1.2.250.1.71.4.2.2", "1010001246", concept(FR_CS, "IDNST")) | {"use": "official"},
        ident("https://sirene.fr", "12345678200010", concept(FR_CS, "SIRET")),
        ident("urn:education-nationale", "0010001A", concept(FR_CS, "INTRN")),
    ],
    "active": True,
    "type": [concept("urn:r66", "183", "IME")],
    "name": "IME Fictif",
    "alias": ["Les Lilas"],
    "telecom": [PHONE | {"use": "work"}],
    "address": [ADDRESS | {"use": "work"}],
    "contact": [{"purpose": concept("urn:p", "ADMIN"), "name": {"text": "Accueil"}, "telecom": [PHONE]}],
}
OLD_PLACE = {
    "resourceType": "Organization",
    "meta": {"profile": [SD + "organization"]},
    "identifier": [ident("urn:oid:1.2.250.1.71.4.2.2", "1010000024", concept(FR_CS, "IDNST"))],
    "name": "Foyer d’origine",
    "partOf": ref("Organization/ime"),
}
PRACTITIONER = {
    "resourceType": "Practitioner",
    "meta": {"profile": [SD + "practitioner"]},
    "identifier": [
        ident("urn:oid:1.2.250.1.71.4.2.1", "810000000001", concept(FR_CS, "IDNPS")),
        ident("https://rpps.esante.gouv.fr", "10000000001", concept(FR_CS, "RPPS")),
    ],
    "active": True,
    "name": [{"family": "SOIGNANTE", "given": ["Ada"], "prefix": ["MME"]}],
    "telecom": [MAIL],
    "address": [{"city": "Ambérieu-Fictif"}],
    "gender": "female",
    "birthDate": "1980-01-02",
    "qualification": [
        {
            "identifier": [{"value": "D1"}],
            "code": concept("urn:r48", "DE09", "DE Infirmier"),
            "period": {"start": "2001"},
            "issuer": ref("Organization/ime"),
        }
    ],
    "communication": [concept("urn:langues", "fra")],
}
ROLE = {
    "resourceType": "PractitionerRole",
    "meta": {"profile": [SD + "practitioner-role"]},
    "extension": [ext("exercise-mode", valueCodeableConcept=concept("urn:r23", "S", "Salarié"))],
    "active": True,
    "period": {"start": "2019-09-01"},
    "practitioner": ref("Practitioner/ide"),
    "organization": ref("Organization/ime"),
    "code": [
        {
            "extension": [ext("profession", valueCodeableConcept=concept("urn:j01", "G15_60", "Infirmier"))],
            **concept("urn:j47", "ADMPHYS"),
        }
    ],
    "specialty": [concept("urn:specialites", "SM26")],
    "telecom": [PHONE],
    "availableTime": [
        {"daysOfWeek": ["mon", "tue"], "availableStartTime": "08:00:00", "availableEndTime": "17:00:00"}
    ],
    "notAvailable": [{"description": "Congés", "during": PERIOD}],
    "availabilityExceptions": "Sauf jours fériés",
}
