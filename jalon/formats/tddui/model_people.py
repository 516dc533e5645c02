"""Who: the person accompanied, their contacts, structures and professionals. See `model` for the whole."""

from dataclasses import dataclass

from jalon.formats.tddui.values import (
    Address,
    Attachment,
    Coded,
    Coding,
    Envelope,
    Identifier,
    Language,
    Link,
    Moment,
    Nationality,
    PartialDate,
    Period,
    PersonName,
    Residue,
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
class PersonData:
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

    key: str
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
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ContactData:
    """A contact of the person: RelatedPerson, profile tddui-related-person-contact.

    `key`: value of its identifier (`system|value` if the system is not one of ours). `role`: JDV_J384 in
    TRE_R260;
    `relations`: TRE_R216 (family tie…); `legal_protection`: TRE_R217. The call order is the rank of the
    telecoms.
    """

    key: str
    person: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    role: Coded | None = None
    relations: tuple[Coded, ...] = ()
    legal_protection: Coded | None = None
    other_relationships: tuple[Coded, ...] = ()
    names: tuple[PersonName, ...] = ()
    sex: str = ""
    birth_date: PartialDate = ""
    nationalities: tuple[Nationality, ...] = ()
    languages: tuple[Language, ...] = ()
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    photos: tuple[Attachment, ...] = ()
    period: Period | None = None
    description: str = ""
    comment: str = ""
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True)
class OrganizationContact:
    """Organization.contact."""

    purpose: Coded | None = None
    name: PersonName | None = None
    telecoms: tuple[Telecom, ...] = ()
    address: Address | None = None


@dataclass(frozen=True, kw_only=True)
class OrganizationData:
    """A structure: Organization, profile tddui-organization. `key`: idNat_Struct (`1`+FINESS, `3`+SIRET…)."""

    key: str
    national_id: Identifier | None = None
    siren: tuple[Identifier, ...] = ()
    siret: tuple[Identifier, ...] = ()
    other_identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    types: tuple[Coded, ...] = ()
    name: str = ""
    short_name: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    addresses: tuple[Address, ...] = ()
    part_of: Link | None = None
    contacts: tuple[OrganizationContact, ...] = ()
    endpoints: tuple[Link, ...] = ()
    period: Period | None = None
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True)
class Qualification:
    """Practitioner.qualification: diploma (TRE_R48) or profession (TRE_G15)."""

    code: Coded | None = None
    identifiers: tuple[Identifier, ...] = ()
    period: Period | None = None
    issuer: Link | None = None


@dataclass(frozen=True, kw_only=True)
class PractitionerData:
    """A professional: Practitioner, profile tddui-practitioner. `key`: idNat_PS (`8`+RPPS,
    `3`+FINESS/id…)."""

    key: str
    national_id: Identifier | None = None
    rpps: tuple[Identifier, ...] = ()
    other_identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    names: tuple[PersonName, ...] = ()
    sex: str = ""
    birth_date: PartialDate = ""
    telecoms: tuple[Telecom, ...] = ()
    addresses: tuple[Address, ...] = ()
    photos: tuple[Attachment, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    specialty: Coded | None = None
    languages: tuple[Coded, ...] = ()
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()


@dataclass(frozen=True)
class RoleCode:
    """PractitionerRole.code: `function` (JDV_J47) and `profession` (JDV_J01, extension tddui-profession in
    the code)."""

    function: Coded | None = None
    profession: Coded | None = None


@dataclass(frozen=True)
class AvailableTime:
    """PractitionerRole.availableTime: days (`mon`…), whole day, or from and to (hh:mm:ss)."""

    days: tuple[str, ...] = ()
    all_day: bool | None = None
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Absence:
    """PractitionerRole.notAvailable."""

    description: str = ""
    during: Period | None = None


@dataclass(frozen=True, kw_only=True)
class RoleData:
    """What a professional does where: PractitionerRole, profile tddui-practitioner-role.

    `key`: its identifier if it has one, otherwise `<practitioner key>@<organization key>#<function code>`.
    `exercise_mode`: JDV_J117 (libéral, salarié…).
    """

    key: str
    identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    period: Period | None = None
    practitioner: Link | None = None
    organization: Link | None = None
    codes: tuple[RoleCode, ...] = ()
    exercise_mode: Coded | None = None
    specialties: tuple[Coded, ...] = ()
    locations: tuple[Link, ...] = ()
    services: tuple[Link, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    available: tuple[AvailableTime, ...] = ()
    absences: tuple[Absence, ...] = ()
    availability_exceptions: str = ""
    endpoints: tuple[Link, ...] = ()
    envelope: Envelope = Envelope()
    extra: tuple[Residue, ...] = ()
