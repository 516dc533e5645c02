"""The VIHF: who asks, from where, about whom, with what software; a SAML assertion the structure seals.

Fields and codings: CI-SIS "Transport synchrone", ANS mapping of 2024, GIE SESAM-Vitale examples.
The INDIRECTE mode is ours: the user signs in here, the structure's certificate speaks for them.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final, cast

from cryptography import x509
from lxml import etree

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats import xml
from jalon.formats.xdsig import Signer, Trust, sign_enveloped, verify_enveloped
from jalon.terminology import Coding

SAML: Final = "urn:oasis:names:tc:SAML:2.0:assertion"
HL7: Final = "urn:hl7-org:v3"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XS: Final = "http://www.w3.org/2001/XMLSchema"
SUBJECT_NAME: Final = "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"

PASSWORD: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password"  # noqa: S105 a SAML class, not a secret
MOBILE_TWO_FACTOR: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorUnregistered"
SMARTCARD: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI"
UNSPECIFIED: Final = "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified"

DMP: Final = "urn:dmp"
NORMAL_ACCESS: Final = Coding("1.2.250.1.213.1.1.4.248", "normal", "Accès normal")
ACCESS_MODES: Final = "mode acces VIHF 2.0"
AUTOMATON: Final = Coding("1.2.250.1.213.1.1.4.6", "AUTOMATE", "AUTOMATE")
SECTORS: Final = "1.2.250.1.71.4.2.4"

SUBJECT_ID: Final = "urn:oasis:names:tc:xspa:1.0:subject:subject-id"
ROLE: Final = "urn:oasis:names:tc:xacml:2.0:subject:role"
RESOURCE_ID: Final = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
PURPOSE: Final = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
CONFIDENTIALITY: Final = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"

# lxml-stubs do not know that None is the default prefix.
_HL7_DEFAULT: Final = cast(dict[str, str], {None: HL7})


@dataclass(frozen=True)
class Software:
    """The product as the téléservices know it; `approval` is its CNDA homologation number."""

    name: str
    version: str
    approval: str
    id: str = ""


@dataclass(frozen=True)
class Vihf:
    """What the assertion says.

    - `user_id`: PS_IdNat of the user, or of the person responsible for an automated task
    - `user_name`: name, first name and department (or software, model and department)
    - `roles`: 1 to 4 codes of JDV_J65: the profession, then the specialty or the role
    - `structure_id`: Struct_IdNat; `sector`: a code of JDV_J61 (SA17…)
    - `patient`: the INS concerned, none for a list; `signed_in_at`: the user's sign-in (aware)
    - `version`: "4.0" (ANS mapping) or "3.0" (every published example): to confirm with SEL-MP-037
    - `secret`: value asking for a minor's secret connection; its coding is to confirm too
    """

    user_id: str
    user_name: str
    roles: tuple[Coding, ...]
    structure_id: str
    sector: str
    signed_in_at: dt.datetime
    software: Software
    patient: Ins | None = None
    authentication: str = UNSPECIFIED
    mode: str = "INDIRECTE"
    version: str = "4.0"
    resource: str = DMP
    purpose: Coding = NORMAL_ACCESS
    secret: str = ""


@dataclass(frozen=True)
class Verified:
    """A VIHF whose signature was verified: its values, its identifier, when it was made, who sealed it."""

    vihf: Vihf
    assertion_id: str
    issued_at: dt.datetime
    certificate: x509.Certificate


def build(vihf: Vihf, key: bytes, cert: bytes, now: dt.datetime, assertion_id: str) -> bytes:
    """The signed assertion. `key` and `cert` are the structure's seal in PEM (`ORG SIGN`, never the TLS one).

    `now` is aware; `assertion_id` an XML name unique in the world (`_` and a UUID). Raises DomainError
    `vihf_incomplete` (the field's name is the place) and `signature_refused`.
    """
    return build_with(vihf, Signer(key, cert), now, assertion_id)


def build_with(vihf: Vihf, signer: Signer, now: dt.datetime, assertion_id: str) -> bytes:
    """As `build`, with a signer kept from one call to the next: its key is then read once."""
    _check(vihf)
    root = etree.Element(f"{{{SAML}}}Assertion", nsmap={"saml2": SAML, "xsi": XSI, "xs": XS})
    root.set("ID", assertion_id)
    root.set("IssueInstant", _instant(now))
    root.set("Version", "2.0")
    _sub(root, "Issuer", signer.subject).set("Format", SUBJECT_NAME)
    _sub(_sub(root, "Subject"), "NameID", vihf.user_id)
    statement = _sub(root, "AuthnStatement")
    statement.set("AuthnInstant", _instant(vihf.signed_in_at))
    _sub(_sub(statement, "AuthnContext"), "AuthnContextClassRef", vihf.authentication)
    _attributes(_sub(root, "AttributeStatement"), vihf)
    sign_enveloped(root, signer)
    return etree.tostring(root, encoding="UTF-8")


def _check(vihf: Vihf) -> None:
    required = {
        "user_id": vihf.user_id,
        "user_name": vihf.user_name,
        "roles": vihf.roles,
        "structure_id": vihf.structure_id,
        "sector": vihf.sector,
        "software": vihf.software.name and vihf.software.version,
    }
    for name, value in required.items():
        if not value:
            raise DomainError(
                "Il manque une information sur l’utilisateur ou la structure pour appeler ce service.",
                code="vihf_incomplete",
                place=name,
            )


def _attributes(statement: etree._Element, vihf: Vihf) -> None:
    patient = vihf.patient
    resource = f"{patient.matricule}^^^&{patient.oid}&ISO^NH" if patient else ""
    _attribute(statement, "VIHF_Version", vihf.version)
    _attribute(statement, "Authentification_mode", vihf.mode)
    _attribute(statement, "Identifiant_Structure", vihf.structure_id)
    _attribute(statement, "Secteur_Activite", f"{vihf.sector}^{SECTORS}")
    _attribute(statement, SUBJECT_ID, vihf.user_name)
    _coded(statement, ROLE, "Role", vihf.roles)
    _attribute(statement, RESOURCE_ID, resource)
    _attribute(statement, "Ressource_URN", vihf.resource)
    _coded(statement, PURPOSE, "PurposeOfUse", (vihf.purpose,), system_name=ACCESS_MODES)
    _attribute(statement, CONFIDENTIALITY, vihf.secret)
    _attribute(statement, "LPS_ID", vihf.software.id)
    _attribute(statement, "LPS_Nom", vihf.software.name)
    _attribute(statement, "LPS_Version", vihf.software.version)
    _attribute(statement, "LPS_ID_HOMOLOGATION_DMP", vihf.software.approval)


def _sub(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    child = etree.SubElement(parent, f"{{{SAML}}}{name}")
    child.text = text
    return child


def _attribute(statement: etree._Element, name: str, text: str) -> None:
    if text:
        holder = _sub(statement, "Attribute")
        holder.set("Name", name)
        _sub(holder, "AttributeValue", text).set(f"{{{XSI}}}type", "xs:string")


def _coded(
    statement: etree._Element, name: str, tag: str, codings: tuple[Coding, ...], *, system_name: str = ""
) -> None:
    """One AttributeValue a code, each an HL7 CE element."""
    holder = _sub(statement, "Attribute")
    holder.set("Name", name)
    for coding in codings:
        value = etree.SubElement(_sub(holder, "AttributeValue"), f"{{{HL7}}}{tag}", nsmap=_HL7_DEFAULT)
        value.set("code", coding.code)
        value.set("codeSystem", coding.system)
        if system_name:
            value.set("codeSystemName", system_name)
        value.set("displayName", coding.display)
        value.set(f"{{{XSI}}}type", "CE")


def _instant(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- reading ---------------------------------------------------------------------------------------


def read_and_verify(assertion: etree._Element | bytes, ca: bytes, now: dt.datetime) -> Verified:
    """The values of an assertion sealed by a certificate of `ca` (PEM), valid at `now` (aware).

    Raises DomainError `signature_refused`, `xml_refused`, or `vihf_refused` when the signed content is not a
    VIHF (the missing attribute is the place), says another issuer than its seal, or comes from the future.
    """
    root, certificate = verify_enveloped(assertion, Trust(ca), now)
    if root.tag != f"{{{SAML}}}Assertion" or root.get("Version") != "2.0":
        raise _refused("Le jeton n’est pas une assertion SAML 2.0.")
    if root.findtext(f"{{{SAML}}}Issuer") != certificate.subject.rfc4514_string():
        raise _refused("L’émetteur du jeton n’est pas le titulaire du certificat qui le signe.", "Issuer")
    issued_at = _read_instant(root.get("IssueInstant", ""), "IssueInstant")
    if issued_at > now + dt.timedelta(minutes=5):
        raise _refused("Le jeton est daté du futur.", "IssueInstant")
    return Verified(_values(root), root.get("ID", ""), issued_at, certificate)


def read(assertion: bytes) -> Vihf:
    """The values of an assertion, signature ignored: for examples and displays, never for a decision."""
    return _values(xml.parse(assertion))


def _refused(message: str, place: str = "") -> DomainError:
    return DomainError(message, code="vihf_refused", place=place)


def _read_instant(text: str, place: str) -> dt.datetime:
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise _refused("Une date du jeton est illisible.", place) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)


def _values(root: etree._Element) -> Vihf:
    texts, codings = _read_attributes(root)
    statement = root.find(f"{{{SAML}}}AuthnStatement")
    instant = "" if statement is None else statement.get("AuthnInstant", "")
    return Vihf(
        user_id=_path(root, "Subject/NameID"),
        user_name=texts.get(SUBJECT_ID.lower(), ""),
        roles=codings.get(ROLE.lower(), ()),
        structure_id=_needed(texts, "Identifiant_Structure"),
        sector=texts.get("secteur_activite", "").partition("^")[0],
        signed_in_at=_read_instant(instant, "AuthnInstant"),
        software=Software(
            name=texts.get("lps_nom", ""),
            version=texts.get("lps_version", ""),
            approval=texts.get("lps_id_homologation_dmp", ""),
            id=texts.get("lps_id", ""),
        ),
        patient=_patient(texts.get(RESOURCE_ID.lower(), "")),
        authentication=_path(root, "AuthnStatement/AuthnContext/AuthnContextClassRef"),
        mode=_needed(texts, "Authentification_mode"),
        version=_needed(texts, "VIHF_Version"),
        resource=texts.get("ressource_urn", ""),
        purpose=next(iter(codings.get(PURPOSE.lower(), ())), NORMAL_ACCESS),
        secret=texts.get(CONFIDENTIALITY.lower(), ""),
    )


def _path(root: etree._Element, path: str) -> str:
    return (root.findtext("/".join(f"{{{SAML}}}{step}" for step in path.split("/"))) or "").strip()


def _needed(texts: dict[str, str], name: str) -> str:
    if value := texts.get(name.lower(), ""):
        return value
    raise _refused("Il manque un attribut au jeton.", name)


def _read_attributes(root: etree._Element) -> tuple[dict[str, str], dict[str, tuple[Coding, ...]]]:
    """The attributes by lower-case name (examples differ on the case): texts, and codes."""
    texts: dict[str, str] = {}
    codings: dict[str, tuple[Coding, ...]] = {}
    for attribute in root.iterfind(f"{{{SAML}}}AttributeStatement/{{{SAML}}}Attribute"):
        name = attribute.get("Name", "").lower()
        values = attribute.findall(f"{{{SAML}}}AttributeValue")
        texts[name] = (values[0].text or "").strip() if values else ""
        codings[name] = tuple(
            _coding(found) for value in values for found in value.iterchildren(f"{{{HL7}}}*")
        )
    return texts, codings


def _coding(element: etree._Element) -> Coding:
    return Coding(element.get("codeSystem", ""), element.get("code", ""), element.get("displayName", ""))


def _patient(text: str) -> Ins | None:
    """The INS of `279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH`."""
    parts = text.split("^")
    authority = parts[3].split("&") if len(parts) > 3 else []
    return Ins(parts[0], authority[1]) if len(authority) > 1 else None
