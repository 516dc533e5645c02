"""People are found by words that the database keeps: under its policies, by its indexes, nobody cut."""

import datetime as dt
import random
import re
import uuid
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from jalon.core.names import fold
from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.people import search as engine
from jalon.people.actions import edit
from jalon.people.asked import read, slips, spellings, swapped
from jalon.people.models import NameKey, NameWord, Person
from jalon.people.queries import name_key
from jalon.people.search import (
    ALL,
    BEARING,
    BLOCK,
    BORN,
    VOCABULARY,
    candidates,
    twins_of,
)
from jalon.people.sound import keys
from jalon.records import search
from jalon.records.models import Record, Stay
from jalon_sandbox.bench import slips as usual
from jalon_sandbox.load import names
from jalon_sandbox.load.volume import Shape
from tests.factories import EstablishmentFactory, ManagingBodyFactory, PersonFactory, RecordFactory, traits
from tests.sandbox.load_base import filled, managing_body

pytestmark = pytest.mark.django_db
DAY = dt.date(1945, 3, 12)
NEW_YEAR = dt.date(1990, 1, 1)
KNOWN, SLIPS, CROWD = 1_500, 240, 1_500
# What an index of people or of records is read by.
READ_BY = re.compile(r" on (?:people|records)_\w+.*\n +Index Cond: (.*)")
LARGE = Shape(notes=0, events=0, openings=0, plans=0, ins=0, months=1, day="2026-11-22")


def people(number: int, born: dt.date | None = None) -> list[Person]:
    """Fictional people of various names, written at once."""
    chance = random.Random(7)  # noqa: S311  a repeatable draw, no secret
    made = []
    for rank in range(number):
        sex = chance.choice("FM")
        given = names.given(chance, sex)
        day = born or dt.date(1930, 1, 1) + dt.timedelta(days=chance.randrange(30_000))
        person = Person(
            key=f"3990000018/{rank:06}", birth_name=names.family(chance), first_name=given.split()[0],
            birth_first_names=given, sex=sex, birth_date=day,
        )  # fmt: skip
        person.name_key = name_key(person)
        made.append(person)
    kept = Person.objects.bulk_create(made, batch_size=500)
    house = EstablishmentFactory.create()
    Record.objects.bulk_create(Record(person=one, establishment=house, opened_on=DAY) for one in kept)
    return kept


def found(typed: str, count: int = 50) -> list[uuid.UUID]:
    return [one.person_id for one in search.found(Record.objects.all(), typed).first(count)]


def somebody(**traits_: Any) -> Person:
    """Somebody known here, with a record."""
    person: Person = RecordFactory.create(person=PersonFactory.create(**traits_)).person
    return person


def words_of(person: Person) -> set[str]:
    return set(NameWord.objects.filter(person=person.pk).values_list("word", flat=True))


# --- whom a slip hides -----------------------------------------------------------------------------


@pytest.mark.requirement("SC.INS/va1.02")
def test_at_least_95_in_100_of_each_kind_of_slip_find_whom_they_mean(body: ManagingBody) -> None:
    known = {
        str(usual.Typed(one.birth_name, one.first_name, one.birth_date)): one.pk
        for one in people(KNOWN)
        if one.birth_date
    }
    typed = [
        usual.Typed(one.birth_name, one.first_name, one.birth_date)
        for one in Person.objects.order_by("pk")
        if one.birth_date
    ]
    made = usual.slips(typed, seed=3, count=SLIPS)
    assert {slip.kind for slip in made} == set(usual.KINDS)
    for kind in usual.KINDS:
        mine = [slip for slip in made if slip.kind == kind]
        told = [known[str(slip.right)] in found(str(slip.wrong))[:20] for slip in mine]
        assert sum(told) >= 0.95 * len(mine), kind
    assert all(found(str(slip.right))[0] == known[str(slip.right)] for slip in made)


