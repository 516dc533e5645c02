"""`jalon load`: what the generator writes is what the product's own actions would have written."""

import datetime as dt
import json
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from jalon.agenda.actions import plan_event
from jalon.agenda.models import Event
from jalon.audit.actions import record_access, seal
from jalon.audit.models import Entry
from jalon.audit.queries import verify_chain
from jalon.care.actions import acknowledge, write_note
from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.db.history import history
from jalon.db.tenant import tenant
from jalon.indicators.models import Recount
from jalon.organizations.models import ManagingBody
from jalon.people import actions as people
from jalon.people.models import NameKey, NameWord, Person
from jalon.plans import actions as plans
from jalon.plans.models import Action, Expectation, Goal, Need
from jalon.records import actions as records
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon_sandbox.load.names import family, given
from jalon_sandbox.load.people import someone
from jalon_sandbox.load.place import kept, shape_of
from jalon_sandbox.load.volume import Shape
from tests.factories import TEST_OID, matricule
from tests.sandbox.load_base import filled, managing_body, superuser

DAY = "2026-11-22"
SMALL = Shape(service=5, notes=3, events=3, openings=2, months=1, ins=1.0, day=DAY)
OUR_OWN = {
    "id", "word", "key", "managing_body", "received", "ins", "ins_digest", "record", "person", "plan", "note",
    "object_id", "record_id", "person_id", "pgh_obj", "pgh_id", "pgh_created_at", "pgh_context_id", "at",
    "need_keys", "goal_keys", "ins_retrieved_at",
}  # fmt: skip


# --- who is generated ------------------------------------------------------------------------------


def test_the_same_number_is_the_same_person_and_another_seed_makes_others() -> None:
    one, again = (someone(SMALL, 0, 7) for _ in range(2))
    assert (one.id, one.traits, one.ins) == (again.id, again.traits, again.ins)
    assert someone(Shape(seed=1, day=DAY), 0, 7).traits != one.traits


def test_a_crowd_is_various_with_twins_births_on_1_january_and_no_matricule_twice() -> None:
    shape = Shape(day=DAY)
    crowd = [someone(shape, 0, number) for number in range(6_000)]
    families = Counter(one.traits.birth_name for one in crowd)
    assert len(families) > 1_500
    assert all(any(mark in name for name in families) for mark in ("-", " ", "'", "É"))
    assert len({(one.traits.birth_name, one.traits.birth_first_names) for one in crowd}) > 5_900
    born = Counter(one.traits.birth_date.strftime("%d/%m") for one in crowd)
    assert born.most_common(1)[0][0] == "01/01"
    twins = [(one, crowd[one.number - 1]) for one in crowd if one.number % 150 == 149]
    assert {one.traits.birth_name == other.traits.birth_name for one, other in twins} == {True}
    numbers = [one.ins.matricule for one in crowd if one.ins]
    assert len(set(numbers)) == len(numbers) > 3_000
    assert {one.ins.oid for one in crowd if one.ins} == {TEST_OID}


def test_a_name_is_one_that_the_national_service_accepts() -> None:
    from jalon.core.names import insi_name

    for number in range(300):
        chance = someone(SMALL, 0, number).chance
        assert insi_name(family(chance), "family")
        assert insi_name(given(chance, "F"), "given")


def test_a_quantity_that_cannot_be_is_refused() -> None:
    with pytest.raises(DomainError, match="dépasse 1"):
        Shape(ins=1.5)


# --- what is written -------------------------------------------------------------------------------


def test_one_generated_person_is_what_the_actions_would_have_written(transactional_db: None) -> None:
    """The same acts, done by the product with what the generator drew: the same rows in the same tables."""
    body = managing_body()
    filled(SMALL, 1)
    with tenant(body):
        before = _all_rows()
    filled(SMALL, 2)
    with tenant(body):
        generated = _since(before)
        one = next(row for row in generated["people.Person"] if isinstance(row, Person))
        before = _all_rows()
        _by_the_actions(one)
        written = _since(before)
    assert {name: len(rows) for name, rows in generated.items()} == {
        name: len(rows) for name, rows in written.items()
    }
    for name in generated:
        assert _said(generated[name]) == _said(written[name]), name


def _all_rows() -> dict[str, set[Any]]:
    ours = (one for one in apps.get_models() if one.__module__.startswith("jalon."))
    # The database writes these itself: from the names, and once a statement however many rows it writes.
    ours = (one for one in ours if one not in (NameWord, NameKey, Recount))
    return {one._meta.label: set(one._base_manager.values_list("pk", flat=True)) for one in ours}


def _since(before: dict[str, set[Any]]) -> dict[str, list[models.Model]]:
    rows = {name: list(apps.get_model(name)._base_manager.all()) for name in before}
    found = {name: [row for row in rows[name] if row.pk not in keys] for name, keys in before.items()}
    return {name: rows for name, rows in found.items() if rows}


def _said(rows: list[models.Model]) -> Counter[str]:
    """What rows say, whatever their keys and instants."""
    told: Counter[str] = Counter()
    for row in rows:
        fields = (one for one in row._meta.concrete_fields if one.name not in OUR_OWN)
        told[
            json.dumps({one.name: getattr(row, one.attname) for one in fields}, default=str, sort_keys=True)
        ] += 1
    return told


def _by_the_actions(one: Any) -> None:
    """What happened to this person, once more, to somebody else."""
    record = Record.objects.get(person=one)
    registered = Entry.objects.filter(action="people.registered", object_id=one.pk)
    secretary = Professional.objects.get(pk__in=registered.values("professional"))
    with history(professional=str(secretary.pk)):
        again = _identity(one, record, secretary)
        copy = records.open_record(
            person=again, establishment=record.establishment, on=record.opened_on, by=secretary,
            unit=record.unit, key_worker=record.key_worker,
        )  # fmt: skip
        stay = record.stays.get()
        said = {name: getattr(stay, name) for name in ("admitted_on", "starts_on", "file_number")}
        records.admit(record=copy, by=secretary, **said)
    _daily(record, copy)
    with history(professional=str(record.key_worker_id)):
        _plan(record, copy)


