"""Patient, RelatedPerson, Organization, Practitioner, PractitionerRole ↔ the model of `model_people`."""

from jalon.formats.tddui import model_people as m
from jalon.formats.tddui.datatypes import (
    ADDRESS,
    ATTACHMENT,
    CODED,
    CODING,
    IDENTIFIER,
    LANGUAGE,
    LINK,
    NAME,
    PERIOD,
    SEX,
    TELECOM,
    AbsentValue,
    WithUrl,
    primitive,
)
from jalon.formats.tddui.frame import Frame
from jalon.formats.tddui.lens import (
    Ext,
    Json,
    Many,
    One,
    Slice,
    Sliced,
    extensions,
    shape,
)
from jalon.formats.tddui.urls import (
    FR_SD,
    HL7_SD,
    ID_NAT_PS,
    ID_NAT_STRUCT,
    INS_TYPES,
    LOCAL_ID,
    NIR,
    PROTECTION,
    ROLE_CLASS,
    ROLE_CODE,
    RPPS,
    SD,
)

NATIONALITY_URLS = (
    HL7_SD + "patient-nationality",
    FR_SD + "fr-core-patient-nationality",
    SD + "tddui-nationality",
)
_INS_SYSTEMS = {system: name for name, system in INS_TYPES.items() if system != NIR}


def _type_codes(identifier: Json) -> set[str]:
    return {coding.get("code", "") for coding in identifier.get("type", {}).get("coding", ())}


def _patient_identifier(identifier: Json) -> str:
    codes, system = _type_codes(identifier), identifier.get("system", "")
    if codes & INS_TYPES.keys() or system in _INS_SYSTEMS:
        return "INS"
    if system == LOCAL_ID:
        return "PI"
    return next((code for code in ("NH", "PIN", "DL") if code in codes), "")


def _use(name: Json) -> str:
    return str(name.get("use", ""))


RELIABILITY = shape(
    m.Reliability,
    extensions(
        Ext("status", "identityStatus", "valueCoding", CODING),
        Ext("validation_date", "validationDate", "valueDate"),
        Ext("validation_mode", "validationMode", "valueCoding", CODING),
        Ext("method", "methodCollection", "valueCoding", CODING),
        Ext("insi_date", "dateInterrogationINSi", "valueDate"),
        Ext("comments", "comment", "valueCodeableConcept", CODED, many=True),
    ),
)
HOUSEHOLD = shape(
    m.Household,
    extensions(
        Ext("family_situation", "familySituation", "valueCodeableConcept", CODED),
        Ext("composition", "householdComposition", "valueCodeableConcept", CODED, many=True),
        Ext("description", "householdCompositionDescription", "valueString"),
    ),
)
INLINE_CONTACT = shape(
    m.InlineContact,
    extensions(
        Ext("identifier", FR_SD + "fr-core-patient-contact-identifier", "valueIdentifier", IDENTIFIER),
        Ext("comment", FR_SD + "fr-core-comment", "valueString"),
    ),
    Many("relationships", "relationship", CODED),
    One("name", "name", NAME),
    Many("telecoms", "telecom", TELECOM),
    One("address", "address", ADDRESS),
    One("sex", "gender", SEX),
    One("organization", "organization", LINK),
    One("period", "period", PERIOD),
)
PERSON_LINK = shape(m.PersonLink, One("other", "other", LINK), One("type", "type"))

