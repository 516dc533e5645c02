"""A file comes in whole, once: twice is once, and what was edited on both sides is nobody's to choose but a
person's."""

import datetime as dt

import orjson
import pytest

from jalon.agenda.models import Event
from jalon.audit.models import Entry
from jalon.core.errors import DomainError
from jalon.exchange.models import ImportedFile
from jalon.exchange.transfer.report import Report
from jalon.formats.tddui import coverage, read
from jalon.formats.tddui.coverage import LABELS
from jalon.organizations.models import ManagingBody, Structure
from jalon.people.models import Contact, Person
from jalon.plans.models import Action, Agreement, Goal, PersonalPlan
from jalon.records.models import Record, Stay
from jalon.staff.models import Function, Professional
from tests.exchange.transfer.files import (
    LOU,
    bring,
    official,
    sample,
    tables,
    taken_out,
)
from tests.factories import AccountFactory, ProfessionalFactory
from tests.formats.tddui.sample import Json, ident, ref
from tests.formats.tddui.sample_record import RESOURCES, bundle
from tests.formats.tddui.test_round_trip import published
from tests.support import needs_shared

pytestmark = pytest.mark.django_db


def test_the_columns_hold_what_the_file_says(body: ManagingBody) -> None:
    bring(sample())
    lou, stay, event, goal = Person.objects.get(), Stay.objects.get(), Event.objects.get(), Goal.objects.get()
    assert (lou.key, lou.birth_name, lou.first_name, lou.used_first_name) == (LOU, "FICTIVE", "LOUISE", "Lou")
    assert (lou.birth_date, lou.birth_date_precision) == (dt.date(1950, 3, 1), "month")
    assert (lou.birth_place, lou.birth_order, lou.died_on) == ("01004", 749, dt.date(2026, 11, 19))
    assert lou.address_line == "12 bis rue des Lilas, Bâtiment B"
    assert lou.name_key.startswith("essai fictive lou")
    assert (stay.starts_on, stay.planned_end) == (dt.date(2026, 1, 5), dt.date(2027, 1, 31))
    assert (event.type_code, event.status, event.person_present) == ("MED-1298", "ANNULE", True)
    assert (goal.title, goal.expected, goal.need_keys) == ("Sortir", "3 fois par semaine", [f"{LOU}-BESO-1"])


def test_the_links_to_professionals_and_structures_find_their_rows(body: ManagingBody) -> None:
    bring(sample())
    ada, role = Professional.objects.get(), Function.objects.get()
    assert (role.professional, role.structure) == (ada, Structure.objects.get(key="1010001246"))
    assert Goal.objects.get().responsible == ada
    # The event and the action name her role, which she holds.
    assert (Event.objects.get().responsible, Action.objects.get().responsible) == (ada, ada)


def test_a_file_renames_somebody_of_elsewhere_and_never_a_colleague(body: ManagingBody) -> None:
    def named(family: str) -> Json:
        def rename(practitioner: Json) -> None:
            practitioner["name"] = [{"family": family, "given": ["Ada"]}]

        return sample(Practitioner__ide=rename)

    bring(named("PREMIER"))
    bring(named("SECOND"))
    assert Professional.objects.get().last_name == "SECOND"
    Professional.objects.update(account=AccountFactory.create())
    assert bring(named("TROISIÈME")).changed == {"practitioners": 1}
    assert Professional.objects.get().last_name == "SECOND"
    assert bring(named("TROISIÈME")).nothing_changed


def test_an_agreement_has_the_side_its_plan_gives_it_and_its_signer(body: ManagingBody) -> None:
    bring(sample())
    theirs, ours = Agreement.objects.get(side="usager"), Agreement.objects.get(side="structure")
    assert (theirs.professional, theirs.contact) == (None, None)
    assert ours.professional == Professional.objects.get()
    assert {theirs.plan, ours.plan} == {PersonalPlan.objects.get()}
    assert theirs.valid_until == dt.date(2026, 12, 31)


def test_a_representative_signs_for_the_person(body: ManagingBody) -> None:
    def signed_by_zoe(consent: Json) -> None:
        consent["performer"] = [ref("RelatedPerson/zoe")]

    bring(sample(Consent__lou=signed_by_zoe))
    assert Agreement.objects.get(side="usager").contact == Contact.objects.get()


