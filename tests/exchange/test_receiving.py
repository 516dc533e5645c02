"""Receiving: kept raw first, filed when certain, left to a person otherwise; what is wrong stops nothing."""

import random
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from jalon.core.errors import DomainError
from jalon.core.identity import Ins, Traits
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange.inbox import deciding
from jalon.exchange.inbox.deciding import confirm_match, set_aside
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.models import ReceivedDocument, Reception, ReceptionState
from jalon.exchange.queries import waiting_receptions
from jalon.exchange.reading import file_of, read_of
from jalon.formats.cda import header
from jalon.organizations.models import Establishment
from jalon.records.models import Record
from tests.exchange import letters
from tests.exchange import world as worlds
from tests.exchange.letters import CAMILLE, INS, archive, cda, letter
from tests.factories import TEST_OID, EstablishmentFactory, ManagingBodyFactory, matricule

pytestmark = pytest.mark.django_db
ZOE = Traits("D’ESSAI-CŒUR", "ZOE", "ZOE", "F", worlds.BORN, "38185")
HER_INS = Ins(matricule(worlds.ZOE), TEST_OID)
WHY = "Sexe mal saisi par l’hôpital, appelé ce matin."
METADATA, DOCUMENT = "IHE_XDM/SUBSET01/METADATA.XML", "IHE_XDM/SUBSET01/DOC00001.XML"


@pytest.fixture
def house(body: object) -> Establishment:
    """An establishment with a mailbox; nothing here needs its operator."""
    return EstablishmentFactory.create(mailbox="maison@jalon.mssante.test")


@pytest.fixture
def record(house: Establishment) -> Record:
    """The record of Camille, whose identity is qualified."""
    return worlds.record(house)


def receive(raw: bytes, house: Establishment) -> Reception:
    now = timezone.now()
    return process(reception=keep_raw(establishment=house, raw=raw, now=now), now=now)


# --- certain ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.MSS/UX.01", "SC.MSS/UX.39", "SC.MSS/UX.07")
def test_a_document_of_a_person_known_for_certain_is_filed_in_their_record(
    house: Establishment, record: Record
) -> None:
    raw = letter(archive(cda()))
    reception = receive(raw, house)
    assert (reception.state, reception.person) == (ReceptionState.FILED, record.person)
    document = Document.objects.get()
    assert (document.record, document.source) == (record, Document.Source.RECEIVED)
    assert (document.type_code, document.title) == (letters.REPORT, "Compte rendu de consultation")
    assert (document.written_at, document.author_label) == (
        letters.WRITTEN,
        "Hervé ESSAI-MÉDECIN, Centre hospitalier d’Exemple",
    )
    assert ReceivedDocument.objects.get().reception == reception
    assert load(reception.raw_sha256) == raw
    assert reception.decided_by is None


def test_a_filed_document_is_readable_and_its_file_is_the_sender_s(
    house: Establishment, record: Record
) -> None:
    sent = cda()
    receive(letter(archive(sent)), house)
    document = Document.objects.get()
    assert load(document.cda_sha256) == sent
    assert file_of(document) == letters.PDF
    read = read_of(document)
    assert read and read.title == "Compte rendu de consultation"


@pytest.mark.requirement("SC.MSS/UX.28")
def test_the_subject_is_shown_without_its_prefix_and_the_sender_is_named(
    house: Establishment, record: Record
) -> None:
    reception = receive(letter(archive(cda())), house)
    assert reception.subject == "CR de consultation FICTIF CAMILLE 17/05/1951"
    assert reception.sender == "Centre hospitalier d’Exemple <neurologie@ch-exemple.mssante.test>"


@pytest.mark.requirement("ECO.2.1.2", "SC.MSS/CONF.24")
def test_the_person_is_the_one_of_the_metadata_whatever_the_subject_says(
    house: Establishment, record: Record
) -> None:
    raw = letter(archive(cda()), subject="XDM/1.0/DDM+CR de consultation AUTRE Personne 01/01/1930")
    assert receive(raw, house).person == record.person


def test_several_documents_of_one_person_are_all_filed(house: Establishment, record: Record) -> None:
    assert receive(letter(archive(cda(), cda())), house).state == ReceptionState.FILED
    assert Document.objects.count() == ReceivedDocument.objects.count() == 2


# --- a person must look -------------------------------------------------------------------------------------


def other(**changes: Any) -> Traits:
    return replace(CAMILLE, **changes)


