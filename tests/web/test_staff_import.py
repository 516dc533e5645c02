"""A list of staff on screen: looked at, mended, brought in; and what a hostile one gets."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jalon.db.tenant import tenant
from jalon.staff.models import Account, Membership
from tests.formats.test_sheets import workbook
from tests.web.story import Story, enter

pytestmark = pytest.mark.django_db
TITLES = ["Nom", "Prénom", "Courriel", "Fonction", "Établissement", "Unité"]
ANA = ["ÉRABLE", "Ana", "ana@jalon.example", "infirmière", "Foyer d’Essai", ""]
IMPORT = "/comptes/importer/"


@pytest.fixture
def keeper(story: Story) -> Client:
    return enter(story.hire("administrator"))


def send(client: Client, data: bytes, gesture: str = "importer") -> Any:
    return client.post(IMPORT, {"sent": SimpleUploadedFile("liste.xlsx", data), "gesture": gesture})


def text(answer: Any) -> str:
    """What is read, no-break spaces as spaces."""
    said: str = answer.content.decode()
    return said.replace("\xa0", " ")


def test_a_workbook_is_looked_at_then_brought_in_with_links(story: Story, keeper: Client) -> None:
    book = workbook([TITLES, ANA])
    looked = send(keeper, book, "verifier")
    assert (looked.status_code, "Sera invité" in text(looked)) == (200, True)
    assert not Account.objects.filter(email=ANA[2]).exists()
    done = send(keeper, book)
    assert text(done).count("/compte/lien/") == 1
    with tenant(story.body.pk):
        assert Membership.objects.get(professional__account__email=ANA[2]).role == "nurse"


def test_a_line_to_mend_stops_the_list_and_is_in_the_file_of_errors(story: Story, keeper: Client) -> None:
    assert keeper.get(reverse("staff:import-errors")).status_code == 302
    bad = [*ANA[:3], "+reine", *ANA[4:]]
    answer = send(keeper, workbook([TITLES, ANA, bad]))
    assert (answer.status_code, "Import refusé : rien n’est enregistré" in text(answer)) == (422, True)
    assert not Account.objects.filter(email=ANA[2]).exists()
    errors = keeper.get(reverse("staff:import-errors"))
    assert errors["Content-Disposition"].startswith("attachment")
    assert b"'+reine" in errors.content
    assert enter(story.hire("administrator")).get(reverse("staff:import-errors")).status_code == 302


def test_who_keeps_a_unit_brings_people_into_that_unit_alone(story: Story) -> None:
    keeper = enter(story.staff["administrator"])
    for place in (ANA, [*ANA[:5], "Rouge"], [*ANA[:4], story.other_house.name, ""]):
        assert send(keeper, workbook([TITLES, place])).status_code == 422
    assert send(keeper, workbook([TITLES, [*ANA[:5], "Bleue"]])).status_code == 200


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04rien", b"\x89PNG\r\n", b'Nom\n"', b"Nom;Nom\n", b"\xff\xfe" * 50]
)
def test_what_is_no_list_is_refused_in_words(story: Story, keeper: Client, data: bytes) -> None:
    assert send(keeper, data).status_code == 422


def test_what_a_cell_says_is_shown_as_text(story: Story, keeper: Client) -> None:
    answer = send(keeper, workbook([TITLES, ["<script>x</script>", *ANA[1:]]]), "verifier")
    assert "&lt;script&gt;" in text(answer)
    assert "<script>x" not in text(answer)
