"""The VIHF: written as the published assertions are, and refused as soon as it was touched."""

import copy
import datetime as dt
from dataclasses import replace

import pytest
import signxml
from lxml import etree

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats import soap
from jalon.gateways.common import vihf
from jalon.gateways.common.vihf import SAML, Software, Vihf
from jalon.terminology import Coding
from jalon_sandbox.common.pki import Authority
from tests.support import SHARED, needs_shared

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
AUTHORITY = Authority.create(NOW)
SEAL = AUTHORITY.signing("EHPAD LES TILLEULS", unit="1750001234")
PATIENT = Ins("275126322074974", "1.2.250.1.213.1.4.10")
EDUCATOR = Vihf(
    user_id="3750001234/17",
    user_name="DURAND Aline, IME LES CEDRES (FICTIF)",
    roles=(
        Coding("1.2.250.1.213.1.6.1.4", "51", "Éducateur spécialisé"),
        Coding("1.2.250.1.213.1.1.4.2.280", "313", "Coordonnateur"),
    ),
    structure_id="1750001234",
    sector="SA16",
    signed_in_at=NOW - dt.timedelta(hours=1),
    software=Software("Jalon", "0.1", "HOMOL-TEST", "1.2.250.1.999.1"),
    patient=PATIENT,
    authentication=vihf.PASSWORD,
)


def built(what: Vihf = EDUCATOR) -> bytes:
    return vihf.build(what, SEAL.key_pem, SEAL.cert_pem, NOW, "_a1")


def refusal_of(
    assertion: bytes | etree._Element, *, ca: bytes = AUTHORITY.ca_pem, now: dt.datetime = NOW
) -> str:
    with pytest.raises(DomainError) as refusal:
        vihf.read_and_verify(assertion, ca, now)
    assert refusal.value.code in ("signature_refused", "vihf_refused")
    return str(refusal.value)


@pytest.mark.requirement("EX_GEN-1320")
def test_an_assertion_says_what_it_was_given() -> None:
    read = vihf.read_and_verify(built(), AUTHORITY.ca_pem, NOW)
    assert read.vihf == EDUCATOR
    assert (read.assertion_id, read.issued_at) == ("_a1", NOW)
    assert read.certificate == SEAL.certificate


@pytest.mark.parametrize(
    "change",
    [
        {"version": "3.0"},
        {"patient": None},
        {"secret": "1"},
        {"user_id": "801234567897", "roles": (vihf.AUTOMATON,), "authentication": vihf.UNSPECIFIED},
        {"purpose": Coding("1.2.250.1.213.1.1.4.248", "bris_de_glace", "Bris de glace")},
        {"resource": "urn:autre", "software": Software("X", "1", "")},
    ],
)
def test_every_variant_is_read_as_it_was_written(change: dict[str, object]) -> None:
    what = replace(EDUCATOR, **change)  # type: ignore[arg-type]  # a table of cases
    assert vihf.read_and_verify(built(what), AUTHORITY.ca_pem, NOW).vihf == what


def test_the_issuer_is_the_seal_most_precise_part_first() -> None:
    root = etree.fromstring(built())
    issuer = root.find(f"{{{SAML}}}Issuer")
    assert issuer is not None
    assert issuer.text == "CN=EHPAD LES TILLEULS,OU=1750001234,O=Établissement fictif,C=FR"
    assert issuer.get("Format") == "urn:oasis:names:tc:SAML:1.1:nameid-format:X509SubjectName"


def attributes(root: etree._Element) -> dict[str, etree._Element]:
    return {one.get("Name", ""): one for one in root.iter(f"{{{SAML}}}Attribute")}


def test_codes_are_hl7_elements_one_a_value() -> None:
    roles = attributes(etree.fromstring(built()))[vihf.ROLE]
    values = roles.findall(f"{{{SAML}}}AttributeValue")
    assert [value[0].get("code") for value in values] == ["51", "313"]
    assert values[0][0].tag == "{urn:hl7-org:v3}Role"
    assert values[0][0].get(f"{{{vihf.XSI}}}type") == "CE"


@needs_shared
@pytest.mark.parametrize(
    ("path", "automaton"),
    [
        ("standards/xds/dmp_gie_sv_exemples_messages_v02.05.00/VIHF_INDIRECTE_signe.xml", False),
        ("standards/dmp/vihf_v3_exemple_normalise.xml", False),
    ],
)
def test_our_assertion_says_the_same_things_as_the_published_ones(path: str, automaton: bool) -> None:
    theirs = etree.fromstring((SHARED / path).read_bytes())
    ours = etree.fromstring(built())
    names = {name.lower() for name in attributes(theirs)}
    assert names <= {name.lower() for name in attributes(ours)}
    assert {name.lower() for name in attributes(ours)} - names <= {"lps_id"}
    children = [etree.QName(child).localname for child in theirs if isinstance(child.tag, str)]
    assert [etree.QName(child).localname for child in ours if child.tag.find("Signature") < 0] == [
        name for name in children if name != "Signature"
    ]


