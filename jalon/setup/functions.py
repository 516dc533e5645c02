"""What a function allows in an establishment, changed by its director within the limits of the product."""

import datetime as dt

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.db.history import history
from jalon.db.locks import one_at_a_time
from jalon.organizations.models import Establishment
from jalon.staff.limits import is_changeable, may_have
from jalon.staff.models import FunctionChange, Membership, Professional
from jalon.staff.queries import in_force
from jalon.staff.rules import PERMISSIONS, Permission, Role


@transaction.atomic
def change_right(
    *,
    establishment: Establishment,
    role: Role,
    permission: Permission,
    given: bool,
    today: dt.date,
    by: Professional | None,
) -> bool:
    """Give this permission to a function of this establishment, or take it away: does that change anything?

    What comes back to the rule of the product is kept no more than by the history. Raises DomainError
    `fixed_right`, `beyond_limits` or `own_function`.
    """
    one_at_a_time(f"functions {establishment.pk}")
    _check(role, permission, given=given)
    _check_another(role, by, today)
    rows = FunctionChange.objects.filter(establishment=establishment, role=role, permission=permission)
    if given == _given(rows.first(), role, permission):
        return False
    with history(professional=str(by.pk) if by else None):
        rows.delete()
        if given != (permission in PERMISSIONS[role]):
            FunctionChange.objects.create(
                establishment=establishment, role=role, permission=permission, given=given
            )
    facts = {"role": role.value, "permission": permission.value, "given": given}
    record_entry("staff.right_changed", on=establishment.pk, by=by, facts=facts)
    return True


def _given(row: FunctionChange | None, role: Role, permission: Permission) -> bool:
    return row.given if row else permission in PERMISSIONS[role]


def _check(role: Role, permission: Permission, *, given: bool) -> None:
    if not is_changeable(permission):
        raise DomainError(
            f"« {permission.label} » ne se règle pas : le produit le réserve à certaines fonctions.",
            code="fixed_right",
        )
    if given and not may_have(role, permission):
        raise DomainError(
            f"La fonction « {role.label} » ne peut pas avoir ce droit : {permission.label}. "
            "Choisissez une autre fonction, ou ouvrez un seul dossier, pour un temps.",
            code="beyond_limits",
        )


def _check_another(role: Role, by: Professional | None, today: dt.date) -> None:
    """Separation of duties (SC.SSI/GEN.16): nobody widens what they do themselves."""
    mine = Membership.objects.filter(in_force(today), professional=by, role=role)
    if by is not None and mine.exists():
        raise DomainError(
            "Nul ne change les droits de sa propre fonction. Demandez à une autre personne qui dirige.",
            code="own_function",
        )
