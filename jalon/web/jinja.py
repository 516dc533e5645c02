"""The Jinja2 environment of the screens: components as the global `ui`, French dates as filters."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from jalon.core import dates
from jalon.core.identifiers import display_ins
from jalon.core.names import initials


def environment(**options: Any) -> Environment:
    """Undefined variables are errors: a template never prints nothing in silence."""
    env = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})  # noqa: S701  Django turns autoescape on
    env.globals.update(static=static, url=url, icon=icon, tone_of=tone_of, initials=initials)
    env.filters.update(
        full_date=lambda day: dates.full_date(_day(day)) if day else "",
        long_date=lambda day: dates.long_date(_day(day)),
        short_date=lambda day: dates.short_date(_day(day)) if day else "",
        clock=lambda moment: dates.clock(_local(moment)),
        column_clock=lambda moment: dates.column_clock(_local(moment)),
        ins=display_ins,
        paragraphs=paragraphs,
    )
    env.globals["ui"] = env.get_template("ui.html").module
    return env


def url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


def icon(name: str, classes: str = "") -> Markup:
    """A symbol of the sprite, decoration only: the word is always beside it."""
    return Markup('<svg class="ic {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        classes, static("icons.svg"), name
    )


TONES = ("emo", "educ", "vie", "lien", "soin")


def tone_of(identifier: Any) -> str:
    """A colour for an avatar, the same each time for the same person; it means nothing."""
    return TONES[sum(str(identifier).encode()) % len(TONES)]


def paragraphs(text: str) -> Markup:
    """Typed text as paragraphs and line breaks, escaped."""
    blocks = [block for block in text.replace("\r", "").split("\n\n") if block.strip()]
    lines = (Markup("<br>").join(escape(line) for line in block.split("\n")) for block in blocks)
    return Markup("").join(Markup("<p>{}</p>").format(block) for block in lines)


def _local(moment: Any) -> Any:
    return timezone.localtime(moment) if hasattr(moment, "tzinfo") and moment.tzinfo else moment


def _day(value: Any) -> Any:
    return _local(value).date() if hasattr(value, "hour") else value
