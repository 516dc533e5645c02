"""What the screens show of a person: names, age, identity, vigilances."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from jalon.core import dates
from jalon.core.identity import UNKNOWN_PLACE
from jalon.core.names import initials
from jalon.people.models import Person, Vigilance
from jalon.people.queries import gravest_first, measures_in_force
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
    photo: str
    born: str
    age: str
    sex: str
    born_word: str
    place: str
    status: str
    doubtful: bool
    ins: str
    died: str
    badges: tuple[Badge, ...]


def born(person: Person) -> str:
    """« née le 12 mars 1950 », « né en 1950 »; nothing when nobody knows: no day is added."""
    return dates.born(person.sex, person.birth_date, person.birth_date_precision) if person.birth_date else ""


def death(person: Person) -> str:
    """« décédée le 20 novembre 2026 », « décédé en 2020 », « décès signalé, date inconnue »; else nothing."""
    word = {"F": "décédée", "M": "décédé"}.get(person.sex, "décès")
    if person.died_on:
        little = "le" if person.died_on_precision == "day" else "en"
        return f"{word} {little} {dates.birth_date_label(person.died_on, person.died_on_precision)}"
    return "décès signalé, date inconnue" if person.death_reported else ""


def _born_word(person: Person) -> str:
    """« Née le », « Né en »: what comes before the birth date, as far as it is known."""
    word = {"F": "Née", "M": "Né"}.get(person.sex)
    return f"{word} {'le' if person.birth_date_precision == 'day' else 'en'}" if word else "Naissance :"


def vigilance_badge(vigilance: Vigilance) -> Badge:
    return Badge(vigilance.text, *VIGILANCE_ICONS[vigilance.kind])


def _age(person: Person, today: dt.date) -> str:
    """Their age, or the one they died at; « environ » where a date is partial; nothing without them."""
    if person.birth_date is None or (person.death_reported and person.died_on is None):
        return ""
    label = dates.age_label(person.birth_date, person.died_on or today)
    partial = person.birth_date_precision != "day" or (person.died_on and person.died_on_precision != "day")
    return f"environ {label}" if partial else label


def banner(person: Person, today: dt.date) -> Banner:
    """Everything the banner says; one query where the gate opened the record (`for_a_page`)."""
    birth = person.birth_date
    return Banner(
        person_id=person.pk,
        last_name=person.usual_name.upper(),
        first_name=person.usual_first_name,
        birth_name=person.birth_name if person.used_name else "",
        familiar=person.usual_first_name or person.usual_name,
        initials=initials(person.usual_name, person.usual_first_name),
        photo=person.photo_sha256[:8],
        born=dates.birth_date_label(birth, person.traits.birth_date_precision) if birth else "date inconnue",
        age=_age(person, today),
        sex={"F": "F", "M": "M"}.get(person.sex, "inconnu"),
        born_word=_born_word(person),
        place=place_label(person.birth_place, birth) if person.birth_place != UNKNOWN_PLACE else "",
        status=person.identity_status,
        doubtful=person.doubtful or person.fictitious,
        ins=person.ins,
        died=death(person),
        badges=tuple(_badges(person, today)),
    )


def _badges(person: Person, today: dt.date) -> list[Badge]:
    found = gravest_first(one for one in person.vigilances.all() if one.active)
    badges = [vigilance_badge(vigilance) for vigilance in found]
    for measure in measures_in_force(person, today):
        said = ", ".join(filter(None, (measure.get_kind_display().capitalize(), measure.holder)))
        badges.append(_measure_badge(said, to_verify=measure.to_verify))
    trusted = next((contact for contact in person.contacts.all() if contact.trusted), None)
    if trusted:
        badges.append(Badge(f"Personne de confiance : {trusted}", "neutre", "users-round"))
    return badges


def _measure_badge(said: str, *, to_verify: bool) -> Badge:
    return Badge(f"{said} : à vérifier", "alerte", "scale") if to_verify else Badge(said, "neutre", "scale")
