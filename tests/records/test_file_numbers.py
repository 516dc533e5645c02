"""The number that a house gives a file finds the person, by the words that the database keeps."""

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from jalon.organizations.models import ManagingBody
from jalon.people.actions import edit
from jalon.people.models import NameWord, Person
from jalon.records.actions import edit_stay
from jalon.records.models import Record, Stay
from jalon.records.search import found
from tests.factories import PersonFactory, RecordFactory, StayFactory

pytestmark = pytest.mark.django_db


def numbered(number: str, **person: object) -> Stay:
    """A stay of this number."""
    record = RecordFactory.create(person=PersonFactory.create(key="3990000018/AB", **person))
    return StayFactory.create(record=record, file_number=number)


def told(typed: str) -> list[Record]:
    return list(found(Record.objects.all(), typed).records)


def words_of(person: Person) -> set[str]:
    return set(NameWord.objects.filter(person=person.pk).values_list("word", flat=True))


@pytest.mark.parametrize(
    ("number", "typed"),
    [
        ("2024-0153", "2024-0153"), ("2024-0153", "20240153"), ("2024-0153", "0153"),
        ("20240153", "2024 0153"),
        ("SAVS/2024/12", "savs 2024 12"), ("A153", "A-153"), ("A-153", "a153"),
        ("ENTRÉE 7", "entree-7"),
        ("12031945", "12/03/1945"), ("2024-0153", "fictif 0153"),
    ],
)  # fmt: skip
def test_a_file_number_finds_its_person_however_it_is_typed(
    body: ManagingBody, number: str, typed: str
) -> None:
    stay = numbered(number, birth_name="FICTIF")
    RecordFactory.create()
    assert told(typed) == [stay.record]


def test_a_birth_date_that_is_also_a_number_finds_both_the_number_first(body: ManagingBody) -> None:
    stay = numbered("12031945", birth_name="ZZFICTIF")
    born = RecordFactory.create(person__birth_name="EXEMPLE", person__birth_date=dt.date(1945, 3, 12))
    assert told("12/03/1945") == [stay.record, born]


def test_words_follow_a_number_given_changed_and_withdrawn_and_the_names_stay(body: ManagingBody) -> None:
    stay = numbered("", birth_name="MARTEAU")
    person = stay.record.person
    names = words_of(person)
    edit_stay(stay=stay, by=None, file_number="2024-MARTEAU-7")
    assert words_of(person) == names | {"2024marteau7", "7"}
    edit(person=person, by=None, birth_date=dt.date(1945, 3, 12))
    assert words_of(person) == names | {"2024marteau7", "7"}
    assert set(NameWord.objects.values_list("birth_date", flat=True)) == {dt.date(1945, 3, 12)}
    edit_stay(stay=stay, by=None, file_number="8")
    assert words_of(person) == names | {"8"}
    Stay.objects.filter(pk=stay.pk).delete()
    assert words_of(person) == names


def test_the_numbers_known_before_are_given_their_words_and_twice_changes_nothing(body: ManagingBody) -> None:
    stays = [numbered_of(rank) for rank in range(3)]
    before = set(NameWord.objects.values_list("person", "word", "birth_date"))
    NameWord.objects.filter(word__startswith="2024").delete()
    assert told("2024-0002") == []
    fill = import_module("jalon.records.migrations.0003_words_of_known_numbers")
    with connection.schema_editor() as editor:
        fill.write_words(apps, editor)
        fill.write_words(apps, editor)
    assert set(NameWord.objects.values_list("person", "word", "birth_date")) == before
    assert told("2024-0002") == [stays[2].record]


def numbered_of(rank: int) -> Stay:
    return StayFactory.create(file_number=f"2024-{rank:04}")
