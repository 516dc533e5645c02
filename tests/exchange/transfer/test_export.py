"""What came in goes out: the same record in another house, edits and additions of ours in their place."""

import orjson
import pytest
from pytest_django import DjangoAssertNumQueries

from jalon.audit.models import Entry
from jalon.db.tenant import tenant
from jalon.exchange.models import VerbatimResource
from jalon.exchange.transfer.exporter import export_file, export_record, export_rest
from jalon.exchange.transfer.links import named
from jalon.formats.tddui import changes, coverage, read, to_bundle, write
from jalon.formats.tddui.classes.agreement import AgreementData
from jalon.formats.tddui.classes.expectation import ExpectationData
from jalon.formats.tddui.classes.goal import GoalData
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.formats.tddui.classes.plan import PlanData
from jalon.formats.tddui.coverage import LABELS
from jalon.organizations.models import ManagingBody
from jalon.people.actions import keep_contact
from jalon.people.models import Person
from jalon.plans import actions as plans
from jalon.plans.models import Agreement, Expectation, Goal, PersonalPlan
from jalon.records.models import Record
from jalon.staff.models import Function, Professional
from tests.exchange.transfer.files import LOU, NOW, bring, sample, tables, taken_out
from tests.factories import (
    ActionFactory,
    EstablishmentFactory,
    EventFactory,
    ExpectationFactory,
    GoalFactory,
    NeedFactory,
    PlanFactory,
    ProfessionalFactory,
    RecordFactory,
    StayFactory,
    StructureFactory,
)
from tests.formats.tddui.sample import Json, ext, ref
from tests.formats.tddui.sample_record import RESOURCES, bundle
from tests.formats.tddui.test_round_trip import published
from tests.support import needs_shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def elsewhere(body: ManagingBody) -> ManagingBody:
    """Another managing body, with nothing in it."""
    return ManagingBody.objects.create(name="Autre association", finess="350000014")


def test_the_widest_record_goes_out_as_it_came_in(body: ManagingBody) -> None:
    bring(sample())
    assert changes(sample(), taken_out()) == []


@needs_shared
def test_the_official_examples_go_out_less_an_ins_that_is_not_qualified_here(body: ManagingBody) -> None:
    bring([orjson.dumps(published())])
    found = [change.path.partition("].")[2] for change in changes(published(), taken_out())]
    # Reliability and matricule told by the sender stay here; without INS, the order of birth is required.
    assert found == ["extension[0]", "identifier[0]", "_birthDate"]


def test_what_goes_out_comes_in_elsewhere_and_goes_out_the_same(
    body: ManagingBody, elsewhere: ManagingBody
) -> None:
    bring(sample())
    mine = taken_out()
    with tenant(elsewhere.pk):
        report = bring(mine)
        assert report.created == bring_counts(sample())
        theirs = taken_out()
    assert changes(mine, theirs) == []
    assert theirs == mine


def bring_counts(file: Json) -> dict[str, int]:
    """What the first import of a file creates, in a managing body of its own."""
    other = ManagingBody.objects.create(name="Association témoin", finess="350000022")
    with tenant(other.pk):
        return bring(file).created


def test_our_own_export_brings_nothing_here(body: ManagingBody) -> None:
    record = full_record()
    mine = taken_out(record)
    before = tables()
    report = bring(mine)
    assert (report.created, report.changed, report.notes) == ({}, {}, [])
    changed = {name for name, rows in tables().items() if rows != before[name]}
    assert changed == {"exchange_importedfile", "audit_entry"}


def full_record() -> Record:
    """A record born here, with something of every class and one of ours named."""
    house = EstablishmentFactory.create(finess="990000010", category="182")
    ours = ProfessionalFactory.create(profession="G15_60", phone="01 99 00 00 00")
    record = RecordFactory.create(establishment=house, person__used_name="USAGE", person__phone="06")
    keep_contact(person=record.person, contact=None, by=None, last_name="PROCHE", trusted=True, call_order=2)
    StayFactory.create(record=record, mode="")
    EventFactory.create(record=record, responsible=ours, type_code="2.2.1", place="Salon")
    plan = PlanFactory.create(record=record)
    need = NeedFactory.create(plan=plan, category="1.1.3")
    goal = GoalFactory.create(plan=plan, responsible=ours, expected="Seule", need_keys=[need.key])
    ActionFactory.create(plan=plan, responsible=ours, goal_keys=[goal.key])
    ExpectationFactory.create(plan=plan)
    plans.agree(plan=plan, side="usager", now=NOW, by=None, words="D’accord")
    plans.sign(plan=plan, by=ours, now=NOW)
    return record


def test_a_record_born_here_says_the_same_elsewhere(body: ManagingBody, elsewhere: ManagingBody) -> None:
    record = full_record()
    mine = taken_out(record)
    with tenant(elsewhere.pk):
        report = bring(mine)
        assert {name for name in LABELS if name not in report.created} == set()
        lou, goal = Person.objects.get(), Goal.objects.get()
        assert (lou.used_name, lou.contacts.get().trusted, lou.contacts.get().call_order) == (
            "USAGE",
            True,
            2,
        )
        assert goal.responsible == Professional.objects.get()
        assert Function.objects.get().profession == "G15_60"
        assert {agreement.side for agreement in Agreement.objects.all()} == {"usager", "structure"}
        assert changes(mine, taken_out()) == []


