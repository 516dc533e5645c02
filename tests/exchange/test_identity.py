"""INSi asked for real: what each answer does to an identity, and what is kept of each call."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.db.tenant import current_tenant
from jalon.documents.storage import load
from jalon.exchange import tasks
from jalon.exchange.identity import answering, asking
from jalon.exchange.jobs import Job
from jalon.exchange.models import InsLookUp, LookUpState, ServiceCall
from jalon.organizations.models import ManagingBody
from jalon.people.actions import doubt, prove_identity
from jalon.people.models import IdentityStatus, Person
from jalon.staff.models import Professional
from jalon_sandbox.insi.simulator import Behavior
from tests.exchange import world as worlds
from tests.exchange.world import World
from tests.factories import TEST_OID, matricule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("body", "world")]


@pytest.fixture
def officer(body: ManagingBody) -> Professional:
    return worlds.professional()


def unknown(**said: Any) -> Person:
    """Camille as an agent typed them, without INS."""
    facts: dict[str, Any] = {"with_qualified_identity": False, "birth_first_names": "Camille"}
    return worlds.person(**(facts | said))


def ask(person: Person, by: Professional | None = None) -> InsLookUp:
    """Asked, then answered as the worker does: outside any transaction."""
    look_up = asking.ask(person=person, by=by, now=timezone.now())
    answer(look_up)
    return look_up


def answer(look_up: InsLookUp) -> None:
    body = current_tenant()
    with worlds.nowhere():
        answering.answer(str(body), look_up.pk)
    look_up.refresh_from_db()


def calls() -> list[str]:
    return list(ServiceCall.objects.order_by("at", "pk").values_list("outcome", flat=True))


# --- answers ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.INS/va1.40", "SC.INS/va1.52", "SC.INS/va1.38", "SC.INS/va1.65")
def test_a_person_found_is_retrieved_with_the_official_traits(officer: Professional) -> None:
    person = unknown()
    told = ask(person, officer)
    assert (told.attached, told.message) == (True, "L’INS est récupérée.")
    person.refresh_from_db()
    assert person.identity_status == IdentityStatus.RETRIEVED
    assert (person.ins, person.ins_oid) == (matricule(worlds.CAMILLE), TEST_OID)
    assert (person.birth_name, person.birth_first_names) == ("FICTIF", "CAMILLE ANNE")
    call = ServiceCall.objects.get()
    assert (call.person, call.by, call.service, call.outcome) == (person, officer, "insi", "found")
    assert str(officer.pk).encode() in load(call.sent_sha256)
    assert matricule(worlds.CAMILLE)[:13].encode() in load(call.answered_sha256)


@pytest.mark.requirement("SC.INS/va1.54")
@pytest.mark.parametrize("paper_first", [True, False])
def test_a_paper_seen_and_an_answer_qualify_the_identity_in_either_order(paper_first: bool) -> None:
    person, today = unknown(), dt.date(2026, 11, 22)
    if paper_first:
        prove_identity(person=person, proof="cni", by=None, today=today)
    ask(person)
    if not paper_first:
        person.refresh_from_db()
        assert person.identity_status == IdentityStatus.RETRIEVED
        prove_identity(person=person, proof="cni", by=None, today=today)
    person.refresh_from_db()
    assert person.identity_status == IdentityStatus.QUALIFIED


@pytest.mark.requirement("SC.INS/va1.35")
def test_nobody_with_these_traits_leaves_the_identity_provisional_and_the_answer_kept() -> None:
    person = unknown(birth_name="PERSONNE")
    told = ask(person)
    assert not told.attached
    assert "ne trouve personne" in told.message
    person.refresh_from_db()
    assert person.identity_status == IdentityStatus.PROVISIONAL
    assert calls() == ["not_found"]
    assert b"<CodeCR>01</CodeCR>" in load(ServiceCall.objects.get().answered_sha256)


@pytest.mark.requirement("SC.INS/va1.35")
def test_several_people_are_told_apart_by_their_other_names_each_call_with_its_own_outcome() -> None:
    person = worlds.person(
        with_qualified_identity=False,
        birth_name="HOMONYME",
        first_name="Denise",
        birth_first_names="Denise Lilas",
        birth_place="29019",
    )
    assert ask(person).attached
    person.refresh_from_db()
    assert person.ins == matricule(worlds.CHILD)
    assert calls() == ["ambiguous", "found"]
    several, one = (load(call.answered_sha256) for call in ServiceCall.objects.order_by("at", "pk"))
    assert b"<CodeCR>02</CodeCR>" in several
    assert b"<CodeCR>00</CodeCR>" in one
    assert person.ins.encode()[:13] in one
    assert person.ins_oid.encode() in one


def test_several_people_that_nothing_tells_apart_stay_several() -> None:
    person = worlds.person(
        with_qualified_identity=False,
        birth_name="HOMONYME",
        first_name="Denise",
        birth_first_names="Denise",
        birth_place="99999",
    )
    told = ask(person)
    assert not told.attached
    assert "plusieurs personnes" in told.message
    assert calls() == ["ambiguous"]
    person.refresh_from_db()
    assert person.identity_status == IdentityStatus.PROVISIONAL


@pytest.mark.requirement("SC.INS/va1.28")
def test_an_answer_with_a_day_at_zero_is_kept_and_not_taken() -> None:
    person = worlds.person(
        with_qualified_identity=False,
        birth_name="SANSJOUR",
        first_name="Lune",
        birth_first_names="Lune",
        birth_date=dt.date(1951, 5, 1),
    )
    told = ask(person)
    assert not told.attached
    assert "00" in told.message
    assert calls() == ["unusable"]
    person.refresh_from_db()
    assert person.ins == ""


@pytest.mark.parametrize(
    ("said", "field"),
    [({"birth_place": "29019"}, "lieu de naissance"), ({"birth_first_names": "Camille Rose"}, "prénoms")],
)
def test_an_answer_whose_traits_differ_is_refused_and_kept(said: dict[str, str], field: str) -> None:
    person = unknown()
    Person.objects.filter(pk=person.pk).update(**said)
    person.refresh_from_db()
    told = ask(person)
    assert (told.state, told.outcome, told.attached) == (LookUpState.ANSWERED, "traits_differ", False)
    assert field in told.message
    assert calls() == ["found"]
    person.refresh_from_db()
    assert (person.ins, person.identity_status) == ("", IdentityStatus.PROVISIONAL)


def test_an_ins_somebody_else_has_is_refused_and_the_answer_kept() -> None:
    worlds.person()
    told = ask(unknown(key="3990000010/autre"))
    assert (told.state, told.outcome) == (LookUpState.ANSWERED, "ins_already_known")
    assert calls() == ["found"]


# --- questions that are not asked ---------------------------------------------------------------------------


@pytest.mark.requirement("SC.INS/va1.20", "EXI ID 26")
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"doubtful": True}, "doubtful_identity"),
        ({"fictitious": True}, "doubtful_identity"),
        ({"birth_date": None}, "traits_missing"),
        ({"sex": "U"}, "insi_sex_unknown"),
    ],
    ids=str,
)
def test_an_identity_that_may_not_be_asked_reaches_no_service(
    said: dict[str, Any], code: str, world: World
) -> None:
    before = len(world.insi.received)
    with pytest.raises(DomainError) as refusal:
        ask(unknown(**said))
    assert refusal.value.code == code
    assert len(world.insi.received) == before
    assert calls() == []


def test_without_address_the_service_is_not_connected(settings: Settings) -> None:
    settings.INSI_URL = ""
    with pytest.raises(DomainError) as refusal:
        ask(unknown())
    assert refusal.value.code == "insi_not_connected"


# --- trouble ------------------------------------------------------------------------------------------------

TROUBLE: dict[str, tuple[Behavior, str]] = {
    "refused": (Behavior("refuse", "desir_550", "Logiciel inconnu."), "rejected"),
    "cut": (Behavior("cut"), "unreachable"),
    "broken": (Behavior("broken"), "malformed"),
}


@pytest.mark.requirement("SC.INS/va1.38", "SC.INS/va1.49")
@pytest.mark.parametrize(("behavior", "outcome"), list(TROUBLE.values()), ids=list(TROUBLE))
def test_a_call_that_fails_is_kept_with_its_bytes_and_changes_nothing(
    behavior: Behavior, outcome: str, world: World
) -> None:
    world.insi.behavior = behavior
    person = unknown()
    told = ask(person)
    assert (told.state, told.outcome) == (LookUpState.FAILED, outcome)
    assert "Réessayez" in told.message
    call = ServiceCall.objects.get()
    assert (call.outcome, call.person) == (outcome, person)
    assert b"RECSANSVITALE" in load(call.sent_sha256)
    assert bool(call.answered_sha256)
    person.refresh_from_db()
    assert person.identity_status == IdentityStatus.PROVISIONAL


def test_a_service_that_is_not_there_is_a_call_without_answer(settings: Settings) -> None:
    settings.INSI_URL = "https://localhost:9"
    assert ask(unknown()).outcome == "unreachable"
    call = ServiceCall.objects.get()
    assert (call.outcome, call.answered_sha256) == ("unreachable", "")


def test_a_slow_service_is_one_that_does_not_answer(world: World, settings: Settings) -> None:
    settings.SERVICES_TIMEOUT = 0.3
    world.insi.behavior = Behavior("slow", seconds=0.6)
    assert ask(unknown()).outcome == "unreachable"
    assert calls() == ["unreachable"]


def test_an_expired_certificate_asks_nobody(world: World, settings: Settings, tmp_path: Path) -> None:
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    certificate, key = world.authority.client("INSI-MANU", not_after=yesterday).write(tmp_path, "insi")
    settings.INSI_CERTIFICATE, settings.INSI_KEY = str(certificate), str(key)
    before = len(world.insi.received)
    assert ask(unknown()).state == LookUpState.FAILED
    assert len(world.insi.received) == before


# --- asked, then answered -----------------------------------------------------------------------------------


def test_what_is_asked_waits_for_the_worker_and_asks_nobody_meanwhile(
    world: World, officer: Professional
) -> None:
    before, person = len(world.insi.received), unknown()
    look_up = asking.request(person=person, by=officer, now=timezone.now())
    assert (look_up.state, look_up.asked_by, look_up.answered_at) == (LookUpState.ASKED, officer, None)
    assert len(world.insi.received) == before
    (job,) = ProcrastinateJob.objects.filter(task_name=Job.LOOK_UP.value)
    assert job.args == {"managing_body": str(current_tenant()), "look_up_id": str(look_up.pk)}
    assert Entry.objects.get(action="exchange.ins_asked").object_id == person.pk
    with worlds.nowhere():
        tasks.look_up.func(**job.args)
    assert asking.latest(person) == look_up
    look_up.refresh_from_db()
    assert (look_up.state, look_up.attached) == (LookUpState.ANSWERED, True)


def test_what_is_asked_twice_is_asked_once() -> None:
    person = unknown()
    one, two = (asking.request(person=person, by=None, now=timezone.now()) for _ in range(2))
    assert one == two
    assert ProcrastinateJob.objects.filter(task_name=Job.LOOK_UP.value).count() == 1
    answer(one)
    assert asking.latest(person) == one


def test_an_answer_that_comes_twice_is_written_once(world: World) -> None:
    look_up = ask(unknown())
    before, answered = len(world.insi.received), look_up.answered_at
    answer(look_up)
    assert (len(world.insi.received), look_up.answered_at) == (before, answered)


def test_an_identity_that_became_doubtful_meanwhile_takes_no_ins() -> None:
    person = unknown()
    look_up = asking.ask(person=person, by=None, now=timezone.now())
    doubt(person=person, by=None, doubtful=True)
    answer(look_up)
    assert (look_up.state, look_up.attached) == (LookUpState.ANSWERED, False)
    assert "douteuse" in look_up.message
    person.refresh_from_db()
    assert person.ins == ""


def test_a_service_disconnected_meanwhile_is_told_as_silent(settings: Settings) -> None:
    look_up = asking.ask(person=unknown(), by=None, now=timezone.now())
    settings.INSI_URL = ""
    answer(look_up)
    assert (look_up.state, look_up.outcome) == (LookUpState.FAILED, "unreachable")


def test_a_look_up_whose_job_is_lost_is_shown_as_failed_and_may_be_asked_again() -> None:
    person, now = unknown(), timezone.now()
    look_up = asking.request(person=person, by=None, now=now)
    later = now + dt.timedelta(minutes=6)
    asking.settle(later)
    look_up.refresh_from_db()
    assert look_up.state == LookUpState.ASKED, "its job still waits"
    ProcrastinateJob.objects.filter(status="todo").update(status="failed")
    asking.settle(now + dt.timedelta(minutes=4))
    look_up.refresh_from_db()
    assert look_up.state == LookUpState.ASKED, "a command has no job, and may be at it"
    asking.settle(later)
    look_up.refresh_from_db()
    assert (look_up.state, look_up.outcome) == (LookUpState.FAILED, "internal")
    assert asking.request(person=person, by=None, now=later) != look_up
