"""Feeding the DMP and what a product needs around it: refusals, cuts, duplicates, look-ups, deletion."""

import dataclasses

import httpx
import pytest

from jalon.core.errors import Rejected, Unreachable
from jalon.formats import xds
from jalon.gateways.dmp.client import Client
from jalon.gateways.dmp.messages import ALREADY_THERE, Accepted, Lot
from tests.formats.xds_samples import PATIENT, submission
from tests.gateways.contract.dmp.conftest import Bench
from tests.gateways.dmp.samples import ABSENT, APPLICATION, message_id, oid


def submit(dmp: Bench, lot: Lot, message: str = "") -> Accepted:
    return dmp.client.submit(lot, assertion=dmp.house.assertion(), message_id=message or message_id())


def find(dmp: Bench, unique_id: str) -> tuple[xds.DocumentEntry, ...]:
    return dmp.client.find_by_unique_id([unique_id], assertion=dmp.house.assertion(), message_id=message_id())


def test_a_document_that_was_fed_is_found_under_its_identifier(dmp: Bench) -> None:
    lot = dmp.house.lot()
    entry, data = lot.documents[0]
    assert submit(dmp, lot) == Accepted()
    (found,) = find(dmp, entry.unique_id)
    assert found.entry_uuid
    assert (found.status, found.size) == (xds.APPROVED, len(data))
    assert found.hash == entry.hash
    assert (found.title, found.type_code) == (entry.title, entry.type_code)


def test_a_document_that_was_not_fed_is_not_found(dmp: Bench) -> None:
    assert find(dmp, oid()) == ()


def test_a_patient_without_a_dmp_is_refused(dmp: Bench) -> None:
    lot = dmp.house.lot(ABSENT)
    assertion = dmp.house.assertion(dmp.house.vihf(ABSENT))
    with pytest.raises(Rejected) as refusal:
        dmp.client.submit(lot, assertion=assertion, message_id=message_id())
    assert refusal.value.code == "XDSUnknownPatientId"


def test_the_same_feed_sent_again_is_recognized(dmp: Bench) -> None:
    lot, message = dmp.house.lot(), message_id()
    submit(dmp, lot, message)
    with pytest.raises(Rejected) as refusal:
        submit(dmp, lot, message)
    assert refusal.value.code == ALREADY_THERE
    assert len(find(dmp, lot.documents[0][0].unique_id)) == 1


def test_a_document_is_replaced_then_deleted(dmp: Bench) -> None:
    first = dmp.house.lot()
    submit(dmp, first)
    (old,) = find(dmp, first.documents[0][0].unique_id)
    second = dmp.house.lot(replaces=old.entry_uuid)
    submit(dmp, second)
    assert find(dmp, old.unique_id)[0].status == xds.DEPRECATED
    (present,) = find(dmp, second.documents[0][0].unique_id)
    change = dataclasses.replace(submission(oid()), submission_time=dmp.house.now)
    dmp.client.delete(change, present.entry_uuid, assertion=dmp.house.assertion(), message_id=message_id())
    assert find(dmp, present.unique_id)[0].status == xds.DELETED


def test_who_has_a_dmp_is_known_before_feeding(dmp: Bench) -> None:
    def ask(patient: object = PATIENT) -> bool:
        return dmp.client.exists(
            PATIENT if patient is PATIENT else ABSENT,
            APPLICATION,
            assertion=dmp.house.assertion(),
            message_id=message_id(),
            query_id=message_id(),
            at=dmp.house.now,
        ).exists

    assert ask() is True
    assert ask(ABSENT) is False


def test_an_assertion_that_was_changed_is_refused(dmp: Bench) -> None:
    forged = dmp.house.assertion().replace(b"801234567897", b"801234567898")
    with pytest.raises(Rejected):
        dmp.client.submit(dmp.house.lot(), assertion=forged, message_id=message_id())


# --- the cable, which only a sandbox cuts on demand ------------------------------------------------


@pytest.mark.parametrize(("moment", "arrived"), [("before", 0), ("after", 1), ("middle", 1)])
def test_after_a_cut_a_look_up_says_whether_the_document_arrived(
    dmp: Bench, moment: str, arrived: int
) -> None:
    lot, message = dmp.house.lot(), message_id()
    dmp.switches.cut(moment, times=1)  # type: ignore[arg-type]  # one of the three moments
    with pytest.raises(Unreachable) as failure:
        submit(dmp, lot, message)
    assert failure.value.maybe_done
    assert len(find(dmp, lot.documents[0][0].unique_id)) == arrived
    if arrived:
        with pytest.raises(Rejected, match=ALREADY_THERE):
            submit(dmp, lot, message)
    else:
        submit(dmp, lot, message)
    assert len(find(dmp, lot.documents[0][0].unique_id)) == 1


def test_every_message_is_counted_none_is_merged(dmp: Bench) -> None:
    sandbox, lot = dmp.switches, dmp.house.lot()
    before = len(sandbox.received)
    submit(dmp, lot)
    for _ in range(2):
        with pytest.raises(Rejected):
            submit(dmp, lot)
    seen = [one for one in sandbox.received[before:] if one.submission_id == lot.submission.unique_id]
    assert [one.outcome for one in seen] == ["Success", ALREADY_THERE, ALREADY_THERE]


def test_slowness_beyond_the_timeout_is_an_outage_that_may_have_worked(dmp: Bench) -> None:
    dmp.switches.slow(0.5, times=1)
    lot = dmp.house.lot()
    dmp.client.http.timeout = httpx.Timeout(0.1, connect=5)
    try:
        with pytest.raises(Unreachable) as failure:
            submit(dmp, lot)
    finally:
        dmp.client.http.timeout = httpx.Timeout(30)
    assert failure.value.maybe_done


def test_a_refusal_of_the_service_keeps_its_code(dmp: Bench) -> None:
    dmp.switches.refuse("XDSRegistryBusy", times=1)
    with pytest.raises(Rejected) as refusal:
        submit(dmp, dmp.house.lot())
    assert refusal.value.code == "XDSRegistryBusy"


def test_nobody_answers_at_a_wrong_address_and_nothing_left(dmp: Bench) -> None:
    with (
        httpx.Client(base_url="https://127.0.0.1:9", timeout=2) as http,
        pytest.raises(Unreachable) as failure,
    ):
        Client(http).submit(dmp.house.lot(), assertion=dmp.house.assertion(), message_id=message_id())
    assert not failure.value.maybe_done


def test_the_bytes_of_each_exchange_are_kept(dmp: Bench) -> None:
    lot = dmp.house.lot()
    submit(dmp, lot)
    (exchange,) = dmp.tape.take()
    assert exchange.action == "urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b"
    assert lot.documents[0][1] in exchange.sent
    assert b"ResponseStatusType:Success" in exchange.received
    assert exchange.status == 200