@needs_shared
@pytest.mark.parametrize("name", ["DIRECTE_non_signe", "DIRECTE_signe", "INDIRECTE_signe"])
def test_the_published_assertions_are_read(name: str) -> None:
    path = SHARED / f"standards/xds/dmp_gie_sv_exemples_messages_v02.05.00/VIHF_{name}.xml"
    data = path.read_bytes().decode("utf-8", "replace").encode()
    read = vihf.read(data)
    assert read.mode == name.split("_")[0]
    assert (read.version, read.sector, read.user_id) == ("3.0", "SA07", "899900063480")
    assert [role.code for role in read.roles] == ["10", "SM26"]
    assert read.patient == Ins("207058575627097", "1.2.250.1.213.1.4.10")


@needs_shared
def test_the_published_assertion_is_not_believed_its_sha_1_is_too_old() -> None:
    path = SHARED / "standards/xds/dmp_gie_sv_exemples_messages_v02.05.00/VIHF_INDIRECTE_signe.xml"
    refusal_of(path.read_bytes())


@pytest.mark.parametrize("field", ["user_id", "user_name", "roles", "structure_id", "sector"])
def test_an_assertion_that_lacks_a_field_is_not_made(field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        built(replace(EDUCATOR, **{field: type(getattr(EDUCATOR, field))()}))
    assert (refusal.value.code, refusal.value.place) == ("vihf_incomplete", field)


# --- in an envelope --------------------------------------------------------------------------------


def test_the_signature_still_holds_inside_a_soap_message() -> None:
    message = soap.envelope(soap.Addressing("urn:a", "urn:uuid:1"), None, security=[built()])
    header = soap.read(message).header
    assert header is not None
    found = header.find(f"{{{soap.WSSE}}}Security/{{{SAML}}}Assertion")
    assert found is not None
    assert vihf.read_and_verify(found, AUTHORITY.ca_pem, NOW).vihf == EDUCATOR


def test_signxml_agrees() -> None:
    config = signxml.SignatureConfiguration(verification_time=NOW)
    signxml.XMLVerifier().verify(
        built(), x509_cert=SEAL.cert_pem.decode(), id_attribute="ID", expect_config=config
    )


# --- forgeries -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"275126322074974", b"279035121518989"),
        (b"1750001234<", b"1750009999<"),
        (b">INDIRECTE<", b">DIRECTE<"),
        (b'code="51"', b'code="10"'),
        (b"3750001234/17", b"801234567897"),
        (b'IssueInstant="2026-11-22', b'IssueInstant="2026-11-21'),
    ],
)
def test_a_value_that_was_changed_is_refused(old: bytes, new: bytes) -> None:
    assert old in built()
    assert "pas valide" in refusal_of(built().replace(old, new))


def test_a_signed_assertion_wrapped_in_a_forged_one_is_refused() -> None:
    genuine = etree.fromstring(built())
    forged = copy.deepcopy(genuine)
    forged.set("ID", "_evil")
    signature = forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    assert signature is not None
    etree.SubElement(signature, "{http://www.w3.org/2000/09/xmldsig#}Object").append(genuine)
    assert "une seule" in refusal_of(forged)


def test_a_second_element_of_the_same_identifier_is_refused() -> None:
    root = etree.fromstring(built())
    etree.SubElement(root, f"{{{SAML}}}Advice").set("ID", "_a1")
    assert "même identifiant" in refusal_of(root)


def test_a_seal_that_expired_is_refused() -> None:
    old = AUTHORITY.signing("Ancien", not_after=NOW - dt.timedelta(days=1))
    assertion = vihf.build(EDUCATOR, old.key_pem, old.cert_pem, NOW, "_a1")
    assert "expiré" in refusal_of(assertion)


def test_a_seal_of_another_authority_is_refused() -> None:
    assert "autorité" in refusal_of(built(), ca=Authority.create(NOW).ca_pem)


def test_an_assertion_from_the_future_is_refused() -> None:
    early = NOW - dt.timedelta(minutes=30)
    assert "futur" in refusal_of(built(), now=early)


def test_an_issuer_that_is_not_the_seal_is_refused() -> None:
    other = AUTHORITY.signing("Autre structure")
    forged = built().replace(b"CN=EHPAD LES TILLEULS", b"CN=Autre structure")
    root = etree.fromstring(forged)
    root.remove(root[1])
    vihf.sign_enveloped(root, vihf.Signer(other.key_pem, other.cert_pem))
    assert "titulaire" in refusal_of(root)


@pytest.mark.parametrize("name", ["VIHF_Version", "Identifiant_Structure", "Authentification_mode"])
def test_an_assertion_without_its_main_attributes_is_not_a_vihf(name: str) -> None:
    root = etree.fromstring(built())
    found = attributes(root)[name]
    found.getparent().remove(found)  # type: ignore[union-attr]  # it has one
    root.remove(root[1])
    vihf.sign_enveloped(root, vihf.Signer(SEAL.key_pem, SEAL.cert_pem))
    assert name in refusal_of(root)


def test_another_signed_element_is_not_a_vihf() -> None:
    root = etree.fromstring('<a ID="_1"><b/></a>')
    vihf.sign_enveloped(root, vihf.Signer(SEAL.key_pem, SEAL.cert_pem))
    assert "SAML" in refusal_of(root)


@needs_shared
def test_every_attribute_is_named_as_the_published_assertions_name_it() -> None:
    path = SHARED / "standards/xds/dmp_gie_sv_exemples_messages_v02.05.00/VIHF_INDIRECTE_signe.xml"
    published = attributes(etree.fromstring(path.read_bytes())).keys()
    assert attributes(etree.fromstring(built())).keys() <= published
