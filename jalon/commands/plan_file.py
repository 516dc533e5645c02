"""A personalised project as a JSON file: read with the place of each mistake, written whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from jalon.commands.asking import Desk
from jalon.commands.context import read_file
from jalon.core.errors import DomainError
from jalon.core.pasted import drawn
from jalon.formats.pdf import unprintable

if TYPE_CHECKING:
    from jalon.plans.models import PersonalPlan

LINKS = {"needs", "actions"}
"""What a goal of the file says beside its own columns: the needs it aims at (by rank), its actions."""
PARTS = {"expectations", "needs", "goals", "agreement"}
SAID = {
    "PersonalPlan": {"title", "description", "communication", "starts_on", "ends_on"},
    "Expectation": {"description", "origin", "comment"},
    "Need": {"category", "description", "analysis", "comment"},
    "Goal": {"title", "description", "expected", "strategy", "opinion", "starts_on", "due_on", "responsible"},
    "Action": {"title", "description", "expected", "opinion", "starts_on", "ends_on", "responsible"},
    "Agreement": {"words"},
}


def read(file: Path) -> dict[str, Any]:
    """The object of the file. Raises DomainError when it is not JSON, or not an object."""
    try:
        return _object(orjson.loads(read_file(file)), "")
    except orjson.JSONDecodeError as error:
        raise DomainError(
            f"{file.name} n’est pas un fichier JSON (ligne {error.lineno}, colonne {error.colno}).",
            code="not_json",
        ) from error


def written(desk: Desk, told: dict[str, Any]) -> "PersonalPlan":
    """The plan of the file. Raises DomainError with the place of what is wrong; nothing is written then."""
    from django.db import transaction

    from jalon.plans import actions
    from jalon.plans.models import Expectation, Need, PersonalPlan

    own = {name: value for name, value in told.items() if name not in PARTS}
    with transaction.atomic():
        plan = actions.open_plan(
            record=desk.record, by=desk.by, **{"title": "", **_fields(PersonalPlan, own, "")}
        )
        for place, one in _items(told, "expectations"):
            actions.add_part(plan=plan, kind=Expectation, by=desk.by, **_fields(Expectation, one, place))
        needs = [
            actions.add_part(plan=plan, kind=Need, by=desk.by, **_fields(Need, one, place)).key
            for place, one in _items(told, "needs")
        ]
        for place, one in _items(told, "goals"):
            _aim(desk, plan, one, place, needs)
        if "agreement" in told:
            _agree(desk, plan, _object(told["agreement"], "agreement"))
    return plan


def _aim(desk: Desk, plan: "PersonalPlan", told: dict[str, Any], place: str, needs: list[str]) -> None:
    """A goal and its actions."""
    from jalon.plans import actions
    from jalon.plans.models import Action, Goal

    own = {name: value for name, value in told.items() if name not in LINKS}
    keys = [_ranked(needs, rank, f"{place}.needs") for rank in told.get("needs", [])]
    goal = actions.add_part(plan=plan, kind=Goal, by=desk.by, need_keys=keys, **_fields(Goal, own, place))
    for inner, one in _items(told, "actions", f"{place}."):
        fields = _fields(Action, one, inner)
        actions.add_part(plan=plan, kind=Action, by=desk.by, goal_keys=[goal.key], **fields)


def _agree(desk: Desk, plan: "PersonalPlan", told: dict[str, Any]) -> None:
    """The person's own agreement, with their words."""
    from django.utils import timezone

    from jalon.plans import actions
    from jalon.plans.models import Agreement

    fields = _fields(Agreement, told, "agreement")
    actions.agree(plan=plan, side=Agreement.Side.PERSON, now=timezone.now(), by=desk.by, **fields)


def _items(told: dict[str, Any], name: str, before: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Each object of a list of the file, with its place."""
    listed = told.get(name, [])
    if not isinstance(listed, list):
        raise _misread("une liste est attendue", f"{before}{name}")
    for rank, one in enumerate(listed):
        place = f"{before}{name}[{rank}]"
        yield place, _object(one, place)


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _misread("un objet est attendu", place)
    return value


def _ranked(keys: list[str], rank: Any, place: str) -> str:
    if not isinstance(rank, int) or not 0 < rank <= len(keys):
        raise _misread(f"il n’y a pas de besoin n° {rank}", place)
    return keys[rank - 1]


def _fields(model: Any, told: dict[str, Any], place: str) -> dict[str, Any]:
    """The columns said, as the model reads them; a responsible is named by their key."""
    from django.core.exceptions import ValidationError

    values = {}
    for name, value in told.items():
        where = f"{place}.{name}".strip(".")
        if name not in SAID[model.__name__]:
            raise _misread("ce champ n’existe pas", where)
        try:
            values[name] = (
                _professional(value, where) if name == "responsible" else _cleaned(model, name, value, where)
            )
        except ValidationError as error:
            raise _misread(" ".join(error.messages), where) from error
    return values


def _cleaned(model: Any, name: str, value: Any, place: str) -> Any:
    if not isinstance(value, str):
        raise _misread("un texte est attendu", place)
    text = drawn(value)
    if found := unprintable(text):
        raise _misread(f"le caractère « {found} » ne peut pas être imprimé", place)
    return model._meta.get_field(name).clean(text, None)


def _professional(key: Any, place: str) -> Any:
    from jalon.staff.models import Professional

    found = Professional.objects.filter(key=key, active=True).first()
    if found is None:
        raise _misread(f"aucun professionnel n’a l’identifiant {key}", place)
    return found


def _misread(why: str, place: str) -> DomainError:
    return DomainError(f"Le projet ne peut pas être lu : {why.rstrip('.')}.", code="plan_file", place=place)
