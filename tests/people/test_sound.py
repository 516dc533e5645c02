"""A word typed has the keys that the database gives the words it knows."""

import random
from collections.abc import Iterable

import pytest
from django.db import connection

from jalon.core.names import fold
from jalon.people.sound import keys, sound
from jalon_sandbox.load import names

pytestmark = pytest.mark.django_db
WORDS = 2_000


def _drawn() -> Iterable[str]:
    """Words of fictional names, then any letters at all: those that the ear confounds, more often."""
    chance = random.Random(11)  # noqa: S311  a repeatable draw, no secret
    for _ in range(WORDS):
        yield from fold(f"{names.family(chance)} {names.given(chance, 'F')}").lower().split()
    for _ in range(4 * WORDS):
        yield "".join(chance.choices("abcdefghilmnopqrstuvwxyz" + 3 * "aceghqsu", k=chance.randint(1, 9)))


def test_a_word_has_the_same_keys_here_and_in_the_database() -> None:
    drawn = sorted(set(_drawn()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, people_sound(word), ARRAY(SELECT DISTINCT people_name_keys(word)) "
            "FROM unnest(%s::text[]) AS word",
            [drawn],
        )
        known = {word: (said, set(made)) for word, said, made in cursor.fetchall()}
    assert len(known) > 8_000
    assert {word: (sound(word), set(keys([word]))) for word in drawn} == known


@pytest.mark.parametrize(
    ("one", "other"), [("fougerault", "fougero"), ("philippe", "filipe"), ("uzage", "usage")]
)
def test_what_is_said_alike_has_one_sound(one: str, other: str) -> None:
    assert sound(one) == sound(other)
