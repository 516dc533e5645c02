"""What the screens show of a person: names, age, identity, vigilances."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from jalon.core import dates
from jalon.core.identity import UNKNOWN_PLACE
from jalon.core.names import initials
from jalon.people.models import Person, ProtectionMeasure
from jalon.people.queries import vigilances_of
from jalon.terminology import place_label

VIGILANCE_ICONS = {
    "allergy": ("danger", "triangle-alert"),
    "swallowing": ("alerte", "utensils"),
    "epilepsy": ("danger", "activity"),
    "fall": ("alerte", "triangle-alert"),
    "runaway": ("alerte", "door-open"),
    "communication": ("info", "message-circle"),
    "other": ("neutre", "info"),
}
STATUS_ICONS = {
    "qualified": "shield-check",
    "validated": "shield",
    "retrieved": "shield",
    "provisional": "shield-question-mark",
}


@dataclass(frozen=True)
class Badge:
    """A vigilance or a legal fact, as the banner shows it."""

    text: str
    tone: str
    icon: str


@dataclass(frozen=True)
class Banner:
    """The permanent identity banner."""

    person_id: Any
    last_name: str
    first_name: str
    birth_name: str
    familiar: str
    initials: str
    born: str
    age: str
    sex: str
    born_word: str
    place: str
    status: str
    doubtful: bool
    ins: str
    badges: tuple[Badge, ...]


def banner(person: Person, today: dt.date) -> Banner:
    """Everything the banner says, in four queries at most."""
    birth = person.birth_date
    return Banner(
        person_id=person.pk,
        last_name=person.usual_name.upper(),
        first_name=person.usual_first_name,
        birth_name=person.birth_name if person.used_name else "",
        familiar=person.usual_first_name or person.usual_name,
        initials=initials(person.usual_name, person.usual_first_name),
        born=dates.birth_date_label(birth, person.traits.birth_date_precision) if birth else "date inconnue",
        age=dates.age_label(birth, today) if birth else "",
        sex={"F": "F", "M": "M"}.get(person.sex, "inconnu"),
        born_word={"F": "Née le", "M": "Né le"}.get(person.sex, "Naissance :"),
        place=place_label(person.birth_place, birth) if person.birth_place != UNKNOWN_PLACE else "",
        status=person.identity_status,
        doubtful=person.doubtful or person.fictitious,
        ins=person.ins,
        badges=tuple(_badges(person, today)),
    )


def _badges(person: Person, today: dt.date) -> list[Badge]:
    found = vigilances_of([person.pk])[person.pk]
    badges = [Badge(vigilance.text, *VIGILANCE_ICONS[vigilance.kind]) for vigilance in found]
    measures = ProtectionMeasure.objects.filter(person=person, starts_on__lte=today)
    for measure in measures:
        if measure.ends_on is None or measure.ends_on >= today:
            badges.append(
                Badge(f"{measure.get_kind_display().capitalize()}, {measure.holder}", "neutre", "scale")
            )
    trusted = next((contact for contact in person.contacts.all() if contact.trusted), None)
    if trusted:
        badges.append(Badge(f"Personne de confiance : {trusted}", "neutre", "users-round"))
    return badges
