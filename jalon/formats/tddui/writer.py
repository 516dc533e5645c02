"""Transfer → TDDUI file: a transaction Bundle, always the same bytes for the same content.

Technical identifiers are drawn from the business keys (UUID 5), so two exports of the same object bear the
same `fullUrl`. References are `urn:uuid:` ones, except the source of a questionnaire response: two official
invariants look for `Patient/` or
`Practitioner/` in it, and TDDUI admits `Type/id` inside the Bundle.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from jalon.core.errors import DomainError
from jalon.formats.fhir import LIMIT, Json, days_exist, is_plain, nodes, types
from jalon.formats.tddui.catalog import ALL, kind_of_item
from jalon.formats.tddui.classes.person import PersonData, Reliability
from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.keys import NAMESPACE, token
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.model import Transfer, VerbatimResource
from jalon.formats.tddui.quick import is_right
from jalon.formats.tddui.reader import MOST_ENTRIES, judged
from jalon.formats.tddui.residue import restore
from jalon.formats.tddui.rules import is_in_circle
from jalon.formats.tddui.spots import Spots, spots
from jalon.formats.tddui.urls import FR_CS, SD, VERSION
from jalon.formats.tddui.values import Coding, Identifier

VERSIONS = (VERSION,)
UNKNOWN = "unknown"
"""The data-absent-reason of what the profile wants and nobody knows."""
_PERSON_PROFILES = (SD + "tddui-patient", SD + "tddui-patient-ins")
_VALIDATED = Reliability(status=Coding(FR_CS + "fr-core-cs-v2-0445", "VALI"))


def write(transfer: Transfer, *, version: str = VERSION) -> bytes:
    """The Bundle of a transfer, as UTF-8 JSON.

    Raises DomainError `tddui_version` for a version that is not in VERSIONS, `tddui_incomplete` when
    something refers to an object that is not in the transfer (its place says where), `tddui_invalid` when
    the gate of the reader would refuse it: an invalid file does not leave.
    """
    sheets = _sheets(transfer, version)
    sure = _are_right(sheets)
    data = orjson.dumps(_bundle(sheets))
    if not (sure and len(data) <= LIMIT and is_plain(data) and days_exist(data)):
        _refuse_invalid(data)
    return data


def _refuse_invalid(data: bytes) -> None:
    _, problems = judged(data)
    if errors := [each for each in problems if each.severity == "error"]:
        raise DomainError(
            f"Ce contenu ne peut pas partir : {errors[0].reason} Corrigez-le dans le dossier, puis exportez.",
            code="tddui_invalid",
            place=errors[0].path,
        )


def to_bundle(transfer: Transfer, *, version: str = VERSION) -> Json:
    """The same as JSON objects."""
    return _bundle(_sheets(transfer, version))


@dataclass(frozen=True)
class _Sheet:
    """A resource that leaves, its references as tokens until it is in the Bundle; its order, its token."""

    order: tuple[Any, ...]
    resource: Json
    token: str
    spots: Spots


def _sheets(transfer: Transfer, version: str) -> list[_Sheet]:
    if version not in VERSIONS:
        raise DomainError(
            f"Jalon n’écrit pas la version {version} de TDDUI (versions écrites : {', '.join(VERSIONS)}).",
            code="tddui_version",
        )
    found = [
        _Sheet(order, resource, token(resource["resourceType"], order[-1]), spots(resource))
        for order, resource in _resources(transfer)
    ]
    return sorted(found, key=lambda sheet: sheet.order)


def _are_right(sheets: list[_Sheet]) -> bool:
    """Whether nothing is wrong with what is sent, asked quickly: the gate of the reader looks at the rest."""
    above = {
        sheet.token: [node["reference"] for role, node, _ in sheet.spots.references if role == "partOf"]
        for sheet in sheets
    }
    return (
        0 < len(above) == len(sheets) <= MOST_ENTRIES
        and all(is_right(sheet.resource) and sheet.spots.in_order for sheet in sheets)
        and not any(is_in_circle(each, above) for each in above)
    )


def _bundle(sheets: list[_Sheet]) -> Json:
    known = {sheet.token: technical_id(sheet.resource["resourceType"], sheet.order[-1]) for sheet in sheets}
    found = [_entry(sheet, known) for sheet in sheets]
    bundle: Json = {
        "resourceType": "Bundle",
        "meta": {"profile": [SD + "tddui-bundle"]},
        "type": "transaction",
    }
    return bundle | ({"entry": found} if found else {})


def technical_id(type_: str, key: str) -> str:
    """The UUID by which an object goes out."""
    return str(uuid.uuid5(NAMESPACE, token(type_, key)))


def _resources(transfer: Transfer) -> Iterator[tuple[tuple[Any, ...], Json]]:
    """Every resource, references as tokens, with its order: class, then type, then key."""
    for item in transfer.items():
        kind = kind_of_item(item)
        yield (ALL.index(kind), kind.fhir, item.key), to_resource(item)
    for each in transfer.verbatim:
        yield (len(ALL), each.type, each.key), _from_verbatim(each)


def to_resource(item: Item) -> Json:
    """The FHIR resource of an object, references as tokens (`Type?identifier=<key>`), without technical
    id."""
    kind = kind_of_item(item)
    item = kind.fill(item)
    profile = SD + "tddui-" + kind.profile
    if isinstance(item, PersonData):
        profile = _person_profile(item)
        item = _as_told(item, profile)
    written = restore(kind.shape.write(item), item.extra)
    meta = written.pop("meta", {})
    meta.pop("versionId", None)
    meta["profile"] = _profiles(profile, meta.get("profile", []))
    return {"resourceType": kind.fhir, "meta": meta} | written


def _from_verbatim(kept: VerbatimResource) -> Json:
    resource: Json = orjson.loads(kept.json)
    resource.get("meta", {}).pop("versionId", None)
    return resource


def _profiles(wanted: str, received: list[str]) -> list[str]:
    """The profile to follow, as it was received (with its version) if it was; others than TDDUI's are
    kept."""
    same = next((url for url in received if url.partition("|")[0] == wanted), wanted)
    return [same, *(url for url in received if not url.startswith(SD))]


# --- the person: with INS only if told so ----------------------------------------------------------


def _person_profile(person: PersonData) -> str:
    if person.qualified_ins is not None:
        return _PERSON_PROFILES[person.qualified_ins]
    received = [url.partition("|")[0] for url in person.envelope.profiles]
    told = next((url for url in received if url in _PERSON_PROFILES), "")
    return told or _PERSON_PROFILES[0]


def _as_told(person: PersonData, profile: str) -> PersonData:
    """The person as the profile wants: an INS goes out only if qualified; without it, a birth order or why
    not."""
    if person.qualified_ins:
        return _qualified(person)
    if profile == _PERSON_PROFILES[1] or person.qualified_ins is None:
        return person
    order = person.birth_order or birth_order(person)
    return replace(
        person,
        received_ins=(),
        received_reliability=(),
        birth_order=order,
        birth_order_absent="" if order else person.birth_order_absent or UNKNOWN,
        birth_date_absent="" if person.birth_date else person.birth_date_absent or UNKNOWN,
    )


def _qualified(person: PersonData) -> PersonData:
    """With its reliability told, and the INS as the only official identifier (fr-core-2)."""
    return replace(
        person,
        received_reliability=person.received_reliability or (_VALIDATED,),
        nss=_not_official(person.nss) if person.nss else None,
        other_identifiers=tuple(map(_not_official, person.other_identifiers)),
    )


def _not_official(identifier: Identifier) -> Identifier:
    return replace(identifier, use="") if identifier.use == "official" else identifier


def birth_order(person: PersonData) -> int | None:
    """The order of birth in the civil register: the 3 figures before the key of a NIR that the person has."""
    for identifier in (person.nss, *person.received_ins):
        number = identifier.value[10:13] if identifier else ""
        if len(number) == 3 and number.isascii() and number.isdigit() and int(number):
            return int(number)
    return None


# --- out of the house: technical identifiers --------------------------------------------------------


def _entry(sheet: _Sheet, known: Mapping[str, str]) -> Json:
    type_, identity = sheet.resource["resourceType"], known[sheet.token]
    for role, node, element in sheet.spots.references:
        if KEYED in node[element]:
            is_source = role == "source" and type_ == "QuestionnaireResponse"
            node[element] = _address(sheet, node, element, known, relative=is_source)
    return {
        "fullUrl": f"urn:uuid:{identity}",
        "resource": {"resourceType": type_, "id": identity} | sheet.resource,
        "request": {"method": "POST", "url": type_},
    }


def _address(sheet: _Sheet, node: Json, element: str, known: Mapping[str, str], *, relative: bool) -> str:
    value: str = node[element]
    type_, _, key = value.partition(KEYED)
    if value in known:
        return f"{type_}/{known[value]}" if relative else f"urn:uuid:{known[value]}"
    if type_ not in types():
        return value
    place = next(each.path for each in nodes(sheet.resource, sheet.token) if each.json is node)
    raise DomainError(
        f"« {type_} {key} » est cité mais ne fait pas partie de l’envoi.",
        code="tddui_incomplete",
        place=f"{place}.{element}",
    )
