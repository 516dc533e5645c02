"""Within what an establishment changes what a function allows: the product's limits. Pure.

The director of a house gives a function a permission more, or takes one away (CASF L311-3, CSP L1110-4: who
shares the secret is who takes part in accompanying; SC.SSI/GEN.16: separation of duties).
"""

from collections.abc import Collection
from typing import Final

from jalon.staff.rules import OPENS, PERMISSIONS, Permission, Role

TEAM: Final = frozenset(
    {
        Role.EDUCATOR, Role.CARE_WORKER, Role.AES, Role.NURSE, Role.PHYSICIAN, Role.DIETICIAN,
        Role.PSYCHOLOGIST, Role.TEAM_LEAD, Role.DIRECTOR,
    }
)  # fmt: skip
CARERS: Final = TEAM | {Role.OUTSIDE_PRESCRIBER, Role.PHARMACIST}
OFFICE: Final = frozenset({Role.SECRETARY, Role.ACCOUNTS_OFFICER})
WHO_MAY_HAVE: Final[dict[Permission, frozenset[Role]]] = {
    Permission.READ_NOTES: CARERS,
    Permission.READ_DAILY: CARERS,
    Permission.READ_EDUCATIONAL: CARERS,
    Permission.READ_SOCIAL: CARERS | {Role.SECRETARY},
    Permission.READ_HEALTH: CARERS,
    Permission.READ_PSYCHOLOGICAL: frozenset(
        {Role.PSYCHOLOGIST, Role.PHYSICIAN, Role.NURSE, Role.TEAM_LEAD, Role.DIRECTOR}
    ),
    Permission.READ_JUSTICE: frozenset(
        {Role.TEAM_LEAD, Role.DIRECTOR, Role.EDUCATOR, Role.PSYCHOLOGIST, Role.PHYSICIAN}
    ),
    Permission.READ_ADMINISTRATIVE: CARERS | OFFICE | {Role.IDENTITY_OFFICER},
    Permission.WRITE_NOTE: CARERS,
    Permission.WRITE_NEWS: TEAM,
    Permission.READ_PLAN: CARERS,
    Permission.WRITE_PLAN: TEAM,
    Permission.SIGN_PLAN: frozenset({Role.TEAM_LEAD, Role.DIRECTOR, Role.PHYSICIAN, Role.PSYCHOLOGIST}),
    Permission.READ_DOCUMENTS: CARERS | OFFICE,
    Permission.ADD_DOCUMENT: CARERS | OFFICE,
    Permission.SEND_DOCUMENT: CARERS | {Role.SECRETARY},
    Permission.READ_AGENDA: CARERS | OFFICE,
    Permission.WRITE_AGENDA: TEAM | OFFICE,
    Permission.READ_INS: OPENS,
    Permission.READ_ACCESSES: frozenset({Role.TEAM_LEAD, Role.DIRECTOR}),
    Permission.GRANT_ACCESS: frozenset({Role.TEAM_LEAD, Role.DIRECTOR}),
    Permission.BREAK_GLASS: TEAM,
    Permission.SIMULATE_RIGHTS: frozenset({Role.TEAM_LEAD, Role.DIRECTOR, Role.DPO}),
    Permission.EDIT_PERSON: TEAM | OFFICE | {Role.IDENTITY_OFFICER},
    Permission.QUALIFY_IDENTITY: frozenset(
        {Role.IDENTITY_OFFICER, Role.SECRETARY, Role.NURSE, Role.TEAM_LEAD}
    ),
    Permission.MATCH_RECEPTION: TEAM | {Role.SECRETARY, Role.IDENTITY_OFFICER},
    Permission.OPEN_RECEPTION: TEAM | {Role.SECRETARY},
    Permission.READ_INDICATORS: TEAM | OFFICE | {Role.QUALITY_OFFICER},
}
"""Who may have it in some house. What is not named here is of the product, and no house changes it."""

NEEDS: Final[dict[Permission, Permission]] = {
    Permission.WRITE_NOTE: Permission.READ_NOTES,
    Permission.WRITE_NEWS: Permission.READ_NOTES,
    Permission.READ_PLAN: Permission.READ_EDUCATIONAL,  # it is of that class, whoever reads it
    Permission.WRITE_PLAN: Permission.READ_PLAN,
    Permission.SIGN_PLAN: Permission.READ_PLAN,
    Permission.ADD_DOCUMENT: Permission.READ_DOCUMENTS,
    Permission.SEND_DOCUMENT: Permission.READ_DOCUMENTS,
    Permission.WRITE_AGENDA: Permission.READ_AGENDA,
    Permission.QUALIFY_IDENTITY: Permission.EDIT_PERSON,
    Permission.OPEN_RECEPTION: Permission.MATCH_RECEPTION,
}
"""Nobody writes what they may not read again: without the one, the other is without effect."""


def is_changeable(permission: Permission) -> bool:
    """May a house change who has it?"""
    return permission in WHO_MAY_HAVE


def may_have(role: Role, permission: Permission) -> bool:
    """Has this function that permission, or may a house give it?"""
    return permission in PERMISSIONS[role] or role in WHO_MAY_HAVE.get(permission, ())


def allowed(role: Role, given: Collection[str] = (), taken: Collection[str] = ()) -> frozenset[Permission]:
    """What a function allows in a house that gave it these permissions and took those away.

    What is beyond the limits, or of another version of the product, is without effect.
    """
    more = {one for one in WHO_MAY_HAVE if one in given and may_have(role, one)}
    less = {one for one in WHO_MAY_HAVE if one in taken}
    kept = (PERMISSIONS[role] | more) - less
    return frozenset(one for one in kept if _has_effect(one, kept))


def _has_effect(permission: Permission, kept: Collection[Permission]) -> bool:
    """Is all that it needs there, and what that needs in turn?"""
    if permission not in kept:
        return False
    return permission not in NEEDS or _has_effect(NEEDS[permission], kept)
