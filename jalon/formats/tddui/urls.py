"""The addresses TDDUI 2.4.0 and FR Core use: profiles, extensions, code systems, identifier systems."""

VERSION = "2.4.0"
TDDUI = "https://interop.esante.gouv.fr/ig/fhir/tddui/"
SD = TDDUI + "StructureDefinition/"
CS = TDDUI + "CodeSystem/"
FR_SD = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
FR_CS = "https://hl7.fr/ig/fhir/core/CodeSystem/"
HL7_SD = "http://hl7.org/fhir/StructureDefinition/"
R5_SD = "http://hl7.org/fhir/5.0/StructureDefinition/extension-"
ISO_PART = HL7_SD + "iso21090-ADXP-"

V2_0203 = "http://terminology.hl7.org/CodeSystem/v2-0203"
FR_0203 = FR_CS + "fr-core-cs-v2-0203"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
CISIS = "https://smt.esante.gouv.fr/fhir/CodeSystem/terminologie-cisis"
SERAFIN = "https://smt.esante.gouv.fr/terminologie-SERAFINPH"
ROLE_CLASS = "https://mos.esante.gouv.fr/NOS/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass"
ROLE_CODE = "https://mos.esante.gouv.fr/NOS/TRE_R216-HL7RoleCode/FHIR/TRE-R216-HL7RoleCode"
PROTECTION = "https://mos.esante.gouv.fr/NOS/TRE_R217-ProtectionJuridique/FHIR/TRE-R217-ProtectionJuridique"

ID_NAT_STRUCT = "urn:oid:1.2.250.1.71.4.2.2"
ID_NAT_PS = "urn:oid:1.2.250.1.71.4.2.1"
SIRENE = "https://sirene.fr"
RPPS = "https://rpps.esante.gouv.fr"
NIR = "urn:oid:1.2.250.1.213.1.4.8"
INS_TYPES = {
    "INS-NIR": NIR,
    "INS-NIA": "urn:oid:1.2.250.1.213.1.4.9",
    "INS-NIR-TEST": "urn:oid:1.2.250.1.213.1.4.10",
    "INS-NIR-DEMO": "urn:oid:1.2.250.1.213.1.4.11",
}


def medicosocial(name: str) -> str:
    """The identifier system of a business object: `localusager`, `sejour`, `evenement`…"""
    return f"https://identifiant-medicosocial-{name}.esante.gouv.fr"


LOCAL_ID = medicosocial("localusager")
STAY_ID = medicosocial("sejour")
EVENT_ID = medicosocial("evenement")
PLAN_ID = medicosocial("projetpersonnalise")
EXPECTATION_ID = medicosocial("attente")
NEED_ID = medicosocial("besoin")
GOAL_ID = medicosocial("objectif")
ACTION_ID = medicosocial("action")
