"""What we write is accepted by the national schema and schematrons, and says the same thing twice."""

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.formats.cda.body import Document
from jalon.formats.cda.validate import Schema, check
from jalon.formats.cda.writer import write
from jalon.terminology import value_set
from tests.formats.cda.documents import DOCUMENTS, EVENING
from tests.formats.cda.samples import NOW, ZOE, embedded, structured
from tests.support import needs_shared

if TYPE_CHECKING:
    from cda_check import CdaChecker


@needs_shared
@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_we_write_passes_our_rules_the_schema_and_every_schematron(
    document: Document, schema: Schema, checker: "CdaChecker"
) -> None:
    assert check(document, value_sets=value_set) == []
    data = write(document)
    assert schema.problems(data) == []
    assert [
        f"{error.source} {error.location} {error.message}" for error in checker.check(data).all_errors
    ] == []


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_the_same_values_give_the_same_bytes(document: Document) -> None:
    assert write(document) == write(document)
    assert write(document).startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument')


def test_the_ins_comes_before_the_local_number_and_only_when_it_is_given() -> None:
    with_ins, without = write(embedded()), write(embedded(replace(ZOE, ins=None)))
    assert with_ins.index(b"275126322074974") < with_ins.index(b"USAGER-0001")
    assert b"1.2.250.1.213.1.4.10" not in without


def test_a_document_for_the_dmp_carries_its_oid_without_extension() -> None:
    assert b'<id root="1.2.250.1.999.1.4.20261124.1"/>' in write(embedded())


def test_a_document_names_no_stylesheet_and_no_schema_location() -> None:
    data = write(structured())
    assert b"xml-stylesheet" not in data
    assert b"schemaLocation" not in data


def test_times_are_local_with_their_offset() -> None:
    assert b'<effectiveTime value="20261124141500-0400"/>' in write(embedded(effective_time=EVENING))


def test_a_time_without_offset_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="offset"):
        write(embedded(effective_time=NOW.replace(tzinfo=None)))


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x92", "\ud800", "\ufffe"])
def test_a_control_character_is_refused_with_its_place(character: str) -> None:
    with pytest.raises(DomainError, match="caractère de contrôle") as refusal:
        write(embedded(title=f"Projet {character}"))
    assert refusal.value.code == "control_character"
    assert refusal.value.place == "ClinicalDocument/title"


def test_a_control_character_in_an_attribute_is_placed_too() -> None:
    with pytest.raises(DomainError) as refusal:
        write(embedded(replace(ZOE, ins=Ins("27512632207497\x01", "1.2.250.1.213.1.4.10"))))
    assert refusal.value.place == "ClinicalDocument/recordTarget/patientRole/id"


def test_words_never_become_elements() -> None:
    data = write(embedded(title="</title><script>alert('&amp;')</script>"))
    assert b"<script>" not in data
    assert b"&lt;/title&gt;&lt;script&gt;alert('&amp;amp;')" in data
