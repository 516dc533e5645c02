"""The address book: structures and professionals of elsewhere that records name.

Their tables are of floors below the journal, in which every write leaves a line: hence these use cases here.
"""

from typing import Unpack

from django.db import transaction
from django.db.models import Model

from jalon.audit.actions import keep_changes, record_entry
from jalon.core.errors import DomainError
from jalon.db.changes import apply, lock
from jalon.db.keyed import draw_key
from jalon.organizations.models import Establishment, Structure
from jalon.records.changes import FunctionChanges, FunctionDetails, ProfessionalChanges, StructureChanges
from jalon.staff.models import Function, Professional
from jalon.staff.queries import outsiders


@transaction.atomic
def add_structure(
    *, establishment: Establishment, by: Professional | None, **fields: Unpack[StructureChanges]
) -> Structure:
    """Note a structure of elsewhere, under a number of this house.

    Raises DomainError `structure_without_name`.
    """
    structure = Structure()
    structure.key = _key("1", establishment, structure)
    apply(structure, fields, allowed=StructureChanges)
    _check_named(structure)
    structure.save()
    record_entry("directory.structure_added", on=structure.pk, by=by)
    return structure


@transaction.atomic
def add_professional(
    *, establishment: Establishment, by: Professional | None, **fields: Unpack[ProfessionalChanges]
) -> Professional:
    """Note a professional of elsewhere, under a number of this house. Raises DomainError `nobody`."""
    professional = Professional()
    professional.key = _key("3", establishment, professional)
    apply(professional, fields, allowed=ProfessionalChanges)
    _check_somebody(professional)
    professional.save()
    record_entry("directory.professional_added", on=professional.pk, by=by)
    return professional


@transaction.atomic
def add_function(
    *, professional: Professional, by: Professional | None, **fields: Unpack[FunctionDetails]
) -> Function:
    """Note what somebody of elsewhere does, and where. Raises DomainError `own_staff`."""
    _refuse_ours(professional)
    function = Function(professional=professional)
    function.key = draw_key(professional.key, "FONC", function.pk)
    apply(function, fields, allowed=FunctionDetails)
    function.save()
    record_entry("directory.function_added", on=function.pk, by=by)
    return function


def _key(kind: str, establishment: Establishment, row: Model) -> str:
    """A number local to the house, for whom no register was read (Struct_IdNat 1, PS_IdNat 3)."""
    return f"{kind}{establishment.finess}/{row.pk.hex}"


def _check_named(structure: Structure) -> None:
    if not structure.name:
        raise DomainError("Une structure a un nom. Écrivez-le.", code="structure_without_name", place="name")


def _check_somebody(professional: Professional) -> None:
    if not (professional.last_name or professional.first_name):
        raise DomainError("Un professionnel a un nom ou un prénom. Complétez l’un des deux.", code="nobody")


@transaction.atomic
def edit_structure(
    *, structure: Structure, by: Professional | None, **fields: Unpack[StructureChanges]
) -> Structure:
    """Change what is known of a structure. Raises DomainError `structure_without_name`."""
    structure = lock(structure)
    changed = apply(structure, fields, allowed=StructureChanges)
    _check_named(structure)
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
    _check_somebody(professional)
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
