"""A photo of a person, as it is kept: small, square, upright, without what a telephone hides in it. Pure."""

import io
from typing import Final

from PIL import Image, ImageOps

from jalon.core.errors import DomainError
from jalon.documents.files import JPEG, PNG, media_type

SIDE: Final = 320  # points: 64 on a screen, five times finer on paper
MAX_PIXELS: Final = 40_000_000
QUALITY: Final = 82


def square(data: bytes) -> bytes:
    """A JPEG of `SIDE` by `SIDE`: the middle of the picture, drawn again from its points alone.

    Raises DomainError `photo_refused` for what is no picture, is cut, or has too many points; and as
    `media_type` does.
    """
    if media_type(data) not in (JPEG, PNG):
        raise _refused("Ce fichier n’est pas une photo JPEG ou PNG. Choisissez-en une autre.")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise _refused("Cette photo a trop de points. Prenez-la en plus petit.")
            picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is read no finer than is needed
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise _refused("Cette photo est incomplète ou abîmée. Choisissez-en une autre.") from error
    kept = io.BytesIO()
    ImageOps.fit(upright, (SIDE, SIDE)).save(kept, "JPEG", quality=QUALITY, optimize=True)
    return kept.getvalue()


def _refused(words: str) -> DomainError:
    return DomainError(words, code="photo_refused", place="photo")
