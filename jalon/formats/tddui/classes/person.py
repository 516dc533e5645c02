"""The person accompanied (Usager): Patient, profiles tddui-patient and tddui-patient-ins."""

import re
from dataclasses import dataclass

from jalon.formats.schemas import having
from jalon.formats.tddui.checks import Check, bind, fixed, need, rule, slices, where
from jalon.formats.tddui.datatypes import (
    ADDRESS,
    ATTACHMENT,
    CODED,
    CODING,
    IDENTIFIER,
    LANGUAGE,
    LINK,
    NAME,
    NATIONALITY_URLS,
    PERIOD,
    SEX,
    TELECOM,
    AbsentValue,
    WithUrl,
    primitive,
    type_codes,
)
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.frame import Frame
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, Slice, Sliced, extensions, shape
from jalon.formats.tddui.rules_common import gender, in_system, typed, url, use
from jalon.formats.tddui.urls import FR_SD, HL7_SD, INS_TYPES, LOCAL_ID, NIR, SD, V2_0203
from jalon.formats.tddui.values import (
    Address,
    Attachment,
    Coded,
    Coding,
    Identifier,
    Language,
    Link,
    Moment,
    Nationality,
    PartialDate,
    Period,
    PersonName,
    Telecom,
)


@dataclass(frozen=True)
class Reliability:
    """fr-core-identity-reliability as received: `status` (PROV, RECUP, VALI, QUAL; v2-0445), the paper that
    validated it and when, how the traits were collected, when INSi was asked, comments (DOUT, FICT…)."""

    status: Coding | None = None
    validation_date: Moment = ""
    validation_mode: Coding | None = None
    method: Coding | None = None
    insi_date: PartialDate = ""
    comments: tuple[Coded, ...] = ()


@dataclass(frozen=True)
class Household:
    """tddui-household-situation: family situation (JDV_J176), who lives there (JDV_J385), and in words."""

    family_situation: Coded | None = None
    composition: tuple[Coded, ...] = ()
    description: str = ""


@dataclass(frozen=True)
class InlineContact:
    """Patient.contact: somebody to reach, without an identity of their own."""

    relationships: tuple[Coded, ...] = ()
    name: PersonName | None = None
    telecoms: tuple[Telecom, ...] = ()
    address: Address | None = None
    sex: str = ""
    organization: Link | None = None
    period: Period | None = None
    identifier: Identifier | None = None
    comment: str = ""


@dataclass(frozen=True)
class PersonLink:
    """Patient.link: another record of the same person; `type`: replaced-by, replaces, refer, seealso."""

    other: Link
    type: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonData(Item):
    """The person accompanied (Usager): Patient, profile tddui-patient or tddui-patient-ins.

    `key`: value of the local identifier `3<FINESS>/<idLocal>` (PI, localusager); without one, `system|value`
    of the INS, MDPH, NSS or first other identifier; without any, `traits:` and a UUID of the strict traits.
    `birth`: official name; `used`: usual name. `sex`: M, F, U (JDV_J143), O if FHIR says `other`.
    `received_ins` and `received_reliability` are facts told by the sender: an import never qualifies an
    identity.
    `qualified_ins`: set by us at export when our own identity status is « qualifiée »; only then does the
    writer say tddui-patient-ins; otherwise tddui-patient. `qualified_ins=None` on a person just read means «
    as received ».
    `birth_order`: ordreNaissanceEtatCivil, required by tddui-patient; `birth_order_absent`: why it is not
    known (data-absent-reason code). `nss`: billing number (type NH). `mdph_number`: type PIN. `death_date`:
    deceasedDateTime.
    """

    birth: PersonName | None = None
    used: PersonName | None = None
    other_names: tuple[PersonName, ...] = ()
    sex: str = ""
    birth_date: PartialDate = ""
    birth_date_absent: str = ""
    birth_time: Moment = ""
    birth_order: int | None = None
    birth_order_absent: str = ""
    birth_date_updated: bool | None = None
    birth_place: Address | None = None
    local_id: Identifier | None = None
    nss: Identifier | None = None
    mdph_number: Identifier | None = None
    driving_licences: tuple[Identifier, ...] = ()
    received_ins: tuple[Identifier, ...] = ()
    other_identifiers: tuple[Identifier, ...] = ()
    received_reliability: tuple[Reliability, ...] = ()
    qualified_ins: bool | None = None
    active: bool | None = None
    household: Household | None = None
    marital_status: Coded | None = None
    nationalities: tuple[Nationality, ...] = ()
    languages: tuple[Language, ...] = ()
    deceased: bool | None = None
    death_date: Moment = ""
    death_place: Address | None = None
    death_place_text: str = ""
    multiple_birth: bool | None = None
    multiple_birth_rank: int | None = None
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    photos: tuple[Attachment, ...] = ()
    inline_contacts: tuple[InlineContact, ...] = ()
    general_practitioners: tuple[Link, ...] = ()
    managing_organization: Link | None = None
    links: tuple[PersonLink, ...] = ()
    comment: str = ""


_INS_SYSTEMS = {system: name for name, system in INS_TYPES.items() if system != NIR}


def _patient_identifier(identifier: Json) -> str:
    codes, system = type_codes(identifier), identifier.get("system", "")
    if codes & INS_TYPES.keys() or system in _INS_SYSTEMS:
        return "INS"
    if system == LOCAL_ID:
        return "PI"
    return next((code for code in ("NH", "PIN", "DL") if code in codes), "")


