"""The life of a personalised project."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody, SettingValue
from jalon.people.models import Person
from jalon.plans.actions import (
    CODES,
    add_part,
    agree,
    edit_agreement,
    edit_part,
    edit_plan,
    end,
    move,
    open_plan,
    sign,
)
from jalon.plans.models import (
    Action,
    Agreement,
    EndReason,
    Expectation,
    Goal,
    Need,
    PersonalPlan,
    PlanStatus,
    PlanVersion,
)
from jalon.plans.queries import PARTS, content_of, current_plan
from jalon.plans.rules import REVIEW_EVERY
from tests.factories import (
    NOW,
    TODAY,
    ActionFactory,
    ContactFactory,
    GoalFactory,
    ManagingBodyFactory,
    NeedFactory,
    PlanFactory,
    ProfessionalFactory,
    ProtectionMeasureFactory,
    RecordFactory,
)

pytestmark = pytest.mark.django_db
TEXT: dict[type, dict[str, str]] = {
    Expectation: {"description": "Retourner au marché."},
    Need: {"description": "Être accompagnée."},
    Goal: {"title": "Aller au marché seule"},
    Action: {"title": "Apprendre le trajet"},
}
KINDS = [Expectation, Need, Goal, Action]


def test_a_plan_opens_in_preparation_with_a_key_of_the_person(body: ManagingBody) -> None:
    record, agent = RecordFactory(), ProfessionalFactory()
    plan = open_plan(record=record, title="  Mon projet ", by=agent)
    assert (plan.title, plan.status) == ("Mon projet", PlanStatus.PREPARATION)
    assert plan.key == f"{record.person.key}-PPER-{plan.pk.hex}"
    assert Entry.objects.get(object_id=plan.pk).professional == agent


@pytest.mark.parametrize("title", ["", "   "])
def test_a_plan_without_a_title_is_refused(body: ManagingBody, title: str) -> None:
    with pytest.raises(DomainError) as refusal:
        open_plan(record=RecordFactory(), title=title, by=None)
    assert refusal.value.code == "plan_without_title"
    with pytest.raises(DomainError) as refusal:
        edit_plan(plan=PlanFactory(), by=None, title=title)
    assert refusal.value.code == "plan_without_title"


@pytest.mark.parametrize("kind", KINDS)
def test_each_part_has_a_key_that_survives_its_edits(body: ManagingBody, kind: type[Any]) -> None:
    plan = PlanFactory()
    part = add_part(plan=plan, kind=kind, by=None, **TEXT[kind])
    assert part.key == f"{plan.record.person.key}-{CODES[kind]}-{part.pk.hex}"
    changed = edit_part(part=part, by=None, **dict.fromkeys(TEXT[kind], "Autrement dit"))
    assert (changed.pk, changed.key) == (part.pk, part.key)
    assert kind.objects.get(key=part.key).pk == part.pk


def test_two_parts_never_share_a_key(body: ManagingBody) -> None:
    plan = PlanFactory()
    keys = [add_part(plan=plan, kind=kind, by=None, **TEXT[kind]).key for kind in KINDS * 3]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_says_something(body: ManagingBody, kind: type[Any]) -> None:
    with pytest.raises(DomainError) as refusal:
        add_part(plan=PlanFactory(), kind=kind, by=None, **dict.fromkeys(TEXT[kind], "  "))
    assert refusal.value.code == "part_without_text"


@pytest.mark.parametrize("kind", [Goal, Action])
def test_a_goal_or_an_action_has_a_title_even_when_described(body: ManagingBody, kind: type[Any]) -> None:
    with pytest.raises(DomainError) as refusal:
        add_part(plan=PlanFactory(), kind=kind, by=None, description="sans titre")
    assert refusal.value.code == "part_without_text"


@pytest.mark.parametrize(("kind", "end"), [(Goal, "due_on"), (Action, "ends_on")])
def test_a_part_cannot_end_before_it_starts(body: ManagingBody, kind: type[Any], end: str) -> None:
    part = add_part(plan=PlanFactory(), kind=kind, by=None, starts_on=TODAY, **TEXT[kind], **{end: TODAY})
    with pytest.raises(DomainError) as refusal:
        edit_part(part=part, by=None, **{end: TODAY - dt.timedelta(days=1)})
    assert refusal.value.code == "part_reversed"
    assert getattr(kind.objects.get(pk=part.pk), end) == TODAY


def test_an_agreement_keeps_who_when_and_the_words(body: ManagingBody) -> None:
    plan = PlanFactory()
    representative = ContactFactory(person=plan.record.person)
    ProtectionMeasureFactory(
        person=plan.record.person, kind="tutelle", person_mode="representation", contact=representative
    )
    agree(plan=plan, side="usager", now=NOW, by=None, contact=representative, words=" Oui. ")
    agreement = plan.agreements.get()
    assert (agreement.contact, agreement.signed_at, agreement.words) == (representative, NOW, "Oui.")
    assert "Oui." not in str(Entry.objects.get().facts)


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("hope", "aucune attente"),
        ("aim", "aucun objectif"),
        ("accord", "l’accord n’est pas recueilli"),
    ],
)
def test_a_plan_that_lacks_something_is_not_signed(body: ManagingBody, lacking: str, said: str) -> None:
    plan = PlanFactory(ready=True, **{lacking: None})
    with pytest.raises(DomainError, match=said) as refusal:
        sign(plan=plan, by=ProfessionalFactory(), now=NOW)
    assert refusal.value.code == "plan_not_ready"


@pytest.mark.parametrize("known", [{"died_on": NOW.date()}, {"death_reported": True}])
def test_the_plan_of_a_person_who_died_is_not_signed(body: ManagingBody, known: dict[str, Any]) -> None:
    plan = PlanFactory(ready=True)
    Person.objects.filter(pk=plan.record.person_id).update(**known)
    with pytest.raises(DomainError, match="décédée"):
        sign(plan=PersonalPlan.objects.get(pk=plan.pk), by=ProfessionalFactory(), now=NOW)
    assert not PlanVersion.objects.exists()
    assert not plan.versions.exists()
    assert not plan.agreements.filter(side=Agreement.Side.HOUSE).exists()


def test_an_agreement_is_corrected_before_the_signature_and_not_after(body: ManagingBody) -> None:
    plan, agent = PlanFactory(ready=True), ProfessionalFactory()
    agreement = plan.agreements.get()
    edit_agreement(agreement=agreement, words="Oui.", valid_from=TODAY, by=agent)
    entry = Entry.objects.get(action="plans.agreement_edited")
    assert (entry.object_id, entry.facts) == (plan.pk, {"fields": ["valid_from", "words"]})
    sign(plan=plan, by=agent, now=NOW)
    for change in ({"words": "Non."}, {"signed_at": NOW + dt.timedelta(days=1)}):
        with pytest.raises(DomainError) as refusal:
            edit_agreement(agreement=agreement, by=agent, **change)
        assert refusal.value.code == "agreement_signed"
    agreement.refresh_from_db()
    assert (agreement.words, agreement.signed_at) == ("Oui.", NOW)


def test_a_later_agreement_is_not_moved_under_a_signed_version(body: ManagingBody) -> None:
    plan, agent = PlanFactory(signed=True), ProfessionalFactory()
    later = agree(plan=plan, side="usager", now=NOW + dt.timedelta(days=9), by=agent)
    edit_agreement(agreement=later, words="Toujours d’accord.", by=agent)
    with pytest.raises(DomainError) as refusal:
        edit_agreement(agreement=later, signed_at=NOW - dt.timedelta(days=9), by=agent)
    assert refusal.value.code == "agreement_signed"


def test_an_agreement_does_not_end_before_it_begins(body: ManagingBody) -> None:
    agreement = PlanFactory(ready=True).agreements.get()
    with pytest.raises(DomainError) as refusal:
        edit_agreement(
            agreement=agreement, valid_from=TODAY, valid_until=TODAY - dt.timedelta(days=1), by=None
        )
    assert (refusal.value.code, refusal.value.place) == ("agreement_reversed", "valid_until")


def test_the_agreement_of_the_house_is_not_that_of_the_person(body: ManagingBody) -> None:
    plan = PlanFactory(ready=True, accord=None)
    agree(plan=plan, side=Agreement.Side.HOUSE, now=NOW, by=None)
    with pytest.raises(DomainError, match="l’accord n’est pas recueilli"):
        sign(plan=plan, by=ProfessionalFactory(), now=NOW)


def test_signing_starts_the_plan_and_writes_what_was_signed(body: ManagingBody) -> None:
    plan, chief = PlanFactory(ready=True), ProfessionalFactory()
    NeedFactory(plan=plan)
    ActionFactory(plan=plan)
    version = sign(plan=plan, by=chief, now=NOW)
    plan.refresh_from_db()
    assert (version.number, version.signed_at, version.signed_by) == (1, NOW, chief)
    assert (plan.status, plan.starts_on) == (PlanStatus.RUNNING, TODAY)
    assert plan.review_on == TODAY + dt.timedelta(days=365)
    house = plan.agreements.get(side=Agreement.Side.HOUSE)
    assert (house.professional, house.signed_at) == (chief, NOW)
    content = PlanVersion.objects.get().content
    assert (content["key"], content["status"], content["starts_on"]) == (plan.key, "ENCOURS", "2026-11-22")
    assert content["goals"][0]["title"] == "Aller au marché seule"
    assert content["expectations"][0]["description"] == "Retourner au marché le samedi."
    assert {agreement["side"] for agreement in content["agreements"]} == {"usager", "structure"}
    assert {part: len(content[part]) for part in PARTS} == {
        "expectations": 1,
        "needs": 1,
        "goals": 1,
        "actions": 1,
        "agreements": 2,
    }


def test_a_version_keeps_every_field_a_part_has(body: ManagingBody) -> None:
    """A field added to a part and forgotten in its version would be lost from what was signed."""
    housekeeping = {"id", "managing_body_id", "plan_id", "received"}
    for relation, columns in PARTS.items():
        model = PersonalPlan._meta.get_field(relation).related_model
        kept = {field.attname for field in model._meta.concrete_fields} - housekeeping
        assert set(columns) == kept, relation


@pytest.mark.requirement("RECON.PP.02")
def test_a_plan_is_built_signed_followed_and_revised_with_the_person(body: ManagingBody) -> None:
    record, chief = RecordFactory(), ProfessionalFactory()
    plan = open_plan(record=record, title="Mon projet", by=chief)
    add_part(plan=plan, kind=Expectation, by=chief, description="Retourner au marché.", origin="Camille")
    goal = add_part(plan=plan, kind=Goal, by=chief, title="Aller au marché seule", opinion="Important.")
    agree(plan=plan, side=Agreement.Side.PERSON, now=NOW, by=chief, words="Oui, c’est mon projet.")
    first = sign(plan=plan, by=chief, now=NOW)
    edit_part(part=goal, by=chief, status="TERMINE")
    add_part(plan=plan, kind=Goal, by=chief, title="Tenir une caisse")
    later = NOW + dt.timedelta(days=200)
    agree(plan=plan, side=Agreement.Side.PERSON, now=later, by=chief)
    second = sign(plan=plan, by=chief, now=later)
    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert [goal["status"] for goal in first.content["goals"]] == ["ENPREPARATION"]
    assert [goal["status"] for goal in second.content["goals"]] == ["TERMINE", "ENPREPARATION"]
    assert first.content["goals"][0]["key"] == second.content["goals"][0]["key"]
    plan.refresh_from_db()
    assert plan.starts_on == TODAY
    assert plan.review_on == later.date() + dt.timedelta(days=365)
    end(plan=plan, end_reason=EndReason.REVIEWED, on=TODAY, by=chief)
    assert PersonalPlan.objects.get().status == PlanStatus.ENDED


def test_a_signed_version_can_be_neither_changed_nor_removed(body: ManagingBody) -> None:
    PlanFactory(signed=True)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PlanVersion.objects.update(content={})
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        PlanVersion.objects.all().delete()


def test_a_version_number_is_once_in_a_plan(body: ManagingBody) -> None:
    version = PlanFactory(signed=True).versions.get()
    with pytest.raises(IntegrityError, match="plan_version_number"), transaction.atomic():
        PlanVersion.objects.create(
            plan=version.plan, number=1, signed_at=NOW, signed_by=version.signed_by, content={}
        )


def test_editing_after_the_signature_leaves_the_signed_version_as_it_was(body: ManagingBody) -> None:
    plan = PlanFactory(signed=True)
    before = plan.versions.get().content
    edit_part(part=plan.goals.get(), by=None, title="Autre but")
    edit_plan(plan=plan, by=None, title="Autre titre")
    assert plan.versions.get().content == before != content_of(PersonalPlan.objects.get())


def test_signing_a_paused_plan_leaves_it_paused(body: ManagingBody) -> None:
    plan = move(plan=PlanFactory(signed=True), to=PlanStatus.PAUSED, by=None)
    NeedFactory(plan=plan)
    sign(plan=plan, by=ProfessionalFactory(), now=NOW)
    plan.refresh_from_db()
    assert plan.status == PlanStatus.PAUSED


def test_an_ended_plan_refuses_everything(body: ManagingBody) -> None:
    plan = PlanFactory(signed=True)
    goal = plan.goals.get()
    end(plan=plan, end_reason=EndReason.LEFT, on=TODAY, by=None)
    attempts = {
        "edit": lambda: edit_plan(plan=plan, by=None, title="Autre"),
        "add": lambda: add_part(plan=plan, kind=Goal, by=None, title="Autre"),
        "edit a part": lambda: edit_part(part=goal, by=None, title="Autre"),
        "agree": lambda: agree(plan=plan, side="usager", now=NOW, by=None),
        "sign": lambda: sign(plan=plan, by=ProfessionalFactory(), now=NOW),
    }
    for attempt in attempts.values():
        with pytest.raises(DomainError) as refusal:
            attempt()
        assert refusal.value.code == "plan_ended"
    with pytest.raises(DomainError) as refusal:
        move(plan=plan, to=PlanStatus.RUNNING, by=None)
    assert refusal.value.code == "plan_cannot_move"


def test_a_move_that_is_not_allowed_says_from_where_to_where(body: ManagingBody) -> None:
    with pytest.raises(DomainError, match="en préparation ne peut pas passer à .*en pause"):
        move(plan=PlanFactory(), to=PlanStatus.PAUSED, by=None)


def test_a_move_to_a_status_that_does_not_exist_is_refused(body: ManagingBody) -> None:
    with pytest.raises(DomainError) as refusal:
        move(plan=PlanFactory(), to="AILLEURS", by=None)
    assert refusal.value.code == "unknown_status"


def test_the_plan_that_matters_is_running_then_paused_then_in_preparation(body: ManagingBody) -> None:
    record = RecordFactory()
    assert current_plan(record.pk) is None
    by_status = {}
    for status in ("TERMINE", "ENPREPARATION", "ENPAUSE", "ENCOURS"):
        by_status[status] = PlanFactory(record=record, status=status)
        assert current_plan(record.pk) == by_status[status]
    PlanFactory(record=record, status="TERMINE")
    assert current_plan(record.pk) == by_status["ENCOURS"]


def test_of_two_plans_of_one_status_the_latest_matters(body: ManagingBody) -> None:
    record = RecordFactory()
    PlanFactory(record=record)
    latest = PlanFactory(record=record)
    assert current_plan(record.pk) == latest


def test_another_managing_body_sees_no_plan(body: ManagingBody) -> None:
    plan = PlanFactory(signed=True)
    with tenant(ManagingBodyFactory().pk):
        assert current_plan(plan.record_id) is None
        assert not PlanVersion.objects.exists()


def test_a_goal_may_serve_needs_and_an_action_goals_by_their_keys(body: ManagingBody) -> None:
    need = NeedFactory()
    goal = GoalFactory(plan=need.plan, need_keys=[need.key])
    action = ActionFactory(plan=need.plan, goal_keys=[goal.key])
    content = content_of(need.plan)
    assert content["goals"][0]["need_keys"] == [need.key]
    assert content["actions"][0]["goal_keys"] == [action.goal_keys[0]] == [goal.key]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Paris", dt.date(2026, 12, 1)),
        ("Indian/Reunion", dt.date(2026, 12, 1)),
        ("America/Martinique", dt.date(2026, 11, 30)),
    ],
)
def test_a_plan_begins_on_the_day_of_its_establishment(body: ManagingBody, zone: str, day: dt.date) -> None:
    """Signed at 00:30 in Paris on 1 December, it began on 30 November, and its review fell a day too soon."""
    plan = PlanFactory.create(ready=True)
    SettingValue.objects.create(establishment=plan.record.establishment, name="time_zone", value=zone)
    sign(plan=plan, by=ProfessionalFactory.create(), now=dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC))
    plan.refresh_from_db()
    assert (plan.starts_on, plan.review_on) == (day, day + REVIEW_EVERY)
