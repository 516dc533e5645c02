"""Secrets at rest: what is stored tells nothing, and nothing altered or moved is believed."""

import base64
import os

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from jalon.db.encryption import decrypt, encrypt, keyed_hash
from jalon.db.fields import EncryptedJSONField, EncryptedTextField

SECRET = b"matricule fictif 251059999901234"


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@given(st.binary(max_size=2000), st.text(max_size=40))
def test_what_is_encrypted_comes_back(data: bytes, context: str) -> None:
    assert decrypt(encrypt(data, context=context), context=context) == data


def test_the_stored_bytes_do_not_hold_the_clear_ones() -> None:
    assert SECRET not in encrypt(SECRET, context="t.c")


def test_the_same_text_is_never_stored_twice_alike() -> None:
    assert encrypt(SECRET, context="t.c") != encrypt(SECRET, context="t.c")


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_altered_bit_anywhere_after_the_key_name_is_refused(place: int, bit: int) -> None:
    stored = bytearray(encrypt(SECRET, context="t.c"))
    start = stored.index(b":") + 1
    stored[start + place % (len(stored) - start)] ^= 1 << bit
    with pytest.raises(InvalidTag):
        decrypt(bytes(stored), context="t.c")


def test_a_truncated_value_is_refused() -> None:
    with pytest.raises(InvalidTag):
        decrypt(encrypt(SECRET, context="t.c")[:-1], context="t.c")


def test_a_value_moved_to_another_column_is_refused() -> None:
    stored = encrypt(SECRET, context="people.Person.ins")
    with pytest.raises(InvalidTag):
        decrypt(stored, context="people.Contact.ins")


def test_a_value_of_an_old_key_is_still_read(settings: Settings) -> None:
    old = f"2025:{new_key()}"
    settings.JALON_KEYS = [old]
    stored = encrypt(SECRET, context="t.c")
    settings.JALON_KEYS = [f"2026:{new_key()}", old]
    assert decrypt(stored, context="t.c") == SECRET


def test_the_first_key_writes_so_that_rewriting_retires_the_old_one(settings: Settings) -> None:
    old, new = f"2025:{new_key()}", f"2026:{new_key()}"
    settings.JALON_KEYS = [old]
    stored = encrypt(SECRET, context="t.c")
    settings.JALON_KEYS = [new, old]
    rewritten = encrypt(decrypt(stored, context="t.c"), context="t.c")
    assert rewritten.startswith(b"2026:")
    settings.JALON_KEYS = [new]
    assert decrypt(rewritten, context="t.c") == SECRET


def test_without_its_key_a_value_is_lost_and_says_which_key(settings: Settings) -> None:
    settings.JALON_KEYS = [f"2025:{new_key()}"]
    stored = encrypt(SECRET, context="t.c")
    settings.JALON_KEYS = [f"2026:{new_key()}"]
    with pytest.raises(KeyError, match="2025"):
        decrypt(stored, context="t.c")


def test_a_key_of_the_same_name_but_other_bytes_opens_nothing(settings: Settings) -> None:
    settings.JALON_KEYS = [f"2025:{new_key()}"]
    stored = encrypt(SECRET, context="t.c")
    settings.JALON_KEYS = [f"2025:{new_key()}"]
    with pytest.raises(InvalidTag):
        decrypt(stored, context="t.c")


@given(st.text(), st.text())
def test_two_keyed_hashes_are_equal_exactly_when_their_texts_are(one: str, other: str) -> None:
    assert (keyed_hash(one, context="c") == keyed_hash(other, context="c")) == (one == other)


def test_a_keyed_hash_depends_on_its_context_and_on_the_key(settings: Settings) -> None:
    before = keyed_hash("251059999901234", context="people.Person.ins")
    assert len(before) == 64
    assert keyed_hash("251059999901234", context="other") != before
    settings.JALON_HASH_KEY = new_key()
    assert keyed_hash("251059999901234", context="people.Person.ins") != before


def test_an_empty_text_is_stored_as_empty_so_that_constraints_can_see_it() -> None:
    field = EncryptedTextField(context="t.c")
    assert field.get_prep_value("") == ""
    assert field.get_prep_value(None) == ""
    assert field.from_db_value("", None, None) == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_an_encrypted_json_object_comes_back_whole(value: dict[str, object]) -> None:
    field = EncryptedJSONField(context="received")
    stored = field.get_prep_value(value)
    assert field.from_db_value(stored, None, None) == value
    if value:
        assert base64.b64decode(stored)


def test_an_object_is_opened_only_when_it_is_looked_into() -> None:
    """A row whose object was altered is still shown; whoever looks into the object is told."""
    field = EncryptedJSONField(context="received")
    altered = bytearray(base64.b64decode(field.get_prep_value({"nom": "FICTIF"})))
    altered[-1] ^= 1
    read = field.from_db_value(base64.b64encode(altered).decode(), None, None)
    assert read
    with pytest.raises(InvalidTag):
        read["nom"]


def test_an_object_saved_again_is_written_by_the_first_key(settings: Settings) -> None:
    field = EncryptedJSONField(context="received")
    old, new = f"2025:{new_key()}", f"2026:{new_key()}"
    settings.JALON_KEYS = [old]
    stored = field.get_prep_value({"nom": "FICTIF"})
    settings.JALON_KEYS = [new, old]
    rewritten = field.get_prep_value(field.from_db_value(stored, None, None))
    assert base64.b64decode(rewritten).startswith(b"2026:")
    assert field.from_db_value(rewritten, None, None) == {"nom": "FICTIF"}


def test_an_object_does_not_show_what_it_holds_in_a_log() -> None:
    field = EncryptedJSONField(context="received")
    read = field.from_db_value(field.get_prep_value({"nom": "FICTIF"}), None, None)
    assert read["nom"] == "FICTIF"
    assert "FICTIF" not in repr(read)


def test_what_was_received_cannot_be_read_in_the_column() -> None:
    stored = EncryptedJSONField(context="received").get_prep_value({"nom": "FICTIF"})
    assert "FICTIF" not in stored
    assert b"FICTIF" not in base64.b64decode(stored)


def test_the_context_of_a_field_is_part_of_its_migration() -> None:
    *_, kwargs = EncryptedTextField(context="people.Person.ins").deconstruct()
    assert kwargs["context"] == "people.Person.ins"
