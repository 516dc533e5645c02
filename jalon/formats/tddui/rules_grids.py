"""The four official questionnaires (TDDUI 2.4.0): which questions, where, and what may answer them."""

from collections.abc import Iterator, Mapping
from typing import Any

from jalon.formats.fhir import Problem
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.urls import CISIS, TDDUI

QUESTIONNAIRE = TDDUI + "Questionnaire/"
_Q = QUESTIONNAIRE + "tddui-questionnaire-"
_ICF = "http://hl7.org/fhir/sid/icf"
_GIR = frozenset((CISIS, f"MED-{number}") for number in range(339, 345))
_VARIABLE = frozenset((_ICF, code) for code in ("qf0", "qf2", "qf4"))
_CRITERIA = ("spont", "tot", "correct", "habit")
_PREFIXES = {
    "fonction-pensee": "pensee",
    "fonction-orientation": "orientation",
    "se-laver": "laver",
    "s'habiller": "habiller",
    "aller-aux-toilettes": "toilette",
    "assurer-regulation-miction": "miction",
    "assurer-regulation-defecation": "defecation",
    "appareil-communication": "appareil",
}
_PH = (
    "fonction-pensee fonction-orientation se-laver s'habiller manger aller-aux-toilettes position-corps"
    " deplacer-maison deplacer-hors-maison appareil-communication"
)
_PA = (
    "fonction-pensee fonction-orientation se-laver prendre-soin mettre-vetement motricite-fine"
    " mettre-chaussure manger passage-aliment assurer-regulation-miction assurer-regulation-defecation"
    " position-corps deplacer-maison deplacer-dehors appareil-communication"
)
_SITUATIONS = (
    "incontinence incontinence-fec obesite trouble-cognitif trouble-personnalite soins-ide prise-charge-ide"
    " aucun-motif"
)
_SERAFIN = (
    "serafin sante-som-psy fonc-ment fonc-sensorielle douleur voix cardio-vasc dig genito-uri loco-mot peau"
    " entretien autonomie entretien-personnel relations mobilite decision participation-sociale droit-citoyen"
    " logement vivre-logement activite-dom insertion-sociale vie-scolaire activite-domestique apprentissage"
    " famille pair-aidant vie-sociale-moyen-transport vie-sociale moyen-transport economie"
)

Grid = Mapping[str, "Question"]


class Question:
    """What answers a question: the value element, the codes if it is a choice, the questions under the
    answer."""

    def __init__(
        self, value: str, options: frozenset[tuple[str, str]] = frozenset(), below: Grid | None = None
    ) -> None:
        self.value, self.options, self.below = value, options, below or {}


def _aggir(variables: str) -> Grid:
    below = {name: Question("valueCoding", _VARIABLE, _criteria(name)) for name in variables.split()}
    return {"resultat-eval": Question("valueCoding", _GIR, below)}


def _criteria(variable: str) -> Grid:
    prefix = _PREFIXES.get(variable, variable)
    return {f"{prefix}-{each}": Question("valueBoolean") for each in _CRITERIA}


GRIDS: dict[str, Grid] = {
    f"{_Q}aggir-ph-ssiad": _aggir(_PH),
    f"{_Q}aggir-pa-ssiad": _aggir(_PA),
    f"{_Q}situation-ssiad": {name: Question("valueBoolean") for name in _SITUATIONS.split()},
    f"{_Q}serafin": {f"besoin-{name}": Question("valueInteger") for name in _SERAFIN.split()},
}


def check_answers(response: Json, path: str) -> Iterator[Problem]:
    """The answers to one of the four grids; another questionnaire is only told."""
    grid = GRIDS.get(str(response.get("questionnaire", "")).partition("|")[0])
    if grid is None:
        yield Problem(f"{path}.questionnaire", "Ce questionnaire n’est pas une grille de TDDUI.", "warning")
    else:
        yield from _check_items(response.get("item", ()), grid, f"{path}.item")


def _check_items(items: Any, grid: Grid, path: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, item in enumerate(items):
        place, name = f"{path}[{index}]", str(item.get("linkId", ""))
        question = grid.get(name)
        if question is None:
            yield Problem(f"{place}.linkId", f"« {name} » n’est pas une question de la grille à ce niveau.")
        elif name in seen:
            yield Problem(f"{place}.linkId", f"« {name} » figure deux fois.")
        else:
            yield from _check_question(item, question, place)
        seen.add(name)


def _check_question(item: Json, question: Question, path: str) -> Iterator[Problem]:
    answers = item.get("answer", ())
    if len(answers) > 1:
        yield Problem(f"{path}.answer", "La question n’admet qu’une réponse.")
    for index, answer in enumerate(answers):
        place = f"{path}.answer[{index}]"
        given = answer.get(question.value)
        if given is None:
            yield Problem(f"{place}.{question.value}", "La réponse n’a pas le type attendu.")
        elif question.options and (given.get("system"), given.get("code")) not in question.options:
            yield Problem(
                f"{place}.{question.value}", f"« {given.get('code')} » n’est pas une réponse admise."
            )
        yield from _check_items(answer.get("item", ()), question.below, f"{place}.item")
    yield from _check_items(item.get("item", ()), question.below, f"{path}.item")
