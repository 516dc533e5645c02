"""The DMP's messages: feed and replace (TD2.1), look up (TD3.1b), delete (TD3.3c), existence (TD0.2).

Pure: values → bytes, bytes → values. Wire of each: examples of the GIE SESAM-Vitale v02.05.00.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

from lxml import etree

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.core.identity import Ins
from jalon.formats import soap, xds
from jalon.formats.xades import Signed, sign_manifest
from jalon.formats.xds import codes
from jalon.formats.xdsig import Signer

SERVICE: Final = "DMP"
HL7: Final = "urn:hl7-org:v3"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
DMP_OID: Final = "1.2.250.1.213.4.1.1.1"

SUBMIT: Final = "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
QUERY: Final = "urn:ihe:iti:2007:RegistryStoredQuery"
UPDATE: Final = "urn:ihe:iti:2010:UpdateDocumentSet"
EXISTS: Final = "urn:hl7-org:v3:PRPA_IN201307UV02"
GET_DOCUMENTS: Final = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"

# lxml-stubs do not know that None is the default prefix.
_V3_PREFIXES: Final = cast(dict[str, str], {None: HL7, "xsi": XSI})

SUCCESS: Final = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
# A set of this identifier is already there: after a cut, look the document up before saying « refused ».
ALREADY_THERE: Final = "XDSDuplicateUniqueIdInRegistry"


@dataclass(frozen=True)
class Request:
    """Bytes ready to post, and the Content-Type that goes with them."""

    action: str
    content_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Lot:
    """What one TD2.1 carries: a set, its documents with their bytes, and their links."""

    submission: xds.SubmissionSet
    documents: tuple[tuple[xds.DocumentEntry, bytes], ...]
    associations: tuple[xds.Association, ...] = ()

    @classmethod
    def of(
        cls,
        submission: xds.SubmissionSet,
        documents: Sequence[tuple[xds.DocumentEntry, bytes]],
        *,
        replaces: Mapping[str, str] | None = None,
    ) -> "Lot":
        """A lot; `replaces` gives, by uniqueId of the new document, the entryUUID it cancels and replaces.

        An entryUUID changes at each update of the metadata: look it up just before (TD3.1b).
        """
        entries = xds.numbered([entry for entry, _ in documents])
        links = tuple(
            xds.Association.replaces(entry.id, old)
            for entry in entries
            if (old := (replaces or {}).get(entry.unique_id))
        )
        pairs = zip(entries, (data for _, data in documents), strict=True)
        return cls(submission, tuple(pairs), links)

    def signed(self, signer: Signer, *, unique_id: str, signature_id: str, at: dt.datetime) -> "Lot":
        """The lot with its signature as a last document, as the DMP demands of a feed.

        `unique_id` is the signature's OID, `signature_id` an XML name (`_` and a UUID), `at` aware.
        """
        signature = sign_manifest(
            [
                Signed(self.submission.unique_id),
                *(Signed.document(entry.unique_id, data) for entry, data in self.documents),
            ],
            signer,
            signature_id=signature_id,
            at=at,
        )
        first = self.documents[0][0]
        entry = xds.signature_entry(self.submission, first, unique_id=unique_id, at=at)
        link = xds.Association.signs(entry.id, self.submission.id)
        return Lot(self.submission, (*self.documents, (entry, signature)), (*self.associations, link))


# --- requests --------------------------------------------------------------------------------------


def submit(lot: Lot, *, assertion: bytes, message_id: str) -> Request:
    """TD2.1 (ITI-41, MTOM). `message_id` is a whole URI (`urn:uuid:…`).

    Hash, size and URI are left out: the DMP computes the first two, the third is for archives. Raises
    DomainError `xds_incomplete` or `xds_too_long`.
    """
    entries = [replace(entry, hash="", size=None, uri="") for entry, _ in lot.documents]
    payload = etree.Element(
        f"{{{codes.XDSB}}}ProvideAndRegisterDocumentSetRequest", nsmap={"xds": codes.XDSB}
    )
    payload.append(xds.submit_objects(lot.submission, entries, lot.associations))
    parts = [soap.Part(f"{entry.id}@jalon", data, entry.mime_type) for entry, data in lot.documents]
    for (entry, _), part in zip(lot.documents, parts, strict=True):
        holder = etree.SubElement(payload, f"{{{codes.XDSB}}}Document", {"id": entry.id})
        holder.append(soap.include(part.content_id))
    envelope = soap.envelope(soap.Addressing(SUBMIT, message_id), payload, security=[assertion])
    kind, body = soap.pack(envelope, parts, action=SUBMIT)
    return Request(SUBMIT, kind, body)


def get_documents(unique_ids: Sequence[str], *, assertion: bytes, message_id: str) -> Request:
    """TD3.1b (ITI-18 GetDocuments): the entries of these documents, by uniqueId."""
    payload = etree.Element(
        f"{{{codes.QUERY}}}AdhocQueryRequest", nsmap={"query": codes.QUERY, "rim": codes.RIM}
    )
    option = {"returnComposedObjects": "true", "returnType": "LeafClass"}
    etree.SubElement(payload, f"{{{codes.QUERY}}}ResponseOption", option)
    query = etree.SubElement(payload, f"{{{codes.RIM}}}AdhocQuery", {"id": GET_DOCUMENTS})
    slot = etree.SubElement(query, f"{{{codes.RIM}}}Slot", {"name": "$XDSDocumentEntryUniqueId"})
    values = etree.SubElement(slot, f"{{{codes.RIM}}}ValueList")
    for unique_id in unique_ids:
        quoted = unique_id.replace("'", "''")
        etree.SubElement(values, f"{{{codes.RIM}}}Value").text = f"('{quoted}')"
    return _plain(QUERY, payload, assertion, message_id)


def change_status(
    submission: xds.SubmissionSet,
    entry_uuid: str,
    *,
    assertion: bytes,
    message_id: str,
    old: str = xds.APPROVED,
    new: str = xds.DELETED,
) -> Request:
    """TD3.3c (ITI-57): the registered entry goes from status `old` to `new`; deleted by default."""
    link = xds.Association.status_change(submission.id, entry_uuid, old=old, new=new)
    payload = xds.submit_objects(submission, (), (link,))
    return _plain(UPDATE, payload, assertion, message_id)


@dataclass(frozen=True)
class Application:
    """Our software for HL7 v3: its OID and its name."""

    oid: str
    name: str


def exists(
    patient: Ins,
    application: Application,
    *,
    assertion: bytes,
    message_id: str,
    query_id: str,
    at: dt.datetime,
) -> Request:
    """TD0.2: does this person have a DMP, and may we feed it. `query_id` is unique in the world (a UUID)."""
    payload = etree.Element(f"{{{HL7}}}PRPA_IN201307UV02", ITSVersion="XML_1.0", nsmap=_V3_PREFIXES)
    _v3(payload, "id", root=application.oid, extension=message_id.removeprefix("urn:uuid:"))
    _v3(payload, "creationTime", value=at.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S"))
    _v3(payload, "interactionId", root="2.16.840.1.113883.1.6", extension="PRPA_IN201307UV02")
    for name, code in (("processingCode", "P"), ("processingModeCode", "T"), ("acceptAckCode", "AL")):
        _v3(payload, name, code=code)
    _device(payload, "receiver", "RCV", Application(DMP_OID, "DMP"))
    _device(payload, "sender", "SND", application)
    act = _v3(payload, "controlActProcess", classCode="CACT", moodCode="EVN")
    reason = {"codeSystem": "1.2.250.1.213.1.1.4.11", "displayName": "Test d'existence de dossier"}
    _v3(act, "reasonCode", code="TEST_EXST", **reason)
    query = _v3(act, "queryByParameter")
    _v3(query, "queryId", root=application.oid, extension=query_id)
    _v3(query, "statusCode", code="new")
    parameters = _v3(query, "parameterList")
    _v3(parameters, "dataSource").set(f"{{{XSI}}}nil", "true")
    identifier = _v3(parameters, "patientIdentifier")
    _v3(identifier, "value", root=patient.oid, extension=patient.matricule)
    _v3(identifier, "semanticsText").text = "Patient.id"
    return _plain(EXISTS, payload, assertion, message_id)


def _v3(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{HL7}}}{name}", attributes)


def _device(parent: etree._Element, name: str, type_code: str, application: Application) -> None:
    role = _v3(parent, name, typeCode=type_code)
    device = _v3(role, "device", classCode="DEV", determinerCode="INSTANCE")
    _v3(device, "id", root=application.oid)
    _v3(device, "softwareName").text = application.name


def _plain(action: str, payload: etree._Element, assertion: bytes, message_id: str) -> Request:
    body = soap.envelope(soap.Addressing(action, message_id), payload, security=[assertion])
    return Request(action, soap.content_type(action), body)


# --- answers ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Accepted:
    """The DMP did what was asked; `warnings` are its own words (code and text)."""

    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Existence:
    """The answer of TD0.2. `authorization` is the DMP's own word (VALIDE…), '' when it says nothing."""

    exists: bool
    status: str = ""
    authorization: str = ""
    linked_to_mon_espace_sante: bool | None = None


