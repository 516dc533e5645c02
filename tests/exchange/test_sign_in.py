"""Pro Santé Connect: its claims open the account of a professional we know, and no other."""

from typing import Any

import pytest

from jalon.core.errors import DomainError, Malformed
from jalon.db.tenant import tenant
from jalon.exchange.sign_in import account_of_claims
from jalon.staff.models import Account
from tests.factories import AccountFactory, ManagingBodyFactory, ProfessionalFactory, rpps

pytestmark = pytest.mark.django_db
RPPS = rpps(42)
LEVEL = {"acr": "eidas1"}


def claims(**changes: Any) -> dict[str, Any]:
    """What the provider says of a nurse."""
    said = {
        "sub": "f:test:1",
        "SubjectNameID": f"8{RPPS}",
        "given_name": "Ada",
        "family_name": "PROFESSIONNEL",
    }
    return said | changes


@pytest.mark.requirement("SC.PSC.02")
@pytest.mark.parametrize(
    "said",
    [
        {},
        {"SubjectNameID": RPPS},
        {"SubjectNameID": "0999900001", "otherIds": [{"identifiant": RPPS, "origine": "RPPS"}]},
        {"sub": "f:autre:2", "authMode": "CARD"},
    ],
    ids=["with its prefix", "bare", "known otherwise", "by another means"],
)
def test_one_professional_has_one_account_however_they_come(said: dict[str, Any]) -> None:
    account = AccountFactory.create(rpps=RPPS)
    assert account_of_claims(claims(**said), LEVEL) == account


@pytest.mark.requirement("SC.PSC.02")
@pytest.mark.parametrize("said", [{}, {"SubjectNameID": "0999900001"}], ids=["unknown", "without RPPS"])
def test_nobody_we_know_opens_no_account_and_makes_none(said: dict[str, Any]) -> None:
    AccountFactory.create(rpps=rpps(7))
    AccountFactory.create(rpps="")
    with pytest.raises(DomainError) as refusal:
        account_of_claims(claims(**said), LEVEL)
    assert refusal.value.code == "psc_unknown"
    assert Account.objects.count() == 2


def test_an_account_that_was_closed_stays_closed() -> None:
    AccountFactory.create(rpps=RPPS, is_active=False)
    with pytest.raises(DomainError) as refusal:
        account_of_claims(claims(), LEVEL)
    assert refusal.value.code == "psc_unknown"


@pytest.mark.parametrize("token", [{}, {"acr": "eidas0"}, {"acr": "0"}], ids=str)
def test_a_level_that_is_not_promised_opens_nothing(token: dict[str, str]) -> None:
    AccountFactory.create(rpps=RPPS)
    with pytest.raises(DomainError) as refusal:
        account_of_claims(claims(), token)
    assert refusal.value.code == "psc_weak_authentication"


@pytest.mark.parametrize("missing", ["sub", "SubjectNameID", "given_name", "family_name"])
def test_claims_that_name_nobody_are_the_provider_s_fault(missing: str) -> None:
    AccountFactory.create(rpps=RPPS)
    with pytest.raises(Malformed):
        account_of_claims(claims(**{missing: ""}), LEVEL)


def test_a_professional_of_a_tenant_without_account_does_not_sign_in() -> None:
    with tenant(ManagingBodyFactory.create().pk):
        ProfessionalFactory.create(rpps=RPPS)
    with pytest.raises(DomainError) as refusal:
        account_of_claims(claims(), LEVEL)
    assert refusal.value.code == "psc_unknown"
