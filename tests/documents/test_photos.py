"""A photo is kept small, square and upright, without what a telephone hides in it."""

import io

import pytest
from PIL import Image

from jalon.core.errors import DomainError
from jalon.documents.photos import SIDE, square
from tests.documents.papers import PDF, jpeg, png

PLACE = 0x8825  # of the GPS data, in EXIF
TURNED = 0x0112


def photo(size: tuple[int, int] = (800, 600), kind: str = "JPEG", turned: int = 1) -> bytes:
    """Red on its left half, blue on its right; with an orientation and a place when it is a JPEG."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[TURNED] = turned
    exif.get_ifd(PLACE)[1] = "N"
    kept = io.BytesIO()
    picture.save(kept, kind, **({"exif": exif} if kind == "JPEG" else {}))
    return kept.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("size", [(800, 600), (60, 900), (1, 1)])
def test_a_photo_is_a_small_square_without_hidden_data(kind: str, size: tuple[int, int]) -> None:
    with Image.open(io.BytesIO(square(photo(size, kind)))) as kept:
        assert (kept.format, kept.size, kept.mode) == ("JPEG", (SIDE, SIDE), "RGB")
        assert not kept.getexif()


def test_a_photo_taken_on_the_side_stands_upright() -> None:
    with Image.open(io.BytesIO(square(photo((600, 600), turned=6)))) as kept:
        top, bottom = kept.getpixel((SIDE // 2, 20)), kept.getpixel((SIDE // 2, SIDE - 20))
    assert top[0] > 200 > 50 > top[2], top
    assert bottom[2] > 200 > 50 > bottom[0], bottom


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (PDF, "n’est pas une photo"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "n’est ni un PDF, ni une image"),
        (photo()[:-400], "incomplet|incomplète"),
        (jpeg(8, 8), "incomplète ou abîmée"),
        (png(7000, 7000), "trop de points"),
        (png(10_000, 10_000), "trop de points"),
        (b"", "n’est ni un PDF, ni une image"),
    ],
    ids=["a PDF", "an SVG", "cut", "no picture inside", "large", "a bomb", "nothing"],
)
def test_what_is_no_photo_is_refused_with_words(data: bytes, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        square(data)
