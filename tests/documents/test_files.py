"""What may be added is known by its bytes; what is cut, disguised or a bomb is refused with words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.core.errors import DomainError
from jalon.documents.files import media_type, title_of
from jalon.documents.kinds import CLASSES, CODES, SOCIAL, USUAL, choices, class_of, usual
from jalon.staff.rules import PERMISSIONS, READS, ContentClass, Permission, Role
from tests.documents.papers import PDF, chunk, jpeg, png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "application/pdf"),
        (png(), "image/png"),
        (jpeg(), "image/jpeg"),
        (jpeg(8000, 6000), "image/jpeg"),  # a telephone of 48 million pixels
        (jpeg() + b"what a telephone adds after the picture", "image/jpeg"),
    ],
)
def test_the_bytes_say_what_a_file_is(data: bytes, kind: str) -> None:
    assert media_type(data) == kind


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_kind_refused"),
        (b"<!doctype html><script>alert(1)</script>", "file_kind_refused"),
        (SVG, "file_kind_refused"),
        (b"<html>" + PDF, "file_kind_refused"),  # a page first, a PDF after: a browser may show the page
        (b"GIF89a" + b"\0" * 20, "file_kind_refused"),
        (b"PK\3\4" + b"\0" * 20, "file_kind_refused"),
        (PDF[:-7], "file_cut"),
        (jpeg()[:-2], "file_cut"),
        (jpeg(thumbnail=jpeg())[:-2], "file_cut"),  # the end of the thumbnail is not that of the picture
        (jpeg(0, 8), "file_cut"),
        (png()[:-12], "file_cut"),
        (png()[:40], "file_cut"),
        (png().replace(b"IDAT", b"IDAX"), "file_cut"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "file_cut"),
        (png(10_000, 10_000), "picture_too_large"),
        (jpeg(65_000, 65_000), "picture_too_large"),
    ],
)
def test_what_is_cut_disguised_or_a_bomb_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        media_type(data)
    assert refusal.value.code == code


@given(st.sampled_from((PDF, png(), jpeg())), st.binary(max_size=60), st.integers(0, 80))
def test_whatever_a_file_holds_it_is_taken_or_refused(base: bytes, noise: bytes, at: int) -> None:
    try:
        assert media_type(base[:at] + noise) in ("application/pdf", "image/png", "image/jpeg")
    except DomainError as refusal:
        assert refusal.code in ("file_kind_refused", "file_cut", "picture_too_large")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("ordonnance_du-12.pdf", "Ordonnance du 12"),
        ("sans suffixe", "Sans suffixe"),
        ("___.pdf", ""),
        ("a" * 300 + ".png", "A" + "a" * 127),
    ],
)
def test_a_title_is_drawn_from_the_name_of_the_file(name: str, title: str) -> None:
    assert title_of(name) == title


def test_each_kind_has_its_words_and_each_profession_its_usual_one() -> None:
    assert len(dict(choices(ContentClass))) == len(CODES)
    assert all(label and label != code for code, label in choices(ContentClass))
    assert set(USUAL.values()) | {SOCIAL} <= set(CODES)
    assert usual({Role.PSYCHOLOGIST}) == "83901-9"
    assert usual({Role.EDUCATOR}) == SOCIAL


def test_what_a_document_is_about_is_said_of_known_types_and_is_of_health_otherwise() -> None:
    assert set(CLASSES) <= {*CODES, "80788-3"}
    assert {class_of(code) for code in ("11488-4", "", "inconnu")} == {ContentClass.HEALTH}
    assert class_of("PIECE-IDENTITE") == ContentClass.ADMINISTRATIVE


def test_a_kind_is_offered_to_whoever_may_read_it_again_and_so_is_the_usual_one() -> None:
    assert set(dict(choices({ContentClass.PSYCHOLOGICAL}))) == {"83901-9"}
    for role in Role:
        if Permission.ADD_DOCUMENT in PERMISSIONS[role]:
            assert usual({role}) in dict(choices(READS[role])), role