def test_no_matter_what_is_kept_verbatim_in_a_record_born_here(body: ManagingBody) -> None:
    shares = coverage(read(taken_out(full_record())))
    assert {name: shares[name].verbatim for name in LABELS} == dict.fromkeys(LABELS, 0)


# --- additions ----------------------------------------------------------------------------------------------


def test_what_is_added_to_a_received_plan_is_named_by_it(body: ManagingBody) -> None:
    bring(sample())
    before, plan = taken_out(), PersonalPlan.objects.get()
    wish = plans.add_part(plan=plan, kind=Expectation, by=None, description="Voir la mer")
    after = taken_out()
    found = changes(before, after)
    assert [(change.path, change.before) for change in found] == [
        (f"CarePlan[{LOU}-PPER-1].goal[1]", None),
        (f"Goal[{wish.key}]", None),
    ]
    assert read(after).people[0].of(ExpectationData)[1].origin is not None


def test_a_plan_without_the_agreement_of_the_house_says_so_and_invents_none(body: ManagingBody) -> None:
    plan = PlanFactory.create()
    waiting = read(taken_out(plan.record)).people[0]
    assert [(held.side, held.agreement.key) for held in waiting.of(PlanData)[0].agreements] == [
        ("structure", "")
    ]
    assert waiting.of(AgreementData) == ()
    plans.agree(plan=plan, side="structure", now=NOW, by=None, professional=ProfessionalFactory.create())
    agreed = read(taken_out(plan.record)).people[0]
    assert [held.agreement.key for held in agreed.of(PlanData)[0].agreements] == [
        agreed.of(AgreementData)[0].key
    ]


def test_an_agreement_given_here_takes_the_place_of_the_one_awaited(
    body: ManagingBody, elsewhere: ManagingBody
) -> None:
    mine = taken_out(PlanFactory.create().record)
    with tenant(elsewhere.pk):
        bring(mine)
        assert changes(mine, taken_out()) == []
        plans.agree(
            plan=PersonalPlan.objects.get(), side="structure", now=NOW, by=None,
            professional=ProfessionalFactory.create(),
        )  # fmt: skip
        agreements = read(taken_out()).people[0].of(PlanData)[0].agreements
    assert [bool(held.agreement.key) for held in agreements] == [True]


def test_a_goal_without_words_of_its_own_is_described_by_its_title(body: ManagingBody) -> None:
    goal = GoalFactory.create(title="Aller au marché", description="")
    told = read(taken_out(goal.plan.record)).people[0].of(GoalData)[0].description
    assert told is not None
    assert told.text == "Aller au marché"


def test_another_responsible_is_named_and_sent_with_the_record(body: ManagingBody) -> None:
    bring(sample())
    before, ours = taken_out(), ProfessionalFactory.create()
    Goal.objects.update(responsible=ours)
    found = {change.path: change.after for change in changes(before, taken_out())}
    assert found[f"Goal[{LOU}-OBJE-1].expressedBy.reference"] == f"Practitioner?identifier={ours.key}"
    assert f"Practitioner[{ours.key}]" in found


def test_a_responsible_taken_away_is_taken_away(body: ManagingBody) -> None:
    bring(sample())
    before = taken_out()
    Goal.objects.update(responsible=None)
    assert [change.path for change in changes(before, taken_out())] == [f"Goal[{LOU}-OBJE-1].expressedBy"]


# --- nothing is lost ----------------------------------------------------------------------------------------


def test_what_has_no_table_is_kept_named_counted_and_sent_out_again(body: ManagingBody) -> None:
    report = bring(sample())
    assert report.verbatim == {
        "Location": 1,
        "DocumentReference tddui-document-reference": 1,
        "QuestionnaireResponse tddui-questionnaire-response": 1,
        "Task tddui-task-moyen-ressource": 1,
        "Task tddui-task-bilan": 1,
        "Goal tddui-goal-projet-vie": 1,
    }
    assert VerbatimResource.objects.filter(record=Record.objects.get()).count() == 6
    assert {one.type for one in export_record(Record.objects.get()).verbatim} == {
        "Location", "DocumentReference", "QuestionnaireResponse", "Task", "Goal",
    }  # fmt: skip


def test_what_nobody_names_goes_out_with_the_people_of_its_file(body: ManagingBody) -> None:
    """A structure, a professional and their role that no one cites, a place that speaks of nobody."""
    lonely = {name: RESOURCES[name] for name in ("Patient/lou", "Organization/ime", "Organization/old")}
    lonely |= {
        name: RESOURCES[name] for name in ("Practitioner/ide", "PractitionerRole/role", "Location/room")
    }
    mine = dict(RESOURCES["Patient/lou"])
    del mine["generalPractitioner"]
    given = bundle(lonely | {"Patient/lou": mine})
    bring(given, house="")
    assert changes(given, taken_out()) == []
    before = tables()
    assert bring(given).nothing_changed
    assert tables() == before


