"""Contacts (ContactPersonnePhysique, ContactPersonneMorale): RelatedPerson, profile
tddui-related-person-contact."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, need, refers, slices, where
from jalon.formats.tddui.datatypes import (
    ADDRESS,
    ATTACHMENT,
    CODED,
    IDENTIFIER,
    LANGUAGE,
    LINK,
    NAME,
    NATIONALITY_URLS,
    PERIOD,
    SEX,
    TELECOM,
    WithUrl,
)
from jalon.formats.tddui.fills import by_key
from jalon.formats.tddui.frame import Frame
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, Slice, Sliced, extensions, shape
from jalon.formats.tddui.rules_common import by_system, gender, url
from jalon.formats.tddui.urls import PROTECTION, ROLE_CLASS, ROLE_CODE, SD
from jalon.formats.tddui.values import (
    Address,
    Attachment,
    Coded,
    Identifier,
    Language,
    Link,
    Nationality,
    PartialDate,
    Period,
    PersonName,
    Telecom,
)


@dataclass(frozen=True, kw_only=True)
class ContactData(Item):
    """A contact of the person: RelatedPerson, profile tddui-related-person-contact.

    `key`: value of its identifier (`system|value` if the system is not one of ours). `role`: JDV_J384 in
    TRE_R260;
    `relations`: TRE_R216 (family tie…); `legal_protection`: TRE_R217. The call order is the rank of the
    telecoms.
    """

    person: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    active: bool | None = None
    role: Coded | None = None
    relations: tuple[Coded, ...] = ()
    legal_protection: Coded | None = None
    other_relationships: tuple[Coded, ...] = ()
    names: tuple[PersonName, ...] = ()
    sex: str = ""
    birth_date: PartialDate = ""
    nationalities: tuple[Nationality, ...] = ()
    languages: tuple[Language, ...] = ()
    addresses: tuple[Address, ...] = ()
    telecoms: tuple[Telecom, ...] = ()
    photos: tuple[Attachment, ...] = ()
    period: Period | None = None
    description: str = ""
    comment: str = ""


def _relationship(concept: Json) -> str:
    systems = {coding.get("system", "") for coding in concept.get("coding", ())}
    return next((system for system in (PROTECTION, ROLE_CLASS, ROLE_CODE) if system in systems), "")


SHAPE = shape(
    ContactData,
    Frame(),
    extensions(
        Ext(
            "nationalities",
            NATIONALITY_URLS[2],
            "",
            WithUrl(NATIONALITY_URLS[2]),
            many=True,
            also=NATIONALITY_URLS[:2],
        ),
        Ext("comment", SD + "tddui-comment", "valueString"),
        Ext("description", SD + "tddui-related-person-contact-description", "valueString"),
    ),
    Many("identifiers", "identifier", IDENTIFIER),
    One("active", "active"),
    One("person", "patient", LINK),
    Sliced(
        "relationship",
        _relationship,
        {
            ROLE_CLASS: Slice("role", CODED),
            ROLE_CODE: Slice("relations", CODED, many=True),
            PROTECTION: Slice("legal_protection", CODED),
        },
        Slice("other_relationships", CODED, many=True),
    ),
    Many("names", "name", NAME),
    Many("telecoms", "telecom", TELECOM),
    One("sex", "gender", SEX),
    One("birth_date", "birthDate"),
    Many("addresses", "address", ADDRESS),
    Many("photos", "photo", ATTACHMENT),
    One("period", "period", PERIOD),
    Many("languages", "communication", LANGUAGE),
)


_RELATION = by_system(ROLE_CLASS, ROLE_CODE, PROTECTION)
RULES: tuple[Check, ...] = (
    need("identifier", 1, 1),
    need("patient"),
    refers("patient", "Patient"),
    slices("relationship", _RELATION, {ROLE_CLASS: (0, 1), PROTECTION: (0, 1)}),
    where(
        "relationship",
        _RELATION,
        ROLE_CLASS,
        # the official example of a contact bears PAT, which the list has not
        bind("coding.code", "jdv-j384-role-membre-famille-ms", tolerated=frozenset({"PAT"})),
    ),
    bind("name.prefix", "JDV_J245"),
    need("name.prefix", 0, 1),
    gender(),
    need("address", 0, 1),
    slices(
        "extension",
        url,
        {f"{SD}tddui-comment": (0, 1), f"{SD}tddui-related-person-contact-description": (0, 1)},
    ),
)

KIND = Kind(
    name="contacts",
    label="contacts",
    fhir="RelatedPerson",
    profile="related-person-contact",
    rank=50,
    shape=SHAPE,
    rules=RULES,
    sole=True,
    fill=by_key(""),
)
