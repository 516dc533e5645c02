"""Pages are sent compressed to whoever takes them so; not what holds a secret, nor a file."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from jalon.faces.compressing import Compressed
from tests.web.story import Story

GZIP = {"HTTP_ACCEPT_ENCODING": "gzip, br"}
LONG = b"<p>Une phrase de la page.</p>" * 200


def answered(path: str, kind: str, content: bytes = LONG) -> HttpResponse:
    request = HttpRequest()
    request.path, request.META = path, GZIP
    given = HttpResponse(content, content_type=kind)
    return Compressed(lambda _: given)(request)  # type: ignore[return-value]  # the answer it was given


@pytest.mark.django_db
def test_a_page_is_compressed_for_whoever_takes_it_so_and_for_nobody_else(
    story: Story, educator: Client
) -> None:
    clear = educator.get(reverse("people:list"))
    packed = educator.get(reverse("people:list"), **GZIP)  # type: ignore[arg-type]  # a header
    assert "Content-Encoding" not in clear.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(clear.content) / 2
    assert str(story.record.person.usual_name).encode() in gzip.decompress(packed.content)


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/compte/2fa/totp/activate/", "text/html"), ("/dossiers/1/fichier/", "application/pdf")],
)
def test_a_secret_and_what_is_compressed_already_go_as_they_are(path: str, kind: str) -> None:
    assert answered(path, kind).content == LONG


def test_the_length_of_one_answer_says_little_twice_the_same_page_has_many_lengths() -> None:
    assert len({len(answered("/usagers/", "text/html").content) for _ in range(50)}) > 5