RELIABILITY = shape(
    Reliability,
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
    Household,
    extensions(
        Ext("family_situation", "familySituation", "valueCodeableConcept", CODED),
        Ext("composition", "householdComposition", "valueCodeableConcept", CODED, many=True),
        Ext("description", "householdCompositionDescription", "valueString"),
    ),
)
INLINE_CONTACT = shape(
    InlineContact,
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
PERSON_LINK = shape(PersonLink, One("other", "other", LINK), One("type", "type"))

SHAPE = shape(
    PersonData,
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
        use,
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
_RELIABILITY = FR_SD + "fr-core-identity-reliability"
_BIRTH_NAMES = FR_SD + "fr-core-patient-birth-list-given-name"
_EITHER: tuple[Check, ...] = (
    slices(
        "identifier",
        typed,
        dict.fromkeys(("NH", "PI", "PIN", "INS-NIR", "INS-NIA", "INS-NIR-TEST"), (0, 1)),
    ),
    where("identifier", typed, "PI", need("system"), need("value"), fixed("system", LOCAL_ID)),
    where("identifier", typed, "PIN", need("system"), need("value"), fixed("use", "usual")),
    where("identifier", typed, "DL", need("system"), need("value")),
    where("identifier", typed, "NH", need("value"), fixed("system", NIR)),
    slices("name", use, {"usual": (0, 1), "official": (1, 1)}),
    where("name", use, "official", need("family"), need("given")),
    bind("name.prefix", "JDV_J245"),
    need("name.prefix", 0, 1),
    bind("communication.language", "JDV_J115", soft=True),
    need("birthDate"),
    gender(),
    slices("extension", url, {HL7_SD + "patient-birthPlace": (0, 1)}),
    slices("extension", url, {f"{SD}tddui-household-situation": (0, 1), f"{SD}tddui-comment": (0, 1)}),
    need("link.type"),
)

RULES: tuple[Check, ...] = (
    *_EITHER,
    rule(
        lambda it: any(
            url(each) == f"{SD}tddui-birth-order" for each in it.get("_birthDate", {}).get("extension", ())
        ),
        "_birthDate.extension",
        "Sans INS, l’ordre de naissance (tddui-birth-order) est obligatoire.",
        having("_birthDate", having("extension", url.bears(f"{SD}tddui-birth-order"))),
    ),
)


def _statuses(patient: Json) -> set[str]:
    found = [each for each in patient.get("extension", ()) if url(each) == _RELIABILITY]
    parts = [part for each in found for part in each.get("extension", ()) if url(part) == "identityStatus"]
    return {part.get("valueCoding", {}).get("code", "") for part in parts}


def _is_ins(identifier: Json) -> bool:
    wanted = "temp" if identifier.get("system") == INS_TYPES["INS-NIA"] else "official"
    return identifier.get("system") in INS_TYPES.values() and identifier.get("use") == wanted


def _one_official(patient: Json) -> bool:
    held = patient.get("identifier", ())
    nia = any(_is_ins(each) and each.get("use") == "temp" for each in held)
    return nia or sum(each.get("use") == "official" for each in held) == 1


INS_RULES: tuple[Check, ...] = (
    *_EITHER,
    need("gender"),
    need("identifier"),
    slices("extension", url, {_RELIABILITY: (1, None), HL7_SD + "patient-birthPlace": (1, 1)}),
    where(
        "name",
        use,
        "official",
        need("given", 1, 1),
        slices("extension", url, {_BIRTH_NAMES: (1, 1)}),
    ),
    slices("identifier", typed, {"INS-NIR-DEMO": (0, 1)}),
    *(in_system(code, system) for code, system in INS_TYPES.items()),
    *(where("identifier", typed, code, need("use"), need("value")) for code in INS_TYPES),
    where("identifier", typed, "INS-NIA", fixed("use", "temp")),
    where("identifier", typed, "INS-NIR-TEST", fixed("use", "official")),
    where("identifier", typed, "INS-NIR-DEMO", fixed("use", "official")),
    rule(
        lambda it: "VALI" not in _statuses(it) or any(map(_is_ins, it.get("identifier", ()))),
        "identifier",
        "Une identité validée (VALI) doit porter un matricule INS (fr-core-1).",
    ),
    rule(
        lambda it: "VALI" not in _statuses(it) or _one_official(it),
        "identifier",
        "Une identité validée (VALI) ne porte qu’un identifiant officiel (fr-core-2).",
    ),
)


def _preference(identifier: Json) -> int:
    """The local identifier, then an INS, the MDPH number, the billing number, any other."""
    codes = type_codes(identifier)
    tried = (identifier.get("system") == LOCAL_ID, codes & INS_TYPES.keys(), "PIN" in codes, "NH" in codes)
    return next((rank for rank, found in enumerate(tried) if found), len(tried))


_LOCAL = re.compile(r"3[0-9AB]{9}/[^-]+")


def _with_local_id(item: PersonData) -> PersonData:
    if not _LOCAL.fullmatch(item.key):
        return item
    return lacking(item, local_id=typed_identifier(LOCAL_ID, item.key, V2_0203, "PI"))


KIND = Kind(
    name="person",
    label="usagers",
    fhir="Patient",
    profile="patient",
    rank=40,
    shape=SHAPE,
    rules=RULES,
    variants={"patient-ins": INS_RULES},
    sole=True,
    system=LOCAL_ID,
    preference=_preference,
    fill=_with_local_id,
)
