"""Document → UTF-8 bytes, elements in the order of the schema (CDA_extended.xsd).

Our own values are written here: `validate.check` and the schema judge them. A document carries neither a
stylesheet nor a schemaLocation (§3.2).
"""

import base64

from jalon.core.identity import Ins, Sex
from jalon.formats.cda import markup as xml
from jalon.formats.cda.body import Document, Embedded, Structured
from jalon.formats.cda.header import (
    Author,
    Encounter,
    Entity,
    Guardian,
    Header,
    Id,
    Informant,
    LegalAuthenticator,
    Organization,
    Patient,
    PersonName,
    Recipient,
    Related,
    RelatedPerson,
    ServiceEvent,
)
from jalon.formats.cda.narrative import PAYLOAD, structured_body

HL7_FRANCE = Id("2.16.840.1.113883.2.8.2.1")
CI_SIS = Id("1.2.250.1.213.1.1.1.1")
XDS_SD = Id("1.3.6.1.4.1.19376.1.2.20")  # the template of an N1
SOCLE = (HL7_FRANCE, CI_SIS, XDS_SD)

_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
)
# JDV_J143: indeterminate is `UN`, where RNIV and INSi say `U`.
SEXES: dict[Sex, tuple[str, str]] = {"M": ("M", "Masculin"), "F": ("F", "Féminin"), "U": ("UN", "Inconnu")}
_DATE = {"day": "%Y%m%d", "month": "%Y%m", "year": "%Y"}


def write(document: Document) -> bytes:
    """The document as it will be signed, hashed and sent: the same values give the same bytes.

    Raises DomainError `control_character` (its place is the element); ValueError on a time without offset.
    """
    body = document.body
    text = (
        f"{_OPENING}{_header(document.header, embedded=isinstance(body, Embedded))}"
        f"<component>{_body(body, document.header)}</component></ClinicalDocument>"
    )
    xml.refuse_control_characters(text)
    # The payload joins last, as bytes: a PDF of several megabytes is neither escaped nor searched.
    before, _, after = text.partition(PAYLOAD)
    payload = body.data if isinstance(body, Embedded) else body.pdf_copy
    return before.encode() + base64.b64encode(payload) + after.encode()


def _body(body: Embedded | Structured, header: Header) -> str:
    if isinstance(body, Structured):
        return structured_body(body, seed=str(header.id))
    media = f'mediaType="{xml.attribute(body.media_type)}" representation="B64"'
    return f"<nonXMLBody><text {media}>{PAYLOAD}</text></nonXMLBody>"


def _header(header: Header, *, embedded: bool) -> str:
    socle = SOCLE if embedded else SOCLE[:2]
    return "".join(
        (
            xml.instances((*socle, *header.templates), "templateId"),
            xml.instance(header.id),
            xml.coded(header.code),
            f"<title>{xml.text(header.title)}</title>",
            xml.time("effectiveTime", header.effective_time),
            xml.coded(header.confidentiality, "confidentialityCode"),
            f'<languageCode code="{xml.attribute(header.language)}"/>',
            xml.instance(header.set_id, "setId"),
            f'<versionNumber value="{header.version}"/>',
            _record_target(header.patient),
            *map(_author, header.authors),
            *map(_informant, header.informants),
            _custodian(header.custodian),
            *map(_recipient, header.recipients),
            _legal_authenticator(header.legal_authenticator),
            *map(_service_event, header.events),
            _related(header.related),
            _component_of(header.encounter),
        )
    )


# --- the person ------------------------------------------------------------------------------------


def _record_target(patient: Patient) -> str:
    ids = xml.instances((*map(_ins, filter(None, [patient.ins])), *patient.local_ids))
    return (
        f"<recordTarget><patientRole>{ids}{xml.contact(patient.addresses, patient.telecoms)}"
        f"<patient>{_patient_name(patient)}{_sex(patient.sex)}{_birth(patient)}"
        f"{''.join(map(_guardian, patient.guardians))}{_birthplace(patient)}</patient>"
        "</patientRole></recordTarget>"
    )


def _ins(ins: Ins) -> Id:
    return Id(ins.oid, ins.matricule)


def _patient_name(patient: Patient) -> str:
    """§3.5.5.12: `given` alone is the list of the first names, BR the first of them, CL the one in use."""
    return (
        f"<name>{xml.optional('family', patient.birth_name, xml.BR)}"
        f"{xml.optional('family', patient.used_name, xml.CL)}"
        f"{xml.optional('given', patient.birth_first_names)}"
        f"{xml.optional('given', patient.first_name, xml.BR)}"
        f"{xml.optional('given', patient.used_first_name, xml.CL)}</name>"
    )


def _sex(sex: Sex | None) -> str:
    if sex is None:
        return '<administrativeGenderCode nullFlavor="UNK"/>'
    code, label = SEXES[sex]
    fact = f'code="{code}" displayName="{label}" codeSystem="2.16.840.1.113883.5.1"'
    return f"<administrativeGenderCode {fact}/>"


def _birth(patient: Patient) -> str:
    """With an INS the date is the one INSi gave, completed by RNIV; without, it stops at what is known."""
    if patient.birth_date is None:
        return '<birthTime nullFlavor="UNK"/>'
    precision = "day" if patient.ins else patient.birth_date_precision
    return f'<birthTime value="{patient.birth_date:{_DATE[precision]}}"/>'


