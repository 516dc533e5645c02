"""Within what a house changes a function, by hand: what the secret shared by law forbids, no house opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalon.staff.limits import NEEDS, WHO_MAY_HAVE, allowed, is_changeable, may_have
from jalon.staff.rules import PERMISSIONS, Permission, Role

# Never given, whatever the house: of who opens records (the others read nothing of them).
CLOSED = {
    Role.SECRETARY: {"read_notes", "read_daily", "read_educational", "read_health", "read_psychological",
                     "read_justice", "write_note", "read_plan", "grant_access"},
    Role.ACCOUNTS_OFFICER: {"read_notes", "read_health", "read_social", "read_psychological", "read_justice",
                            "match_reception", "open_reception", "qualify_identity"},
    Role.IDENTITY_OFFICER: {"read_documents", "read_notes", "read_health", "read_justice", "open_reception"},
    Role.CARE_WORKER: {"read_psychological", "read_justice", "sign_plan", "grant_access", "qualify_identity"},
    Role.AES: {"read_psychological", "read_justice", "sign_plan", "grant_access", "qualify_identity"},
    Role.EDUCATOR: {"read_psychological", "sign_plan", "grant_access", "read_accesses"},
    Role.OUTSIDE_PRESCRIBER: {"read_psychological", "read_justice", "write_plan", "write_agenda"},
    Role.PHARMACIST: {"read_psychological", "read_justice", "write_plan", "write_news", "edit_person"},
}  # fmt: skip
OF_THE_PRODUCT = {
    "enter", "list_records", "open_record", "transfer_records", "correct_indicators", "change_rights",
    "review_rights", "manage_staff", "manage_settings", "watch_machine",
}  # fmt: skip
PERMISSION = st.sets(st.sampled_from(Permission))


@pytest.mark.parametrize("role", CLOSED)
def test_no_house_gives_what_the_shared_secret_and_the_separation_of_duties_forbid(role: Role) -> None:
    assert {one for one in CLOSED[role] if may_have(role, Permission(one))} == set()


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DPO])
def test_who_keeps_the_accounts_or_watches_over_the_data_is_given_nothing(role: Role) -> None:
    assert [one for one in Permission if may_have(role, one)] == [
        one for one in Permission if one in PERMISSIONS[role]
    ]


def test_what_is_of_the_product_changes_nowhere() -> None:
    assert {one for one in Permission if not is_changeable(one)} == OF_THE_PRODUCT
    for role in Role:
        assert allowed(role, taken=OF_THE_PRODUCT) == PERMISSIONS[role]


def test_the_rule_of_the_product_is_within_its_own_limits() -> None:
    beyond = {
        (role, one)
        for role, may in PERMISSIONS.items()
        for one in may
        if is_changeable(one) and role not in WHO_MAY_HAVE[one]
    }
    assert beyond == set()


def test_without_change_a_function_is_that_of_the_product() -> None:
    assert {role: allowed(role) for role in Role} == PERMISSIONS


@given(st.sampled_from(Role), PERMISSION, PERMISSION)
def test_whatever_is_changed_nobody_goes_beyond_nor_writes_without_reading(
    role: Role, given: set[Permission], taken: set[Permission]
) -> None:
    now = allowed(role, given, taken)
    assert all(may_have(role, one) for one in now)
    assert all(NEEDS[one] in now for one in now if one in NEEDS)
    assert not {one for one in taken if is_changeable(one)} & now
    assert {one for one in PERMISSIONS[role] if not is_changeable(one)} <= now


def test_a_right_of_another_version_is_without_effect() -> None:
    assert allowed(Role.NURSE, ["fly"], ["swim"]) == PERMISSIONS[Role.NURSE]
