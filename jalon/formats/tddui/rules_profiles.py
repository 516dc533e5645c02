"""The profiles of TDDUI 2.4.0 themselves, as trees of elements drawn from the official definitions: slices
told by all their marks, cardinalities, fixed values, closed lists, parts of extensions."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from jalon.formats.fhir import Json, Node, Problem
from jalon.formats.fhir_rules import Rules, check, load
from jalon.formats.tddui.urls import SD


@cache
def profiles() -> Rules:
    """The rules of the profiles and extensions, by address."""
    return load(Path(__file__).parent / "profiles.json", "profiles")


def check_profile(resource: Json, profile: str, found: Sequence[Node], path: str) -> Iterator[Problem]:
    """What the profile (after `tddui-`) asks of a resource, and what its extensions ask of themselves."""
    rules = profiles()
    if SD + f"tddui-{profile}" in rules.trees:
        yield from check(rules, SD + f"tddui-{profile}", resource, path)
    for node in found:
        url = str(node.json.get("url", ""))
        if node.element == "extension" and url.startswith(SD) and url in rules.trees:
            yield from check(rules, url, node.json, node.path)