@pytest.mark.requirement("SC.MSS/UX.09")
@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (letter(archive(cda(other(first_name="YVETTE", birth_first_names="YVETTE")))), "premier prénom"),
        (letter(archive(cda(other(sex="M")))), "sexe"),
        (letter(archive(cda(other(birth_date=worlds.BORN.replace(day=18))))), "date de naissance"),
        (letter(archive(cda(other(birth_place="29019")))), "lieu de naissance"),
        (letter(archive(cda(ins=None), of=[INS])), "chez l’expéditeur"),
        (letter(archive(cda()), headers={"X-MSS-INS": "N"}), "chez l’expéditeur"),
        (letter(archive(cda(), cda(ZOE, HER_INS))), "plusieurs personnes"),
        (letter(archive(cda(), of=[HER_INS])), "plusieurs personnes"),
        (letter(archive(cda(ZOE), cda(), of=[INS, INS])), "plusieurs personnes"),
        (letter(archive(cda(ins=HER_INS))), "ressemblent"),
        (letter(archive(cda(ins=None))), "ressemblent"),
        (letter(archive(cda(Traits("COMÈTE", "HALLEY", "HALLEY", "F", worlds.BORN, "35238"), HER_INS))), ""),
    ],
)
def test_what_is_not_certain_waits_for_a_person_with_its_reason(
    raw: bytes, words: str, house: Establishment, record: Record
) -> None:
    reception = receive(raw, house)
    assert reception.state == ReceptionState.TO_MATCH
    assert words in reception.reason
    assert reception.reason.endswith(".")
    assert not Document.objects.exists()
    assert load(reception.raw_sha256) == raw
    assert waiting_receptions([house.pk]) == {house.pk: 1}


@pytest.mark.parametrize("facts", [{"with_ins": True}, {}], ids=["retrieved", "provisional"])
def test_an_identity_not_qualified_here_files_nothing_by_itself(
    facts: dict[str, bool], house: Establishment
) -> None:
    worlds.record(house, with_qualified_identity=False, **facts)
    reception = receive(letter(archive(cda())), house)
    assert reception.state == ReceptionState.TO_MATCH
    assert not Document.objects.exists()


def test_a_person_known_in_another_house_of_ours_is_proposed(house: Establishment) -> None:
    worlds.record(EstablishmentFactory.create())
    reception = receive(letter(archive(cda())), house)
    assert reception.state == ReceptionState.TO_MATCH
    assert "sans dossier dans cet établissement" in reception.reason


def test_a_person_of_another_managing_body_is_unknown_here(house: Establishment) -> None:
    with tenant(ManagingBodyFactory.create().pk):
        worlds.record(EstablishmentFactory.create())
    reception = receive(letter(archive(cda())), house)
    assert (reception.state, reception.person) == (ReceptionState.TO_MATCH, None)
    assert "ne correspond" in reception.reason


@pytest.mark.requirement("SC.MSS/UX.02")
def test_who_it_may_be_is_proposed_the_same_ins_first(house: Establishment, record: Record) -> None:
    twin = worlds.record(house, number=worlds.DENISE, first_name="Camille", birth_first_names="Camille Lise")
    reception = receive(letter(archive(cda(other(sex="M")))), house)
    opened = deciding.opened(reception)
    assert opened is not None
    assert opened.traits == other(sex="M")
    assert deciding.lookalikes(opened) == [record.person, twin.person]
    assert deciding.lookalikes(None) == []


# --- wrong --------------------------------------------------------------------------------------------------


def changed(**content: bytes) -> bytes:
    """A good archive with some files changed."""
    return letters.rezipped(letters.files(archive(cda())) | content)


def bomb() -> bytes:
    return changed(**{"IHE_XDM/SUBSET01/BOMB.BIN": bytes(60 * 2**20)})


def with_entities() -> bytes:
    hostile = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    content = letters.files(archive(cda()))
    content[METADATA] = hostile
    return letters.rezipped(content)


WRONG = {
    "no archive": (None, "n’a pas de document"),
    "no zip": (b"PK rien", "illisible"),
    "a bomb": (bomb(), "trop grande"),
    "a path outside": (changed(**{"../../etc/passwd": b"x"}), "sort de son dossier"),
    "a wrong hash": (changed(**{DOCUMENT: cda()}), "empreinte"),
    "entities": (with_entities(), "XML"),
    "no metadata": (letters.rezipped({"INDEX.HTM": b"x"}), "METADATA.XML"),
}


@pytest.mark.parametrize(("attached", "words"), list(WRONG.values()), ids=list(WRONG))
def test_what_cannot_be_read_is_kept_and_shown_with_its_reason(
    attached: bytes | None, words: str, house: Establishment, record: Record
) -> None:
    raw = letter(attached)
    reception = receive(raw, house)
    assert reception.state == ReceptionState.REJECTED
    assert words in reception.reason
    assert load(reception.raw_sha256) == raw
    assert not Document.objects.exists()
    assert deciding.opened(reception) is None


