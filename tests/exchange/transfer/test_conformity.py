"""What leaves the house passes the offline checker of TDDUI 2.4.0, whoever and wherever it comes from."""

from pathlib import Path

import orjson
import pytest

from jalon.db.tenant import tenant
from jalon.exchange.transfer.exporter import export_record
from jalon.formats.tddui import Change, changes, coverage, read, write
from jalon.formats.tddui.coverage import LABELS
from jalon.organizations.models import ManagingBody
from jalon.people.actions import attach_ins, prove_identity
from jalon.people.models import Person
from jalon.records.models import Record
from jalon_sandbox.demo import build as story
from jalon_sandbox.demo.population import Someone, population
from tests.exchange.transfer.files import EXAMPLES, NOW, bring, sample, taken_out
from tests.formats.tddui.test_round_trip import published
from tests.peers.tddui_check import Verdict, check
from tests.support import needs_shared

pytestmark = pytest.mark.django_db
IDENTITY = ("extension", "identifier", "_birthDate")
"""What a qualified identity loses on its way: reliability, matricule, a birth order drawn from it."""


@pytest.fixture(autouse=True)
def _a_few_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demonstration with four days of notes and events instead of ninety."""
    monkeypatch.setattr(story, "DAYS", 4)


def demonstration(everybody: list[Someone]) -> ManagingBody:
    """The demonstration, its identities looked up in INSi and proven as its own story says."""
    body = story.build(everybody, NOW, lambda what: None)
    with tenant(body.pk):
        known = {one.traits.birth_name: one for one in everybody}
        for person in Person.objects.all():
            someone = known[person.birth_name]
            if someone.known_to_insi:
                attach_ins(person=person, ins=someone.ins, official=person.traits, by=None, now=NOW)
            if someone.seen_paper:
                prove_identity(person=person, proof="cni", by=None, today=NOW.date())
    return body


def write_all(folder: Path) -> int:
    """Every record of the house, a file each."""
    records = Record.objects.select_related("person", "establishment")
    for record in records:
        (folder / f"{record.pk}.json").write_bytes(write(export_record(record)))
    return len(records)


def told(verdict: Verdict) -> list[str]:
    """The warnings that are not about references: `urn:uuid:` hides from the checker what they lead to."""
    return [line for line in verdict.warnings if "urn:uuid:" not in line]


@needs_shared
@pytest.mark.needs_peer("node")
def test_the_sixty_people_of_the_demonstration_leave_without_an_error(db: None, tmp_path: Path) -> None:
    with tenant(demonstration(population(NOW.date())).pk):
        count = write_all(tmp_path)
        qualified = Person.objects.filter(identity_status="qualified").count()
    verdict = check(tmp_path)
    assert (count, len(verdict.files)) == (60, 60)
    assert qualified > 40
    assert verdict.errors == ()
    assert told(verdict) == []
    for file in tmp_path.iterdir():
        transfer = read(file.read_bytes())
        assert transfer.warnings == ()
        assert all(share.verbatim == 0 for name, share in coverage(transfer).items() if name in LABELS)


@needs_shared
@pytest.mark.needs_peer("node")
def test_what_was_received_leaves_without_an_error_edited_or_not(db: None, tmp_path: Path) -> None:
    files = {"sample": orjson.dumps(sample()), "published": orjson.dumps(published())}
    files |= {path.stem: path.read_bytes() for path in EXAMPLES.glob("Bundle-*.json")}
    for number, (name, raw) in enumerate(files.items()):
        body = ManagingBody.objects.create(name=name, finess=f"35000{number:04}")
        with tenant(body.pk):
            bring(raw)
            (tmp_path / f"{name}.json").write_bytes(taken_out())
            edit_everything()
            (tmp_path / f"{name}-edited.json").write_bytes(taken_out())
    verdict = check(tmp_path)
    assert len(verdict.files) == 2 * len(files)
    assert verdict.errors == ()


def edit_everything() -> None:
    """Every column of every row, with the values of the test of edits."""
    from jalon.exchange.transfer.tables import ALL
    from tests.exchange.transfer.test_edits import VALUES

    for table in ALL:
        for row in table.model._default_manager.all():
            for column, value in VALUES[table.name].items():
                setattr(row, column, value)
            row.save()


def test_a_record_of_the_demonstration_is_the_same_elsewhere(db: None) -> None:
    body = demonstration(population(NOW.date())[::9])
    with tenant(body.pk):
        files = {record.pk: taken_out(record) for record in Record.objects.all()}
        qualified = set(
            Record.objects.filter(person__identity_status="qualified").values_list("pk", flat=True)
        )
    other = ManagingBody.objects.create(name="Autre association", finess="350000014")
    with tenant(other.pk):
        for pk, mine in files.items():
            record = Record.objects.get(pk=bring(mine).records[0])
            lost = changes(mine, taken_out(record))
            assert all(map(is_identity, lost)) if pk in qualified else lost == []
    assert 0 < len(qualified) < len(files)


def is_identity(change: Change) -> bool:
    place = change.path.partition("].")[2]
    return change.path.startswith("Patient[") and place.startswith(IDENTITY)


def test_a_record_passes_from_house_to_house_and_stays_the_same(db: None) -> None:
    before = None
    for number in range(3):
        body = ManagingBody.objects.create(name="Étape", finess=f"35000{number:04}")
        with tenant(body.pk):
            bring(before or sample())
            after = taken_out()
        assert before in (None, after)
        before = after