PERSON = shape(
    m.PersonData,
    Frame(),
    extensions(
        Ext("received_reliability", FR_SD + "fr-core-identity-reliability", "", RELIABILITY, many=True),
        Ext("birth_place", HL7_SD + "patient-birthPlace", "valueAddress", ADDRESS),
        Ext(
            "nationalities",
            NATIONALITY_URLS[0],
            "",
            WithUrl(NATIONALITY_URLS[0]),
            many=True,
            also=NATIONALITY_URLS[1:],
        ),
        Ext("household", SD + "tddui-household-situation", "", HOUSEHOLD),
        Ext("comment", SD + "tddui-comment", "valueString"),
        Ext("death_place", FR_SD + "fr-core-patient-death-place", "valueAddress", ADDRESS),
        Ext("birth_date_updated", FR_SD + "fr-core-patient-birthdate-update-indicator", "valueBoolean"),
    ),
    extensions(Ext("death_place_text", FR_SD + "fr-core-patient-death-place", "valueString")),
    Sliced(
        "identifier",
        _patient_identifier,
        {
            "INS": Slice("received_ins", IDENTIFIER, many=True),
            "NH": Slice("nss", IDENTIFIER),
            "PI": Slice("local_id", IDENTIFIER),
            "PIN": Slice("mdph_number", IDENTIFIER),
            "DL": Slice("driving_licences", IDENTIFIER, many=True),
        },
        Slice("other_identifiers", IDENTIFIER, many=True),
    ),
    One("active", "active"),
    Sliced(
        "name",
        _use,
        {"official": Slice("birth", NAME), "usual": Slice("used", NAME)},
        Slice("other_names", NAME, many=True),
    ),
    Many("telecoms", "telecom", TELECOM),
    One("sex", "gender", SEX),
    One("birth_date", "birthDate"),
    primitive(
        "birthDate",
        AbsentValue("birth_order", SD + "tddui-birth-order", "valuePositiveInt"),
        extensions(
            Ext("birth_time", HL7_SD + "patient-birthTime", "valueDateTime"),
            Ext("birth_date_absent", HL7_SD + "data-absent-reason", "valueCode"),
        ),
    ),
    One("deceased", "deceasedBoolean"),
    One("death_date", "deceasedDateTime"),
    Many("addresses", "address", ADDRESS),
    One("marital_status", "maritalStatus", CODED),
    One("multiple_birth", "multipleBirthBoolean"),
    One("multiple_birth_rank", "multipleBirthInteger"),
    Many("photos", "photo", ATTACHMENT),
    Many("inline_contacts", "contact", INLINE_CONTACT),
    Many("languages", "communication", LANGUAGE),
    Many("general_practitioners", "generalPractitioner", LINK),
    One("managing_organization", "managingOrganization", LINK),
    Many("links", "link", PERSON_LINK),
)


def _relationship(concept: Json) -> str:
    systems = {coding.get("system", "") for coding in concept.get("coding", ())}
    return next((system for system in (PROTECTION, ROLE_CLASS, ROLE_CODE) if system in systems), "")


CONTACT = shape(
    m.ContactData,
    Frame(),
    extensions(
        Ext(
            "nationalities",
            NATIONALITY_URLS[2],
            "",
            WithUrl(NATIONALITY_URLS[2]),
            many=True,
            also=NATIONALITY_URLS[:2],
        ),
        Ext("comment", SD + "tddui-comment", "valueString"),
        Ext("description", SD + "tddui-related-person-contact-description", "valueString"),
    ),
    Many("identifiers", "identifier", IDENTIFIER),
    One("active", "active"),
    One("person", "patient", LINK),
    Sliced(
        "relationship",
        _relationship,
        {
            ROLE_CLASS: Slice("role", CODED),
            ROLE_CODE: Slice("relations", CODED, many=True),
            PROTECTION: Slice("legal_protection", CODED),
        },
        Slice("other_relationships", CODED, many=True),
    ),
    Many("names", "name", NAME),
    Many("telecoms", "telecom", TELECOM),
    One("sex", "gender", SEX),
    One("birth_date", "birthDate"),
    Many("addresses", "address", ADDRESS),
    Many("photos", "photo", ATTACHMENT),
    One("period", "period", PERIOD),
    Many("languages", "communication", LANGUAGE),
)


def _organization_identifier(identifier: Json) -> str:
    if identifier.get("system") == ID_NAT_STRUCT:
        return "IDNST"
    codes = _type_codes(identifier)
    return next((code for code in ("IDNST", "SIREN", "SIRET") if code in codes), "")