LONG = "1.2.250.1.999." + "9" * 200
IMPOSSIBLE = {
    "an endless identifier": ({"id": header.Id(LONG)}, "trop long"),
    "an endless set": ({"set_id": header.Id("1.2.3", "x" * 200)}, "trop long"),
    "a date of another age": ({"effective_time": letters.WRITTEN.replace(year=1200)}, "date"),
    "a date nobody will see": ({"effective_time": letters.WRITTEN.replace(year=9999)}, "date"),
}


@pytest.mark.parametrize(("said", "words"), list(IMPOSSIBLE.values()), ids=list(IMPOSSIBLE))
def test_a_document_our_tables_cannot_hold_is_refused_and_files_nothing(
    said: dict[str, Any], words: str, house: Establishment, record: Record
) -> None:
    reception = receive(letter(archive(cda(), cda(**said))), house)
    assert reception.state == ReceptionState.REJECTED
    assert words in reception.reason
    assert not Document.objects.exists(), "the good document of the same message is not filed alone"


def test_a_hostile_message_never_stops_the_next_one(house: Establishment, record: Record) -> None:
    chance, good = random.Random(20261122), letter(archive(cda()))
    for _ in range(60):
        broken = bytearray(good)
        for _ in range(chance.choice((1, 3, 200))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        cut = chance.choice((len(broken), chance.randrange(len(broken))))
        assert receive(bytes(broken[:cut]), house).state != ReceptionState.STORED


def test_nul_and_other_controls_in_a_message_are_kept_out_of_the_tables(
    house: Establishment, record: Record
) -> None:
    raw = letter(archive(cda())).replace(b"Subject: ", b"Subject: =?utf-8?q?=00=07?= ", 1)
    reception = receive(raw, house)
    assert reception.state == ReceptionState.FILED
    assert "\0" not in reception.subject


def test_an_empty_message_is_kept_and_rejected(house: Establishment) -> None:
    assert receive(b"", house).state == ReceptionState.REJECTED


# --- twice --------------------------------------------------------------------------------------------------


def test_the_same_message_twice_is_one_reception(house: Establishment, record: Record) -> None:
    raw = letter(archive(cda()))
    assert receive(raw, house) == receive(raw, house)
    assert Reception.objects.count() == Document.objects.count() == 1


def test_the_same_message_in_two_mailboxes_is_two_receptions(house: Establishment, record: Record) -> None:
    neighbor = EstablishmentFactory.create(mailbox="voisine@jalon.mssante.test")
    raw = letter(archive(cda()))
    assert receive(raw, house) != receive(raw, neighbor)


def test_the_same_document_in_two_messages_is_filed_once(house: Establishment, record: Record) -> None:
    sent = cda()
    one, two = receive(letter(archive(sent)), house), receive(letter(archive(sent)), house)
    assert one != two
    assert {one.state, two.state} == {ReceptionState.FILED}
    document = Document.objects.get()
    assert {link.reception for link in ReceivedDocument.objects.filter(document=document)} == {one, two}


def versions(*numbers: int, **said: Any) -> list[bytes]:
    """Documents of one set, each with its number; a later version says what it replaces."""
    former: header.Id | None = None
    set_id, made = header.Id(letters.oid(letters.uuid7())), []
    for number in numbers:
        own = header.Id(letters.oid(letters.uuid7()))
        related = header.Related(former) if former and number > 1 else None
        made.append(cda(id=own, set_id=set_id, version=number, related=related, **said))
        former = own
    return made


def test_a_new_version_is_filed_beside_the_former_and_says_what_it_replaces(
    house: Establishment, record: Record
) -> None:
    for sent in versions(1, 2):
        assert receive(letter(archive(sent)), house).state == ReceptionState.FILED
    one, two = Document.objects.order_by("version")
    assert (one.set_id, two.replaces) == (two.set_id, one)


def test_an_older_version_that_comes_late_overwrites_nothing(house: Establishment, record: Record) -> None:
    one, two = versions(1, 2)
    for sent in (two, one):
        assert receive(letter(archive(sent)), house).state == ReceptionState.FILED
    assert [document.version for document in Document.objects.order_by("filed_at")] == [2, 1]
    assert load(Document.objects.get(version=2).cda_sha256) == two


def test_two_documents_of_one_version_number_are_a_conflict_that_files_nothing(
    house: Establishment, record: Record
) -> None:
    one, same = versions(1, 1)
    receive(letter(archive(one)), house)
    reception = receive(letter(archive(cda(), same)), house)
    assert reception.state == ReceptionState.REJECTED
    assert "même numéro" in reception.reason
    assert Document.objects.count() == 1


# --- a person decides ---------------------------------------------------------------------------------------


@pytest.fixture
def unsure(house: Establishment, record: Record) -> Reception:
    """A message whose person's sex differs."""
    return receive(letter(archive(cda(other(sex="M")))), house)


@pytest.mark.requirement("SC.MSS/UX.09", "SC.MSS/UX.37")
def test_a_person_files_what_waited_and_says_who_decided(unsure: Reception, record: Record) -> None:
    officer, now = worlds.professional(), timezone.now()
    confirm_match(reception=unsure, record=record, by=officer, now=now, reason=WHY)
    unsure.refresh_from_db()
    assert (unsure.state, unsure.person) == (ReceptionState.FILED, record.person)
    assert (unsure.decided_by, unsure.decided_at) == (officer, now)
    assert Document.objects.get().record == record


OTHERS = {
    "another INS": letter(archive(cda(ins=HER_INS))),
    "another INS in the metadata alone": letter(archive(cda(ins=None), of=[HER_INS])),
    "two people": letter(archive(cda(), cda(ZOE, HER_INS))),
}


@pytest.mark.parametrize("raw", list(OTHERS.values()), ids=list(OTHERS))
@pytest.mark.parametrize("known", [True, False], ids=["known here", "unknown here"])
def test_nobody_files_under_a_person_what_carries_the_ins_of_another(
    raw: bytes, known: bool, house: Establishment, record: Record
) -> None:
    if known:
        worlds.person(worlds.ZOE, birth_name="D’ESSAI-CŒUR", first_name="Zoé", birth_first_names="Zoé")
    reception = receive(raw, house)
    with pytest.raises(DomainError) as refusal:
        confirm_match(reception=reception, record=record, by=worlds.professional(), now=timezone.now())
    assert refusal.value.code == "ins_of_another"
    reception.refresh_from_db()
    assert (reception.state, reception.decided_by) == (ReceptionState.TO_MATCH, None)
    assert not Document.objects.exists()


def test_a_person_without_ins_receives_what_carries_one_unless_somebody_here_has_it(
    house: Establishment,
) -> None:
    record = worlds.record(house, with_qualified_identity=False)
    first, second = (receive(letter(archive(cda())), house) for _ in range(2))
    confirm_match(reception=first, record=record, by=worlds.professional(), now=timezone.now())
    assert Document.objects.get().record == record
    worlds.person(key="3990000010/autre")
    with pytest.raises(DomainError) as refusal:
        confirm_match(reception=second, record=record, by=worlds.professional(), now=timezone.now())
    assert refusal.value.code == "ins_of_another"


def test_a_message_of_nobody_is_set_aside_with_a_reason_and_kept(unsure: Reception) -> None:
    officer = worlds.professional()
    with pytest.raises(DomainError) as refusal:
        set_aside(reception=unsure, reason="  ", by=officer, now=timezone.now())
    assert refusal.value.code == "aside_without_reason"
    set_aside(reception=unsure, reason="Personne inconnue ici", by=officer, now=timezone.now())
    unsure.refresh_from_db()
    assert (unsure.state, unsure.reason) == (ReceptionState.SET_ASIDE, "Personne inconnue ici")
    assert load(unsure.raw_sha256)
    assert not Document.objects.exists()


@pytest.mark.parametrize("first", ["filed", "set aside"])
def test_a_second_decision_is_refused(unsure: Reception, record: Record, first: str) -> None:
    officer, now = worlds.professional(), timezone.now()
    if first == "filed":
        confirm_match(reception=unsure, record=record, by=officer, now=now, reason=WHY)
    else:
        set_aside(reception=unsure, reason="vu", by=officer, now=now)
    before = Document.objects.count()
    for act in (
        lambda: confirm_match(reception=unsure, record=record, by=officer, now=now, reason=WHY),
        lambda: set_aside(reception=unsure, reason="encore", by=officer, now=now),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "already_decided"
    assert Document.objects.count() == before


def test_a_decision_that_would_break_a_version_leaves_the_message_waiting(
    house: Establishment, record: Record
) -> None:
    one, same = versions(1, 1)
    receive(letter(archive(one)), house)
    waits = receive(letter(archive(same), headers={"X-MSS-INS": "N"}), house)
    with pytest.raises(DomainError) as refusal:
        confirm_match(reception=waits, record=record, by=worlds.professional(), now=timezone.now())
    assert refusal.value.code == "version_already_there"
    waits.refresh_from_db()
    assert waits.state == ReceptionState.TO_MATCH


def test_another_managing_body_sees_nothing_and_decides_nothing(
    unsure: Reception, house: Establishment, record: Record
) -> None:
    officer = worlds.professional()
    with tenant(ManagingBodyFactory.create().pk):
        assert (Reception.objects.count(), waiting_receptions([house.pk])) == (0, {})
        with pytest.raises(Reception.DoesNotExist):
            confirm_match(reception=unsure, record=record, by=officer, now=timezone.now())
        with pytest.raises(FileNotFoundError):
            load(unsure.raw_sha256)