def _birthplace(patient: Patient) -> str:
    name = xml.optional("name", patient.birth_place_name)
    county = xml.optional("county", patient.birth_place)
    place = name + (f"<addr>{county}</addr>" if county else "")
    return f"<birthplace><place>{place}</place></birthplace>" if place else ""


def _guardian(guardian: Guardian) -> str:
    organization = _organization(guardian.organization, "guardianOrganization")
    who = organization or _person(guardian.person, "guardianPerson")
    return f"<guardian>{xml.contact(guardian.addresses, guardian.telecoms)}{who}</guardian>"


# --- roles -----------------------------------------------------------------------------------------


def _author(author: Author) -> str:
    return (
        f"<author>{xml.coded(author.function, 'functionCode')}{xml.time('time', author.time)}"
        f"<assignedAuthor>{_role(author.entity)}{_device(author)}"
        f"{_organization(author.entity.organization)}</assignedAuthor></author>"
    )


def _device(author: Author) -> str:
    if author.device is None:
        return ""
    model = f"<manufacturerModelName>{xml.text(author.device.model)}</manufacturerModelName>"
    software = f"<softwareName>{xml.text(author.device.software)}</softwareName>"
    return f"<assignedAuthoringDevice>{model}{software}</assignedAuthoringDevice>"


def _assigned_entity(entity: Entity) -> str:
    return f"<assignedEntity>{_role(entity)}{_organization(entity.organization)}</assignedEntity>"


def _role(entity: Entity) -> str:
    return (
        f"{xml.instance(entity.id)}{xml.coded(entity.profession)}"
        f"{xml.contact(entity.addresses, entity.telecoms)}{_person(entity.person, 'assignedPerson')}"
    )


def _person(name: PersonName | None, element: str) -> str:
    return f"<{element}>{xml.person_name(name)}</{element}>" if name else ""


def _organization(organization: Organization | None, element: str = "representedOrganization") -> str:
    if organization is None:
        return ""
    return (
        f"<{element}>{xml.instance(organization.id) if organization.id else ''}"
        f"{xml.optional('name', organization.name)}{''.join(map(xml.telecom, organization.telecoms))}"
        f"{''.join(map(xml.address, organization.addresses))}"
        f"{xml.coded(organization.setting, 'standardIndustryClassCode')}</{element}>"
    )


def _custodian(custodian: Organization) -> str:
    """One telecom and one address at most (§3.5.5.16), and no practice setting."""
    kept = Organization(custodian.id, custodian.name, custodian.telecoms[:1], custodian.addresses[:1])
    organization = _organization(kept, "representedCustodianOrganization")
    return f"<custodian><assignedCustodian>{organization}</assignedCustodian></custodian>"


def _informant(informant: Informant) -> str:
    if isinstance(informant, Entity):
        return f"<informant>{_assigned_entity(informant)}</informant>"
    return f"<informant>{_related_entity(informant)}</informant>"


def _related_entity(related: RelatedPerson) -> str:
    return (
        f'<relatedEntity classCode="{xml.attribute(related.kind)}">{xml.coded(related.relation)}'
        f"{xml.contact(related.addresses, related.telecoms)}{_person(related.person, 'relatedPerson')}"
        "</relatedEntity>"
    )


def _recipient(recipient: Recipient) -> str:
    return (
        f"<informationRecipient><intendedRecipient>{xml.instance(recipient.id) if recipient.id else ''}"
        f"{xml.contact(recipient.addresses, recipient.telecoms)}"
        f"{_person(recipient.person, 'informationRecipient')}"
        f"{_organization(recipient.organization, 'receivedOrganization')}"
        "</intendedRecipient></informationRecipient>"
    )


def _legal_authenticator(authenticator: LegalAuthenticator) -> str:
    return (
        f"<legalAuthenticator>{xml.time('time', authenticator.time)}"
        f'<signatureCode code="S"/>{_assigned_entity(authenticator.entity)}</legalAuthenticator>'
    )


# --- what is documented ----------------------------------------------------------------------------


def _service_event(event: ServiceEvent) -> str:
    when = xml.interval(event.low, event.high) if event.low or event.high else ""
    performer = event.performer
    by = f'<performer typeCode="PRF">{_assigned_entity(performer)}</performer>' if performer else ""
    return (
        f"<documentationOf><serviceEvent>{xml.instances(event.ids)}{xml.coded(event.code)}"
        f"{when}{by}</serviceEvent></documentationOf>"
    )


def _related(related: Related | None) -> str:
    if related is None:
        return ""
    parent = f"<parentDocument>{xml.instance(related.id)}</parentDocument>"
    return f'<relatedDocument typeCode="{xml.attribute(related.kind)}">{parent}</relatedDocument>'


def _component_of(encounter: Encounter) -> str:
    responsible = encounter.responsible
    by = f"<responsibleParty>{_assigned_entity(responsible)}</responsibleParty>" if responsible else ""
    return (
        f"<componentOf><encompassingEncounter>{xml.instances(encounter.ids)}{xml.coded(encounter.kind)}"
        f"{xml.interval(encounter.low, encounter.high)}{by}<location><healthCareFacility>"
        f"{xml.coded(encounter.sector)}{_place(encounter)}</healthCareFacility></location>"
        "</encompassingEncounter></componentOf>"
    )


def _place(encounter: Encounter) -> str:
    name = xml.optional("name", encounter.place_name)
    where = xml.address(encounter.place_address) if encounter.place_address else ""
    return f"<location>{name}{where}</location>" if name or where else ""
