"""What is sent to INSi: valid against the official schemas, and shaped as the published request."""

import dataclasses
import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from jalon.core.errors import DomainError
from jalon.core.identity import Traits
from jalon.formats import xml
from jalon.gateways.insi import messages
from jalon.gateways.insi.messages import Attempt, first_attempt
from tests.gateways.insi.people import INSI, MESSAGE_ID, NOW, SAMPLES, SOFTWARE, XSD, official, traits_of
from tests.support import needs_shared

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "w": "http://www.w3.org/2005/08/addressing",
    "q": "http://www.cnamts.fr/INSiRecSans",
    "b": "urn:siram:bam:ctxbam",
    "l": "urn:siram:lps:ctxlps",
}
DOMINIQUE = Traits("Adrtrois", "Dominique", "Dominique", "F", dt.date(1997, 2, 26), "2A020")
SCHEMAS = {
    "s:Header/b:ContexteBAM": "CTX/ROOT_ctxbam_CTXBAM_V01_02.xsd",
    "s:Header/l:ContexteLPS": "CTX/ROOT_ctxlps_CTXLPS_V01_00.xsd",
    "s:Body/q:RECSANSVITALE": "ServiceIdentiteCertifiee/INSi_RECSANS_INS.xsd",
}


def envelope_of(attempt: Attempt, *, message_id: uuid.UUID = MESSAGE_ID) -> etree._Element:
    sent = messages.search(
        attempt, software=SOFTWARE, message_id=message_id, now=NOW, sender="agent@ehpad.test"
    )
    return xml.parse(sent)


def asked(envelope: etree._Element) -> list[tuple[str, str]]:
    traits = envelope.find("s:Body/q:RECSANSVITALE", NS)
    assert traits is not None
    return [(etree.QName(child).localname, child.text or "") for child in traits]


@needs_shared
@pytest.mark.parametrize(("path", "schema"), SCHEMAS.items())
@pytest.mark.parametrize("place", [False, True])
def test_each_part_follows_its_official_schema(path: str, schema: str, place: bool) -> None:
    attempt = dataclasses.replace(first_attempt(DOMINIQUE), birth_place=place)
    part = envelope_of(attempt).find(path, NS)
    assert part is not None
    etree.XMLSchema(etree.parse(XSD / schema)).assertValid(part)


@needs_shared
def test_the_request_has_the_parts_and_the_body_of_the_published_one() -> None:
    published = xml.parse((SAMPLES / "request_rechercherInsAvecTraitsIdentite.xml").read_bytes())
    ours = envelope_of(first_attempt(DOMINIQUE))
    assert asked(ours) == asked(published)
    assert _outline(ours) == _outline(published)


def _outline(envelope: etree._Element) -> set[str]:
    tree = envelope.getroottree()
    return {tree.getelementpath(element) for element in envelope.iter(etree.Element)}


@needs_shared
def test_the_action_is_the_one_of_the_wsdl_and_is_repeated_over_http() -> None:
    wsdl = xml.parse((INSI / "wsdl/DESIR_ICIR_EXP_1.5.0.wsdl").read_bytes())
    actions = {item.get("soapAction") for item in wsdl.iter("{*}operation")}
    header = envelope_of(first_attempt(DOMINIQUE)).findtext("s:Header/w:Action", "", NS)
    assert header in actions
    assert f'action="{header}"' in messages.HEADERS["Content-Type"]


def test_identifiers_come_from_the_message_id_and_instants_are_utc_with_milliseconds() -> None:
    first, again = envelope_of(first_attempt(DOMINIQUE)), envelope_of(first_attempt(DOMINIQUE))
    assert etree.tostring(first) == etree.tostring(again)
    assert first.findtext("s:Header/w:MessageID", "", NS) == f"uuid:{MESSAGE_ID}"
    assert first.findtext("s:Header/b:ContexteBAM/b:Temps", "", NS) == "2026-11-22T10:29:58.604Z"
    contexts = {
        first.findtext("s:Header/b:ContexteBAM/b:Id", "", NS),
        first.findtext("s:Header/l:ContexteLPS/l:Id", "", NS),
    }
    assert len(contexts) == 2
    other = envelope_of(first_attempt(DOMINIQUE), message_id=uuid.UUID(int=1))
    assert other.findtext("s:Header/b:ContexteBAM/b:Id", "", NS) not in contexts


def test_names_are_written_in_the_national_alphabet() -> None:
    traits = dataclasses.replace(DOMINIQUE, birth_name="Lefèvre d’Œuvre", first_name="Zoé")
    assert asked(envelope_of(first_attempt(traits)))[:2] == [
        ("NomNaissance", "LEFEVRE D'OEUVRE"),
        ("Prenom", "ZOE"),
    ]


def test_a_name_without_equivalent_in_the_national_alphabet_is_refused_before_sending() -> None:
    with pytest.raises(DomainError) as refusal:
        envelope_of(first_attempt(dataclasses.replace(DOMINIQUE, birth_name="LEFEVRE 2")))
    assert refusal.value.code == "name_character"


def test_an_unknown_sex_cannot_be_asked() -> None:
    with pytest.raises(DomainError) as refusal:
        envelope_of(first_attempt(dataclasses.replace(DOMINIQUE, sex="U")))
    assert refusal.value.code == "insi_sex_unknown"


@needs_shared
def test_several_given_names_are_one_element_each() -> None:
    person = official()["ECETINSI"]
    attempt = Attempt(traits_of(person), "ECETINSI", ("PIERRE-ALAIN", "MURIEL"), birth_place=True)
    names = [text for tag, text in asked(envelope_of(attempt)) if tag == "Prenom"]
    assert names == ["PIERRE-ALAIN", "MURIEL"]
    assert asked(envelope_of(attempt))[-1] == ("LieuNaissance", "63220")


@settings(deadline=None)
@given(sender=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_whatever_the_sender_the_request_stays_well_formed(sender: str) -> None:
    sent = messages.search(
        first_attempt(DOMINIQUE), software=SOFTWARE, message_id=MESSAGE_ID, now=NOW, sender=sender
    )
    assert xml.parse(sent).findtext("s:Header/b:ContexteBAM/b:Emetteur", "", NS) == sender
