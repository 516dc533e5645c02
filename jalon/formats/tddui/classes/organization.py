"""Structures: Organization, profile tddui-organization (EntiteJuridique, EntiteGeographique)."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, need, slices
from jalon.formats.tddui.datatypes import ADDRESS, CODED, IDENTIFIER, LINK, NAME, PERIOD, TELECOM, type_codes
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.frame import Frame
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, Slice, Sliced, extensions, shape
from jalon.formats.tddui.rules_common import in_system, typed
from jalon.formats.tddui.urls import FR_0203, FR_SD, HL7_SD, ID_NAT_STRUCT
from jalon.formats.tddui.values import (
    Address,
    Coded,
    Identifier,
    Link,
    Period,
    PersonName,
    Telecom,
)


@dataclass(frozen=True)
class OrganizationContact:
    """Organization.contact."""

    purpose: Coded | None = None
    name: PersonName | None = None
    telecoms: tuple[Telecom, ...] = ()
    address: Address | None = None


@dataclass(frozen=True, kw_only=True)
class OrganizationData(Item):
    """A structure: Organization, profile tddui-organization. `key`: idNat_Struct (`1`+FINESS, `3`+SIRET…)."""

    national_id: Identifier | None = None
    siren: tuple[Identifier, ...] = ()
    siret: tuple[Identifier, ...] = ()
    other_identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    types: tuple[Coded, ...] = ()
    name: str = ""
    short_name: str = ""
    description: str = ""
    aliases: tuple[str, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    addresses: tuple[Address, ...] = ()
    part_of: Link | None = None
    contacts: tuple[OrganizationContact, ...] = ()
    endpoints: tuple[Link, ...] = ()
    period: Period | None = None


def _organization_identifier(identifier: Json) -> str:
    if identifier.get("system") == ID_NAT_STRUCT:
        return "IDNST"
    codes = type_codes(identifier)
    return next((code for code in ("IDNST", "SIREN", "SIRET") if code in codes), "")


ORGANIZATION_CONTACT = shape(
    OrganizationContact,
    One("purpose", "purpose", CODED),
    One("name", "name", NAME),
    Many("telecoms", "telecom", TELECOM),
    One("address", "address", ADDRESS),
)

SHAPE = shape(
    OrganizationData,
    Frame(),
    extensions(
        Ext("short_name", FR_SD + "fr-core-organization-short-name", "valueString"),
        Ext("description", FR_SD + "fr-core-organization-description", "valueString"),
        Ext("period", HL7_SD + "organization-period", "valuePeriod", PERIOD),
    ),
    Sliced(
        "identifier",
        _organization_identifier,
        {
            "IDNST": Slice("national_id", IDENTIFIER),
            "SIREN": Slice("siren", IDENTIFIER, many=True),
            "SIRET": Slice("siret", IDENTIFIER, many=True),
        },
        Slice("other_identifiers", IDENTIFIER, many=True),
    ),
    One("active", "active"),
    Many("types", "type", CODED),
    One("name", "name"),
    Many("aliases", "alias"),
    Many("telecoms", "telecom", TELECOM),
    Many("addresses", "address", ADDRESS),
    One("part_of", "partOf", LINK),
    Many("contacts", "contact", ORGANIZATION_CONTACT),
    Many("endpoints", "endpoint", LINK),
)

RULES: tuple[Check, ...] = (
    need("identifier"),
    need("identifier.system"),
    need("identifier.value"),
    slices("identifier", typed, {"IDNST": (1, 1)}),
    in_system("IDNST", ID_NAT_STRUCT),
)


def _preference(identifier: Json) -> int:
    return int(identifier.get("system") != ID_NAT_STRUCT)


KIND = Kind(
    name="organizations",
    label="structures",
    fhir="Organization",
    profile="organization",
    rank=10,
    shape=SHAPE,
    rules=RULES,
    shared=True,
    sole=True,
    system=ID_NAT_STRUCT,
    preference=_preference,
    fill=lambda item: lacking(item, national_id=typed_identifier(ID_NAT_STRUCT, item.key, FR_0203, "IDNST")),
)
