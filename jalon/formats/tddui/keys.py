"""The business key of each resource: what makes it the same object in two files."""

import uuid
from collections.abc import Iterable
from typing import Any

import orjson

from jalon.formats.tddui.datatypes import KEYED, first_code
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.urls import ID_NAT_PS, ID_NAT_STRUCT, INS_TYPES, LOCAL_ID

NAMESPACE = uuid.UUID("6f1c3c52-5b0e-5f0a-9a51-0d2c4f1b7e24")
_OURS = "https://identifiant-medicosocial-"
_PREFERRED = {"person": LOCAL_ID, "organizations": ID_NAT_STRUCT, "practitioners": ID_NAT_PS}
_TRAITS = ("family", "given")


def token(type_: str, key: str) -> str:
    """What stands for a reference to the object of that key: `Patient?identifier=<key>`."""
    return f"{type_}{KEYED}{key}"


def intrinsic_key(resource: Json, kind: str) -> str:
    """The key a resource's own identifiers give, `""` if they give none."""
    found = [each for each in _identifiers(resource) if each.get("value")]
    if not found:
        return _traits_key(resource) if kind == "person" else ""
    wanted = _PREFERRED.get(kind)
    best = next((each for each in found if each.get("system") == wanted), None) or _second_choice(found, kind)
    return _value(best, plain=best.get("system") == wanted) + _grid(resource)


def _grid(resource: Json) -> str:
    """One evaluation may be answered on several grids: the key of a response says which."""
    name = str(resource.get("questionnaire", "")).partition("|")[0].rpartition("/")[2]
    return f"#{name}" if name and resource.get("resourceType") == "QuestionnaireResponse" else ""


def _identifiers(resource: Json) -> list[Json]:
    held: Any = resource.get("identifier", [])
    more: Any = resource.get("masterIdentifier")
    return (held if isinstance(held, list) else [held]) + ([more] if more else [])


def _second_choice(found: list[Json], kind: str) -> Json:
    if kind == "stays":
        return next((each for each in found if "SEJ" in _codes(each)), found[0])
    if kind == "needs":
        return next((each for each in found if "BES" in _codes(each)), found[0])
    if kind == "person":
        return min(found, key=_person_rank)
    return found[0]


def _codes(identifier: Json) -> set[str]:
    return {coding.get("code", "") for coding in identifier.get("type", {}).get("coding", ())}


def _person_rank(identifier: Json) -> int:
    """An INS first, then the MDPH number, then the billing number, then any other."""
    codes = _codes(identifier)
    wanted: tuple[Iterable[str], ...] = (INS_TYPES, ("PIN",), ("NH",))
    return next((rank for rank, names in enumerate(wanted) if codes & set(names)), len(wanted))


def _value(identifier: Json, *, plain: bool) -> str:
    system, value = identifier.get("system", ""), str(identifier["value"])
    return value if plain or not system or system.startswith(_OURS) else f"{system}|{value}"


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


def derived_key(resource: Json, kind: str) -> str:
    """The key of a resource without identifier, from its content; its references must be tokens already."""
    if kind == "roles":
        return _role_key(resource)
    if kind == "agreements":
        signed = [resource.get("performer"), resource.get("dateTime"), resource.get("extension")]
        return "accord:" + digest(signed)
    content = {name: part for name, part in resource.items() if name not in ("id", "meta", "text")}
    return "contenu:" + digest(content)


def _role_key(role: Json) -> str:
    who, where = (_target(role.get(name, {})) for name in ("practitioner", "organization"))
    function = first_code((role.get("code") or [{}])[0])
    return f"{who}@{where}#{function}"


def _target(reference: Json) -> str:
    text = str(reference.get("reference", ""))
    return text.partition(KEYED)[2] or text