def test_what_comes_without_anybody_goes_out_on_its_own(body: ManagingBody) -> None:
    given = bundle({name: RESOURCES[name] for name in ("Organization/ime", "Location/room")})
    report = bring(given)
    assert report.created == {"organizations": 1, "verbatim": 1}
    assert changes(given, to_bundle(export_rest())) == []


def test_two_people_of_a_file_keep_each_their_own_rooms(body: ManagingBody) -> None:
    first, second = (person_with_room(number) for number in (7, 8))
    bring(bundle(first | second))
    for record in Record.objects.all():
        sent = export_record(record)
        assert [one.type for one in sent.verbatim] == ["Location"]
    assert VerbatimResource.objects.count() == 2


def person_with_room(number: int) -> dict[str, Json]:
    """Somebody, and an event in a room that has no number of its own."""
    key = f"{LOU[:-2]}{number}"
    patient = {name: part for name, part in RESOURCES["Patient/lou"].items() if name != "generalPractitioner"}
    identifier = patient["identifier"][1] | {"value": key}
    kept = ("resourceType", "meta", "class", "type", "period", "serviceProvider")
    event = {name: part for name, part in RESOURCES["Encounter/event"].items() if name in kept}
    return {
        "Organization/ime": RESOURCES["Organization/ime"],
        f"Patient/{number}": patient | {"identifier": [identifier], "birthDate": f"19{number}0-01-01"},
        f"Location/{number}": {"resourceType": "Location", "name": "Salle bleue"},
        f"Encounter/{number}": event | {
            "identifier": [RESOURCES["Encounter/event"]["identifier"][0] | {"value": f"{key}-EVN-1"}],
            "status": "planned", "subject": ref(f"Patient/{number}"),
            "location": [{"location": ref(f"Location/{number}")}],
        },
    }  # fmt: skip


def test_a_structure_named_only_by_another_or_by_an_unknown_extension_goes_out(body: ManagingBody) -> None:
    def odd(patient: Json) -> None:
        unknown = ext("https://example.test/school", valueReference=ref("Organization/old"))
        patient["extension"].append(unknown)

    def orphan(stay: Json) -> None:
        for element in ("origin", "destination"):
            del stay["hospitalization"][element]

    given = sample(Patient__lou=odd, Encounter__stay=orphan)
    bring(given)
    assert changes(given, taken_out()) == []


def test_a_link_to_somebody_else_of_the_file_becomes_a_logical_one(body: ManagingBody) -> None:
    people = person_with_room(7) | person_with_room(8)
    people["Patient/7"]["link"] = [{"other": ref("Patient/8"), "type": "seealso"}]
    bring(bundle(people))
    record = Record.objects.get(person__key=f"{LOU[:-2]}7")
    other = read(taken_out(record)).people[0].person.links[0].other
    assert (other.key, other.type) == ("", "Patient")
    assert other.identifier is not None
    assert other.identifier.value == f"{LOU[:-2]}8"


def test_a_structure_of_ours_goes_out_with_its_columns(body: ManagingBody) -> None:
    partner = StructureFactory.create(name="SAVS partenaire", city="Vannes", phone="02")
    ours = ProfessionalFactory.create()
    Function.objects.create(key="fonction-1", professional=ours, structure=partner, profession="G15_60")
    event = EventFactory.create(responsible=ours)
    VerbatimResource.objects.create(
        key="mention", record=event.record, type="PractitionerRole",
        content={"type": "PractitionerRole", "profile": "", "key": "fonction-1", "json": ""},
    )  # fmt: skip
    sent = export_record(event.record)
    assert ("Organization", partner.key) in set(named(sent))
    told = next(one for one in sent.of(OrganizationData) if one.key == partner.key)
    assert (told.name, told.addresses[0].city, told.telecoms[0].value) == ("SAVS partenaire", "Vannes", "02")


def test_an_edited_object_loses_the_narrative_that_told_it_as_it_was(body: ManagingBody) -> None:
    def told(plan: Json) -> None:
        plan["text"] = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Lou</div>'}

    given = sample(CarePlan__pp=told)
    bring(given)
    assert changes(given, taken_out()) == []
    plans.edit_plan(plan=PersonalPlan.objects.get(), by=None, title="Autre")
    assert [change.path for change in changes(given, taken_out())] == [
        f"CarePlan[{LOU}-PPER-1].title",
        f"CarePlan[{LOU}-PPER-1].text",
    ] or b"xhtml" not in taken_out()


def test_every_export_that_leaves_is_traced(body: ManagingBody) -> None:
    record = full_record()
    assert export_file(record, by=None) == write(export_record(record))
    assert Entry.objects.get(action="exchange.exported").object_id == record.pk


def test_a_record_is_exported_in_a_fixed_number_of_queries(
    body: ManagingBody, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    record = full_record()
    for _ in range(30):
        EventFactory.create(record=record, responsible=ProfessionalFactory.create())
    record = Record.objects.select_related("person", "establishment").get(pk=record.pk)
    with django_assert_max_num_queries(25):
        export_record(record)