ORGANIZATION_CONTACT = shape(
    m.OrganizationContact,
    One("purpose", "purpose", CODED),
    One("name", "name", NAME),
    Many("telecoms", "telecom", TELECOM),
    One("address", "address", ADDRESS),
)
ORGANIZATION = shape(
    m.OrganizationData,
    Frame(),
    extensions(
        Ext("short_name", FR_SD + "fr-core-organization-short-name", "valueString"),
        Ext("description", FR_SD + "fr-core-organization-description", "valueString"),
        Ext("period", HL7_SD + "organization-period", "valuePeriod", PERIOD),
    ),
    Sliced(
        "identifier",
        _organization_identifier,
        {
            "IDNST": Slice("national_id", IDENTIFIER),
            "SIREN": Slice("siren", IDENTIFIER, many=True),
            "SIRET": Slice("siret", IDENTIFIER, many=True),
        },
        Slice("other_identifiers", IDENTIFIER, many=True),
    ),
    One("active", "active"),
    Many("types", "type", CODED),
    One("name", "name"),
    Many("aliases", "alias"),
    Many("telecoms", "telecom", TELECOM),
    Many("addresses", "address", ADDRESS),
    One("part_of", "partOf", LINK),
    Many("contacts", "contact", ORGANIZATION_CONTACT),
    Many("endpoints", "endpoint", LINK),
)


def _practitioner_identifier(identifier: Json) -> str:
    return str(identifier.get("system", ""))


QUALIFICATION = shape(
    m.Qualification,
    Many("identifiers", "identifier", IDENTIFIER),
    One("code", "code", CODED),
    One("period", "period", PERIOD),
    One("issuer", "issuer", LINK),
)
PRACTITIONER = shape(
    m.PractitionerData,
    Frame(),
    extensions(Ext("specialty", FR_SD + "fr-core-practitioner-specialty", "valueCodeableConcept", CODED)),
    Sliced(
        "identifier",
        _practitioner_identifier,
        {ID_NAT_PS: Slice("national_id", IDENTIFIER), RPPS: Slice("rpps", IDENTIFIER, many=True)},
        Slice("other_identifiers", IDENTIFIER, many=True),
    ),
    One("active", "active"),
    Many("names", "name", NAME),
    Many("telecoms", "telecom", TELECOM),
    Many("addresses", "address", ADDRESS),
    One("sex", "gender", SEX),
    One("birth_date", "birthDate"),
    Many("photos", "photo", ATTACHMENT),
    Many("qualifications", "qualification", QUALIFICATION),
    Many("languages", "communication", CODED),
)


class RoleCodeCodec:
    """PractitionerRole.code: the function, and the profession as an extension of it."""

    profession = extensions(Ext("profession", SD + "tddui-profession", "valueCodeableConcept", CODED))

    def read(self, raw: Json) -> m.RoleCode:
        """Function and profession."""
        found: Json = {}
        self.profession.read(raw, found)
        function = CODED.read(raw)
        return m.RoleCode(function if CODED.write(function) else None, found.get("profession"))

    def write(self, value: m.RoleCode) -> Json:
        """The concept of the function with the profession in it."""
        node: Json = {}
        self.profession.write(value, node)
        return node | (CODED.write(value.function) if value.function else {})


AVAILABLE = shape(
    m.AvailableTime,
    Many("days", "daysOfWeek"),
    One("all_day", "allDay"),
    One("start", "availableStartTime"),
    One("end", "availableEndTime"),
)
ABSENCE = shape(m.Absence, One("description", "description"), One("during", "during", PERIOD))
ROLE = shape(
    m.RoleData,
    Frame(),
    extensions(Ext("exercise_mode", SD + "tddui-exercise-mode", "valueCodeableConcept", CODED)),
    Many("identifiers", "identifier", IDENTIFIER),
    One("active", "active"),
    One("period", "period", PERIOD),
    One("practitioner", "practitioner", LINK),
    One("organization", "organization", LINK),
    Many("codes", "code", RoleCodeCodec()),
    Many("specialties", "specialty", CODED),
    Many("locations", "location", LINK),
    Many("services", "healthcareService", LINK),
    Many("telecoms", "telecom", TELECOM),
    Many("available", "availableTime", AVAILABLE),
    Many("absences", "notAvailable", ABSENCE),
    One("availability_exceptions", "availabilityExceptions"),
    Many("endpoints", "endpoint", LINK),
)