@pytest.mark.parametrize(
    "typed",
    [
        "dupont jean 12/03/1945", "jean dupont 12/03/1945", "12 03 45 dupon", "120345 dupont",
        "dupnot jean 12/03/1945", "duppont jean 12/03/1945", "dupont jaen", "dupond jean",
        "dupont jean 03/12/1945", "dupont jean 13/03/1945", "dupont jean 12/03/1954", "dupon 1945",
        "dupont-moreau", "moreau", "DUPONT Marie", "marie claire", "usage", "uzage jean", "le goff",
        "legoff", "goff", "0042ab", "3990000018/0042AB", "dupon jan 12/03/1945", "dupond 12/03/1945",
    ],
)  # fmt: skip
def test_each_way_to_type_somebody_finds_them(body: ManagingBody, typed: str) -> None:
    known = somebody(
        key="3990000018/0042AB", birth_name="DUPONT-MOREAU LE GOFF", first_name="Jean",
        birth_first_names="Jean Marie Claire", used_name="USAGE", birth_date=DAY,
    )  # fmt: skip
    somebody(birth_name="FICTIF", first_name="Zoé", birth_date=dt.date(1990, 7, 2))
    assert found(typed) == [known.pk]


def test_what_is_said_alike_is_found_and_a_stranger_is_not(body: ManagingBody) -> None:
    known = somebody(birth_name="FOUGERAULT", first_name="Philippe", birth_date=DAY)
    assert found("fougero filipe") == [known.pk]
    assert found("bruyère filipe") == []
    assert found("bruyère zoé 12/03/1945") == []


# --- a crowd ---------------------------------------------------------------------------------------


def test_in_a_crowd_born_on_1_january_each_finds_their_own(body: ManagingBody) -> None:
    crowd = people(CROWD, NEW_YEAR)
    known = somebody(birth_name="ZZTARDIF", first_name="Ibrahim", birth_date=NEW_YEAR)
    same = traits(
        birth_name="ZZTARDIF", first_name="Ibrahim", birth_first_names=known.birth_first_names,
        birth_date=NEW_YEAR,
    )  # fmt: skip
    assert twins_of(same) == [known]
    assert candidates(same)[0] == known
    assert found("zztardfi ibrahim 01/01/1990")[0] == known.pk
    last = crowd[-1]
    assert last.pk in found(f"{last.birth_name} {last.first_name} 01/01/1990")


# --- the words are the database's ------------------------------------------------------------------


def test_words_follow_a_person_written_edited_and_removed(body: ManagingBody) -> None:
    person = PersonFactory.create(key="3990000018/A-7", birth_name="D’ESSAI", first_name="Zoé")
    names_ = set(fold(f"{person.birth_name} Zoé {person.birth_first_names}").lower().split())
    assert words_of(person) >= names_ | {"dessai", "a", "7"}
    edit(person=person, by=None, birth_name="FICTIF", birth_date=DAY)
    assert words_of(person) >= {"fictif"}
    assert words_of(person).isdisjoint({"d", "essai", "dessai"})
    assert set(NameWord.objects.filter(person=person.pk).values_list("birth_date", flat=True)) == {DAY}
    Person.objects.filter(pk=person.pk).delete()
    assert words_of(person) == set()


def test_a_word_borne_by_many_has_its_spellings_once(body: ManagingBody) -> None:
    for _ in range(3):
        PersonFactory.create(birth_name="ESSAI", first_name="Zoé")
    keys = list(NameKey.objects.filter(word="essai").values_list("key", flat=True))
    assert sorted(keys) == ["esai", "essa", "essai", "essi", "ssai", "~ese"]


def test_the_people_known_before_are_given_their_words_and_twice_changes_nothing(body: ManagingBody) -> None:
    made = people(30)
    before = set(NameWord.objects.values_list("person", "word", "birth_date"))
    keys = set(NameKey.objects.values_list("key", "word"))
    fill = import_module("jalon.people.migrations.0006_words_of_the_known")
    NameWord.objects.filter(person__in=[one.pk for one in made[:20]]).delete()
    NameKey.objects.filter(key__startswith="~").delete()
    NameKey.objects.all().delete()
    with connection.schema_editor() as editor:
        fill.write_words(apps, editor)
        fill.write_words(apps, editor)
    assert set(NameWord.objects.values_list("person", "word", "birth_date")) == before
    assert set(NameKey.objects.values_list("key", "word")) == keys


# --- policies and indexes --------------------------------------------------------------------------


