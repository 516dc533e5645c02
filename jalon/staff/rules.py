"""Which permissions a role carries. Pure; the role × page table of the tests is written from it."""

from typing import Final

EVERYONE: Final = {"enter", "list_records", "open_record"}
TEAM: Final = EVERYONE | {
    "read_notes",
    "write_note",
    "read_plan",
    "read_documents",
    "read_agenda",
    "write_agenda",
}
WRITERS: Final = TEAM | {"write_plan", "send_document"}
LEADS: Final = WRITERS | {
    "read_health_notes",
    "sign_plan",
    "read_accesses",
    "read_indicators",
    "match_reception",
}

PERMISSIONS: Final[dict[str, frozenset[str]]] = {
    "educator": frozenset(WRITERS),
    "care_worker": frozenset(TEAM | {"read_health_notes"}),
    "nurse": frozenset(WRITERS | {"read_health_notes", "match_reception"}),
    "physician": frozenset(WRITERS | {"read_health_notes", "sign_plan", "match_reception"}),
    "psychologist": frozenset(WRITERS | {"read_health_notes"}),
    "team_lead": frozenset(LEADS | {"edit_person"}),
    "director": frozenset(LEADS | {"edit_person", "transfer_records"}),
    "secretary": frozenset(
        EVERYONE | {"read_documents", "read_agenda", "write_agenda", "edit_person", "match_reception"}
    ),
    "identity_officer": frozenset(EVERYONE | {"edit_person", "qualify_identity", "match_reception"}),
    # Separation of duties (SC.SSI/GEN.16): whoever keeps the accounts opens no record.
    "administrator": frozenset({"enter", "manage_staff", "transfer_records"}),
}


def permissions_of(roles: set[str]) -> frozenset[str]:
    """All that these roles together allow."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