def _identity(one: Any, record: Record, by: Professional) -> Person:
    details = {
        name: getattr(one, name)
        for name in (
            "used_name",
            "used_first_name",
            "birth_order",
            "address_line",
            "postal_code",
            "city",
            "phone",
        )
    }
    again = people.register(
        traits=one.traits, finess=record.establishment.finess, by=by, despite_twin=True, **details
    )
    for contact in one.contacts.all():
        said = {
            name: getattr(contact, name)
            for name in ("last_name", "first_name", "relation", "phone", "call_order")
        }
        said |= {"trusted": True} if contact.trusted else {}
        people.keep_contact(person=again, contact=None, by=by, **said)
    for vigilance in one.vigilances.all():
        people.warn(person=again, kind=vigilance.kind, text=vigilance.text, by=by)
    people.prove_identity(person=again, proof=one.proof, by=by, today=one.proven_on)
    ins = Ins(matricule(1), TEST_OID)
    return people.attach_ins(person=again, ins=ins, official=one.traits, by=by, now=dt.datetime.now(dt.UTC))


def _daily(record: Record, copy: Record) -> None:
    words = ("family", "title", "text", "data", "actions", "result", "important")
    for note in record.notes.order_by("pk"):
        with history(professional=str(note.author_id)):
            said = {name: getattr(note, name) for name in words}
            again = write_note(record=copy, author=note.author, now=note.written_at, **said)
        for read in note.acknowledgements.all():
            with history(professional=str(read.professional_id)):
                acknowledge(note=again, by=read.professional, now=read.read_at)
    details = (
        "label",
        "starts_at",
        "ends_at",
        "type_code",
        "status",
        "place",
        "responsible",
        "person_present",
    )
    for event in Event.objects.filter(record=record):
        with history(professional=str(event.responsible_id)):
            plan_event(record=copy, by=event.responsible, **{name: getattr(event, name) for name in details})
    for look in apps.get_model("audit.Access").objects.filter(record_id=record.pk):
        record_access(
            professional=look.professional, record_id=copy.pk, person_id=copy.person_id, page=look.page
        )


def _plan(record: Record, copy: Record) -> None:
    plan, by = record.plans.get(), record.key_worker
    again = plans.open_plan(record=copy, title=plan.title, by=by, description=plan.description)
    kept_fields: dict[Any, tuple[str, ...]] = {
        Expectation: ("origin", "description"),
        Need: ("category", "description"),
        Goal: (
            "title",
            "description",
            "expected",
            "status",
            "responsible",
            "starts_on",
            "due_on",
            "need_keys",
        ),
        Action: ("title", "status", "responsible", "starts_on", "ends_on", "goal_keys"),
    }
    for kind, names in kept_fields.items():
        for part in kind._default_manager.filter(plan=plan):
            plans.add_part(plan=again, kind=kind, by=by, **{name: getattr(part, name) for name in names})
    for agreement in plan.agreements.all():
        plans.agree(plan=again, side=agreement.side, now=agreement.signed_at, by=by, words=agreement.words)


def test_what_is_there_stays_and_the_rest_is_added(transactional_db: None) -> None:
    body = managing_body()
    filled(SMALL, 3)
    with tenant(body):
        first = dict(Person.objects.values_list("key", "name_key"))
    added = filled(SMALL, 8)
    assert filled(SMALL, 8).people == 0
    with tenant(body):
        now = dict(Person.objects.values_list("key", "name_key"))
        houses = Counter(Record.objects.values_list("establishment__name", flat=True))
    assert (added.people, len(now)) == (5, 8)
    assert first.items() <= now.items()
    assert houses == {"SAVS Les Passereaux": 5, "Foyer Les Charmes 1": 3}


def test_each_managing_body_sees_its_own_people_and_the_chain_of_accesses_holds(
    transactional_db: None,
) -> None:
    managing_body()
    filled(SMALL, 4, bodies=2)
    for body in ManagingBody.objects.all():
        with tenant(body.pk):
            assert Person.objects.count() == 4
            assert seal() == 8
            assert verify_chain({}) is None
    with tenant(uuid.uuid4()):
        assert Person.objects.count() == 0


def test_a_base_that_is_not_fictional_is_refused(transactional_db: None) -> None:
    ManagingBody.objects.create(name="Association véritable", finess="350000006")
    with pytest.raises(DomainError, match="Association véritable"):
        filled(SMALL, 1)


def test_a_key_that_leads_nowhere_is_told(transactional_db: None) -> None:
    body = managing_body()
    filled(SMALL, 1)
    with superuser() as opened:
        opened.execute("set session_replication_role = replica")
        opened.execute("update records_stay set record_id = gen_random_uuid()")
    with pytest.raises(DomainError, match="records_stay_record_same_tenant"):
        filled(SMALL, 2)
    assert body


# --- the kept folder -------------------------------------------------------------------------------


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thèse.txt").write_text("à moi")
    with pytest.raises(DomainError, match="ni une base d’essai"), kept(tmp_path):
        pass


def test_a_base_keeps_the_shape_it_was_begun_with(tmp_path: Path) -> None:
    began = shape_of(tmp_path, Shape(notes=2))
    assert (began.notes, shape_of(tmp_path, None)) == (2, began)
    assert shape_of(tmp_path, Shape(notes=2)) == began
    with pytest.raises(DomainError, match="autres quantités"):
        shape_of(tmp_path, Shape(notes=3))
