"""Signatures of assertions and of submissions: what is accepted, what a forger may try, a second opinion."""

import base64
import copy
import datetime as dt
import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import signxml
from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import xades, xdsig
from jalon.formats.xdsig import DS, Signer, Trust
from jalon_sandbox.common.pki import Authority, Credential

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
AUTHORITY = Authority.create(NOW)
TRUST = Trust(AUTHORITY.ca_pem)
SEALS = {"RSA": AUTHORITY.signing("Sceau"), "ECDSA": AUTHORITY.signing("Sceau", rsa=False)}


def signer(seal: Credential = SEALS["RSA"]) -> Signer:
    return Signer(seal.key_pem, seal.cert_pem)


def assertion() -> etree._Element:
    return etree.fromstring(
        f'<s:Assertion xmlns:s="{SAML}" ID="_a1"><s:Issuer>x</s:Issuer><s:Subject>é &amp; è</s:Subject>'
        "</s:Assertion>".encode()
    )


def signed(seal: Credential = SEALS["RSA"]) -> etree._Element:
    root = assertion()
    xdsig.sign_enveloped(root, signer(seal))
    return root


def refusal_of(root: etree._Element | bytes, *, trust: Trust = TRUST, now: dt.datetime = NOW) -> str:
    with pytest.raises(DomainError) as refusal:
        xdsig.verify_enveloped(root, trust, now)
    assert refusal.value.code == "signature_refused"
    return refusal.value.message


@pytest.mark.parametrize("kind", SEALS)
def test_a_signature_is_verified_and_says_who_signed(kind: str) -> None:
    root, certificate = xdsig.verify_enveloped(signed(SEALS[kind]), TRUST, NOW)
    assert root.findtext(f"{{{SAML}}}Subject") == "é & è"
    assert certificate == SEALS[kind].certificate


def test_the_signature_comes_right_after_the_issuer() -> None:
    assert [etree.QName(child).localname for child in signed()] == ["Issuer", "Signature", "Subject"]


@pytest.mark.parametrize("kind", SEALS)
def test_signxml_agrees_with_the_enveloped_signature(kind: str) -> None:
    verified = signxml.XMLVerifier().verify(
        etree.tostring(signed(SEALS[kind])),
        x509_cert=SEALS[kind].cert_pem.decode(),
        id_attribute="ID",
        expect_config=signxml.SignatureConfiguration(verification_time=NOW),
    )
    assert isinstance(verified, signxml.VerifyResult)
    assert b'ID="_a1"' in verified.signed_data


def test_a_signature_of_signxml_is_accepted() -> None:
    seal = SEALS["RSA"]
    root = assertion()
    root.insert(1, etree.Element(f"{{{DS}}}Signature", Id="placeholder"))
    maker = signxml.XMLSigner(
        c14n_algorithm=signxml.CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
    )
    made = maker.sign(
        root, key=seal.key_pem, cert=seal.cert_pem.decode(), reference_uri="_a1", id_attribute="ID"
    )
    assert xdsig.verify_enveloped(etree.tostring(made), TRUST, NOW)[1] == seal.certificate


def test_one_signer_may_be_shared_by_threads() -> None:
    one = signer()

    def work(_: int) -> bytes:
        root = assertion()
        xdsig.sign_enveloped(root, one)
        return etree.tostring(root)

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(work, range(40)))
    assert len(made) == 1
    xdsig.verify_enveloped(made.pop(), TRUST, NOW)


# --- what a forger may try -------------------------------------------------------------------------


def test_an_altered_text_is_refused() -> None:
    root = signed()
    subject = root.find(f"{{{SAML}}}Subject")
    assert subject is not None
    subject.text = "autre"
    assert "n’est pas valide" in refusal_of(root)


def test_an_unsigned_assertion_is_refused() -> None:
    assert "une seule" in refusal_of(assertion())


def test_two_signatures_are_refused() -> None:
    root = signed()
    root.append(copy.deepcopy(root[1]))
    assert "une seule" in refusal_of(root)


def test_a_signature_hidden_deeper_is_refused() -> None:
    root = signed()
    holder = etree.SubElement(root, f"{{{SAML}}}Advice")
    holder.append(root[1])
    assert "une seule" in refusal_of(root)


