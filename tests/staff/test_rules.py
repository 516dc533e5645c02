"""Which permissions a role carries, written out: a change of right is a change of this table."""

from hypothesis import given
from hypothesis import strategies as st

from jalon.staff.rules import PERMISSIONS, Permission, Role, together

# In the order of the columns of the table.
ROLES = (
    "educator",
    "care_worker",
    "aes",
    "nurse",
    "physician",
    "outside_prescriber",
    "pharmacist",
    "dietician",
    "psychologist",
    "team_lead",
    "director",
    "secretary",
    "accounts_officer",
    "quality_officer",
    "identity_officer",
    "dpo",
    "administrator",
)
TABLE = """
                     edu  as   aes  ide  med  pre  pha  die  psy  chef dir  sec  cpt  qua  idv  dpo  adm
enter                x    x    x    x    x    x    x    x    x    x    x    x    x    x    x    x    x
list_records         x    x    x    x    x    x    x    x    x    x    x    x    x    .    x    .    .
open_record          x    x    x    x    x    x    x    x    x    x    x    x    x    .    x    .    .
read_notes           x    x    x    x    x    x    x    x    x    x    x    .    .    .    .    .    .
read_daily           x    x    x    x    x    x    x    x    x    x    x    .    .    .    .    .    .
read_educational     x    x    x    x    x    .    .    .    x    x    x    .    .    .    .    .    .
read_social          x    x    x    x    x    .    .    .    x    x    x    .    .    .    .    .    .
read_health          .    x    x    x    x    x    x    x    x    x    x    .    .    .    .    .    .
read_psychological   .    .    .    .    x    .    .    .    x    x    .    .    .    .    .    .    .
read_justice         .    .    .    .    .    .    .    .    .    x    x    .    .    .    .    .    .
read_administrative  x    x    x    x    x    x    x    x    x    x    x    x    x    .    .    .    .
write_note           x    x    x    x    x    x    x    x    x    x    x    .    .    .    .    .    .
write_news           x    x    x    x    x    .    .    x    x    x    x    .    .    .    .    .    .
read_plan            x    x    x    x    x    .    .    .    x    x    x    .    .    .    .    .    .
write_plan           x    .    .    x    x    .    .    .    x    x    x    .    .    .    .    .    .
sign_plan            .    .    .    .    x    .    .    .    .    x    x    .    .    .    .    .    .
read_documents       x    x    x    x    x    x    x    x    x    x    x    x    x    .    .    .    .
add_document         x    x    x    x    x    x    x    x    x    x    x    x    x    .    .    .    .
send_document        x    .    .    x    x    .    .    .    x    x    x    .    .    .    .    .    .
read_agenda          x    x    x    x    x    .    .    x    x    x    x    x    .    .    .    .    .
write_agenda         x    x    x    x    x    .    .    x    x    x    x    x    .    .    .    .    .
read_ins             .    .    .    x    x    x    x    .    .    x    x    x    .    .    x    .    .
read_accesses        .    .    .    .    .    .    .    .    .    x    x    .    .    .    .    .    .
grant_access         .    .    .    .    .    .    .    .    .    x    x    .    .    .    .    .    .
break_glass          .    x    x    x    x    .    .    .    .    x    .    .    .    .    .    .    .
review_rights        .    .    .    .    .    .    .    .    .    x    x    .    .    .    .    .    .
simulate_rights      .    .    .    .    .    .    .    .    .    x    x    .    .    .    .    x    .
edit_person          .    .    .    .    .    .    .    .    .    x    x    x    .    .    x    .    .
qualify_identity     .    .    .    .    .    .    .    .    .    .    .    .    .    .    x    .    .
match_reception      .    .    .    x    x    .    .    .    .    x    x    x    .    .    x    .    .
open_reception       .    .    .    x    x    .    .    .    .    x    x    x    .    .    .    .    .
read_indicators      .    .    .    .    .    .    .    .    .    x    x    .    .    x    .    .    .
transfer_records     .    .    .    .    .    .    .    .    .    .    x    .    .    .    .    .    x
correct_indicators   .    .    .    .    .    .    .    .    .    .    x    .    .    .    .    .    .
change_rights        .    .    .    .    .    .    .    .    .    .    x    .    .    .    .    .    .
manage_staff         .    .    .    .    .    .    .    .    .    .    .    .    .    .    .    .    x
manage_settings      .    .    .    .    .    .    .    .    .    .    x    .    .    .    .    .    x
watch_machine        .    .    .    .    .    .    .    .    .    .    x    .    .    .    .    .    x
"""
EXPECTED = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()[1:]}


def carried(role: str) -> set[str]:
    return {permission for permission, marks in EXPECTED.items() if marks[ROLES.index(role)] == "x"}


def test_the_table_names_every_role_and_every_permission() -> None:
    assert set(EXPECTED) == set(Permission)
    assert set(ROLES) == set(Role) == set(PERMISSIONS)


def test_each_role_carries_what_the_table_says_and_nothing_else() -> None:
    assert {role: set(PERMISSIONS[role]) for role in ROLES} == {role: carried(role) for role in ROLES}


def test_whoever_keeps_the_accounts_opens_no_record_and_reads_nothing_of_it() -> None:
    business = set(Permission) - {
        "enter",
        "manage_staff",
        "manage_settings",
        "transfer_records",
        "watch_machine",
    }
    assert not PERMISSIONS["administrator"] & business


def test_nobody_but_the_administrator_keeps_the_accounts() -> None:
    assert [role for role in ROLES if "manage_staff" in PERMISSIONS[role]] == ["administrator"]


def test_without_a_role_nothing_is_allowed() -> None:
    assert together(()) == frozenset()


@given(st.sets(st.sampled_from(Role)), st.sets(st.sampled_from(Role)))
def test_roles_add_up(some: set[Role], others: set[Role]) -> None:
    one, other = (together(PERMISSIONS[role] for role in roles) for roles in (some, others))
    assert together(PERMISSIONS[role] for role in some | others) == one | other