def parse_response(kind: str, body: bytes) -> Accepted:
    """A RegistryResponse (TD2.1, TD3.3c). Raises Rejected with the first error's code, or Malformed."""
    return Accepted(_registry_status(_payload(kind, body), "RegistryResponse", body))


def parse_documents(kind: str, body: bytes) -> tuple[xds.DocumentEntry, ...]:
    """The entries of an ITI-18 answer, none when the DMP knows none. Raises Rejected or Malformed."""
    payload = _payload(kind, body)
    _registry_status(payload, "AdhocQueryResponse", body)
    try:
        return xds.decode_entries(payload)
    except DomainError as error:
        raise Malformed(SERVICE, str(error), body) from error


def parse_existence(kind: str, body: bytes) -> Existence:
    """The answer of TD0.2. Raises Rejected when the DMP refused to answer, or Malformed."""
    payload = _payload(kind, body)
    if payload.tag != f"{{{HL7}}}PRPA_IN201308UV02":
        raise Malformed(SERVICE, "La réponse n’est pas celle du test d’existence.", body)
    detail = payload.find(f".//{{{HL7}}}acknowledgementDetail")
    if _code(payload, "acknowledgement", "typeCode") != "AA":
        text = "" if detail is None else detail.findtext(f"{{{HL7}}}text") or ""
        raise Rejected(SERVICE, "" if detail is None else _code(detail, "code"), text or "Demande refusée.")
    patient = payload.find(f".//{{{HL7}}}patient")
    if patient is None:
        return Existence(exists=False)
    status = _code(patient, "statusCode")
    linked = _named_value(patient, "RATTACHEMENT_ENS", "value")
    return Existence(
        exists=status == "active",
        status=status,
        authorization=_named_value(payload, "AUTORISATION", "code"),
        linked_to_mon_espace_sante=None if not linked else linked == "true",
    )


