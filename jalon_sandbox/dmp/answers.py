"""What the simulated DMP reads in a request and writes in an answer, apart from its rules."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from lxml import etree

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats import soap, xds
from jalon.formats.xds import codes
from jalon.gateways.dmp.messages import HL7, SUCCESS, XSI
from jalon_sandbox.dmp.registry import PatientState

FAILURE: Final = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
ERROR: Final = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
_V3_PREFIXES: Final = cast(dict[str, str], {None: HL7, "xsi": XSI})


@dataclass(frozen=True)
class Seen:
    """What is known of a message before judging it, empty when it cannot be read."""

    action: str = ""
    message_id: str = ""
    submission_id: str = ""
    unique_ids: tuple[str, ...] = ()


def peek(kind: str, body: bytes) -> Seen:
    """The identifiers in a message, as far as it can be read."""
    try:
        message = soap.read(soap.unpack(kind, body).soap)
    except DomainError:
        return Seen()
    seen = Seen(message.addressing.action, message.addressing.message_id)
    if message.payload is None:
        return seen
    try:
        metadata = xds.decode(message.payload)
    except DomainError:
        return seen
    identifiers = tuple(entry.unique_id for entry in metadata.entries)
    return Seen(seen.action, seen.message_id, metadata.submission.unique_id, identifiers)


def addressing(seen: Seen) -> soap.Addressing:
    """The headers of the answer to a message."""
    action = f"{seen.action}Response" if seen.action.startswith("urn:ihe") else f"{HL7}:PRPA_IN201308UV02"
    return soap.Addressing(action, f"urn:uuid:{uuid.uuid4()}", relates_to=seen.message_id or "urn:unknown")


def schema(folder: Path | None) -> etree.XMLSchema | None:
    """The schema a feed must follow, when its folder is given."""
    if folder is None:
        return None
    return etree.XMLSchema(etree.parse(folder / "IHE" / "XDS.b_DocumentRepository.xsd"))


def documents(payload: etree._Element, parts: Mapping[str, soap.Part]) -> dict[str, bytes]:
    """The bytes of each document by its id. Raises DomainError `soap_refused` when one is not MTOM."""
    found: dict[str, bytes] = {}
    for element in payload.iterfind(f"{{{codes.XDSB}}}Document"):
        content_id, name = soap.included(element), element.get("id", "")
        if content_id not in parts or name in found:
            raise soap.refused("Chaque document doit venir en MTOM, une seule fois.", place=name)
        found[name] = parts[content_id].data
    return found


def unique_ids(query: etree._Element) -> list[str]:
    """The uniqueIds a stored query asks for."""
    values = [
        value.text or ""
        for slot in query.iterfind(f"{{{codes.RIM}}}Slot[@name='$XDSDocumentEntryUniqueId']")
        for value in slot.iter(f"{{{codes.RIM}}}Value")
    ]
    items = [item.strip() for value in values for item in value.strip().strip("()").split(",")]
    return [item[1:-1].replace("''", "'") for item in items if item.startswith("'") and item.endswith("'")]


def success(name: str, namespace: str) -> etree._Element:
    prefixes = {"rs": codes.RS, "rim": codes.RIM, "query": codes.QUERY}
    return etree.Element(f"{{{namespace}}}{name}", {"status": SUCCESS}, nsmap=prefixes)


def refusal(seen: Seen, code: str, context: str) -> bytes:
    """A RegistryResponse, or an AdhocQueryResponse, with one error."""
    is_query = seen.action.endswith("RegistryStoredQuery")
    payload = (
        success("AdhocQueryResponse", codes.QUERY) if is_query else success("RegistryResponse", codes.RS)
    )
    payload.set("status", FAILURE)
    holder = etree.SubElement(payload, f"{{{codes.RS}}}RegistryErrorList", {"highestSeverity": ERROR})
    attributes = {"errorCode": code, "codeContext": context, "severity": ERROR}
    etree.SubElement(holder, f"{{{codes.RS}}}RegistryError", attributes)
    if is_query:
        etree.SubElement(payload, f"{{{codes.RIM}}}RegistryObjectList")
    return soap.envelope(addressing(seen), payload)


def found(entries: Sequence[xds.DocumentEntry]) -> etree._Element:
    """An AdhocQueryResponse with these entries, as the encoder writes them."""
    payload = success("AdhocQueryResponse", codes.QUERY)
    payload.set("totalResultCount", str(len(entries)))
    holder = etree.SubElement(payload, f"{{{codes.RIM}}}RegistryObjectList")
    holder.extend(xds.registered(entries))
    return payload


def asked_patient(payload: etree._Element) -> Ins:
    """The patient of a TD0.2."""
    value = payload.find(f".//{{{HL7}}}patientIdentifier/{{{HL7}}}value")
    if value is None:
        raise soap.refused("Le test d’existence ne nomme pas de patient.")
    return Ins(value.get("extension", ""), value.get("root", ""))


def existence(patient: Ins, state: PatientState | None, now: dt.datetime) -> etree._Element:
    """A PRPA_IN201308UV02: found and active, found and closed (terminated), or not found (NF)."""
    root = etree.Element(f"{{{HL7}}}PRPA_IN201308UV02", {"ITSVersion": "XML_1.0"}, nsmap=_V3_PREFIXES)
    _v3(root, "id", root=str(uuid.uuid4()))
    _v3(root, "creationTime", value=now.astimezone(dt.UTC).strftime("%Y%m%d%H%M%S"))
    line = _v3(root, "attentionLine")
    _v3(line, "keyWordText", code="AUTORISATION", codeSystem="1.2.250.1.213.4.1.2.6.1")
    _v3(line, "value", code="INEXISTANTE", codeSystem="1.2.250.1.213.4.1.2.6.2")
    _v3(root, "acknowledgement", typeCode="AA")
    act = _v3(root, "controlActProcess", classCode="CACT", moodCode="EVN")
    if state is not None:
        event = _v3(
            _v3(act, "subject", typeCode="SUBJ"), "registrationEvent", classCode="REG", moodCode="EVN"
        )
        holder = _v3(_v3(event, "subject1", typeCode="SBJ"), "patient", classCode="PAT")
        _v3(holder, "id", extension=patient.matricule, root=patient.oid)
        _v3(holder, "statusCode", code="terminated" if state == "closed" else "active")
        observation = _v3(_v3(holder, "subjectOf", typeCode="SBJ"), "administrativeObservation")
        _v3(observation, "code", code="RATTACHEMENT_ENS", codeSystem="1.2.250.1.213.4.1.2.3")
        _v3(observation, "value", value="true").set(f"{{{XSI}}}type", "BL")
    _v3(_v3(act, "queryAck"), "queryResponseCode", code="OK" if state else "NF")
    return root


def _v3(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{HL7}}}{name}", attributes)
