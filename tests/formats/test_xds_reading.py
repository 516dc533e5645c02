"""Metadata other products wrote: the published messages, and what we allow them to get wrong."""

from collections import Counter

import pytest
from lxml import etree

from jalon.core.errors import DomainError
from jalon.formats import soap, xds
from jalon.formats.xds import codes
from tests.formats.xds_samples import NOW, entry, submission
from tests.support import SHARED, needs_shared

XDS = SHARED / "standards/xds"
EXAMPLES = XDS / "dmp_gie_sv_exemples_messages_v02.05.00"
TEMPLATES = XDS / "dmp_gie_sv_gabarits_code_exemple_v2.06.01"
KIND = 'multipart/related; boundary="----=_Part_9_20030738.1554380517598"'


def official_feed() -> etree._Element:
    payload = soap.read(
        soap.unpack(KIND, (EXAMPLES / "TD2.1-Alimentation_requete.xml").read_bytes()).soap
    ).payload
    assert payload is not None
    return payload


@needs_shared
def test_the_official_feed_is_understood_whole() -> None:
    metadata = xds.decode(official_feed())
    document, signature = metadata.entries
    assert metadata.warnings == ()
    assert metadata.submission.unique_id == "1.2.250.1.999.1.1.7898.1.1622814651504"
    assert metadata.submission.missing() == ()
    assert document.unique_id == "1.2.250.1.999.1.1.7898.3.1622814651504"
    assert document.patient_id == xds.PatientId("207058575627097", "1.2.250.1.213.1.4.10", since="20100907")
    assert document.type_code is not None
    assert document.type_code.code == "27899-4"
    assert document.source_patient == xds.SourcePatient(
        (xds.PatientName("patb-quatre", "LAURENCE"),), "19070525", "F"
    )
    assert (document.hash, document.size, document.missing()) == ("", None, ())
    assert xds.is_signature(signature)
    assert [link.kind for link in metadata.associations] == [
        "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember",
        "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember",
        "urn:ihe:iti:2007:AssociationType:signs",
    ]


@needs_shared
def test_the_official_feed_written_again_says_the_same() -> None:
    metadata = xds.decode(official_feed())
    again = xds.decode(xds.submit_objects(metadata.submission, metadata.entries, metadata.associations))
    assert again == metadata


def shape(root: etree._Element) -> dict[str, set[str]]:
    """What a submission says, without its values: its classifications, slots and identifiers."""
    found: dict[str, set[str]] = {}
    for node in root.iter("{*}RegistryPackage", "{*}ExtrinsicObject", "{*}Association"):
        said = found.setdefault(etree.QName(node).localname, set())
        said |= {f"slot {slot.get('name')}" for slot in node.iter("{*}Slot")}
        said |= {f"class {one.get('classificationScheme')}" for one in node.iter("{*}Classification")}
        said |= {
            f"identifier {one.get('identificationScheme')}" for one in node.iter("{*}ExternalIdentifier")
        }
    return found


@needs_shared
def test_our_feed_says_no_less_and_no_other_things_than_the_official_one() -> None:
    signature = xds.signature_entry(submission(), entry(), unique_id="1.2.250.1.999.9", at=NOW)
    unmeasured = xds.numbered([xds.decode(xds.submit_objects(submission(), [entry()])).entries[0]])[0]
    bare = [__import__("dataclasses").replace(unmeasured, hash="", size=None), signature]
    ours = shape(
        xds.submit_objects(submission(), bare, [xds.Association.signs("Signature01", "SubmissionSet01")])
    )
    assert ours == shape(official_feed())


@needs_shared
def test_a_registry_s_answer_gives_its_documents_with_their_uuid() -> None:
    payload = soap.read((EXAMPLES / "TD3.1-Recherche_de_document_reponse.xml").read_bytes()).payload
    assert payload is not None
    entries = xds.decode_entries(payload)
    assert len(entries) == 21
    assert all(one.entry_uuid and one.hash and one.size and one.repository_id for one in entries)
    assert Counter(one.status for one in entries)[xds.APPROVED] == 21
    assert all(one.missing() == () for one in entries)


@needs_shared
@pytest.mark.parametrize("name", ["template_XDS.xml", "template_masquage.xml"])
def test_the_published_templates_are_read_even_without_a_namespace(name: str) -> None:
    metadata = xds.decode((TEMPLATES / name).read_bytes())
    assert metadata.submission.unique_id
    assert metadata.entries
    assert all(one.type_code for one in metadata.entries)