def test_the_record_opens_at_the_first_stay_in_the_house_of_the_person(body: ManagingBody) -> None:
    report = bring(sample())
    record = Record.objects.select_related("establishment").get()
    assert (record.establishment.finess, record.opened_on) == ("010001246", dt.date(2026, 1, 5))
    assert record.establishment.name == "IME Fictif"
    assert report.records == [record.pk]
    assert report.notes == ["L’établissement IME Fictif (010001246) est ajouté, d’après le fichier."]


def test_the_twelve_classes_of_the_record_keep_nothing_verbatim(body: ManagingBody) -> None:
    bring(sample())
    for file in (orjson.dumps(sample()), taken_out()):
        shares = coverage(read(file))
        assert {name: (shares[name].verbatim, shares[name].ratio) for name in LABELS} == dict.fromkeys(
            LABELS, (0, 0.0)
        )


# --- twice is once ------------------------------------------------------------------------------------------


def test_the_same_file_again_writes_nothing_and_says_so(body: ManagingBody) -> None:
    first = bring(sample())
    before = tables()
    second = bring(sample())
    assert tables() == before
    assert second.nothing_changed
    assert second.unchanged == {name: count for name, count in first.created.items() if name != "records"}
    assert second.verbatim == first.verbatim


@needs_shared
def test_the_official_examples_come_in_together_once(body: ManagingBody) -> None:
    raw = [orjson.dumps(published())]
    first = bring(raw)
    assert {name for name in LABELS if name != "roles"} <= first.created.keys()
    before = tables()
    assert bring(raw).nothing_changed
    assert tables() == before


@needs_shared
def test_single_resources_given_together_are_one_transfer(body: ManagingBody) -> None:
    one_by_one = [orjson.dumps(entry["resource"]) for entry in published()["entry"]]
    assert bring(one_by_one).created == bring_again(body, [orjson.dumps(published())]).created
    assert len(official()) <= len(one_by_one)


def bring_again(body: ManagingBody, raw: list[bytes]) -> Report:
    """The report of an import into another managing body."""
    from jalon.db.tenant import tenant

    other = ManagingBody.objects.create(name="Autre association", finess="350000014")
    with tenant(other.pk):
        return bring(raw)


def test_other_technical_names_are_not_a_change(body: ManagingBody) -> None:
    bring(sample())
    before = tables()
    again = bundle(dict(reversed(RESOURCES.items())), base="urn:other:")
    for entry in again["entry"]:
        entry["resource"]["meta"] = entry["resource"].get("meta", {}) | {"versionId": "7"}
    assert bring(again).nothing_changed
    assert {name for name, rows in tables().items() if rows != before[name]} == {
        "exchange_importedfile",  # other bytes came in: that is noted
        "audit_entry",
    }


def test_each_import_that_gives_something_is_noted_with_its_bytes(body: ManagingBody) -> None:
    bring(sample())
    file = ImportedFile.objects.get()
    assert (file.created, file.changed, file.unchanged, file.verbatim) == (22, 0, 0, 6)
    assert Entry.objects.filter(action="exchange.imported", object_id=file.pk).exists()
    assert Entry.objects.filter(action="people.imported", object_id=Person.objects.get().pk).exists()


def test_a_dry_run_says_the_same_and_writes_nothing(body: ManagingBody) -> None:
    before = tables()
    told = bring(sample(), dry_run=True)
    assert tables() == before
    done = bring(sample())
    assert (told.created, told.verbatim, told.notes) == (done.created, done.verbatim, done.notes)


# --- three sides --------------------------------------------------------------------------------------------


def retitled(title: str, **more: str) -> Json:
    """The sample with another title of the plan."""

    def change(plan: Json) -> None:
        plan.update({"title": title} | more)

    return sample(CarePlan__pp=change)


def test_a_newer_file_brings_its_changes_and_nothing_else(body: ManagingBody) -> None:
    bring(sample())
    report = bring(retitled("Projet de Lou, an II"))
    assert PersonalPlan.objects.get().title == "Projet de Lou, an II"
    assert report.changed == {"plans": 1}
    assert "plans" not in report.unchanged


def test_what_was_edited_here_survives_a_newer_file(body: ManagingBody) -> None:
    bring(sample())
    PersonalPlan.objects.update(description="Vivre en ville")
    bring(retitled("Projet de Lou, an II"))
    plan = PersonalPlan.objects.get()
    assert (plan.title, plan.description) == ("Projet de Lou, an II", "Vivre en ville")
    assert b"Vivre en ville" in taken_out()


