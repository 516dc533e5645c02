"""The detached signature of a DMP submission (TD2.1): a manifest of OIDs and digests, with XAdES properties.

xmlsec cannot resolve the `urn:oid:` references, so this one is written and checked by hand; signxml agrees
with it in the tests. SHA-256, where the 2019 example of the DMP has SHA-1.
"""

import base64
import binascii
import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from lxml import etree

from jalon.formats import xml
from jalon.formats.xdsig import DS, Signer, Trust, certificate_in, refused, verify_value

XADES: Final = "http://uri.etsi.org/01903/v1.1.1#"
C14N_COMMENTS: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
MANIFEST_TYPE: Final = f"{DS}Manifest"
PROPERTIES_TYPE: Final = f"{XADES}SignedProperties"
SOURCE_PURPOSE: Final = "1.2.840.10065.1.12.1.14"
NO_DIGEST: Final = "AA=="

# With prefixes: under a default namespace, a child in none would be written as if it were in it.
_PREFIXES: Final = {"ds": DS, "xades": XADES}


@dataclass(frozen=True)
class Signed:
    """What a manifest says of one object: its OID, and the base64 digest of its canonical form (SHA-256).

    A submission set has no bytes: its digest is `NO_DIGEST`, as the DMP's example writes it (TD2.1).
    """

    oid: str
    digest: str = NO_DIGEST

    @classmethod
    def document(cls, oid: str, data: bytes) -> "Signed":
        """The line of an XML document. Raises DomainError `xml_refused` when it cannot be parsed."""
        return cls(oid, _digest(canonical(xml.parse(data))))


def canonical(element: etree._Element) -> bytes:
    """Canonical XML 1.0 with comments, of a whole document when `element` is its root."""
    whole = element.getparent() is None
    node = element.getroottree() if whole else element
    return etree.tostring(node, method="c14n", with_comments=True)


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def sign_manifest(objects: Sequence[Signed], signer: Signer, *, signature_id: str, at: dt.datetime) -> bytes:
    """The detached signature of a submission (TD2.1): a manifest of `objects`, the purpose « source », XAdES.

    `signature_id` is an XML name unique in the world (a UUID after an underscore), `at` an aware datetime.
    The signature covers the manifest and the signed properties; the manifest covers the documents.
    """
    root = etree.Element(f"{{{DS}}}Signature", {"Id": signature_id}, nsmap=_PREFIXES)
    info = _child(root, "SignedInfo")
    _child(info, "CanonicalizationMethod", Algorithm=C14N_COMMENTS)
    _child(info, "SignatureMethod", Algorithm=RSA_SHA256 if signer.is_rsa else ECDSA_SHA256)
    value = _child(root, "SignatureValue")
    key_info = _child(_child(root, "KeyInfo"), "X509Data")
    der = signer.certificate.public_bytes(serialization.Encoding.DER)
    _child(key_info, "X509Certificate", base64.b64encode(der).decode())
    _manifest(_child(root, "Object"), objects)
    _purpose(_child(root, "Object"), signature_id)
    _properties(_child(root, "Object"), signature_id, signer, at)
    for kind, identifier in ((MANIFEST_TYPE, "IHEManifest"), (PROPERTIES_TYPE, "S0-SignedProperties")):
        reference = _child(info, "Reference", Type=kind, URI=f"#{identifier}")
        _digest_of(reference, _digest(canonical(_by_id(root, identifier))))
    value.text = base64.b64encode(signer.sign(canonical(info))).decode()
    return etree.tostring(root, encoding="UTF-8")


def verify_manifest(data: bytes, trust: Trust, now: dt.datetime) -> dict[str, str]:
    """The digests by OID of a submission's signature, once the signature itself is verified.

    The caller compares each with `Signed.document(oid, bytes).digest`. Raises `signature_refused`.
    """
    root = xml.parse(data)
    if root.tag != f"{{{DS}}}Signature" or len(list(root.iter(f"{{{DS}}}SignedInfo"))) != 1:
        raise refused("Ce document n’est pas une signature de lot.")
    certificate = certificate_in(root)
    trust.check(certificate, now)
    info = root.find(f"{{{DS}}}SignedInfo")
    if info is None:
        raise refused("Ce document n’est pas une signature de lot.")
    _check_methods(info)
    _check_value(root, info, certificate)
    covered = [_check_reference(root, found) for found in info.findall(f"{{{DS}}}Reference")]
    manifests = [found for found in covered if found.tag == f"{{{DS}}}Manifest"]
    if len(manifests) != 1 or not any(found.tag == f"{{{XADES}}}SignedProperties" for found in covered):
        raise refused("La signature du lot doit porter sur un manifeste et ses propriétés.")
    return {_oid(found): _digest_value(found) for found in manifests[0].findall(f"{{{DS}}}Reference")}