@needs_shared
def test_a_deletion_is_read() -> None:
    payload = soap.read((EXAMPLES / "TD3.3c-Supprimer_un_document_requete.xml").read_bytes()).payload
    assert payload is not None
    metadata = xds.decode(payload)
    assert metadata.entries == ()
    assert metadata.associations == (
        xds.Association.status_change(
            "SubmissionSet01",
            "urn:uuid:fe5287a2-ae6a-11eb-8f5d-0050569e422e",
            old=xds.ARCHIVED,
            new=xds.DELETED,
        ),
    )


# --- tolerance -------------------------------------------------------------------------------------


def ebrim() -> etree._Element:
    return xds.submit_objects(submission(), [entry()])


def test_classifications_beside_their_object_are_found() -> None:
    root = ebrim()
    objects = root[0]
    expected = xds.decode(root)
    for classification in list(root.iter(f"{{{codes.RIM}}}Classification")):
        objects.append(classification)
    assert xds.decode(root) == expected


def test_prefixes_and_namespaces_do_not_matter() -> None:
    text = xds.to_bytes(ebrim()).decode()
    bare = text.replace("rim:", "").replace("lcm:", "").replace("xmlns:", "x")
    assert xds.decode(bare.encode()) == xds.decode(ebrim())


def test_a_set_not_classified_as_one_is_recognized_with_a_warning() -> None:
    root = ebrim()
    for node in list(root.iter(f"{{{codes.RIM}}}Classification")):
        if node.get("classificationNode"):
            node.getparent().remove(node)  # type: ignore[union-attr]  # it has one
    metadata = xds.decode(root)
    assert metadata.submission.unique_id == submission().unique_id
    assert len(metadata.warnings) == 1


def test_a_folder_beside_the_set_is_left_out() -> None:
    root = ebrim()
    etree.SubElement(root[0], f"{{{codes.RIM}}}RegistryPackage", {"id": "Folder01"})
    assert xds.decode(root).submission.id == "SubmissionSet01"


def test_an_unreadable_date_is_a_warning_not_a_loss_of_the_document() -> None:
    text = xds.to_bytes(ebrim()).replace(b"20261122091500", b"22/11/2026").replace(b">20261122<", b">2026<")
    metadata = xds.decode(text)
    assert metadata.entries[0].creation_time is None
    assert metadata.entries[0].missing() == ("creationTime",)
    assert len(metadata.warnings) == 2


def test_what_is_missing_is_empty_and_listed() -> None:
    root = ebrim()
    for node in list(root.iter(f"{{{codes.RIM}}}Classification")):
        if node.get("classificationScheme") in (codes.CLASS_CODE, codes.PRACTICE_SETTING):
            node.getparent().remove(node)  # type: ignore[union-attr]  # it has one
    found = xds.decode(root).entries[0]
    assert found.class_code is None
    assert found.missing() == ("classCode", "practiceSettingCode")


def test_a_long_file_name_cut_in_pieces_is_put_together() -> None:
    text = xds.to_bytes(xds.submit_objects(submission(), [entry()])).replace(
        b'<rim:Slot name="creationTime">',
        b'<rim:Slot name="URI"><rim:ValueList><rim:Value>2|.XML</rim:Value><rim:Value>1|DOC1</rim:Value>'
        b'</rim:ValueList></rim:Slot><rim:Slot name="creationTime">',
    )
    assert xds.decode(text).entries[0].uri == "DOC1.XML"


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        (codes.SET_UNIQUE_ID, "l’identifiant du lot"),
        (codes.SET_PATIENT_ID, "patient du lot"),
        (codes.ENTRY_UNIQUE_ID, "d’un document"),
        (codes.ENTRY_PATIENT_ID, "patient d’un document"),
    ],
)
def test_without_identifiers_metadata_are_refused(scheme: str, words: str) -> None:
    root = ebrim()
    for node in list(root.iter(f"{{{codes.RIM}}}ExternalIdentifier")):
        if node.get("identificationScheme") == scheme:
            node.getparent().remove(node)  # type: ignore[union-attr]  # it has one
    with pytest.raises(DomainError, match=words) as refusal:
        xds.decode(root)
    assert refusal.value.code == "xds_refused"


@pytest.mark.parametrize("data", [b"<a/>", b"<RegistryObjectList/>", b"<!DOCTYPE a><a/>", b"", b"{}"])
def test_what_is_not_metadata_is_refused(data: bytes) -> None:
    with pytest.raises(DomainError) as refusal:
        xds.decode(data)
    assert refusal.value.code in ("xds_refused", "xml_refused")


def test_a_crowd_of_objects_is_refused() -> None:
    crowd = b"<RegistryObjectList>" + b"<ExtrinsicObject/>" * 2001 + b"</RegistryObjectList>"
    with pytest.raises(DomainError, match="plus de 2000"):
        xds.decode(crowd)
