"""What a delivery sends, made from what is kept: the CDA, its PDF, and the identifiers drawn at the request.

Pure of any wire.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.conf import settings

from jalon.core.identity import Ins
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange.compose import people
from jalon.exchange.compose.identifiers import oid
from jalon.exchange.models import Delivery
from jalon.formats import mime, xds, xml
from jalon.formats.xdm import package
from jalon.gateways.common.vihf import MOBILE_TWO_FACTOR, Software, Vihf
from jalon.gateways.dmp.messages import Lot
from jalon.gateways.mssante import messages as mail
from jalon.organizations.families import family_of
from jalon.organizations.queries import moment_at
from jalon.staff.models import Professional
from jalon.terminology import Coding, concept_map, value_set


@dataclass(frozen=True)
class Parcel:
    """Everything one attempt needs, read in one transaction, so that none is held during the network call.

    `written_on`: the day the document was written, in its establishment.
    """

    delivery: Delivery
    document: Document
    sender: Professional
    cda: bytes
    pdf: bytes
    entry: xds.DocumentEntry
    submission: xds.SubmissionSet
    ins: Ins
    written_on: dt.date


def read(delivery: Delivery) -> Parcel:
    """The parcel of a delivery, for the person its document names: after a cut, a doubt may have come since.

    Raises AssertionError for a document that carries no INS: rules refuse before.
    """
    document = delivery.document
    cda = xml.Kept(load(document.cda_sha256))
    entry = xds.entry_of(cda, class_code=class_of(document.type_code))
    ins, sender = entry.patient_id.ins, delivery.requested_by or document.author
    if ins is None or sender is None:
        raise AssertionError("only a qualified identity is sent, and somebody sends it")
    submission = xds.SubmissionSet(
        unique_id=delivery.submission_id,
        source_id=settings.SOFTWARE_OID,
        patient_id=entry.patient_id,
        submission_time=delivery.requested_at,
        # Kind of support (JDV_J59): services that go where the person lives; boarding otherwise.
        content_type=value_set("JDV_J59").get(
            "16" if family_of(document.record.establishment.category).at_home else "11"
        ),
        authors=entry.authors,
        title=document.title,
    )
    return Parcel(
        delivery,
        document,
        sender,
        cda,
        load(document.sha256),
        entry,
        submission,
        ins,
        moment_at(document.record.establishment, document.written_at).today,
    )


def class_of(type_code: str) -> Coding:
    """The class of a document type: the DMP's table, else the national one."""
    for table in ("ASS_X16", "ASS_X04"):
        if found := concept_map(table).targets(type_code):
            return found[0]
    raise KeyError(type_code)


def archive(parcel: Parcel) -> bytes:
    """IHE_XDM.zip, the same bytes each time for the same delivery.

    A new version says which one it replaces (RPLC), as its CDA does. No registry gives entryUUIDs between us
    and whoever receives a mail: ours are drawn from the identifiers of the documents, so that the association
    leads to the entry of the former archive.
    """
    house = parcel.document.record.establishment
    origin = package.Origin(
        organization=house.name,
        person=str(parcel.sender),
        address=f"{house.address_line}, {house.postal_code} {house.city}",
        telephone=house.phone,
        software=settings.SOFTWARE_NAME,
        version=settings.SOFTWARE_VERSION,
    )
    entry = replace(parcel.entry, id=_entry_uuid(parcel.document))
    former = parcel.document.replaces
    return package.build(
        parcel.submission,
        [(entry, parcel.cda)],
        origin=origin,
        at=parcel.delivery.requested_at,
        associations=[xds.Association.replaces(entry.id, _entry_uuid(former))] if former else [],
    )


def _entry_uuid(document: Document) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, document.unique_id)}"


def message(parcel: Parcel) -> bytes:
    """The mail to the person's citizen mailbox: the archive, and its PDF/A-1 twin (ECO.2.1.1)."""
    house, person = parcel.document.record.establishment, parcel.document.record.person
    label = value_set("JDV_J07").label(parcel.document.type_code)
    shipment = mail.Shipment(
        traits=person.traits,
        ins=parcel.ins,
        documents=(mail.Document(parcel.document.type_code, label, parcel.written_on, parcel.pdf),),
        archive=archive(parcel),
        replaces=parcel.document.version > 1,
    )
    post = mail.Post(
        message_id=parcel.delivery.message_id,
        date=parcel.delivery.requested_at,
        sender=mime.Address(house.name, house.mailbox),
        recipients=(mime.Address("", parcel.delivery.recipient),),
        product=settings.SOFTWARE_NIL,
        text=f"Bonjour,\n\n{house.name} vous adresse un document : {label}.\nIl est joint à ce message.\n",
        contact=settings.MSSANTE_CONTACTS.get(house.mailbox, ""),
        reading_receipt=False,
        delivery_receipt=settings.MSSANTE_RECEIPT,
        last=True,
        allow_real_domains=settings.MSSANTE_ALLOW_REAL_DOMAINS,
    )
    return mime.write(mail.documents_mail(post, shipment))


def lot(parcel: Parcel, replaces: dict[str, str]) -> Lot:
    """The DMP's lot; `replaces` gives the entryUUID of the version this one takes the place of."""
    return Lot.of(parcel.submission, [(parcel.entry, parcel.cda)], replaces=replaces)


def vihf(
    sender: Professional, structure: str, sector: str, ins: Ins | None, signed_in_at: dt.datetime
) -> Vihf:
    """Who asks, for whom, in indirect authentication: the structure vouches for its professional."""
    return Vihf(
        user_id=sender.key,
        user_name=f"{sender.last_name} {sender.first_name}",
        roles=people.dmp_roles(sender),
        structure_id=structure,
        sector=sector,
        signed_in_at=signed_in_at,
        software=Software(settings.SOFTWARE_NAME, settings.SOFTWARE_VERSION, settings.DMP_APPROVAL),
        patient=ins,
        authentication=MOBILE_TWO_FACTOR,
    )


def signature_ids(delivery: Delivery) -> tuple[str, str]:
    """The OID and the XML name of the lot's signature: of this delivery, the same at each attempt."""
    return f"{oid(delivery.pk)}.1", f"_{delivery.pk}"
