"""What a professional does in a structure."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import NOS, Bind, Codes, coded, swapped, telecom
from jalon.exchange.transfer.table import Table, ref
from jalon.formats.tddui.classes.role import KIND, RoleCode, RoleData
from jalon.formats.tddui.values import Link
from jalon.staff.models import Function
from jalon.terminology import value_set

FUNCTIONS = Codes(NOS + "TRE_R258-RelationPriseCharge/FHIR/TRE-R258-RelationPriseCharge", ("JDV_J47",))
PROFESSIONS = Codes(
    NOS + "TRE_A02-ProfessionSavFaire-CISIS/FHIR/TRE-A02-ProfessionSavFaire-CISIS", ("JDV_J01",)
)


def _role_code(column: str, element: str, codes: Codes) -> Bind:
    """The function or the profession of the first code of a role."""

    def get(data: Any) -> str:
        held = getattr(data.codes[0], element) if data.codes else None
        return held.code if held else ""

    def change(data: Any, value: str) -> Any:
        held = data.codes[0] if data.codes else RoleCode()
        new = replace(held, **{element: codes.write(value, getattr(held, element))})
        return replace(data, codes=swapped(data.codes, 0 if data.codes else None, new))

    return Bind(column, get, change)


def role(row: Any, house: str) -> RoleData | None:
    """The profession of one of ours in the house whose record goes out; None when JDV_J01 has not that one.

    Its key is the one a reader draws from it.
    """
    if row.received or value_set("JDV_J01").find(row.profession) is None:
        return None
    return RoleData(
        key=f"{row.key}@{house}#",
        practitioner=Link(to="Practitioner", key=row.key),
        organization=Link(to="Organization", key=house),
        codes=(RoleCode(profession=PROFESSIONS.write(row.profession, None)),),
    )


TABLE = Table(
    kind=KIND,
    model=Function,
    binds=(
        _role_code("role", "function", FUNCTIONS),
        _role_code("profession", "profession", PROFESSIONS),
        coded(
            "exercise_mode", "exercise_mode", Codes(NOS + "TRE_R23-ModeExercice/FHIR/TRE-R23-ModeExercice")
        ),
        telecom("phone", "phone"),
    ),
    refs=(
        ref("professional", "practitioner", "Practitioner"),
        ref("structure", "organization", "Organization"),
    ),
    make=lambda row: RoleData(key=row.key),
)