def test_a_signature_over_another_element_is_refused() -> None:
    """Wrapping: the signed assertion is kept inside a forged one, whose values would be read."""
    inner = signed()
    forged = etree.fromstring(
        f'<s:Assertion xmlns:s="{SAML}" ID="_evil"><s:Subject>autre</s:Subject></s:Assertion>'
    )
    forged.extend(inner.findall(f"{{{DS}}}Signature"))
    holder = etree.SubElement(forged, f"{{{SAML}}}Advice")
    holder.append(inner)
    assert "ne porte pas sur cet élément" in refusal_of(forged)


@pytest.mark.parametrize("name", ["ID", "Id", "id", "{http://www.w3.org/XML/1998/namespace}id"])
def test_an_identifier_used_twice_is_refused(name: str) -> None:
    """Wrapping: two elements of one ID, and a verifier that resolves to the other one."""
    root = signed()
    etree.SubElement(root, f"{{{SAML}}}Advice").set(name, "_a1")
    assert "même identifiant" in refusal_of(root)


def test_values_are_read_from_the_signed_element_alone() -> None:
    envelope = etree.fromstring(f'<e><f><s:Assertion xmlns:s="{SAML}" ID="_a1"/></f></e>')
    envelope.append(signed())
    root, _ = xdsig.verify_enveloped(envelope[1], TRUST, NOW)
    assert root.getparent() is None
    assert root.getroottree().getroot() is root


def test_an_empty_reference_is_refused() -> None:
    root = signed()
    next(root.iter(f"{{{DS}}}Reference")).set("URI", "")
    assert "ne porte pas" in refusal_of(root)


