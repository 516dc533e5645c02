"""What a password may not be: a common word made longer, one's own name, a few signs."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from jalon.db.tenant import tenant
from jalon.organizations.models import ManagingBody
from jalon.staff.models import Account
from tests.factories import TEST_PASSWORD, AccountFactory, ProfessionalFactory

pytestmark = pytest.mark.django_db


def codes(password: str, account: Account | None = None) -> set[str | None]:
    try:
        validate_password(password, account)
    except ValidationError as refused:
        return {one.code for one in refused.error_list}
    return set()


@pytest.mark.parametrize(
    "weak",
    [
        "Password1234!",
        "motdepasse2026",
        "Bonjour!202611",
        "m0tdep@sse2026",
        "Infirmière2026!",
        "azertyazerty",
        "azertyuiop12",
        "chocolatchocolat",
        "2026Bienvenue2026",
    ],
)
def test_a_common_word_made_longer_is_refused(weak: str) -> None:
    assert "password_common_word" in codes(weak)


@pytest.mark.parametrize(
    "strong", [TEST_PASSWORD, "Trois-chevaux-verts-9", "mauve tracteur lundi", "kX9!vQ2#mR7z"]
)
def test_words_put_together_and_signs_drawn_are_taken(strong: str) -> None:
    assert codes(strong) == set()


def test_ones_name_or_address_is_refused_with_or_without_its_accents(body: ManagingBody) -> None:
    account = AccountFactory.create(email="rose.ancolie@residence-essai.test", password=None)
    with tenant(body.pk):
        ProfessionalFactory.create(account=account, first_name="Éléonore", last_name="BRUYÈRE-FICTIVE")
        for own in ("vive-Ancolie-1987", "la-bruyere-du-soir", "ELEONORE-et-le-lac", "mon-essai-du-jour"):
            assert "password_of_oneself" in codes(own, account), own
        assert codes("trois-chevaux-verts", account) == set()


def test_what_is_of_somebody_else_is_not_looked_at(body: ManagingBody) -> None:
    ProfessionalFactory.create(first_name="Éléonore", last_name="BRUYÈRE-FICTIVE")
    assert codes("la-bruyere-du-soir", AccountFactory.create(password=None)) == set()
