"""No page grows with the people of a house: whatever lists them pages, and says how many there are.

One house of the generator, with hundreds of people, structures, colleagues, letters: every page that the
areas declare is asked as a server is, before and after they are four times as many.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator

import pytest
from django.urls import reverse
from pytest_django import Settings

from jalon.db.tenant import tenant
from jalon.documents.storage import store
from jalon.exchange.models import ImportedFile, Reception
from jalon.organizations.models import Establishment, Structure
from jalon.records.models import Record
from jalon.staff.models import Account, Professional
from jalon_sandbox.bench.lists import pages
from jalon_sandbox.load.volume import Shape
from tests.sandbox.load_base import filled, managing_body
from tests.web.story import enter

FEW, MANY = 70, 280
GROWS = 3_000  # bytes: fewer than a line for each of those who came


@pytest.fixture
def filled_body(transactional_db: None, settings: Settings) -> uuid.UUID:
    """A service of `FEW` people, with as many of everything else."""
    settings.WHITENOISE_AUTOREFRESH = True
    body = managing_body()
    grow(body, 0, FEW)
    return body


@pytest.fixture
def house(filled_body: uuid.UUID) -> Iterator[Establishment]:
    """The same, seen from inside."""
    with tenant(filled_body):
        yield Establishment.objects.get(name="SAVS Les Passereaux")


def grow(body: uuid.UUID, before: int, people: int) -> None:
    today = dt.date.today().isoformat()  # noqa: DTZ011  the pages are asked now
    filled(Shape(service=1_000, notes=30, events=30, openings=4, plans=0, months=1, day=today), people)
    with tenant(body):
        numbers = range(before, people)
        house = Establishment.objects.get(name="SAVS Les Passereaux")
        raw = store(b"From: ailleurs@exemple.test\r\n\r\n")
        Structure.objects.bulk_create(Structure(key=f"1{n}", name=f"Structure {n}") for n in numbers)
        Professional.objects.bulk_create(
            Professional(key=f"8{n}", first_name="Anne", last_name=f"AILLEURS {n}") for n in numbers
        )
        ImportedFile.objects.bulk_create(
            ImportedFile(sha256=f"{n:064}", imported_at=dt.datetime.now(dt.UTC)) for n in numbers
        )
        Reception.objects.bulk_create(
            Reception(
                establishment=house, mailbox="essai@jalon.mssante.test", message_id=f"<{n}@essai>",
                raw_sha256=raw, received_at=dt.datetime.now(dt.UTC), subject=f"Courrier {n}",
                state=("to_match", "filed", "rejected")[n % 3],
            )
            for n in range(3 * before, 3 * people)
        )  # fmt: skip


def test_no_page_grows_with_the_people_of_the_house(filled_body: uuid.UUID) -> None:
    before = {one.name: one.who.get(one.path) for one in pages()}
    grow(filled_body, FEW, MANY)
    after = {one.name: one.who.get(one.path) for one in pages()}
    assert len(before) > 25
    grown = {name: size - before[name] for name, size in after.items() if name in before}
    assert {name: size for name, size in grown.items() if size > GROWS} == {}


@pytest.mark.parametrize(
    ("page", "asked"),
    [("people:list", {}), ("agenda:week", {"qui": "tous"}), ("home:day", {}), ("handover:write", {})],
)
def test_a_page_of_people_says_how_many_there_are_and_leads_to_the_next(
    house: Establishment, page: str, asked: dict[str, str]
) -> None:
    lead = enter(Account.objects.get(email__startswith="team_lead.0.0."))
    first = lead.get(reverse(page), asked).content.decode()
    (last,) = re.findall(rf"1 à (\d+) sur {FEW}\b", first)
    assert int(last) < FEW
    assert 'rel="next"' in first or 'formaction="?page=2-apres-' in first


def test_every_person_is_on_one_page_of_the_list_and_under_one_letter(house: Establishment) -> None:
    director = enter(Account.objects.get(email__startswith="director.0.0."))
    links = re.compile(r"/dossiers/([0-9a-f-]{36})/")

    def shown(**asked: str | int) -> list[str]:
        return links.findall(director.get(reverse("people:list"), asked).content.decode())

    records = {str(pk) for pk in Record.objects.values_list("pk", flat=True)}
    by_page = [*shown(page=1), *shown(page=2)]
    assert sorted(by_page) == sorted(records)
    by_letter = [found for letter in "abcdefghijklmnopqrstuvwxyz" for found in shown(lettre=letter)]
    assert sorted(by_letter) == sorted(records)


def test_of_a_large_place_one_sees_ones_own_people_then_a_unit_then_everybody(house: Establishment) -> None:
    nurse = Account.objects.get(email__startswith="nurse.0.0.5")
    worker = Professional.objects.get(account=nurse)
    mine = list(Record.objects.order_by("person__name_key")[:3])
    Record.objects.filter(pk__in=[one.pk for one in mine]).update(key_worker=worker)
    client, agenda = enter(nurse), reverse("agenda:week")

    def people(**asked: str) -> int:
        page = client.get(agenda, asked).content.decode()
        return len(re.findall(r'<th scope="row">', page))

    unit = house.units.order_by("name").first()
    assert unit is not None
    assert (people(), people(qui="tous"), people(qui=str(unit.pk))) == (3, 50, min(50, unit.records.count()))
    page = client.get(agenda, {"qui": "tous", "page": "2"}).content.decode()
    assert "semaine=" in page
    assert re.search(r"\?semaine=[\d-]+&amp;(qui=tous&amp;page=2|page=2&amp;qui=tous)", page)


def test_whoever_looks_for_somebody_to_write_about_keeps_what_is_written(house: Establishment) -> None:
    nurse = enter(Account.objects.get(email__startswith="nurse.0.0.5"))
    somebody = Record.objects.select_related("person").order_by("-person__name_key")[0]
    write = reverse("handover:write")
    said = {"texte": "A bien dormi.", "famille": "vie", "geste": "chercher", "q": somebody.person.usual_name}
    found = nurse.post(write, said)
    page = found.content.decode()
    assert (found.status_code, "A bien dormi." in page, str(somebody.pk) in page) == (200, True, True)
    assert not somebody.notes.filter(text="A bien dormi.").exists()
    nurse.post(write, said | {"geste": "", "record": str(somebody.pk)})
    assert somebody.notes.filter(text="A bien dormi.").exists()