def _child(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    if text:
        child.text = text
    return child


def _digest_of(reference: etree._Element, digest: str) -> None:
    _child(reference, "DigestMethod", Algorithm=SHA256)
    _child(reference, "DigestValue", digest)


def _manifest(holder: etree._Element, objects: Sequence[Signed]) -> None:
    manifest = _child(holder, "Manifest", Id="IHEManifest")
    for one in objects:
        reference = _child(manifest, "Reference", URI=f"urn:oid:{one.oid}")
        if one.digest != NO_DIGEST:
            _child(_child(reference, "Transforms"), "Transform", Algorithm=C14N_COMMENTS)
        _digest_of(reference, one.digest)


def _purpose(holder: etree._Element, signature_id: str) -> None:
    # In no namespace, as the DMP's example has it: the XML-DSig schema would refuse a property of text alone.
    properties = etree.SubElement(holder, "SignatureProperties")
    attributes = {"Id": "purposeOfSignature", "Target": f"#{signature_id}"}
    etree.SubElement(properties, "SignatureProperty", attributes).text = SOURCE_PURPOSE


def _properties(holder: etree._Element, signature_id: str, signer: Signer, at: dt.datetime) -> None:
    qualifying = etree.SubElement(holder, f"{{{XADES}}}QualifyingProperties")
    qualifying.set("Target", f"#{signature_id}")
    signed = _child(qualifying, "SignedProperties", Id="S0-SignedProperties")
    inner = _child(signed, "SignedSignatureProperties")
    _child(inner, "SigningTime", at.astimezone(dt.UTC).isoformat(timespec="seconds"))
    cert = _child(_child(inner, "SigningCertificate"), "Cert")
    digest = _child(cert, "CertDigest")
    fingerprint = base64.b64encode(signer.certificate.fingerprint(hashes.SHA256())).decode()
    for name, text, attributes in (
        ("DigestMethod", "", {"Algorithm": SHA256}),
        ("DigestValue", fingerprint, {}),
    ):
        _ds(digest, name, text, attributes)
    serial = _child(cert, "IssuerSerial")
    _ds(serial, "X509IssuerName", signer.certificate.issuer.rfc4514_string(), {})
    _ds(serial, "X509SerialNumber", str(signer.certificate.serial_number), {})
    _child(_child(inner, "SignaturePolicyIdentifier"), "SignaturePolicyImplied")
    _child(signed, "SignedDataObjectProperties")


def _ds(parent: etree._Element, name: str, text: str, attributes: dict[str, str]) -> None:
    """A ds: element inside the XAdES part."""
    etree.SubElement(parent, f"{{{DS}}}{name}", attributes).text = text or None


def _by_id(root: etree._Element, identifier: str) -> etree._Element:
    found = [element for element in root.iter("*") if element.get("Id") == identifier]
    if len(found) != 1:
        raise refused("Un élément signé manque ou est en double.", place=identifier)
    return found[0]


def _check_methods(info: etree._Element) -> None:
    methods = {found.get("Algorithm", "") for found in info if found.tag != f"{{{DS}}}Reference"}
    digests = {found.get("Algorithm", "") for found in info.iter(f"{{{DS}}}DigestMethod")}
    if not methods <= {C14N_COMMENTS, RSA_SHA256, ECDSA_SHA256} or digests != {SHA256}:
        raise refused("La signature du lot emploie un algorithme qui n’est pas accepté.")


def _check_reference(root: etree._Element, reference: etree._Element) -> etree._Element:
    """The element a reference of SignedInfo covers, once its digest is right."""
    if reference.find(f"{{{DS}}}Transforms") is not None:
        raise refused("La signature du lot emploie une transformation qui n’est pas acceptée.")
    element = _by_id(root, reference.get("URI", "").removeprefix("#"))
    if _digest(canonical(element)) != _digest_value(reference):
        raise refused("Le contenu signé a été modifié.", place=reference.get("URI", ""))
    return element


def _digest_value(reference: etree._Element) -> str:
    return "".join((reference.findtext(f"{{{DS}}}DigestValue") or "").split())


def _oid(reference: etree._Element) -> str:
    return reference.get("URI", "").removeprefix("urn:oid:")


def _check_value(root: etree._Element, info: etree._Element, certificate: x509.Certificate) -> None:
    try:
        value = base64.b64decode(root.findtext(f"{{{DS}}}SignatureValue") or "")
    except binascii.Error as error:
        raise refused("La valeur de la signature est illisible.") from error
    verify_value(certificate, value, canonical(info))
