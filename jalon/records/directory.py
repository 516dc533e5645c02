"""The address book: structures and professionals of elsewhere that records name.

Their tables are of floors below the journal, in which every write leaves a line: hence these use cases here.
"""

from typing import Unpack

from django.db import transaction

from jalon.audit.actions import keep_changes
from jalon.core.errors import DomainError
from jalon.db.changes import apply, lock
from jalon.organizations.models import Structure
from jalon.records.changes import FunctionChanges, ProfessionalChanges, StructureChanges
from jalon.staff.models import Function, Professional
from jalon.staff.queries import outsiders


@transaction.atomic
def edit_structure(
    *, structure: Structure, by: Professional | None, **fields: Unpack[StructureChanges]
) -> Structure:
    """Change what is known of a structure. Raises DomainError `structure_without_name`."""
    structure = lock(structure)
    changed = apply(structure, fields, allowed=StructureChanges)
    if not structure.name:
        raise DomainError("Une structure a un nom. Écrivez-le.", code="structure_without_name")
    keep_changes(structure, changed, "directory.structure_edited", by=by)
    return structure


@transaction.atomic
def edit_professional(
    *, professional: Professional, by: Professional | None, **fields: Unpack[ProfessionalChanges]
) -> Professional:
    """Change what is known of somebody of elsewhere. Raises DomainError `own_staff`, `nobody`."""
    professional = lock(professional)
    _refuse_ours(professional)
    changed = apply(professional, fields, allowed=ProfessionalChanges)
    if not (professional.last_name or professional.first_name):
        raise DomainError("Un professionnel a un nom ou un prénom. Complétez l’un des deux.", code="nobody")
    keep_changes(professional, changed, "directory.professional_edited", by=by)
    return professional


@transaction.atomic
def edit_function(
    *, function: Function, by: Professional | None, **fields: Unpack[FunctionChanges]
) -> Function:
    """Change what somebody of elsewhere does in a structure. Raises DomainError `own_staff`."""
    function = lock(function)
    if function.professional:
        _refuse_ours(function.professional)
    changed = apply(function, fields, allowed=FunctionChanges)
    keep_changes(function, changed, "directory.function_edited", by=by)
    return function


def _refuse_ours(professional: Professional) -> None:
    if not outsiders().filter(pk=professional.pk).exists():
        raise DomainError(
            "Cette personne travaille ici. Demandez à l’administrateur de tenir ses coordonnées.",
            code="own_staff",
        )
