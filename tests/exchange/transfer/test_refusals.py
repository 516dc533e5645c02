"""What a file may not do: nothing of it comes in, and the refusal says where and why."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.exchange.transfer import keeping
from jalon.formats.tddui import TdduiRefused, changes
from jalon.organizations.models import ManagingBody
from jalon.people.models import Contact, Person
from jalon.plans.models import Goal, PersonalPlan
from jalon.records.models import Record, Stay
from tests.exchange.transfer.files import LOU, bring, sample, tables, taken_out
from tests.factories import EstablishmentFactory, StayFactory
from tests.formats.tddui.sample import Json, ident, ref
from tests.formats.tddui.sample_record import RESOURCES, bundle

pytestmark = pytest.mark.django_db


def refused(file: Any, **told: Any) -> DomainError:
    """The refusal of a file, which left every table as it was."""
    before = tables()
    with pytest.raises(DomainError) as refusal:
        bring(file, **told)
    assert tables() == before
    return refusal.value


def forty_goals() -> Json:
    """The sample with forty goals in its plan."""
    file = sample()
    aim = next(entry for entry in file["entry"] if entry["fullUrl"].endswith("Goal/aim"))
    plan = next(entry for entry in file["entry"] if entry["fullUrl"].endswith("CarePlan/pp"))
    for number in range(2, 41):
        goal = copy.deepcopy(aim)
        goal["fullUrl"] = f"https://dui.example/fhir/Goal/aim{number}"
        goal["resource"]["id"] = f"aim{number}"
        goal["resource"]["identifier"] = [ident("objectif", f"{LOU}-OBJE-{number}")]
        file["entry"].append(goal)
        plan["resource"]["goal"].append(ref(f"Goal/aim{number}"))
    return file


def test_forty_goals_come_in_and_go_out(body: ManagingBody) -> None:
    assert bring(forty_goals()).created["goals"] == 40
    assert PersonalPlan.objects.get().goals.count() == 40
    assert bring(taken_out()).created == {}


def test_one_wrong_entry_of_sixty_creates_nothing_and_is_named(body: ManagingBody) -> None:
    file = forty_goals()
    file["entry"][39]["resource"]["lifecycleStatus"] = "perhaps"
    refusal = refused(file)
    assert isinstance(refusal, TdduiRefused)
    assert [problem.path for problem in refusal.problems] == ["Bundle.entry[39].resource.lifecycleStatus"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not json",
        b'{"resourceType": "Bundle"}',
        b'{"resourceType": "Patient", "birthDate": "yesterday"}',
        b"[" * 10_000,
        b'{"a": 1, "a": 2}',
        b'\xff\xfe{"resourceType"',
        orjson.dumps(sample()).replace(b'"POST"', b'"DELETE"', 1),
        orjson.dumps(sample()).replace(b'"Practitioner/ide"', b'"Practitioner/nobody"', 1),
    ],
    ids=lambda raw: raw[:20],
)
def test_a_hostile_file_creates_nothing(body: ManagingBody, raw: bytes) -> None:
    refusal = refused(raw)
    assert isinstance(refusal, TdduiRefused)
    assert refusal.problems


# --- what a table does not take -----------------------------------------------------------------------------


def changed(name: str, **elements: Any) -> Json:
    """The sample with some elements of one resource set."""
    return sample(**{name: lambda resource: resource.update(elements)})


def note(code: str, text: str) -> Callable[[Json], None]:
    """Change the text of the note of a goal that bears this discriminator."""

    def change(goal: Json) -> None:
        for each in goal["note"]:
            if code in repr(each["extension"]):
                each["text"] = text

    return change


@pytest.mark.parametrize(
    ("file", "code", "place"),
    [
        (
            sample(Patient__lou=lambda lou: lou["_birthDate"]["extension"][0].update(valuePositiveInt=32768)),
            "too_large",
            f"Patient[{LOU}]._birthDate.extension[0].valuePositiveInt",
        ),
        (
            changed("Encounter__event", period={"start": "0001-01-01T00:00:00+14:00", "end": "2026-01-01"}),
            "out_of_calendar",
            f"Encounter[{LOU}-EVN-1].period.start",
        ),
        (
            changed("Encounter__event", period={"start": "2026-01-01", "end": "9999-12-31T23:59:59-05:00"}),
            "out_of_calendar",
            f"Encounter[{LOU}-EVN-1].period.end",
        ),
        (
            changed("CarePlan__pp", identifier=[ident("projetpersonnalise", f"{LOU}-PPER-{'1' * 200}")]),
            "too_long",
            "CarePlan.identifier",
        ),
    ],
    ids=["order", "year one", "year 9999", "key"],
)
def test_what_a_column_cannot_hold_is_refused_at_its_place(
    body: ManagingBody, file: Json, code: str, place: str
) -> None:
    refusal = refused(file)
    assert (refusal.code, refusal.place) == (code, place)


def test_what_is_too_long_is_shown_in_part_kept_whole_and_told(body: ManagingBody) -> None:
    long = "06 00 00 00 01, sonner deux fois puis attendre, et rappeler"

    def wordy(lou: Json) -> None:
        lou["telecom"][0].update(value=long)
        lou["address"][0].update(city="a" * 101)

    given = sample(Patient__lou=wordy, Goal__aim=note("titreObjectif", "a" * 301))
    report = bring(given)
    person = Person.objects.get()
    assert person.phone == long[:39] + "…"
    assert changes(orjson.dumps(given), taken_out()) == []
    assert {name for note in report.notes for name in ("téléphone", "commune") if name in note} == {
        "téléphone",
        "commune",
    }
    assert bring(given).nothing_changed


REVERSED = {"start": "2026-01-05T00:30:00+02:00", "end": "2026-01-04T23:00:00+00:00"}
"""In order as instants, and not as the days their writer saw."""


def test_a_stay_that_ends_a_day_before_it_begins_is_refused(body: ManagingBody) -> None:
    refusal = refused(changed("Encounter__stay", period=REVERSED))
    assert (refusal.code, refusal.place) == ("stay_reversed", f"Encounter[{LOU}-SEJOUR-1012].period")


def test_what_only_the_table_refuses_is_refused_at_the_place_of_its_row(body: ManagingBody) -> None:
    def validity(consent: Json) -> None:
        consent["extension"][0]["valuePeriod"] = REVERSED

    refusal = refused(sample(Consent__lou=validity))
    assert refusal.code == "refused_by_table"
    assert refusal.place.startswith(f"Consent[{LOU}-PPER-1-accord:")
    assert "agreement_ends_after_start" in refusal.message


def test_an_event_that_ends_on_its_day_does_not_end_before_it_begins(body: ManagingBody) -> None:
    bring(changed("Encounter__event", period={"start": "2026-03-02T14:00:00+01:00", "end": "2026-03-02"}))
    bring(changed("Encounter__event", period={"start": "2016-12-31T23:59:60Z", "end": "2017"}))


def test_two_stays_at_once_in_one_house_are_refused(body: ManagingBody) -> None:
    again = copy.deepcopy(RESOURCES["Encounter/stay"])
    again["identifier"] = [again["identifier"][0] | {"value": f"{LOU}-SEJOUR-1013"}]
    refusal = refused(bundle(RESOURCES | {"Encounter/again": again}))
    assert (refusal.code, refusal.place) == ("stays_overlap", f"Encounter[{LOU}-SEJOUR-1013].period")


def test_a_stay_that_meets_one_of_ours_is_refused(body: ManagingBody) -> None:
    bring(sample())
    record = Record.objects.get()
    Stay.objects.update(starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 6, 1))
    StayFactory.create(record=record, starts_on=dt.date(2026, 12, 1))
    again = copy.deepcopy(RESOURCES["Encounter/stay"])
    again["identifier"] = [again["identifier"][0] | {"value": f"{LOU}-SEJOUR-1014"}]
    again["period"] = {"start": "2026-11-01"}
    assert refused(bundle(RESOURCES | {"Encounter/again": again})).code == "stays_overlap"


# --- whose it is --------------------------------------------------------------------------------------------


def test_an_unknown_house_is_refused_until_it_is_named_or_told(body: ManagingBody) -> None:
    lonely = {"Patient/lou": copy.deepcopy(RESOURCES["Patient/lou"])}
    for element in ("managingOrganization", "generalPractitioner", "contact"):
        del lonely["Patient/lou"][element]
    refusal = refused(bundle(lonely))
    assert (refusal.code, refusal.place) == ("unknown_finess", f"Patient[{LOU}]")
    assert "010001246" in refusal.message
    assert refused(sample(), house="990009999").code == "unknown_finess"
    house = EstablishmentFactory.create()
    bring(bundle(lonely), house=house.finess)
    assert Record.objects.get().establishment == house


def test_the_house_that_receives_may_be_another_than_the_one_that_sends(body: ManagingBody) -> None:
    house = EstablishmentFactory.create()
    assert bring(sample(), house=house.finess).notes == []
    assert Record.objects.get().establishment == house


def test_a_file_may_not_reach_into_the_record_of_somebody_else(body: ManagingBody) -> None:
    bring(sample())
    patient = copy.deepcopy(RESOURCES["Patient/lou"])
    patient["identifier"][1]["value"] = "3010001246/78"
    refusal = refused(bundle(RESOURCES | {"Patient/lou": patient}))
    assert (refusal.code, refusal.place) == ("key_elsewhere", f"Encounter[{LOU}-SEJOUR-1012]")
    assert Contact.objects.get().person.key == LOU


def test_a_goal_may_not_hang_on_the_plan_of_somebody_else_of_the_file(body: ManagingBody) -> None:
    patient = copy.deepcopy(RESOURCES["Patient/lou"])
    patient["identifier"] = [patient["identifier"][1] | {"value": "3010001246/78"}]
    goal = RESOURCES["Goal/aim"] | {"subject": ref("Patient/max")}
    refusal = refused(bundle(RESOURCES | {"Patient/max": patient, "Goal/aim": goal}))
    assert (refusal.code, refusal.place) == ("part_without_plan", f"Goal[{LOU}-OBJE-1]")


def test_an_agreement_of_no_plan_is_kept_whole_and_goes_out_again(body: ManagingBody) -> None:
    names = ("Patient/lou", "Organization/ime", "Practitioner/ide", "Consent/lou")
    given = bundle({name: RESOURCES[name] for name in names})
    report = bring(given)
    assert report.verbatim == {"Consent tddui-consent-accord": 1}
    assert bring(given).nothing_changed
    assert taken_out().count(b'"Consent"') == 2  # the resource and its request


def test_another_managing_body_sees_nothing_and_is_not_seen(body: ManagingBody) -> None:
    bring(sample())
    other = ManagingBody.objects.create(name="Autre association", finess="350000014")
    with tenant(other.pk):
        assert bring(sample()).changed == {}
        assert Person.objects.count() == Goal.objects.count() == 1
    assert Person.objects.count() == 1


def test_two_imports_at_once_are_one_refusal_and_not_a_crash(
    body: ManagingBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other import wins between our look-up and our writing."""
    monkeypatch.setattr(keeping.Keeping, "look_up", lambda self, data, made: None)
    bring(sample())
    refusal = refused(sample())
    assert refusal.code == "refused_by_table"
    assert "_once" in refusal.message


