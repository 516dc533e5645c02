"""Transfer → TDDUI file: a transaction Bundle, always the same bytes for the same content.

Technical identifiers are drawn from the business keys (UUID 5), so two exports of the same object bear the
same `fullUrl`. References are `urn:uuid:` ones, except the source of a questionnaire response: two official
invariants look for `Patient/` or
`Practitioner/` in it, and TDDUI admits `Type/id` inside the Bundle.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from jalon.core.errors import DomainError
from jalon.formats.fhir import DEPTH, LIMIT, Json, days_exist, is_plain, nodes, types
from jalon.formats.tddui.catalog import ALL, kind_of_item
from jalon.formats.tddui.classes.person import PersonData, Reliability
from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.keys import token
from jalon.formats.tddui.kind import Item
from jalon.formats.tddui.model import Transfer, VerbatimResource
from jalon.formats.tddui.quick import is_right
from jalon.formats.tddui.reader import MOST_ENTRIES, judged
from jalon.formats.tddui.residue import restore
from jalon.formats.tddui.rules import is_in_circle
from jalon.formats.tddui.spots import Spots, spots
from jalon.formats.tddui.unread import AROUND, AsReceived, address, references, technical_id
from jalon.formats.tddui.urls import FR_CS, SD, VERSION
from jalon.formats.tddui.values import Coding, Identifier

VERSIONS = (VERSION,)
_RANKS = {kind: rank for rank, kind in enumerate(ALL)}
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
    data = orjson.dumps(_bundle(sheets))
    if not (_are_right(sheets) and len(data) <= LIMIT and _is_clean(sheets)):
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
    bundle: Json = orjson.loads(orjson.dumps(_bundle(_sheets(transfer, version))))
    return bundle


@dataclass(slots=True)
class _Sheet:
    """A resource that leaves: its order (class, type, key), its token, its UUID, what it is or its text, the
    tokens it refers to and those it is part of, whether nothing is wrong with it; what was seen in it."""

    order: tuple[Any, ...]
    token: str
    identity: str
    content: Json | orjson.Fragment
    tokens: tuple[str, ...]
    above: tuple[str, ...]
    right: bool
    seen: Spots | None = None

    @property
    def type(self) -> str:
        return str(self.order[1])


def _sheets(transfer: Transfer, version: str) -> list[_Sheet]:
    if version not in VERSIONS:
        raise DomainError(
            f"Jalon n’écrit pas la version {version} de TDDUI (versions écrites : {', '.join(VERSIONS)}).",
            code="tddui_version",
        )
    read = (_read(order, resource) for order, resource in _resources(transfer))
    unread = map(_unread, transfer.unread())
    return sorted([*read, *unread], key=lambda sheet: sheet.order)


def _resources(transfer: Transfer) -> Iterator[tuple[tuple[Any, ...], Json]]:
    """Every resource that was read, references as tokens, with its order: class, then type, then key."""
    for item in transfer.items():
        kind = kind_of_item(item)
        yield (_RANKS[kind], kind.fhir, item.key), to_resource(item)
    for each in transfer.verbatim:
        yield (len(ALL), each.type, each.key), _from_verbatim(each)


def _read(order: tuple[Any, ...], resource: Json) -> _Sheet:
    seen = spots(resource)
    tokens, above = references(seen)
    name = order[1:]
    return _Sheet(
        order,
        token(*name),
        technical_id(*name),
        resource,
        tokens,
        above,
        is_right(resource) and seen.in_order,
        seen,
    )


def _unread(kept: AsReceived) -> _Sheet:
    order = (_RANKS[kept.kind], kept.kind.fhir, kept.key)
    name = token(kept.kind.fhir, kept.key)
    return _Sheet(order, name, kept.identity, orjson.Fragment(kept.text), kept.tokens, kept.above, kept.right)


def _are_right(sheets: list[_Sheet]) -> bool:
    """Whether nothing is wrong with what is sent, asked quickly: the gate of the reader looks at the rest."""
    above = {sheet.token: sheet.above for sheet in sheets}
    return (
        0 < len(above) == len(sheets) <= MOST_ENTRIES
        and all(sheet.right for sheet in sheets)
        and not any(is_in_circle(each, above) for each in above)
    )


def _is_clean(sheets: list[_Sheet]) -> bool:
    """Whether the text of what was read is plain, and its days true; the rest was found so."""
    read = orjson.dumps([sheet.content for sheet in sheets if isinstance(sheet.content, dict)])
    return is_plain(read, DEPTH - AROUND + 1) and days_exist(read)


# --- out of the house: technical identifiers --------------------------------------------------------


def _bundle(sheets: list[_Sheet]) -> Json:
    known = {sheet.token for sheet in sheets}
    _refuse_lost(sheets, known)
    found = [_entry(sheet, known) for sheet in sheets]
    bundle: Json = {
        "resourceType": "Bundle",
        "meta": {"profile": [SD + "tddui-bundle"]},
        "type": "transaction",
    }
    return bundle | ({"entry": found} if found else {})


def _entry(sheet: _Sheet, known: Collection[str]) -> Json:
    content = sheet.content
    if isinstance(content, dict):
        _point(sheet, known)
        content = {"resourceType": sheet.type, "id": sheet.identity} | content
    return {
        "fullUrl": f"urn:uuid:{sheet.identity}",
        "resource": content,
        "request": {"method": "POST", "url": sheet.type},
    }


def _point(sheet: _Sheet, known: Collection[str]) -> None:
    """Put addresses in the place of tokens."""
    for role, node, element in sheet.seen.references if sheet.seen else ():
        told = node[element]
        if told in known:
            is_source = role == "source" and sheet.type == "QuestionnaireResponse"
            type_, _, key = told.partition(KEYED)
            node[element] = f"{type_}/{technical_id(type_, key)}" if is_source else address(told)


def _refuse_lost(sheets: list[_Sheet], known: Collection[str]) -> None:
    told = {each for sheet in sheets for each in sheet.tokens}
    lost = {each for each in told.difference(known) if each.partition(KEYED)[0] in types()}
    for sheet in sheets if lost else ():
        if not lost.isdisjoint(sheet.tokens):
            _refuse_incomplete(sheet, lost)


def _refuse_incomplete(sheet: _Sheet, lost: Collection[str]) -> None:
    """Raises DomainError `tddui_incomplete`, at the place of the first of `lost` in what was read."""
    place, told = sheet.token, next(each for each in sheet.tokens if each in lost)
    for each in nodes(sheet.content, sheet.token) if isinstance(sheet.content, dict) else ():
        if element := next((name for name in ("reference", "url") if each.json.get(name) == told), ""):
            place = f"{each.path}.{element}"
    type_, _, key = told.partition(KEYED)
    raise DomainError(
        f"« {type_} {key} » est cité mais ne fait pas partie de l’envoi.",
        code="tddui_incomplete",
        place=place,
    )


# --- an object as a resource ------------------------------------------------------------------------


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
