"""The simulated DMP is strict: each rule it holds refuses the feed that breaks it, and only that one."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from jalon.core.errors import Rejected
from jalon.core.identity import Ins
from jalon.formats import xds
from jalon.gateways.common.vihf import Vihf
from jalon.gateways.dmp import messages
from jalon.gateways.dmp.messages import Lot
from jalon.terminology import Coding, concept_map, value_set
from jalon_sandbox.common.pki import Authority
from jalon_sandbox.dmp.simulator import Policy, Simulator
from tests.formats.xds_samples import HOUSE as ORGANIZATION
from tests.formats.xds_samples import NOW, PATIENT, PLAN_CLASS, cda, submission
from tests.gateways.dmp.samples import (
    ABSENT,
    AUTHORITY,
    CLOSED,
    OPPOSED,
    House,
    client,
    message_id,
    oid,
    simulator,
)
from tests.support import SHARED, needs_shared

HOUSE = House.of()
SCHEMAS = SHARED / "standards/xds/dmp_wsdl_schema_v2.01.04/schema"
TYPES = frozenset(coding.code for coding in value_set("JDV_J66"))
CLASSES = {code: concept_map("ASS_X16").target(code).code for code in ("80788-3", "28653-4", "34842-5")}


def submit(lot: Lot, service: Simulator | None = None, vihf: Vihf | None = None) -> Simulator:
    service = service or simulator()
    client(service).submit(lot, assertion=HOUSE.assertion(vihf), message_id=message_id())
    return service


def refusal_of(lot: Lot, service: Simulator | None = None, vihf: Vihf | None = None) -> Rejected:
    service = service or simulator()
    with pytest.raises(Rejected) as refusal:
        submit(lot, service, vihf)
    assert service.registry.stored == []
    assert service.received[-1].outcome == refusal.value.code
    return refusal.value


def altered(change: Callable[[xds.DocumentEntry], xds.DocumentEntry], *, data: bytes = b"") -> Lot:
    """A feed of one plan whose entry was changed after it was read off the document."""
    data = data or cda(oid())
    return HOUSE.sign(Lot.of(submission(oid()), [(change(described(data)), data)]))


def described(data: bytes) -> xds.DocumentEntry:
    return xds.entry_of(data, class_code=PLAN_CLASS)


def test_a_good_feed_is_stored_with_what_the_registry_adds() -> None:
    lot = HOUSE.lot()
    stored = submit(lot).registry.stored
    assert [one.data for one in stored] == [data for _, data in lot.documents]
    first = stored[0].entry
    assert first.entry_uuid
    assert first.logical_id == first.entry_uuid
    assert (first.status, first.hash) == (xds.APPROVED, described(stored[0].data).hash)


@needs_shared
def test_a_good_feed_passes_with_every_demand_at_once() -> None:
    policy = Policy(AUTHORITY.ca_pem, types=TYPES, classes=CLASSES, schemas=SCHEMAS)
    assert len(submit(HOUSE.lot(), simulator(policy)).registry.stored) == 2


# --- patients --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("patient", "code"),
    [(ABSENT, "XDSUnknownPatientId"), (CLOSED, "XDSUnknownPatientId"), (OPPOSED, "XDSRepositoryError")],
)
def test_a_patient_without_an_open_dmp_is_refused(patient: Ins, code: str) -> None:
    assert refusal_of(HOUSE.lot(patient), vihf=HOUSE.vihf(patient)).code == code


def test_the_patient_of_the_assertion_must_be_the_one_of_the_set() -> None:
    assert refusal_of(HOUSE.lot(), vihf=HOUSE.vihf(ABSENT)).code == "XDSPatientIdDoesNotMatch"


def test_the_patient_of_each_entry_must_be_the_one_of_the_set() -> None:
    lot = altered(lambda entry: replace(entry, patient_id=xds.PatientId.of(ABSENT)))
    assert refusal_of(lot).code == "XDSPatientIdDoesNotMatch"


def test_the_patient_of_the_document_must_be_the_one_of_its_entry() -> None:
    data = cda(oid(), patient=ABSENT)
    lot = altered(lambda entry: replace(entry, patient_id=xds.PatientId.of(PATIENT)), data=data)
    assert "CDA" in refusal_of(lot).label


# --- identifiers, types, structure -----------------------------------------------------------------


def test_the_identifier_of_the_entry_must_be_the_one_of_the_document() -> None:
    assert "uniqueId" in refusal_of(altered(lambda entry: replace(entry, unique_id=oid()))).label


def test_the_type_and_the_format_must_be_those_of_the_document() -> None:
    other = Coding("2.16.840.1.113883.6.1", "28653-4", "x")
    assert "type ou format" in refusal_of(altered(lambda entry: replace(entry, type_code=other))).label
    text = xds.format_code((), "text/plain")
    assert "type ou format" in refusal_of(altered(lambda entry: replace(entry, format_code=text))).label


def test_a_type_the_dmp_does_not_take_is_refused() -> None:
    data = cda(oid(), type_code="EXPORT_DUI")
    lot = altered(lambda entry: entry, data=data)
    assert "EXPORT_DUI" in refusal_of(lot, simulator(Policy(AUTHORITY.ca_pem, types=TYPES))).label
    submit(lot)


def test_a_class_that_is_not_the_one_of_the_type_is_refused() -> None:
    other = Coding(PLAN_CLASS.system, "10", "x")
    lot = altered(lambda entry: replace(entry, class_code=other))
    assert "classCode" in refusal_of(lot, simulator(Policy(AUTHORITY.ca_pem, classes=CLASSES))).label


def test_the_structure_of_the_set_must_be_the_one_of_the_assertion() -> None:
    vihf = replace(HOUSE.vihf(), structure_id="1630009999")
    assert "authorInstitution" in refusal_of(HOUSE.lot(), vihf=vihf).label
    author = xds.Author(None, (replace(ORGANIZATION, id="1630009999"),))
    authors = (*submission().authors, author)
    data = cda(oid())
    lot = Lot.of(replace(submission(oid()), authors=authors), [(described(data), data)])
    assert "authorInstitution" in refusal_of(HOUSE.sign(lot)).label


def test_an_assertion_for_another_service_is_refused() -> None:
    assert "urn:dmp" in refusal_of(HOUSE.lot(), vihf=replace(HOUSE.vihf(), resource="urn:autre")).label


# --- signature -------------------------------------------------------------------------------------


def test_an_unsigned_feed_is_refused_unless_the_policy_takes_it() -> None:
    data = cda(oid())
    lot = Lot.of(submission(oid()), [(described(data), data)])
    assert "pas signé" in refusal_of(lot).label
    submit(lot, simulator(Policy(AUTHORITY.ca_pem, signed=False)))


def test_a_document_changed_after_the_signature_is_refused() -> None:
    lot = HOUSE.lot()
    (entry, data), signature = lot.documents
    changed = data.replace(b"JVBE", b"JVBF")
    assert (
        "ne porte pas sur Document01"
        in refusal_of(replace(lot, documents=((entry, changed), signature))).label
    )


def test_the_signature_of_another_set_is_refused() -> None:
    lot = replace(HOUSE.lot(), submission=submission(oid()))
    assert "ne porte pas sur ce lot" in refusal_of(lot).label


def test_a_signature_by_a_stranger_is_refused() -> None:
    stranger = House.of(Authority.create(NOW))
    assert "autorité" in refusal_of(stranger.lot()).label


# --- links -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'Document id="Document01"', b'Document id="Document09"', "XDSMissingDocument"),
        (b'ExtrinsicObject id="Document01"', b'ExtrinsicObject id="Document07"', "XDSMissingDocument"),
        (
            b"</xds:Provide",
            b'<xds:Document id="D9"><x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" '
            b'href="cid:Document01@jalon"/></xds:Document></xds:Provide',
            "XDSMissingDocumentMetadata",
        ),
    ],
)
def test_documents_and_entries_go_by_pairs(old: bytes, new: bytes, code: str) -> None:
    made = messages.submit(HOUSE.lot(), assertion=HOUSE.assertion(), message_id=message_id())
    assert old in made.body
    body, headers = made.body.replace(old, new), {"Content-Type": made.content_type}
    response = client(simulator()).http.post("/repository", content=body, headers=headers)
    with pytest.raises(Rejected) as refusal:
        messages.parse_response(response.headers["content-type"], response.content)
    assert refusal.value.code == code


def test_two_documents_of_one_identifier_in_a_feed_are_refused() -> None:
    data = cda(oid())
    lot = HOUSE.sign(Lot.of(submission(oid()), [(described(data), data), (described(data), data)]))
    assert refusal_of(lot).code == "XDSRepositoryDuplicateUniqueIdInMessage"


# --- duplicates and replacements -------------------------------------------------------------------


def test_a_set_sent_twice_is_refused_the_second_time_and_both_are_counted() -> None:
    lot = HOUSE.lot()
    service = submit(lot)
    with pytest.raises(Rejected) as refusal:
        submit(lot, service)
    assert refusal.value.code == "XDSDuplicateUniqueIdInRegistry"
    assert len(service.registry.stored) == 2
    assert [one.outcome for one in service.received] == ["Success", "XDSDuplicateUniqueIdInRegistry"]


def test_a_known_identifier_with_another_content_is_refused() -> None:
    name = oid()
    service = submit(HOUSE.lot(unique_id=name))
    with pytest.raises(Rejected) as refusal:
        submit(HOUSE.lot(unique_id=name, text="JVBF"), service)
    assert refusal.value.code == "XDSNonIdenticalHash"


def test_the_same_document_in_another_set_is_registered_twice_in_plain_sight() -> None:
    name = oid()
    service = submit(HOUSE.lot(unique_id=name))
    submit(HOUSE.lot(unique_id=name), service)
    assert [one.entry.unique_id for one in service.registry.stored].count(name) == 2


def test_a_replacement_deprecates_the_old_entry_and_gives_it_a_new_uuid() -> None:
    service = submit(HOUSE.lot())
    old = service.registry.stored[0].entry
    submit(HOUSE.lot(replaces=old.entry_uuid), service)
    states = [(one.entry.status, one.entry.logical_id) for one in service.registry.stored]
    assert states[0] == (xds.DEPRECATED, old.logical_id)
    assert states[2][0] == xds.APPROVED
    assert service.registry.stored[0].entry.entry_uuid != old.entry_uuid


def test_a_replacement_of_nothing_of_a_stranger_or_of_the_past_is_refused() -> None:
    service = submit(HOUSE.lot())
    with pytest.raises(Rejected) as refusal:
        submit(HOUSE.lot(replaces="urn:uuid:nothing"), service)
    assert refusal.value.code == "XDSReplaceFailed"
    old = service.registry.stored[0].entry.entry_uuid
    submit(HOUSE.lot(replaces=old), service)
    deprecated = service.registry.stored[0].entry.entry_uuid
    with pytest.raises(Rejected) as refusal:
        submit(HOUSE.lot(replaces=deprecated), service)
    assert refusal.value.code == "XDSRegistryDeprecatedDocumentError"


def test_nothing_is_deprecated_by_a_replacement_that_fails() -> None:
    service = submit(HOUSE.lot())
    old = service.registry.stored[0].entry
    with pytest.raises(Rejected):
        submit(HOUSE.lot(replaces=old.entry_uuid, unique_id=old.unique_id, text="JVBF"), service)
    assert service.registry.stored[0].entry == old
