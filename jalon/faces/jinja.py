"""The Jinja2 environment of the screens: components as the global `ui`, French dates as filters."""

from functools import cache
from types import SimpleNamespace
from typing import Any

from django.templatetags.static import static
from django.utils import timezone
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from jalon.core import dates
from jalon.core.identifiers import display_ins
from jalon.core.names import initials, of_name
from jalon.faces import wrong
from jalon.faces.addresses import url

# Where the components are: ui.html, then one file a family. A macro calls those of another family as `ui.…`.
FAMILIES = ("ui.html", "ui/forms.html", "ui/states.html", "ui/figures.html", "ui/papers.html")


def environment(**options: Any) -> Environment:
    """Undefined variables are errors: a template never prints nothing in silence."""
    strict = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(**{**options, **strict})  # noqa: S701  Django turns autoescape on
    env.globals.update(static=cache(static), url=url, icon=icon, tone_of=tone_of, initials=initials)
    env.globals.update(event_tone=event_tone, family_icon=FAMILY_ICONS.get, wrong_title=wrong.title)
    env.filters.update(
        full_date=lambda day: dates.full_date(_day(day)) if day else "",
        long_date=lambda day: dates.long_date(_day(day)),
        short_date=lambda day: dates.short_date(_day(day)) if day else "",
        clock=lambda moment: dates.clock(_local(moment)),
        column_clock=lambda moment: dates.column_clock(_local(moment)),
        grouped=grouped,
        ins=display_ins,
        of_name=of_name,
        paragraphs=paragraphs,
        sentence=sentence,
    )
    env.globals["ui"] = components(env)
    return env


def components(env: Environment) -> SimpleNamespace:
    """Every macro of every family under one name, set before the templates load: they copy the globals."""
    env.globals["ui"] = ui = SimpleNamespace()
    for family in FAMILIES:
        module = vars(env.get_template(family).module)
        vars(ui).update({name: macro for name, macro in module.items() if not name.startswith("_")})
    return ui


@cache
def icon(name: str, classes: str = "") -> Markup:
    """A symbol of the sprite, decoration only: the word is always beside it."""
    return Markup('<svg class="ic {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        classes, static("icons.svg"), name
    )


def grouped(number: int) -> str:
    """A number by thousands: « 3 204 »."""
    return f"{number:,}".replace(",", "\u202f")


TONES = ("emo", "educ", "vie", "lien", "soin")


def tone_of(identifier: Any) -> str:
    """A color for an avatar, the same each time for the same person; it means nothing."""
    return TONES[sum(str(identifier).encode()) % len(TONES)]


# Of a note, by its family.
FAMILY_ICONS = {
    "soin": "heart-pulse",
    "educ": "sprout",
    "vie": "utensils",
    "emo": "smile",
    "lien": "users-round",
    "evt": "triangle-alert",
    "psy": "hand-heart",
    "jus": "scale",
}
# The branches of SERAFIN-PH direct services, drawn as the families of notes they are closest to.
EVENT_TONES = {"2.1": "soin", "2.2": "vie", "2.3": "educ"}


def event_tone(type_code: str) -> str:
    """The colour of an event of the agenda, by the branch of its SERAFIN-PH code; its label says the rest."""
    return EVENT_TONES.get(type_code[:3], "neutre")


def sentence(text: Any) -> str:
    """With a capital first letter, the rest untouched: « Projet signé », « INS affichée »."""
    written = text if isinstance(text, str) else str(text)
    return written[:1].upper() + written[1:]


def paragraphs(text: str) -> Markup:
    """Typed text as paragraphs and line breaks, escaped."""
    blocks = [block for block in text.replace("\r", "").split("\n\n") if block.strip()]
    said = "".join(f"<p>{escape(block)}</p>" for block in blocks).replace("\n", "<br>")
    return Markup(said)  # noqa: S704  each block was escaped


def _local(moment: Any) -> Any:
    return timezone.localtime(moment) if hasattr(moment, "tzinfo") and moment.tzinfo else moment


def _day(value: Any) -> Any:
    return _local(value).date() if hasattr(value, "hour") else value
