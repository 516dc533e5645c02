"""Codes of the record as people read them: what a form offers, what a page says."""

from jalon.terminology import CodeList, code_system, value_set

Choices = list[tuple[str, str]]
Group = tuple[str, Choices]

NOTHING = ("", "Non précisé")
ROLES = ("JDV_J384",)
RELATIONS = ("JDV_J11", "JDV_HL7_PersonalRelationshipRoleType_CISIS")
PROTECTIONS = ("TRE_R217",)
ENTRIES = ("JDV_ModaliteEntree_CISIS",)
EXITS = ("JDV_ModaliteSortie_CISIS",)


def label(code: str, lists: tuple[str, ...]) -> str:
    """The label of a code, or the code itself when no list has it."""
    found = next((coding for name in lists if (coding := _list(name).find(code))), None)
    return _written(found.display) if found else code


def choices(lists: tuple[str, ...]) -> Choices:
    """Every code of one list, nothing first."""
    return [NOTHING, *_codes(lists[0], set())]


def relations() -> list[tuple[str, str] | Group]:
    """The usual links, then all the others."""
    usual, others = RELATIONS
    first = _codes(usual, set())
    rest = sorted(_codes(others, {code for code, _ in first}), key=lambda choice: choice[1])
    return [NOTHING, ("Liens courants", first), ("Autres liens", rest)]


def event_types() -> list[tuple[str, str] | Group]:
    """SERAFIN-PH services by their numbers, direct ones first, and what home nursing does."""
    return [
        NOTHING,
        ("Prestations directes", _numbered("JDV_J284")),
        ("Prestations indirectes", _numbered("JDV_J283")),
        ("Soins à domicile (SSIAD)", _codes("jdv-type-evenement-ssiad-cisis", set())),
    ]


def _numbered(name: str) -> Choices:
    return [(coding.code, f"{coding.code} {_written(coding.display)}") for coding in value_set(name)]


def _codes(name: str, without: set[str]) -> Choices:
    return [(one.code, _written(one.display)) for one in _list(name) if one.code not in without]


def _list(name: str) -> CodeList:
    return code_system(name) if name.startswith("TRE_") else value_set(name)


def _written(display: str) -> str:
    """A label as our pages write: a capital first, a curly apostrophe, « sœur »."""
    return (display[:1].upper() + display[1:]).replace("'", "’").replace("oeur", "œur")