def _payload(kind: str, body: bytes) -> etree._Element:
    """The first element of the answer's body; a fault is a Rejected, anything unreadable a Malformed."""
    try:
        message = soap.read(soap.unpack(kind, body).soap)
    except DomainError as error:
        raise Malformed(SERVICE, str(error), body) from error
    if message.fault:
        raise Rejected(SERVICE, message.fault.code, message.fault.reason)
    if message.payload is None:
        raise Malformed(SERVICE, "La réponse est vide.", body)
    return message.payload


def _registry_status(payload: etree._Element, expected: str, body: bytes) -> tuple[str, ...]:
    """The warnings of a success; a failure is a Rejected."""
    status = payload.get("status", "")
    if etree.QName(payload).localname != expected or not status:
        raise Malformed(SERVICE, f"La réponse n’est pas un {expected}.", body)
    found = list(payload.iter(f"{{{codes.RS}}}RegistryError"))
    errors = [one for one in found if not one.get("severity", "").endswith(":Warning")]
    if status != SUCCESS or errors:
        first = next(iter(errors or found), None)
        code = "" if first is None else first.get("errorCode", "")
        raise Rejected(SERVICE, code, _label(first) or "Le DMP a refusé la demande.")
    return tuple(f"{one.get('errorCode', '')} : {_label(one)}" for one in found)


def _label(error: etree._Element | None) -> str:
    return "" if error is None else (error.get("codeContext") or error.text or "").strip()


def _code(node: etree._Element, name: str, attribute: str = "code") -> str:
    found = node.find(f"{{{HL7}}}{name}")
    return "" if found is None else found.get(attribute, "")


def _named_value(node: etree._Element, name: str, attribute: str) -> str:
    """The value next to a code or a keyword of that name."""
    for found in node.iter(f"{{{HL7}}}code", f"{{{HL7}}}keyWordText"):
        value = found.getnext()
        if found.get("code") == name and value is not None:
            return value.get(attribute, "")
    return ""
