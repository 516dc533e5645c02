"""Transfer → TDDUI file: a transaction Bundle, always the same bytes for the same content.

Technical identifiers are drawn from the business keys (UUID 5), so two exports of the same object bear the
same `fullUrl`. References are `urn:uuid:` ones, except the source of a questionnaire response: two official
invariants look for `Patient/` or
`Practitioner/` in it, and TDDUI admits `Type/id` inside the Bundle.
"""

import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import orjson

from jalon.core.errors import DomainError
from jalon.formats.fhir import Json, types
from jalon.formats.tddui.catalog import ALL, kind_of_item
from jalon.formats.tddui.classes.person import PersonData, Reliability
from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.keys import NAMESPACE, token
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.model import Transfer, VerbatimResource
from jalon.formats.tddui.reader import judged
from jalon.formats.tddui.residue import restore
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
    data = orjson.dumps(to_bundle(transfer, version=version))
    _, problems = judged(data)
    errors = [each for each in problems if each.severity == "error"]
    if errors:
        raise DomainError(
            f"Ce contenu ne peut pas partir : {errors[0].reason} Corrigez-le dans le dossier, puis exportez.",
            code="tddui_invalid",
            place=errors[0].path,
        )
    return data


def to_bundle(transfer: Transfer, *, version: str = VERSION) -> Json:
    """The same as JSON objects."""
    if version not in VERSIONS:
        raise DomainError(
            f"Jalon n’écrit pas la version {version} de TDDUI (versions écrites : {', '.join(VERSIONS)}).",
            code="tddui_version",
        )
    named = sorted(_resources(transfer), key=lambda each: each[0])
    known = {token(resource["resourceType"], order[-1]) for order, resource in named}
    found = [_entry(resource, order[-1], known) for order, resource in named]
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


def _entry(resource: Json, key: str, known: set[str]) -> Json:
    type_ = resource["resourceType"]
    _point(resource, token(type_, key), known, relative=False)
    identity = technical_id(type_, key)
    content = {"resourceType": type_, "id": identity} | resource
    return {
        "fullUrl": f"urn:uuid:{identity}",
        "resource": content,
        "request": {"method": "POST", "url": type_},
    }


def _point(node: Any, path: str, known: set[str], *, relative: bool) -> None:
    if isinstance(node, list):
        for index, below in enumerate(node):
            if isinstance(below, dict | list):
                _point(below, f"{path}[{index}]", known, relative=relative)
        return
    for element, value in node.items():
        if isinstance(value, dict | list):
            is_source = element == "source" and node.get("resourceType") == "QuestionnaireResponse"
            _point(value, f"{path}.{element}", known, relative=relative or is_source)
        elif element in ("reference", "url") and isinstance(value, str) and KEYED in value:
            node[element] = _address(value, f"{path}.{element}", known, relative=relative)


def _address(value: str, path: str, known: set[str], *, relative: bool) -> str:
    type_, _, key = value.partition(KEYED)
    if value in known:
        identity = technical_id(type_, key)
        return f"{type_}/{identity}" if relative else f"urn:uuid:{identity}"
    if type_ not in types():
        return value
    raise DomainError(
        f"« {type_} {key} » est cité mais ne fait pas partie de l’envoi.", code="tddui_incomplete", place=path
    )