@pytest.mark.parametrize(
    ("element", "algorithm"),
    [
        ("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        ("SignatureMethod", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        ("DigestMethod", "http://www.w3.org/2000/09/xmldsig#sha1"),
        ("CanonicalizationMethod", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        ("Transform", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        ("Transform", "http://www.w3.org/TR/1999/REC-xpath-19991116"),
    ],
)
def test_an_algorithm_out_of_the_list_is_refused(element: str, algorithm: str) -> None:
    root = signed()
    next(root.iter(f"{{{DS}}}{element}")).set("Algorithm", algorithm)
    assert "n’est pas valide" in refusal_of(root)


def test_a_certificate_of_another_authority_is_refused() -> None:
    stranger = Authority.create(NOW)
    assert "autorité reconnue" in refusal_of(signed(stranger.signing("Sceau")))


def test_a_self_signed_certificate_is_refused_even_under_the_authority_s_name() -> None:
    impostor = Authority.create(NOW)
    assert "autorité reconnue" in refusal_of(signed(impostor.own))


@pytest.mark.parametrize("days", [-2, 400])
def test_a_certificate_out_of_its_dates_is_refused(days: int) -> None:
    assert "expiré ou pas encore valide" in refusal_of(signed(), now=NOW + dt.timedelta(days=days))


def test_an_expired_certificate_is_refused() -> None:
    expired = AUTHORITY.signing("Sceau", not_after=NOW - dt.timedelta(days=1))
    assert "expiré" in refusal_of(signed(expired))


def test_a_certificate_that_is_not_for_signing_is_refused() -> None:
    assert "pas fait pour signer" in refusal_of(signed(AUTHORITY.own), trust=Trust(AUTHORITY.ca_pem))


def test_a_bare_key_in_place_of_the_certificate_is_refused() -> None:
    root = signed()
    holder = next(root.iter(f"{{{DS}}}X509Certificate"))
    holder.text = "AAAA"
    assert "illisible" in refusal_of(root)


def test_unreadable_material_is_a_refusal_not_a_crash() -> None:
    seal = SEALS["RSA"]
    with pytest.raises(DomainError, match="illisible"):
        xdsig.sign_enveloped(assertion(), Signer(b"nothing", seal.cert_pem))
    with pytest.raises(DomainError, match="illisible"):
        xdsig.sign_enveloped(assertion(), Signer(seal.key_pem, b"nothing"))
    assert seal.key_pem.decode() not in repr(signer())


# --- the manifest of a submission ------------------------------------------------------------------

DOCUMENT = b'<?xml version="1.0"?><!-- outside --><?p i?><a><b  c="1"/><!-- in --></a>'
OBJECTS = [xades.Signed("1.2.250.1.1"), xades.Signed.document("1.2.250.1.2", DOCUMENT)]


def manifest(kind: str = "RSA") -> bytes:
    return xades.sign_manifest(OBJECTS, signer(SEALS[kind]), signature_id="_s1", at=NOW)


def manifest_refusal(data: bytes, *, trust: Trust = TRUST, now: dt.datetime = NOW) -> str:
    with pytest.raises(DomainError) as refusal:
        xades.verify_manifest(data, trust, now)
    return refusal.value.message


@pytest.mark.parametrize("kind", SEALS)
def test_a_manifest_gives_back_its_digests(kind: str) -> None:
    assert xades.verify_manifest(manifest(kind), TRUST, NOW) == {one.oid: one.digest for one in OBJECTS}


@pytest.mark.parametrize("kind", SEALS)
def test_signxml_agrees_with_the_manifest_and_its_properties(kind: str) -> None:
    config = signxml.SignatureConfiguration(expect_references=2, verification_time=NOW)
    verified = signxml.XMLVerifier().verify(
        manifest(kind), x509_cert=SEALS[kind].cert_pem.decode(), expect_config=config
    )
    assert isinstance(verified, list)
    assert [one.signed_data.split()[0] for one in verified] == [b"<ds:Manifest", b"<xades:SignedProperties"]


def test_a_document_is_digested_with_its_comments_inside_and_around() -> None:
    expected = b'<!-- outside -->\n<?p i?>\n<a><b c="1"></b><!-- in --></a>'
    assert xades.canonical(etree.fromstring(DOCUMENT)) == expected
    digest = xades.Signed.document("1.2", DOCUMENT).digest
    assert digest == base64.b64encode(hashlib.sha256(expected).digest()).decode()


def test_a_set_has_no_digest() -> None:
    assert b'URI="urn:oid:1.2.250.1.1"><ds:DigestMethod' in manifest()
    assert xades.verify_manifest(manifest(), TRUST, NOW)["1.2.250.1.1"] == "AA=="


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"urn:oid:1.2.250.1.2", b"urn:oid:1.2.250.1.3", "modifié"),
        (b"2026-11-22T09:30:00", b"2026-11-21T09:30:00", "modifié"),
        (b"xmlenc#sha256", b"xmlenc#sha512", "algorithme"),
        (b"xmldsig-more#rsa-sha256", b"xmldsig-more#rsa-sha1", "algorithme"),
        (b'Id="IHEManifest"', b'Id="Other"', "manque"),
        (b'URI="#IHEManifest"', b'URI="#S0-SignedProperties"', "pas valide"),
    ],
)
def test_a_manifest_that_was_touched_is_refused(old: bytes, new: bytes, words: str) -> None:
    assert words in manifest_refusal(manifest().replace(old, new))


def test_a_manifest_signed_by_a_stranger_is_refused() -> None:
    assert "autorité" in manifest_refusal(manifest(), trust=Trust(Authority.create(NOW).ca_pem))
    assert "expiré" in manifest_refusal(manifest(), now=NOW + dt.timedelta(days=500))


def test_a_manifest_moved_out_of_the_signature_is_refused() -> None:
    root = etree.fromstring(manifest())
    info = root.find(f"{{{DS}}}SignedInfo")
    assert info is not None
    info.remove(info[2])
    assert "n’est pas valide" in manifest_refusal(etree.tostring(root))


def test_a_value_that_is_not_base64_is_refused() -> None:
    root = etree.fromstring(manifest())
    value = root.find(f"{{{DS}}}SignatureValue")
    assert value is not None
    value.text = "A"
    assert manifest_refusal(etree.tostring(root)) == "La valeur de la signature est illisible."


@pytest.mark.parametrize("data", [b"<a/>", f'<Signature xmlns="{DS}"/>'.encode()])
def test_what_is_not_a_signature_is_refused(data: bytes) -> None:
    assert "signature de lot" in manifest_refusal(data)
