"""The business key of each resource: what makes it the same object in two files."""

import uuid
from typing import Any

import orjson

from jalon.formats.tddui.datatypes import KEYED
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Json

NAMESPACE = uuid.UUID("6f1c3c52-5b0e-5f0a-9a51-0d2c4f1b7e24")
_OURS = "https://identifiant-medicosocial-"
_TRAITS = ("family", "given")


def token(type_: str, key: str) -> str:
    """What stands for a reference to the object of that key: `Patient?identifier=<key>`."""
    return f"{type_}{KEYED}{key}"


def intrinsic_key(resource: Json, kind: Kind[Any] | None) -> str:
    """The key a resource's own identifiers give, `""` if they give none."""
    found = [each for each in _identifiers(resource) if each.get("value")]
    if not found:
        return _traits_key(resource) if kind is not None and kind.fhir == "Patient" else ""
    best = min(found, key=kind.preference) if kind is not None and kind.preference else found[0]
    return _value(best, kind.system if kind is not None else "") + _grid(resource)


def _grid(resource: Json) -> str:
    """One evaluation may be answered on several grids: the key of a response says which."""
    name = str(resource.get("questionnaire", "")).partition("|")[0].rpartition("/")[2]
    return f"#{name}" if name and resource.get("resourceType") == "QuestionnaireResponse" else ""


def _identifiers(resource: Json) -> list[Json]:
    held: Any = resource.get("identifier", [])
    more: Any = resource.get("masterIdentifier")
    return (held if isinstance(held, list) else [held]) + ([more] if more else [])


def _value(identifier: Json, own: str) -> str:
    system, value = identifier.get("system", ""), str(identifier["value"])
    return value if system in ("", own) or system.startswith(_OURS) else f"{system}|{value}"


def _traits_key(patient: Json) -> str:
    names = [name for name in patient.get("name", ()) if name.get("use") == "official"] or patient.get(
        "name", ()
    )
    traits = [names[0].get(trait) for trait in _TRAITS] if names else []
    return "traits:" + digest(
        [traits, patient.get("gender"), patient.get("birthDate"), patient.get("_birthDate")]
    )


def digest(content: Any) -> str:
    """A UUID that depends on nothing but `content`."""
    return str(uuid.uuid5(NAMESPACE, orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()))


def derived_key(resource: Json, kind: Kind[Any] | None) -> str:
    """The key of a resource without identifier, from its content; its references must be tokens already."""
    if kind is not None and kind.draw:
        return kind.draw(resource)
    content = {name: part for name, part in resource.items() if name not in ("id", "meta", "text")}
    return "contenu:" + digest(content)
