"""What the TDDUI 2.4.0 profiles and extensions ask, from their own definitions (`profiles.json`)."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from jalon.formats.fhir import Json, Node, Problem
from jalon.formats.fhir_rules import Rules, Tree, check, load
from jalon.formats.tddui.catalog import profile_of
from jalon.formats.tddui.rules_extensions import says_why
from jalon.formats.tddui.urls import SD

_FILE = Path(__file__).parent / "profiles.json"
_USED_OUTSIDE = {"jdv-j384-role-membre-famille-ms": frozenset({"PAT"})}
"""Codes outside their list that published examples use: the rule of the class warns, this one is silent."""


@cache
def rules() -> Rules:
    """The trees of the profiles and extensions, by address."""
    found = load(_FILE, "profiles")
    return Rules(found.trees, {name: codes | _more(name) for name, codes in found.lists.items()})


def _more(name: str) -> frozenset[str]:
    return _USED_OUTSIDE.get(name.rpartition("/")[2], frozenset())


def check_profiles(resource: Json, found: Sequence[Node], path: str) -> Iterator[Problem]:
    """What every profile that a resource follows asks of it, and every extension of itself; `found`: its
    nodes."""
    for url in _followed(resource):
        if _tree(url, resource["resourceType"]) is not None:
            yield from check(rules(), url, resource, path)
    for node in found:
        if node.element in ("extension", "modifierExtension"):
            url = node.json.get("url", "")
            if _tree(url, "Extension") is not None and not says_why(node.json):
                yield from check(rules(), url, node.json, node.path)


def _followed(resource: Json) -> list[str]:
    """The profiles a resource declares; the one its identifiers tell, when it declares none."""
    declared = [url.partition("|")[0] for url in resource.get("meta", {}).get("profile", ()) if url]
    told = profile_of(resource)
    return declared if not told or any(url in rules().trees for url in declared) else [
        *declared, f"{SD}tddui-{told}",
    ]  # fmt: skip


def _tree(url: str, type_: str) -> Tree | None:
    found = rules().trees.get(url)
    return found if found is not None and found["type"] == type_ else None
