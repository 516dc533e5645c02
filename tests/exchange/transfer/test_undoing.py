"""An import of many files taken back: as if it had not been, but for history; never over what came since."""

import datetime as dt

import orjson
import pytest
from django.db.models import Model

from jalon.audit.models import Entry
from jalon.care.models import HandoverNote
from jalon.core.errors import DomainError
from jalon.db.fields import Sealed
from jalon.db.past import versions
from jalon.exchange.models import ImportPart, ImportRun, PartOutcome, ReceivedIns, VerbatimResource
from jalon.exchange.transfer import runs, undoing
from jalon.organizations.models import ManagingBody
from jalon.people.actions import edit
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.staff.models import Professional
from jalon_sandbox.bench.letters import copied
from tests.exchange.transfer.files import NOW, bring, sample
from tests.exchange.transfer.test_runs import COUNTED
from tests.factories import HandoverNoteFactory
from tests.formats.tddui.sample import Json

KEPT = [model for model in COUNTED if model.__name__ != "ImportedFile"]


def letters(count: int, **changes: object) -> list[tuple[str, bytes]]:
    """As many people, of one house and its professionals."""
    one = orjson.dumps(sample(**changes))  # type: ignore[arg-type]  # as `sample` takes them
    return [(f"envoi-{number}.json", copied(one, number)) for number in range(count)]


def brought(body: ManagingBody, files: list[tuple[str, bytes]]) -> ImportRun:
    run = runs.ask(files, by=None, now=NOW)
    runs.go_on(body.pk, run.pk, NOW)
    assert set(run.parts.values_list("outcome", flat=True)) == {PartOutcome.DONE}
    return run


def taken_back(body: ManagingBody, run: ImportRun) -> list[ImportPart]:
    undoing.ask_back(run, by=None)
    undoing.take_back(body.pk, run.pk)
    return list(run.parts.order_by("rank"))


def everything() -> dict[str, dict[object, object]]:
    """Every row of what an import writes, with what it received."""
    return {
        model.__name__: {row.pk: _held(row) for row in model._default_manager.all()}
        for model in (*KEPT, Professional)
    }


def _held(row: Model) -> list[object]:
    held = [getattr(row, field.attname) for field in row._meta.concrete_fields]
    return [one.open() if isinstance(one, Sealed) else one for one in held]


def _moved(patient: Json) -> None:
    patient["address"] = [{"line": ["2 rue Neuve"], "postalCode": "35000", "city": "RENNES"}]


def test_what_an_import_created_goes_and_history_keeps_it(body: ManagingBody) -> None:
    before = everything()
    run = brought(body, letters(3))
    assert Person.objects.count() == 3
    parts = taken_back(body, run)
    assert {part.outcome for part in parts} == {PartOutcome.UNDONE}
    assert everything() == before
    assert {model.__name__: model._default_manager.count() for model in KEPT} == dict.fromkeys(
        [model.__name__ for model in KEPT], 0
    )
    assert versions(Person).filter(pgh_label="delete", pgh_context__undo=str(run.pk)).count() == 3
    assert Entry.objects.filter(action="exchange.import_undone").count() == 3


def test_what_an_import_changed_comes_back_to_what_it_was(body: ManagingBody) -> None:
    brought(body, letters(2))
    before = everything()
    run = brought(body, letters(2, Patient__lou=_moved))
    assert set(Person.objects.values_list("city", flat=True)) == {"RENNES"}
    taken_back(body, run)
    assert everything() == before


def test_somebody_on_whose_record_anybody_wrote_since_stays_as_they_are(body: ManagingBody) -> None:
    run = brought(body, letters(3))
    touched = Person.objects.order_by("pk")[1]
    edit(person=touched, by=None, phone="0102030405")
    first, second, third = taken_back(body, run)
    assert [part.outcome for part in (first, second, third)].count(PartOutcome.UNDONE) == 2
    (kept,) = [part for part in (first, second, third) if part.outcome == PartOutcome.DONE]
    (fault,) = kept.told["kept"]
    assert fault["path"] == f"Patient[{touched.key}]"
    assert "a écrit depuis" in fault["reason"]
    assert Person.objects.get().phone == "0102030405"
    assert VerbatimResource.objects.exists()


def test_what_was_added_since_is_not_lost_with_the_record(body: ManagingBody) -> None:
    run = brought(body, letters(1))
    note = HandoverNoteFactory.create(record=Record.objects.get())
    (part,) = taken_back(body, run)
    assert (part.outcome, part.told["kept"][0]["path"]) == (PartOutcome.DONE, "transmission")
    assert HandoverNote.objects.get() == note


def test_what_keeps_an_import_there_may_be_put_right_and_the_import_taken_back_again(
    body: ManagingBody,
) -> None:
    run = brought(body, letters(1))
    note = HandoverNoteFactory.create(record=Record.objects.get())
    taken_back(body, run)
    HandoverNote.objects.filter(pk=note.pk)._raw_delete("default")  # type: ignore[attr-defined]  # no screen does
    (part,) = taken_back(body, run)
    assert part.outcome == PartOutcome.UNDONE
    assert not Person.objects.exists()


def test_an_import_of_others_since_keeps_what_they_share(body: ManagingBody) -> None:
    """The professionals of a file that came later stay; the people of the first go."""
    run = brought(body, letters(1))
    bring(copied(orjson.dumps(sample()), 7))
    taken_back(body, run)
    assert Person.objects.count() == 1
    assert Professional.objects.exists()


def test_a_death_on_the_way_leaves_the_rest_to_be_taken_back(
    body: ManagingBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Death(BaseException):
        """Nothing of the product catches it."""

    run = brought(body, letters(3))
    true, left = undoing._Back.take, [1]

    def take(self: undoing._Back) -> None:
        true(self)
        left[0] -= 1
        if left[0] == -1:
            raise Death

    monkeypatch.setattr(undoing._Back, "take", take)
    undoing.ask_back(run, by=None)
    with pytest.raises(Death):
        undoing.take_back(body.pk, run.pk)
    assert Person.objects.count() == 2
    assert runs.left() == []  # its job will take it up
    undoing.take_back(body.pk, run.pk)
    assert not Person.objects.exists()
    assert not ReceivedIns.objects.exists()


def test_an_import_under_way_or_already_taken_back_or_of_before_is_not_taken_back(body: ManagingBody) -> None:
    run = runs.ask(letters(1), by=None, now=NOW)
    with pytest.raises(DomainError, match="n’est pas terminé") as refusal:
        undoing.ask_back(run, by=None)
    assert refusal.value.code == "import_under_way"
    runs.go_on(body.pk, run.pk, NOW + dt.timedelta(minutes=1))
    known = dict(run.parts.get().before)
    run.parts.update(before={})
    with pytest.raises(DomainError) as refusal:
        undoing.ask_back(run, by=None)
    assert refusal.value.code == "before_unknown"
    run.parts.update(before=known)
    taken_back(body, run)
    with pytest.raises(DomainError) as refusal:
        undoing.ask_back(run, by=None)
    assert refusal.value.code == "nothing_to_undo"
