"""Codes of the record as people read them: what a form offers, what a page says."""

from jalon.terminology import CodeList, code_system, serafin, value_set
from jalon.terminology.serafin import SerafinCode

Choices = list[tuple[str, str]]
Group = tuple[str, Choices]

BRANCH = 2  # segments: 1.1, 2.3…
NOTHING = ("", "Non précisé")
ROLES = ("JDV_J384",)
RELATIONS = ("JDV_J11", "JDV_HL7_PersonalRelationshipRoleType_CISIS")
PROTECTIONS = ("TRE_R217",)
ENTRIES = ("JDV_ModaliteEntree_CISIS",)
EVENT_TYPES = ("JDV_J284", "JDV_J283", "jdv-type-evenement-ssiad-cisis")
EXITS = ("JDV_ModaliteSortie_CISIS",)
# JDV_J226 (TRE_R338, 30/07/2026), which the house has no file of.
MODES = (
    ("01", "Accueil séquentiel accepté"),
    ("02", "Prise en charge directe SMUR"),
    ("03", "En présentiel"),
    ("04", "Téléconsultation"),
    ("05", "Visite à domicile"),
    ("06", "Prise en charge sans rendez-vous"),
    ("07", "Accueil anonyme"),
    ("08", "Accueil réservé aux femmes"),
    ("09", "Participation aux gardes et astreintes"),
    ("10", "Téléexpertise en moins de 24 heures"),
    ("11", "Téléexpertise en moins de 7 jours"),
    ("13", "Admission directe non programmée, personne âgée"),
    ("14", "Télésoin"),
    ("15", "Consultation dans des locaux dédiés, personnes en situation de handicap"),
    ("16", "Consultation sans locaux dédiés, personnes en situation de handicap"),
    ("17", "HandiBloc"),
    ("18", "Intra-hospitalier (dont équipe de liaison)"),
    ("19", "Extra-hospitalier"),
    ("20", "Accueil en unité protégée"),
    ("21", "Accueil saisonnier possible"),
    ("22", "Accueil saisonnier uniquement"),
    ("23", "Autodialyse simple"),
    ("24", "Autodialyse assistée"),
    ("25", "Relayage de courte durée (quelques heures par jour)"),
    ("26", "Relayage de longue durée (sur plusieurs jours)"),
    ("27", "Soins à domicile"),
)


def label(code: str, lists: tuple[str, ...]) -> str:
    """The label of a code, or the code itself when no list has it."""
    found = next((coding for name in lists if (coding := _list(name).find(code))), None)
    return _written(found.display) if found else code


def choices(lists: tuple[str, ...]) -> Choices:
    """Every code of one list, nothing first."""
    return [NOTHING, *_codes(lists[0], set())]


def modes() -> Choices:
    """How somebody is received (JDV_J226), nothing first."""
    return [NOTHING, *MODES]


def mode_label(code: str) -> str:
    """The words of a way of receiving, or the code itself when it is of no list."""
    return dict(MODES).get(code, code)


def relations() -> list[tuple[str, str] | Group]:
    """The usual links, then all the others."""
    usual, others = RELATIONS
    first = _codes(usual, set())
    rest = sorted(_codes(others, {code for code, _ in first}), key=lambda choice: choice[1])
    return [NOTHING, ("Liens courants", first), ("Autres liens", rest)]


def event_types() -> list[tuple[str, str] | Group]:
    """SERAFIN-PH services by branch, in their order, direct ones first, and what home nursing does."""
    return [
        NOTHING,
        *_branches("prestations_directes", "JDV_J284"),
        *_branches("prestations_indirectes", "JDV_J283"),
        ("Soins à domicile (SSIAD)", _codes("jdv-type-evenement-ssiad-cisis", set())),
    ]


def needs() -> list[tuple[str, str] | Group]:
    """SERAFIN-PH needs (JDV_J285) by branch, in their order."""
    return [("", "À préciser plus tard"), *_branches("besoins", "JDV_J285")]


def need_label(code: str) -> str:
    """The words of a need."""
    return label(code, ("JDV_J285",))


def event_type_label(code: str) -> str:
    """The words of a type of event."""
    return label(code, EVENT_TYPES)


def _branches(family: serafin.Family, known: str) -> list[Group]:
    """The lines of a family that a list has, under their branch."""
    lines, codes = serafin.family(family), {coding.code for coding in value_set(known)}
    return [
        (_written(branch.label), _lines_of(branch, lines, codes))
        for branch in lines
        if branch.level == BRANCH
    ]


def _lines_of(branch: SerafinCode, lines: tuple[SerafinCode, ...], codes: set[str]) -> Choices:
    """A branch by words: of several lines called the same, the last, which says the most."""
    start = serafin.segments(branch.code)
    mine = [one for one in lines if one.code in codes and serafin.segments(one.code)[:BRANCH] == start]
    parents = {line.parent for line in lines}
    general = {True: " (en général)", False: ""}
    said = {_written(one.label) + general[one.code in parents]: one.code for one in mine}
    return [(code, words) for words, code in said.items()]


def _codes(name: str, without: set[str]) -> Choices:
    return [(one.code, _written(one.display)) for one in _list(name) if one.code not in without]


def _list(name: str) -> CodeList:
    return code_system(name) if name.startswith("TRE_") else value_set(name)


def _written(display: str) -> str:
    """A label as our pages write: a capital first, a curly apostrophe, « sœur »."""
    return (display[:1].upper() + display[1:]).replace("'", "’").replace("oeur", "œur")
