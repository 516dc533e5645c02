"""The work situations that Pro Santé Connect knows of a professional, in words and in codes."""

from typing import Any, TypedDict

from jalon.gateways.psc.claims import Activity, Exercise, parse_userinfo
from jalon.terminology import code_system

MODES = {"S": "salarié", "L": "libéral", "B": "bénévole"}


class Situation(TypedDict):
    """As what and where somebody works, in words and in the codes of the directory (kept in a session)."""

    job: str
    place: str
    mode: str
    key: str
    finess: str


def situations_of(userinfo: dict[str, Any]) -> list[Situation]:
    """In the order of the directory. Raises Malformed when the claims name nobody."""
    return [_situation(*known) for known in parse_userinfo(userinfo).situations]


def _situation(exercise: Exercise, activity: Activity | None) -> Situation:
    return Situation(
        job=code_system("TRE_G15").label(exercise.profession),
        place=activity.name if activity else "",
        mode=MODES.get(activity.mode, "") if activity else "",
        key=exercise.key,
        finess=activity.finess_site if activity else "",
    )
