"""Structures, ours or partners'."""

from jalon.exchange.transfer.bind import NOS, Codes, first_address, first_coded, telecom, text
from jalon.exchange.transfer.table import Table
from jalon.formats.tddui.classes.organization import KIND, OrganizationData
from jalon.organizations.models import Structure

CATEGORIES = Codes(NOS + "TRE_R66-CategorieEtablissement/FHIR/TRE-R66-CategorieEtablissement", ("TRE_R66",))


def structure(key: str, name: str = "", category: str = "") -> OrganizationData:
    """A structure by its Struct_IdNat, with its category (TRE_R66) when it is a house of ours."""
    kind = CATEGORIES.write(category, None)
    return OrganizationData(key=key, name=name, types=(kind,) if kind else ())


TABLE = Table(
    kind=KIND,
    model=Structure,
    binds=(
        text("name"),
        first_coded("kind", "types", CATEGORIES),
        telecom("phone", "phone"),
        telecom("email", "email"),
        first_address("city", "city"),
    ),
    make=lambda row: structure(row.key),
)
