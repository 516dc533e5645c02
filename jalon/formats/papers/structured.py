"""A structured document → what its PDF says, from the same values (ECO.2.1.5, SC.CDA/DD.12).

Title, type, time, author, who answers for it, who keeps it; then the narrative of each section, as it is.
"""

from jalon.formats.cda.body import Document, Section, Structured
from jalon.formats.cda.header import Author, Entity, Organization, Patient
from jalon.formats.paper import Establishment, Identity
from jalon.formats.papers.document import DocumentPdf


def printed(document: Document, *, datamatrix: tuple[str, ...] = ()) -> DocumentPdf:
    """What to give `pdf.render`. A document that embeds a file has no section: its PDF is that file."""
    header = document.header
    sections: tuple[Section, ...] = document.body.sections if isinstance(document.body, Structured) else ()
    facts = (
        ("Type de document", header.code.display),
        ("Responsable", _name(header.legal_authenticator.entity)),
        ("Conservé par", header.custodian.name),
    )
    return DocumentPdf(
        title=header.title,
        establishment=_establishment(header.custodian),
        written=header.effective_time,
        authors=tuple(filter(None, map(_author, header.authors))),
        sections=sections,
        identity=_identity(header.patient, datamatrix),
        version=header.version,
        facts=facts,
    )


def _identity(patient: Patient, datamatrix: tuple[str, ...]) -> Identity:
    return Identity(
        birth_name=patient.birth_name,
        first_names=patient.first_name or patient.birth_first_names,
        birth_date=patient.birth_date,
        birth_date_precision=patient.birth_date_precision,
        sex=patient.sex,
        used_name=patient.used_name,
        used_first_name=patient.used_first_name,
        birth_place=" ".join(filter(None, (patient.birth_place_name, patient.birth_place))),
        ins=patient.ins,
        datamatrix=datamatrix if patient.ins else (),
    )


def _establishment(custodian: Organization) -> Establishment:
    telephones = [telecom.text for telecom in custodian.telecoms if telecom.value.startswith("tel:")]
    address = custodian.addresses[0].printed if custodian.addresses else ()
    return Establishment(custodian.name, address, next(iter(telephones), ""))


def _author(author: Author) -> str:
    return _name(author.entity) or (author.device.software if author.device else "")


def _name(entity: Entity) -> str:
    if entity.person is None:
        return ""
    profession = entity.profession.display if entity.profession else ""
    return ", ".join(filter(None, (entity.person.text, profession)))
