"""Professionals: Practitioner, profile tddui-practitioner."""

from dataclasses import dataclass

from jalon.formats.schemas import having
from jalon.formats.tddui.asked import coded_as
from jalon.formats.tddui.checks import Check, Sort, bind, has_code, need, rule, slices, where
from jalon.formats.tddui.datatypes import (
    ADDRESS,
    ATTACHMENT,
    CODED,
    IDENTIFIER,
    LINK,
    NAME,
    PERIOD,
    SEX,
    TELECOM,
)
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.frame import Frame
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, Slice, Sliced, extensions, shape
from jalon.formats.tddui.urls import FR_0203, FR_SD, ID_NAT_PS, RPPS
from jalon.formats.tddui.values import (
    Address,
    Attachment,
    Coded,
    Identifier,
    Link,
    PartialDate,
    Period,
    PersonName,
    Telecom,
)


@dataclass(frozen=True)
class Qualification:
    """Practitioner.qualification: diploma (TRE_R48) or profession (TRE_G15)."""

    code: Coded | None = None
    identifiers: tuple[Identifier, ...] = ()
    period: Period | None = None
    issuer: Link | None = None


@dataclass(frozen=True, kw_only=True)
class PractitionerData(Item):
    """A professional: Practitioner, profile tddui-practitioner. `key`: idNat_PS (`8`+RPPS,
    `3`+FINESS/id…)."""

    national_id: Identifier | None = None
    rpps: tuple[Identifier, ...] = ()
    other_identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    names: tuple[PersonName, ...] = ()
    sex: str = ""
    birth_date: PartialDate = ""
    telecoms: tuple[Telecom, ...] = ()
    addresses: tuple[Address, ...] = ()
    photos: tuple[Attachment, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    specialty: Coded | None = None
    languages: tuple[Coded, ...] = ()


def _practitioner_identifier(identifier: Json) -> str:
    return str(identifier.get("system", ""))


QUALIFICATION = shape(
    Qualification,
    Many("identifiers", "identifier", IDENTIFIER),
    One("code", "code", CODED),
    One("period", "period", PERIOD),
    One("issuer", "issuer", LINK),
)

SHAPE = shape(
    PractitionerData,
    Frame(),
    extensions(Ext("specialty", FR_SD + "fr-core-practitioner-specialty", "valueCodeableConcept", CODED)),
    Sliced(
        "identifier",
        _practitioner_identifier,
        {ID_NAT_PS: Slice("national_id", IDENTIFIER), RPPS: Slice("rpps", IDENTIFIER, many=True)},
        Slice("other_identifiers", IDENTIFIER, many=True),
    ),
    One("active", "active"),
    Many("names", "name", NAME),
    Many("telecoms", "telecom", TELECOM),
    Many("addresses", "address", ADDRESS),
    One("sex", "gender", SEX),
    One("birth_date", "birthDate"),
    Many("photos", "photo", ATTACHMENT),
    Many("qualifications", "qualification", QUALIFICATION),
    Many("languages", "communication", CODED),
)


def _national(identifier: Json) -> str:
    return "idNat_PS" if identifier.get("system") == ID_NAT_PS else str(identifier.get("system", ""))


def _numbered(name: str) -> Json:
    return having("system", {"const": ID_NAT_PS if name == "idNat_PS" else name})


_NATIONAL = Sort(_national, _numbered, {})


def _of_type(code: str, reason: str) -> Check:
    return rule(lambda it: has_code(it.get("type"), code), "type", reason, coded_as("type", code))


RULES: tuple[Check, ...] = (
    need("identifier"),
    slices("identifier", _NATIONAL, {"idNat_PS": (1, 1)}),
    where(
        "identifier",
        _NATIONAL,
        "idNat_PS",
        need("value"),
        _of_type("IDNPS", "Le type de l’idNat_PS doit être IDNPS."),
    ),
    where(
        "identifier",
        _NATIONAL,
        RPPS,
        need("value"),
        _of_type("RPPS", "Le type de ce numéro doit être RPPS."),
    ),
    need("name", 0, 1),
    need("name.prefix", 0, 1),
    bind("name.prefix", "JDV_J245"),
)


def _preference(identifier: Json) -> int:
    return int(identifier.get("system") != ID_NAT_PS)


KIND = Kind(
    name="practitioners",
    label="professionnels",
    fhir="Practitioner",
    profile="practitioner",
    rank=20,
    shape=SHAPE,
    rules=RULES,
    shared=True,
    sole=True,
    system=ID_NAT_PS,
    preference=_preference,
    fill=lambda item: lacking(item, national_id=typed_identifier(ID_NAT_PS, item.key, FR_0203, "IDNPS")),
)
