"""The form of business identifiers (TDDUI 2.4.0): prefix, FINESS, local id, code, number."""

import re
from collections.abc import Iterator
from functools import lru_cache

from jalon.core.errors import DomainError
from jalon.core.identifiers import Finess, check_ins
from jalon.formats.fhir import Problem
from jalon.formats.tddui.catalog import BUSINESS, AnyKind
from jalon.formats.tddui.checks import select
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.urls import ID_NAT_STRUCT, INS_TYPES, LOCAL_ID

_FINESS = r"(?:[0-9]{2}|2[AB])[0-9]{7}"
_LOCAL = re.compile(rf"3({_FINESS})/(.+)")
_STRUCTURES = {"1": re.compile(_FINESS), "2": re.compile(r"[0-9]{9}"), "3": re.compile(r"[0-9]{14}")}


def check_identifiers(resource: Json, path: str) -> Iterator[Problem]:
    """The business identifiers of a resource, and those of structures and of national identity."""
    for identifier, place in select(resource, "identifier", path):
        system, value = identifier.get("system", ""), identifier.get("value", "")
        if not isinstance(value, str) or not value:
            continue
        if system == LOCAL_ID or system in BUSINESS:
            yield from _check_business(system, value, identifier, f"{place}.value")
        elif system == ID_NAT_STRUCT:
            yield from _check_structure(value, f"{place}.value")
        elif system in INS_TYPES.values() and not check_ins(value):
            yield Problem(f"{place}.value", "La clé de ce matricule ou NIR est fausse.", "warning")


def _check_business(system: str, value: str, identifier: Json, path: str) -> Iterator[Problem]:
    if _is_file_number(identifier):
        return
    match = _LOCAL.fullmatch(value)
    if match is None:
        yield Problem(path, f"« {value} » devrait commencer par 3, le FINESS (9 caractères) et « / ».")
        return
    yield from _check_finess_key(match[1], path)
    if kind := BUSINESS.get(system):
        yield from _check_number(kind, match[2], path)


def _is_file_number(identifier: Json) -> bool:
    return any(each.get("code") == "NUMDOSS" for each in identifier.get("type", {}).get("coding", ()))


def _check_number(kind: AnyKind, rest: str, path: str) -> Iterator[Problem]:
    """`idLocal-<code>-<n>`: exactly where an official invariant says so; else another form is only told, but
    what a table of ours holds has its code."""
    names = "|".join((kind.code, *kind.spellings))
    if re.fullmatch(rf"[A-Za-z0-9]+-(?:{names})-[A-Za-z0-9]+", rest):
        return
    loose = not kind.exact and (kind.waiting or re.fullmatch(rf".+-{kind.code}-.+", rest))
    reason = f"Après le FINESS, la forme attendue est idLocal-{kind.code}-numéro, sans autre tiret ni signe."
    yield Problem(path, reason, "warning" if loose else "error")


def _check_structure(value: str, path: str) -> Iterator[Problem]:
    """idNat_Struct: 1+FINESS, 2+SIREN, 3+SIRET; other prefixes (0, 4) are let through."""
    wanted = _STRUCTURES.get(value[:1])
    if wanted is not None and not wanted.fullmatch(value[1:]):
        yield Problem(path, f"« {value} » n’a pas la forme d’un identifiant national de structure.")
    elif value.startswith("1"):
        yield from _check_finess_key(value[1:], path)


def _check_finess_key(number: str, path: str) -> Iterator[Problem]:
    """A wrong key is told, not refused: the official examples have one."""
    if not _is_finess(number):
        yield Problem(path, f"La clé du FINESS {number} est fausse.", "warning")


@lru_cache(maxsize=1024)
def _is_finess(number: str) -> bool:
    try:
        Finess.parse(number)
    except DomainError:
        return False
    return True
