"""The kinds of papers that reach a house by hand, by words: the part of JDV_J07 that the field uses. Pure."""

from collections.abc import Collection
from typing import Final

from jalon.staff.rules import Role
from jalon.terminology import value_set

SOCIAL: Final = "28653-4"
ADMINISTRATIVE: Final = "51851-4"
CODES: Final = (
    SOCIAL, ADMINISTRATIVE, "11488-4", "34112-3", "15507-7", "11490-0", "83981-1", "88348-8", "18761-7",
    "11502-2", "18748-4", "57828-6", "57833-6", "57832-8", "11506-3", "34120-6", "83901-9", "34842-5",
    "60591-5", "34133-9", "11369-6", "28617-9", "89601-9", "96349-6", "59284-0", "80771-9", "EXPPAT_1",
    "EXPPAT_3", "PIECE-IDENTITE", "ATTEST-DROITS-AM", "ATTEST-ASS-COMPL", "ATTEST-HEBGT", "AUTORIS-SOINS",
    "PROT_ALD", "CERT_DECL", "EXPPAT_2",
)  # fmt: skip
USUAL: Final = {
    Role.PHYSICIAN: "11488-4",
    Role.NURSE: "57828-6",
    Role.PSYCHOLOGIST: "83901-9",
    Role.SECRETARY: ADMINISTRATIVE,
}


def choices() -> list[tuple[str, str]]:
    """Each kind by code and words, in the order of an alphabet."""
    kinds = value_set("JDV_J07")
    return sorted(((code, kinds.label(code)) for code in CODES), key=lambda one: one[1].casefold())


def usual(roles: Collection[Role]) -> str:
    """The kind that somebody of these roles files most often."""
    return next((code for role, code in USUAL.items() if role in roles), SOCIAL)
