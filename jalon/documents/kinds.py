"""The kinds of documents: those that reach a house by hand, by words (the part of JDV_J07 that the field
uses); the class of content of each kind, hence who reads it. Pure.
"""

from collections.abc import Collection
from typing import Final

from jalon.staff.rules import ContentClass, Role
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
    Role.OUTSIDE_PRESCRIBER: "57833-6",
    Role.PHARMACIST: "34120-6",
    Role.DIETICIAN: "34120-6",
    Role.SECRETARY: ADMINISTRATIVE,
    Role.ACCOUNTS_OFFICER: ADMINISTRATIVE,
}

# JDV_J07 is a list of clinical documents: what this table does not name is of health, so is a type unknown.
# It has no kind for what comes from a court.
CLASSES: Final = {
    "51851-4": ContentClass.ADMINISTRATIVE,
    "PIECE-IDENTITE": ContentClass.ADMINISTRATIVE,
    "ATTEST-DROITS-AM": ContentClass.ADMINISTRATIVE,
    "ATTEST-ASS-COMPL": ContentClass.ADMINISTRATIVE,
    "ATTEST-HEBGT": ContentClass.ADMINISTRATIVE,
    "AUTORIS-SOINS": ContentClass.ADMINISTRATIVE,  # what one takes along to the hospital
    "59284-0": ContentClass.ADMINISTRATIVE,
    "28653-4": ContentClass.SOCIAL,
    "34842-5": ContentClass.SOCIAL,
    "80788-3": ContentClass.EDUCATIONAL,  # the personal plan
    "80771-9": ContentClass.DAILY,  # a PAI says what whoever is there does in an emergency
    "83901-9": ContentClass.PSYCHOLOGICAL,
}

ANY: Final = frozenset({ContentClass.HEALTH, *CLASSES.values()})
"""What a document may be about."""


def class_of(type_code: str) -> ContentClass:
    """What a document of this type is about."""
    return CLASSES.get(type_code, ContentClass.HEALTH)


def choices(classes: Collection[ContentClass]) -> list[tuple[str, str]]:
    """Each kind of these classes by code and words, in the order of an alphabet."""
    kinds = value_set("JDV_J07")
    offered = ((code, kinds.label(code)) for code in CODES if class_of(code) in classes)
    return sorted(offered, key=lambda one: one[1].casefold())


def usual(roles: Collection[Role]) -> str:
    """The kind that somebody of these roles files most often."""
    return next((code for role, code in USUAL.items() if role in roles), SOCIAL)
