"""Many files brought in by the worker: each on its own, whatever dies, and as one import would have done."""

from collections.abc import Iterator

import orjson
import pytest

from jalon.db.tenant import tenant
from jalon.exchange.models import ImportedFile, ImportPart, PartOutcome, ReceivedIns, VerbatimResource
from jalon.exchange.transfer import runs
from jalon.exchange.transfer.telling import together
from jalon.organizations.models import ManagingBody
from jalon.people.models import Person
from jalon.records.models import Record, Stay
from jalon.staff.models import Function
from jalon_sandbox.bench.letters import copied
from tests.exchange.transfer.files import EXAMPLES, NOW, bring, sample
from tests.exchange.transfer.test_export import person_with_room
from tests.formats.tddui.sample_record import RESOURCES, bundle
from tests.support import needs_shared

FILES = 7
COUNTED = (Person, Record, Stay, Function, VerbatimResource, ImportedFile, ReceivedIns)


def letters(count: int = FILES) -> list[tuple[str, bytes]]:
    """As many people, of one house and its professionals."""
    one = orjson.dumps(sample())
    return [(f"envoi-{number}.json", copied(one, number)) for number in range(count)]


@pytest.fixture
def elsewhere(body: ManagingBody) -> ManagingBody:
    """Another managing body, where the same files came in one by one."""
    return ManagingBody.objects.create(name="Autre association", finess="350000014")


class Death(BaseException):
    """The worker dies: nothing of the product catches it."""


@pytest.fixture
def two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 2)


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The worker dies twice, with files of a batch written and nothing committed."""
    true, left = runs._tell, [3, 1]

    def tell(*told: object) -> None:
        true(*told)  # type: ignore[arg-type]  # as they came
        if left and left[0] == 0:
            left.pop(0)
            raise Death
        if left:
            left[0] -= 1

    monkeypatch.setattr(runs, "_tell", tell)
    yield left


def _counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


@pytest.mark.usefixtures("two_at_once")
def test_a_run_that_dies_and_is_taken_up_equals_one_that_did_not(
    body: ManagingBody, elsewhere: ManagingBody, dying: list[int]
) -> None:
    run = runs.ask(letters(), by=None, now=NOW)
    deaths = 0
    while ImportPart.objects.filter(run=run, outcome=PartOutcome.WAITING).exists():
        try:
            runs.go_on(body.pk, run.pk, NOW)
        except Death:
            deaths += 1
    assert deaths == 2
    given = together(part.told for part in run.parts.order_by("rank"))
    found = _counts()
    with tenant(elsewhere.pk):
        for _, data in letters():
            bring(data)
        assert _counts() == found
    assert found["Person"] == given["created"]["person"] == FILES
    assert len(given["records"]) == FILES


@pytest.mark.usefixtures("two_at_once")
def test_a_file_that_is_refused_is_told_and_stops_no_other(body: ManagingBody) -> None:
    files = letters(3)
    run = runs.ask(
        [files[0], ("casse.json", b"{}"), files[1], ("vide.json", b""), files[2]], by=None, now=NOW
    )
    runs.go_on(body.pk, run.pk, NOW)
    refused = run.parts.filter(outcome=PartOutcome.REFUSED).order_by("rank")
    assert [part.name for part in refused] == ["casse.json", "vide.json"]
    assert all(part.told["faults"][0]["reason"] for part in refused)
    assert Person.objects.count() == 3


def test_a_file_that_the_base_refuses_leaves_the_others_of_its_batch_in(body: ManagingBody) -> None:
    """One person here was given another house's FINESS by hand: the file that names it is refused alone."""
    files = letters(3)
    stranger = files[1][1].replace(b"010001246", b"010001247")
    run = runs.ask([files[0], ("autre.json", stranger), files[2]], by=None, now=NOW, house="010001246")
    runs.go_on(body.pk, run.pk, NOW)
    outcomes = list(run.parts.order_by("rank").values_list("outcome", flat=True))
    assert outcomes.count(PartOutcome.WAITING) == 0
    assert Person.objects.count() == outcomes.count(PartOutcome.DONE)


def test_what_nobody_of_a_file_names_is_mentioned_once_however_many_are_in_it(body: ManagingBody) -> None:
    people = person_with_room(7) | person_with_room(8) | {"Organization/old": RESOURCES["Organization/old"]}
    bring(bundle(people))
    assert VerbatimResource.objects.filter(type="Organization").count() == 1
    assert Record.objects.count() == 2


@needs_shared
def test_who_received_a_matricule_is_noted_once(body: ManagingBody) -> None:
    file = (EXAMPLES / "Bundle-tddui-bundle-example.json").read_bytes()
    for _ in range(2):
        bring(file)
    assert ReceivedIns.objects.get().person == Person.objects.get()
