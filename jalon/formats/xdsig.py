"""XML signatures: keys, trust, and the enveloped signature of a SAML assertion (`xades.py`: submissions).

xmlsec checks only what it is pointed at, so who may sign what is decided here, before it: one signature, one
reference to its own element, that identifier once, SHA-256 only, a certificate issued by a known authority.
"""

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import xmlsec
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import xml

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
MIN_RSA_BITS: Final = 2048

_Of = xmlsec.constants
_SIGNATURES = (_Of.TransformExclC14N, _Of.TransformRsaSha256, _Of.TransformEcdsaSha256)
_REFERENCES = (_Of.TransformEnveloped, _Of.TransformExclC14N, _Of.TransformSha256)


def refused(message: str, *, place: str = "") -> DomainError:
    """The DomainError `signature_refused`, to raise."""
    return DomainError(message, code="signature_refused", place=place)


# --- keys and trust --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signer:
    """The seal of a structure (the `ORG SIGN` of the IGC-Santé), both in PEM. The key is never shown."""

    key_pem: bytes = field(repr=False)
    cert_pem: bytes = field(repr=False)

    @cached_property
    def certificate(self) -> x509.Certificate:
        try:
            return x509.load_pem_x509_certificate(self.cert_pem)
        except ValueError as error:
            raise refused("Le certificat de signature est illisible.") from error

    @cached_property
    def xmlsec_key(self) -> xmlsec.Key:
        try:
            key = xmlsec.Key.from_memory(self.key_pem, _Of.KeyDataFormatPem)
            key.load_cert_from_memory(self.cert_pem, _Of.KeyDataFormatCertPem)
        except xmlsec.Error as error:
            raise refused("La clé de signature est illisible.") from error
        return key

    @cached_property
    def is_rsa(self) -> bool:
        return isinstance(self.certificate.public_key(), rsa.RSAPublicKey)

    @property
    def subject(self) -> str:
        """The distinguished name, most precise part first (RFC 4514), as a VIHF's Issuer wants it."""
        return self.certificate.subject.rfc4514_string()

    @cached_property
    def private_key(self) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
        try:
            key = serialization.load_pem_private_key(self.key_pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise refused("La clé de signature est illisible.") from error
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise refused("La clé de signature n’est ni RSA ni à courbe elliptique.")
        return key

    def sign(self, data: bytes) -> bytes:
        """The raw XML-signature value over `data`, SHA-256: PKCS#1 v1.5 for RSA, r‖s for a curve."""
        if isinstance(key := self.private_key, rsa.RSAPrivateKey):
            return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        size = (key.key_size + 7) // 8
        pair = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return b"".join(number.to_bytes(size, "big") for number in pair)


def verify_value(certificate: x509.Certificate, value: bytes, data: bytes) -> None:
    """Raise DomainError `signature_refused` unless `value` is what `Signer.sign` gives over `data`."""
    key, half = certificate.public_key(), len(value) // 2
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            r, s = int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big")
            key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
        else:
            raise refused("La clé de signature n’est ni RSA ni à courbe elliptique.")
    except InvalidSignature as error:
        raise refused("La signature n’est pas valide.") from error


@dataclass(frozen=True)
class Trust:
    """The authorities whose certificates are believed. Revocation is not looked at here."""

    ca_pem: bytes = field(repr=False)

    @cached_property
    def anchors(self) -> Sequence[x509.Certificate]:
        return x509.load_pem_x509_certificates(self.ca_pem)

    def check(self, certificate: x509.Certificate, now: dt.datetime) -> None:
        """Raise DomainError `signature_refused` unless `certificate` may sign at `now` (aware).

        It must be inside its dates, issued by one of the anchors (itself inside its dates), made for signing.
        """
        issuers = [anchor for anchor in self.anchors if _issued(certificate, anchor)]
        if not issuers:
            raise refused("Le certificat de signature ne vient pas d’une autorité reconnue.")
        for one in (certificate, issuers[0]):
            if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
                raise refused("Le certificat de signature est expiré ou pas encore valide.")
        if not _may_sign(certificate):
            raise refused("Le certificat n’est pas fait pour signer.")


def _issued(certificate: x509.Certificate, anchor: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(anchor)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _may_sign(certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < MIN_RSA_BITS:
        return False
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


# --- the enveloped signature -----------------------------------------------------------------------


def sign_enveloped(root: etree._Element, signer: Signer, *, position: int = 1) -> None:
    """Sign `root` (its `ID` attribute) in place; the `ds:Signature` becomes its child number `position`.

    Exclusive C14N, SHA-256, RSA or ECDSA as the key is. SAML wants the signature right after the Issuer.
    """
    method = _Of.TransformRsaSha256 if signer.is_rsa else _Of.TransformEcdsaSha256
    signature = xmlsec.template.create(root, _Of.TransformExclC14N, method)
    root.insert(position, signature)
    reference = xmlsec.template.add_reference(signature, _Of.TransformSha256, uri="#" + root.get("ID", ""))
    xmlsec.template.add_transform(reference, _Of.TransformEnveloped)
    xmlsec.template.add_transform(reference, _Of.TransformExclC14N)
    data = xmlsec.template.add_x509_data(xmlsec.template.ensure_key_info(signature))
    xmlsec.template.x509_data_add_certificate(data)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    context.key = signer.xmlsec_key
    context.sign(signature)


def verify_enveloped(
    element: etree._Element | bytes, trust: Trust, now: dt.datetime
) -> tuple[etree._Element, x509.Certificate]:
    """(The signed element alone, the certificate that signed it).

    Read values from the returned element only, never from the document it came in: that is what makes
    wrapping useless. Raises DomainError `signature_refused` (and `xml_refused` for unreadable bytes).
    """
    data = element if isinstance(element, bytes) else etree.tostring(element, with_tail=False)
    root = xml.parse(data)
    signature = _only_signature(root)
    certificate = certificate_in(signature)
    trust.check(certificate, now)
    xmlsec.tree.add_ids(root, ["ID"])
    context = xmlsec.SignatureContext()
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    try:
        context.key = xmlsec.Key.from_memory(pem, _Of.KeyDataFormatCertPem)
        for transform in _SIGNATURES:
            context.enable_signature_transform(transform)
        for transform in _REFERENCES:
            context.enable_reference_transform(transform)
        context.verify(signature)
    except xmlsec.Error as error:
        raise refused("La signature n’est pas valide.") from error
    return root, certificate


def _only_signature(root: etree._Element) -> etree._Element:
    """The one signature of `root`, a direct child, whose one reference is `root` itself."""
    direct = root.findall(f"{{{DS}}}Signature")
    references = list(root.iter(f"{{{DS}}}Reference"))
    own = root.get("ID", "")
    if len(direct) != 1 or len(list(root.iter(f"{{{DS}}}Signature"))) != 1 or len(references) != 1:
        raise refused("Une signature et une seule est attendue.")
    if not own or references[0].get("URI") != f"#{own}":
        raise refused("La signature ne porte pas sur cet élément.")
    if _identifiers(root).count(own) != 1:
        raise refused("Deux éléments portent le même identifiant.", place=own)
    return direct[0]


def _identifiers(root: etree._Element) -> list[str]:
    names = ("ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id")
    found = (element.get(name) for element in root.iter("*") for name in names)
    return [identifier for identifier in found if identifier is not None]


def certificate_in(signature: etree._Element) -> x509.Certificate:
    """The one certificate a signature carries."""
    found = list(signature.iter(f"{{{DS}}}X509Certificate"))
    if len(found) != 1:
        raise refused("La signature doit porter un certificat et un seul.")
    try:
        return x509.load_der_x509_certificate(base64.b64decode(found[0].text or ""))
    except ValueError as error:
        raise refused("Le certificat de la signature est illisible.") from error
