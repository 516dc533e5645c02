"""A person decides: both sides of each trait, a reason where one differs, and the way back."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.documents.models import Document, Withdrawal
from jalon.exchange.inbox import deciding
from jalon.exchange.inbox.comparing import Said, Verdict, compare, unsure
from jalon.exchange.inbox.deciding import confirm_match, put_back, set_aside, take_back
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import WITHDRAWN, process
from jalon.exchange.models import Reception, ReceptionState
from jalon.formats.cda import reader
from jalon.organizations.models import Establishment
from jalon.records.models import Record
from jalon.staff.models import Professional
from tests.exchange import world as worlds
from tests.exchange.letters import CAMILLE, INS, archive, cda, letter
from tests.factories import EstablishmentFactory
from tests.support import SHARED, needs_shared

pytestmark = pytest.mark.django_db
WHY = "Sexe mal saisi par l’hôpital, appelé ce matin."
HERS = Said("FICTIF", "Camille", "Camille Anne", "F", worlds.BORN, "day", "38185")


@pytest.fixture
def house(body: object) -> Establishment:
    return EstablishmentFactory.create(mailbox="maison@jalon.mssante.test")


@pytest.fixture
def record(house: Establishment) -> Record:
    return worlds.record(house)


@pytest.fixture
def officer(house: Establishment) -> Professional:
    return worlds.professional()


def receive(raw: bytes, house: Establishment) -> Reception:
    now = timezone.now()
    return process(reception=keep_raw(establishment=house, raw=raw, now=now), now=now)


def waiting(house: Establishment, **changed: Any) -> Reception:
    reception = receive(letter(archive(cda(replace(CAMILLE, **changed)))), house)
    assert reception.state == ReceptionState.TO_MATCH
    return reception


def verdicts(theirs: Said, ins: str = "", carried: tuple[Ins, ...] = ()) -> dict[str, Verdict]:
    return {row.label: row.verdict for row in compare([theirs], carried, HERS, ins)}


# --- both sides ---------------------------------------------------------------------------------------------


def test_each_trait_is_equal_different_or_not_said() -> None:
    theirs = replace(HERS, birth_name="FICTÏF", sex="M", birth_place="")
    assert verdicts(theirs, INS.matricule, (INS,)) == {
        "nom de naissance": Verdict.EQUAL,
        "prénoms de naissance": Verdict.EQUAL,
        "sexe": Verdict.DIFFERENT,
        "date de naissance": Verdict.EQUAL,
        "lieu de naissance": Verdict.UNSAID,
        "INS": Verdict.EQUAL,
    }


@pytest.mark.parametrize(
    ("changed", "doubts"),
    [
        ({}, []),
        ({"birth_place": "", "birth_date_precision": "day"}, []),
        ({"birth_name": "AUTRE"}, ["nom de naissance"]),
        ({"birth_name": ""}, ["nom de naissance"]),
        ({"first_name": "Rose"}, ["prénoms de naissance"]),
        ({"birth_first_names": "Camille"}, ["prénoms de naissance"]),
        ({"birth_date": None}, ["date de naissance"]),
        ({"birth_place": "29019"}, ["lieu de naissance"]),
        ({"sex": ""}, ["sexe"]),
    ],
)
def test_a_trait_that_differs_or_that_ought_to_be_said_is_a_doubt(
    changed: dict[str, Any], doubts: list[str]
) -> None:
    assert unsure(compare([replace(HERS, **changed)], [], HERS, "")) == doubts


def test_of_several_documents_one_that_differs_is_enough() -> None:
    rows = compare([HERS, replace(HERS, birth_name="AUTRE")], [], HERS, "")
    assert (rows[0].theirs, rows[0].verdict) == ("FICTIF ; AUTRE", Verdict.DIFFERENT)


@needs_shared
def test_a_birth_year_alone_is_shown_as_a_year() -> None:
    read = reader.read((SHARED / "cases/cda_birth_year_only.xml").read_bytes())
    (row,) = (
        row
        for row in compare([deciding.said_by(read.patient)], [], HERS, "")
        if row.label == "date de naissance"
    )
    assert (row.theirs, row.ours, row.verdict) == ("1951", "17 mai 1951", Verdict.DIFFERENT)


# --- a reason -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_differing_trait_is_not_filed_over_without_a_reason(
    house: Establishment, record: Record, officer: Professional, reason: str
) -> None:
    reception = waiting(house, sex="M")
    with pytest.raises(DomainError, match="sexe") as refusal:
        confirm_match(reception=reception, record=record, by=officer, now=timezone.now(), reason=reason)
    assert refusal.value.code == "match_without_reason"
    reception.refresh_from_db()
    assert reception.state == ReceptionState.TO_MATCH
    assert not Document.objects.exists()


def test_the_reason_is_kept_with_the_traits_that_differ(
    house: Establishment, record: Record, officer: Professional
) -> None:
    reception = waiting(house, sex="M", birth_place="29019")
    confirm_match(reception=reception, record=record, by=officer, now=timezone.now(), reason=f" {WHY} ")
    entry = Entry.objects.get(action="exchange.matched")
    assert entry.object_id == reception.pk
    assert entry.facts == {
        "record": str(record.pk),
        "doubts": ["sexe", "lieu de naissance"],
        "reason": WHY,
    }
    reception.refresh_from_db()
    assert reception.reason == f"Rapproché malgré : sexe, lieu de naissance. {WHY}"


def test_traits_that_all_agree_need_no_reason(house: Establishment, officer: Professional) -> None:
    record = worlds.record(house, with_qualified_identity=False)
    reception = receive(letter(archive(cda())), house)
    confirm_match(reception=reception, record=record, by=officer, now=timezone.now())
    assert Document.objects.get().record == record


def test_the_traits_are_those_known_when_the_decision_is_taken(
    house: Establishment, officer: Professional
) -> None:
    record = worlds.record(house, with_qualified_identity=False)
    reception = receive(letter(archive(cda())), house)
    type(record.person).objects.update(birth_name="AUTRE")
    record.refresh_from_db()
    with pytest.raises(DomainError, match="nom de naissance"):
        confirm_match(reception=reception, record=record, by=officer, now=timezone.now())


# --- the way back -------------------------------------------------------------------------------------------


@pytest.fixture
def filed(house: Establishment, record: Record, officer: Professional) -> Reception:
    reception = waiting(house, sex="M")
    return confirm_match(reception=reception, record=record, by=officer, now=timezone.now(), reason=WHY)


def test_what_was_filed_by_mistake_is_taken_back_with_a_reason_and_waits_again(
    filed: Reception, record: Record, officer: Professional
) -> None:
    now = timezone.now()
    with pytest.raises(DomainError) as refusal:
        take_back(reception=filed, reason=" ", by=officer, now=now)
    assert refusal.value.code == "back_without_reason"
    take_back(reception=filed, reason="C’est sa sœur.", by=officer, now=now)
    filed.refresh_from_db()
    assert (filed.state, filed.person) == (ReceptionState.TO_MATCH, None)
    assert filed.reason == "Retiré d’un dossier : C’est sa sœur."
    assert not Document.objects.exists()
    assert not record.documents.exists()
    gone = Withdrawal.objects.get()
    assert (gone.document.record, gone.by, gone.reason) == (record, officer, "C’est sa sœur.")
    facts = Entry.objects.get(action="exchange.taken_back", object_id=filed.pk).facts
    assert facts == {"records": [str(record.pk)], "reason": "C’est sa sœur."}


def test_a_message_taken_back_is_still_bound_by_the_ins_it_carries(
    filed: Reception, house: Establishment, officer: Professional
) -> None:
    now = timezone.now()
    take_back(reception=filed, reason="C’est sa sœur.", by=officer, now=now)
    sister = worlds.record(
        house, number=worlds.ZOE, with_qualified_identity=False, first_name="Zoé", key="3990000010/soeur"
    )
    with pytest.raises(DomainError) as refusal:  # it carries the INS of the first
        confirm_match(reception=filed, record=sister, by=officer, now=now, reason=WHY)
    assert refusal.value.code == "ins_of_another"


def test_a_message_taken_back_may_come_to_the_same_record_again(
    filed: Reception, record: Record, officer: Professional
) -> None:
    now = timezone.now()
    take_back(reception=filed, reason="Doute.", by=officer, now=now)
    confirm_match(reception=filed, record=record, by=officer, now=now, reason="Doute levé.")
    assert deciding.filed_documents(Reception.objects.get()).get().record == record
    assert not Withdrawal.objects.exists()


def test_a_withdrawn_document_that_comes_again_is_not_put_back_by_the_software(
    house: Establishment, record: Record, officer: Professional
) -> None:
    sent = archive(cda())
    first = receive(letter(sent), house)
    assert first.state == ReceptionState.FILED
    take_back(reception=first, reason="Erreur de l’hôpital.", by=officer, now=timezone.now())
    again = receive(letter(sent), house)
    assert (again.state, again.reason) == (ReceptionState.TO_MATCH, WITHDRAWN)
    assert not Document.objects.exists()


def test_two_messages_of_one_document_are_taken_back_together(
    house: Establishment, record: Record, officer: Professional
) -> None:
    sent = archive(cda())
    first, second = (receive(letter(sent), house) for _ in range(2))
    take_back(reception=first, reason="Erreur.", by=officer, now=timezone.now())
    second.refresh_from_db()
    assert second.state == ReceptionState.TO_MATCH
    with pytest.raises(DomainError) as refusal:
        take_back(reception=second, reason="Erreur.", by=officer, now=timezone.now())
    assert refusal.value.code == "already_decided"


def test_a_message_set_aside_by_mistake_waits_again(house: Establishment, officer: Professional) -> None:
    reception, now = waiting(house, sex="M"), timezone.now()
    set_aside(reception=reception, reason="Inconnue ici.", by=officer, now=now)
    with pytest.raises(DomainError):
        put_back(reception=reception, reason="", by=officer, now=now)
    put_back(reception=reception, reason="Elle arrive lundi.", by=officer, now=now)
    reception.refresh_from_db()
    assert (reception.state, reception.reason) == (
        ReceptionState.TO_MATCH,
        "Remis en attente : Elle arrive lundi.",
    )