def test_words_and_search_stay_in_the_managing_body(body: ManagingBody) -> None:
    somebody(birth_name="DUPONT", first_name="Jean", birth_date=DAY)
    with tenant(ManagingBodyFactory().pk):
        assert found("dupont jean 12/03/1945") == found("dupond") == []
        assert not NameWord.objects.exists()
        assert not NameKey.objects.exists()


def plans() -> Iterator[str]:
    """How the database answers each question of the search, as the role of the application."""
    asked = read("dupnot jean 12/03/1945")
    typed = keys(spellings(asked.names))
    with connection.cursor() as cursor:
        for days in (swapped(asked.days), slips(asked.days[0])):
            cursor.execute(f"explain {BLOCK}", [typed, list(days)])
            yield "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute(f"explain {VOCABULARY}", [typed])
        yield "\n".join(line for (line,) in cursor.fetchall())
        both = ALL.format(f"{BEARING} INTERSECT {BEARING}")
        cursor.execute(f"explain {both}", [["dupont"], ["jean"], ["dupont", "jean"]])
        yield "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute(f"explain {BORN}", ["dupont", "dupont\x01", [DAY]])
        yield "\n".join(line for (line,) in cursor.fetchall())
    born = NameWord.objects.filter(birth_date__isnull=False).values_list("birth_date", flat=True)[0]
    number = Stay.objects.exclude(file_number="").values_list("file_number", flat=True)[0]
    for words in ("bruyere", "bruyre", "bruyere marie", f"{born:%d/%m/%Y}", number):
        for part in search.found(Record.objects.all(), words).records.parts:
            yield part[:50].explain()


@pytest.mark.django_db(transaction=True)
def test_no_search_reads_a_whole_table_though_row_level_security_stands_before_it() -> None:
    body = managing_body()
    filled(LARGE, 4_000)
    with tenant(body), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")  # even 4 000 people are sooner read than looked for
        told = list(filter(None, plans()))  # nobody bears some of what may have been meant
    assert [plan for plan in told if re.search("Seq Scan on (people|records)_", plan)] == []
    for plan in told:
        conditions = READ_BY.findall(plan)
        assert conditions
        assert all(" AND " in one for one in conditions if "managing_body_id =" in one), plan


def test_people_of_a_large_load_have_their_words_though_its_other_triggers_are_left_out(
    body: ManagingBody,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select tgname, tgenabled from pg_trigger where tgrelid = 'people_person'::regclass "
            "and tgname like 'people_words%%'"
        )
        assert dict(cursor.fetchall()) == dict.fromkeys(
            ("people_words_added", "people_words_changed", "people_words_removed"), "A"
        )


# --- a name alone ----------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["zzcrue", "zzcru", "zzcrrue", "marie", "marie zoe", "zz"])
def test_a_crowd_of_one_name_is_read_page_by_page_and_nobody_is_twice_nor_left_out(
    body: ManagingBody, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    for rank in range(12):
        name = ("ZZCRUE", "ZZCRUE-ZZCRUEL", "ZZCRUEL")[rank % 3]
        used = "ABEL" if rank % 2 else ""
        somebody(birth_name=name, used_name=used, first_name="Zoé", birth_first_names="Zoé Marie")
    records = Record.objects.all()
    few = {one.pk for one in search.found(records, typed).first(50)}
    assert len(few) >= 8
    monkeypatch.setattr(engine, "CROWD", 3)
    crowd = search.found(records, typed).records
    pages = [[one.pk for one in crowd.read(start, start + 5)] for start in range(0, 15, 5)]
    assert sorted(pages[0] + pages[1] + pages[2]) == sorted(few)
    assert crowd.count_up_to(99) == len(few)


def test_of_a_crowd_those_whose_name_begins_as_typed_come_first(
    body: ManagingBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [somebody(birth_name="FICTIF", first_name="Zzcrue", birth_date=day) for day in (NEW_YEAR, DAY)]
    named = [somebody(birth_name="ZZCRUE", used_name="", first_name=first) for first in ("Zoé", "Anne")]
    monkeypatch.setattr(engine, "CROWD", 1)
    assert found("zzcrue") == [one.pk for one in (*reversed(named), *reversed(others))]
