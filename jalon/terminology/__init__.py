"""Code systems, value sets, mappings and places: facts of public lists, read once, never changed.

    value_set("JDV_J07").get("34133-9").display
    code_system("TRE_G15").label("10")
    place_label("01033", on=birth_date)

A list is named as its publisher does, in full or by its number: "JDV_J07", "JDV_J07_XdsTypeCode_CISIS", or
the canonical address a FHIR profile binds to. What is in the house, with origin and licence: `manifest.toml`.
"""

from jalon.terminology.catalogue import code_system, concept_map, value_set
from jalon.terminology.coding import Coding, system_name, system_oid, system_url
from jalon.terminology.lists import CodeList, ConceptMap
from jalon.terminology.places import Place, is_birth_place, named_places, place, place_label, search_places

__all__ = [
    "CodeList",
    "Coding",
    "ConceptMap",
    "Place",
    "code_system",
    "concept_map",
    "is_birth_place",
    "named_places",
    "place",
    "place_label",
    "search_places",
    "system_name",
    "system_oid",
    "system_url",
    "value_set",
]