def test_the_same_edit_on_both_sides_is_no_conflict(body: ManagingBody) -> None:
    bring(sample())
    PersonalPlan.objects.update(title="Projet II")
    assert bring(retitled("Projet II")).changed == {"plans": 1}


def test_two_different_edits_are_refused_at_their_place_and_nothing_is_written(body: ManagingBody) -> None:
    bring(sample())
    PersonalPlan.objects.update(title="Projet de chez nous")
    before = tables()
    with pytest.raises(DomainError) as refusal:
        bring(retitled("Projet de chez eux"))
    assert (refusal.value.code, refusal.value.place) == (
        "edited_both_sides",
        f"CarePlan[{LOU}-PPER-1].title",
    )
    assert "titre" in refusal.value.message
    assert tables() == before


def test_a_responsible_chosen_here_survives_a_newer_file(body: ManagingBody) -> None:
    bring(sample())
    ours = ProfessionalFactory.create()
    Goal.objects.update(responsible=ours)

    def reworded(goal: Json) -> None:
        goal["description"] = {"text": "Aller seule au marché"}

    bring(sample(Goal__aim=reworded))
    goal = Goal.objects.get()
    assert (goal.description, goal.responsible) == ("Aller seule au marché", ours)


def test_a_responsible_that_the_file_no_longer_names_stays_here(body: ManagingBody) -> None:
    bring(sample())

    def handed_over(goal: Json) -> None:
        del goal["expressedBy"]

    bring(sample(Goal__aim=handed_over))
    assert Goal.objects.get().responsible is not None


def test_a_side_corrected_by_the_plan_is_corrected_here(body: ManagingBody) -> None:
    bring(sample())

    def swapped_sides(plan: Json) -> None:
        first, second = plan["supportingInfo"]
        first["extension"], second["extension"] = second["extension"], first["extension"]

    bring(sample(CarePlan__pp=swapped_sides))
    assert Agreement.objects.get(side="usager").professional == Professional.objects.get()


# --- whose it is --------------------------------------------------------------------------------------------


def test_a_file_may_bring_two_people_each_with_their_own(body: ManagingBody) -> None:
    report = bring(two_people())
    assert Person.objects.count() == Record.objects.count() == 2
    assert report.created["contacts"] == report.created["agreements"] == 2
    for person in Person.objects.all():
        assert person.contacts.get().key == f"{person.key}-CONTACT-1"
    # The two houses agree the same day by the same hand: two agreements all the same.
    assert Agreement.objects.values("plan").distinct().count() == 2
    before = tables()
    assert bring(two_people()).nothing_changed
    assert tables() == before


def two_people() -> Json:
    """Lou and her brother: a contact numbered 1, a plan and an agreement each."""
    found: dict[str, Json] = {name: RESOURCES[name] for name in ("Organization/ime", "Practitioner/ide")}
    for number, name in enumerate(("lou", "max"), start=7):
        key = f"{LOU[:-2]}{number}"
        patient = RESOURCES["Patient/lou"]
        identifiers = [ident("localusager", key, patient["identifier"][1]["type"])]
        found[f"Patient/{name}"] = patient | {
            "identifier": identifiers, "birthDate": f"19{number}0-01-01", "generalPractitioner": [],
        }  # fmt: skip
        del found[f"Patient/{name}"]["generalPractitioner"]
        contact = RESOURCES["RelatedPerson/zoe"]
        found[f"RelatedPerson/{name}"] = contact | {
            "identifier": [{"value": "1"}],
            "patient": ref(f"Patient/{name}"),
            "name": [{"family": name.upper()}],
        }
        plan = RESOURCES["CarePlan/pp"]
        found[f"CarePlan/{name}"] = {
            name_: part for name_, part in plan.items()
            if name_ in ("resourceType", "meta", "status", "intent", "title")
        } | {
            "identifier": [ident("projetpersonnalise", f"{key}-PPER-1")],
            "subject": ref(f"Patient/{name}"),
            "supportingInfo": [plan["supportingInfo"][1] | ref(f"Consent/{name}")],
        }  # fmt: skip
        found[f"Consent/{name}"] = RESOURCES["Consent/ime"]
    return bundle(found)
