"""Every form that posts carries its key and its marks: no page may forget them."""

import re
from pathlib import Path

import pytest
from django import forms

from jalon.faces.forms import EditForm
from tests.support import PROJECT

TEMPLATES = [
    path
    for folder in ("jalon/web", "jalon/faces")
    for path in sorted((PROJECT / folder).rglob("*.html"))
    if "allauth_templates" not in path.parts
]
FORM = re.compile(r"<form\b[^>]*method=\"post\".*?</form>", re.DOTALL)
NEW = {"WelcomeForm"}  # of a row that does not exist yet: nobody else can have changed it
# The door: nobody is known yet, and each sending is an attempt.
AT_THE_DOOR = {"jalon/web/templates/account/login.html"}


def test_there_are_forms_to_look_at() -> None:
    assert sum(len(FORM.findall(path.read_text("utf-8"))) for path in TEMPLATES) > 15


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_form_that_posts_carries_its_token_and_its_key(path: Path) -> None:
    """`csrf_input` of the shell is both (`jalon.web.context`); a macro is given it as `csrf`."""
    for form in FORM.findall(path.read_text("utf-8")):
        assert re.search(r"\{\{-? ?csrf(_input)?\b", form), f"{path}: {form[:90]}"


def _subclasses(base: type) -> set[type]:
    return {one for child in base.__subclasses__() for one in {child, *_subclasses(child)}}


def test_a_form_on_a_row_is_one_that_knows_whether_somebody_changed_it() -> None:
    """A plain ModelForm has no marks: of two people who save, the last one would win in silence."""
    import jalon.config.urls  # noqa: F401  every page, hence every form

    ours = {one for one in _subclasses(forms.ModelForm) if one.__module__.startswith("jalon.")}
    assert len(ours) > 10
    assert {one.__name__ for one in ours if not issubclass(one, EditForm)} == NEW
