"""The address book: structures and professionals of elsewhere that records name.

Their tables are of floors below the journal, in which every write leaves a line: hence these use cases here.
"""

from typing import Any, TypeVar

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.db.keyed import KeyedModel
from jalon.organizations.models import Structure
from jalon.staff.models import Function, Professional
from jalon.staff.queries import outsiders

Row = TypeVar("Row", bound=KeyedModel)


@transaction.atomic
def edit_structure(*, structure: Structure, by: Professional | None, **fields: Any) -> Structure:
    """Change what is known of a structure. Raises DomainError `structure_without_name`."""
    if not fields.get("name", structure.name):
        raise DomainError("Une structure a un nom. Écrivez-le.", code="structure_without_name")
    return _edit(structure, "directory.structure_edited", by, fields)


@transaction.atomic
def edit_professional(*, professional: Professional, by: Professional | None, **fields: Any) -> Professional:
    """Change what is known of somebody of elsewhere. Raises DomainError `own_staff`, `nobody`."""
    _refuse_ours(professional)
    if not any(fields.get(name, getattr(professional, name)) for name in ("last_name", "first_name")):
        raise DomainError("Un professionnel a un nom ou un prénom. Complétez l’un des deux.", code="nobody")
    return _edit(professional, "directory.professional_edited", by, fields)


@transaction.atomic
def edit_function(*, function: Function, by: Professional | None, **fields: Any) -> Function:
    """Change what somebody of elsewhere does in a structure. Raises DomainError `own_staff`."""
    if function.professional:
        _refuse_ours(function.professional)
    return _edit(function, "directory.function_edited", by, fields)


def _refuse_ours(professional: Professional) -> None:
    if not outsiders().filter(pk=professional.pk).exists():
        raise DomainError(
            "Cette personne travaille ici. Demandez à l’administrateur de tenir ses coordonnées.",
            code="own_staff",
        )


def _edit(row: Row, action: str, by: Professional | None, fields: dict[str, Any]) -> Row:
    locked: Any = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    changed = sorted(name for name, value in fields.items() if getattr(locked, name) != value)
    for name in changed:
        setattr(locked, name, fields[name])
    if changed:
        locked.save()
        record_entry(action, on=locked.pk, by=by, facts={"fields": changed})
    found: Row = locked
    return found
