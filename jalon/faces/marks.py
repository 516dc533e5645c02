"""What a form held when its page was shown, field by field, so that nobody is overwritten in silence.

A mark says nothing of the value. Compared with the row, it tells which fields somebody else changed in the
meantime; compared with what came back, which ones were changed here.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.crypto import salted_hmac

LINE_END = re.compile(r"\r\n?|\n")
MANY = (forms.SelectMultiple, forms.CheckboxSelectMultiple)
CHANGED = (
    "{} a modifié cette page depuis que vous l’avez ouverte. Rien n’est encore enregistré. Ce que vous avez "
    "tapé est gardé, ce que vous n’avez pas touché est à jour : comparez, puis enregistrez de nouveau."
)


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed: what is kept now, and what was typed here ("": nothing)."""

    label: str
    theirs: str
    mine: str


def untouched(bound: Any) -> bool:
    """Did this come back as the page showed it, or not at all?"""
    return bound.field.disabled or _omitted(bound) or as_sent(bound) == as_shown(bound)


def as_shown(bound: Any) -> str:
    """What the page shows of a field, as a browser would send it back."""
    widget, shown = bound.field.widget, bound.field.prepare_value(bound.initial)
    if isinstance(widget, MANY):
        return _together(shown or ())
    if not isinstance(widget, (forms.Select, forms.CheckboxInput)):
        shown = widget.format_value(shown)
    return _as_sent(shown, widget)


def as_sent(bound: Any) -> str:
    """What came back of a field."""
    sent = bound.data
    return _together(sent) if isinstance(sent, list) else _as_sent(sent, bound.field.widget)


def _together(values: Any) -> str:
    return "\n".join(sorted(map(str, values)))


def _as_sent(value: Any, widget: Any) -> str:
    """A value as browsers send it: a box of one line drops line ends, the others have their own."""
    end = "\n" if isinstance(widget, forms.Textarea) else ""
    return LINE_END.sub(end, "" if value is None else str(value)).strip()


def _omitted(bound: Any) -> bool:
    form, widget = bound.form, bound.field.widget
    return bool(widget.value_omitted_from_data(form.data, form.files, bound.html_name))


def seen(form: Any) -> str:
    """The marks of a form that is shown; empty for a new row."""
    if not getattr(form, "known", False):
        return ""
    return " ".join(f"{bound.name}:{_mark(bound, as_shown(bound))}" for bound in form)


def _mark(bound: Any, text: str) -> str:
    said = repr((str(bound.form.instance.pk), bound.name, text))
    return salted_hmac("jalon.faces.marks", said, algorithm="sha256").hexdigest()[:20]


def _marks(seen_then: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in seen_then.split())
    return {name: mark for name, _, mark in pairs if mark}


def changed_by_others(form: Any, seen_then: str) -> list[Any]:
    """The fields of a form sent back that no longer hold what its page showed."""
    then = _marks(seen_then)
    return [one for one in form if one.name in then and then[one.name] != _mark(one, as_shown(one))]


def merged(sent: QueryDict, fields: list[Any]) -> tuple[QueryDict, list[Difference]]:
    """What to show again, and how both sides differ: mine where I typed, theirs where I did not."""
    data, then = sent.copy(), _marks(str(sent["vu"]))
    differences = []
    for bound in fields:
        theirs, mine = as_shown(bound), as_sent(bound)
        typed = not _omitted(bound) and mine != theirs and then[bound.name] != _mark(bound, mine)
        differences.append(
            Difference(str(bound.label), _said(bound, theirs), _said(bound, mine) if typed else "")
        )
        if not typed:
            _take(data, bound, theirs)
    return data, differences


def _said(bound: Any, text: str) -> str:
    """A value of a field in words."""
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return "oui" if text in ("True", "on") else "non"
    labels = {str(code): str(label) for code, label in getattr(bound.field, "choices", ())}
    said = ", ".join(labels.get(one, one) for one in text.split("\n")) if labels else text
    return said or "vide"


def _take(data: QueryDict, bound: Any, theirs: str) -> None:
    if isinstance(bound.field.widget, MANY):
        data.setlist(bound.html_name, theirs.split("\n") if theirs else [])
    elif isinstance(bound.field.widget, forms.CheckboxInput) and theirs != "True":
        data.pop(bound.html_name, None)
    else:
        data[bound.html_name] = theirs