def test_what_another_record_of_the_person_keeps_verbatim_is_not_rewritten(body: ManagingBody) -> None:
    first, second = EstablishmentFactory.create(), EstablishmentFactory.create()
    shared = ("Patient/lou", "Organization/ime", "Practitioner/ide", "PractitionerRole/role")
    kept = {name: RESOURCES[name] for name in (*shared, "Goal/life")}
    edited = kept | {"Goal/life": RESOURCES["Goal/life"] | {"description": {"text": "Peindre"}}}
    bring(bundle(kept), house=first.finess)
    refusal = refused(bundle(edited), house=second.finess)
    assert (refusal.code, refusal.place) == ("key_elsewhere", f"Goal[{LOU}-PDV-1]")
    assert bring(bundle(edited), house=first.finess).changed == {"verbatim": 1}


# ── Who may receive where ─────────────────────────────────────────────────────────────────────────────────


def test_an_import_stays_in_the_houses_of_whoever_imports(body: ManagingBody) -> None:
    mine, theirs = EstablishmentFactory.create(), EstablishmentFactory.create()
    assert refused(sample(), house=theirs.finess, into={mine.pk}).code == "house_not_yours"
    assert refused(sample(), into={mine.pk}).code == "unknown_finess"  # the sender's is not added either
    bring(sample(), house=theirs.finess)
    assert refused(sample(), house=mine.finess, into={mine.pk}).code == "person_elsewhere"
    assert bring(sample(), house=theirs.finess, into={mine.pk, theirs.pk}).nothing_changed
