"""A page with a form: shown, shown again with what is missing (422), or done and left."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar, cast

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.db.models.fields import BLANK_CHOICE_DASH
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from jalon.audit.queries import last_writer
from jalon.core.dates import clock, short_date
from jalon.core.errors import DomainError
from jalon.core.moment import at_wall_time
from jalon.core.pasted import drawn
from jalon.db.changes import hold
from jalon.faces.http import YEARS, Request
from jalon.faces.marks import CHANGED, LINE_END, Difference, changed_by_others, merged, seen, untouched
from jalon.faces.wrong import PlainWords
from jalon.formats.pdf import unprintable
from jalon.staff.models import Professional

LARGEST = 32767  # of a small integer of PostgreSQL
CHOOSE = "Choisissez"
UNPRINTABLE = "Le caractère « {} » ne peut pas être imprimé. Retirez-le du texte."


class DateInput(forms.DateInput):
    """A date with the browser's own picker."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class TimeInput(forms.TimeInput):
    """An hour with the browser's own picker."""

    input_type = "time"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", **kwargs)


class MomentInput(forms.DateTimeInput):
    """A day and an hour of the establishment, to the minute, with the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class MomentField(forms.DateTimeField):
    """What calendar and clock of the establishment show: an hour that comes twice is the first one."""

    widget = MomentInput

    def to_python(self, value: Any) -> dt.datetime | None:
        said = _wall_time(value)
        if said is None or said.year not in YEARS:
            return super().to_python(value)
        instant = at_wall_time(said, timezone.get_current_timezone())
        if instant is None:
            raise forms.ValidationError(
                f"Le {short_date(said)}, l’horloge avance d’une heure : {clock(said)} n’existe pas. "
                "Choisissez une autre heure."
            )
        return instant


def _wall_time(typed: Any) -> dt.datetime | None:
    """What a picker sends, when it is a day and an hour of the calendar."""
    try:
        said = parse_datetime(typed.strip()) if isinstance(typed, str) else None
    except ValueError:
        return None
    return said if said and said.tzinfo is None else None


def long_text(*names: str) -> dict[str, Any]:
    return {name: forms.Textarea(attrs={"rows": 2}) for name in names}


class MailField(forms.EmailField):
    """An address: checked here rather than by the browser, which would stop a page over one received."""

    widget = forms.TextInput(attrs={"inputmode": "email"})


class CodedField(forms.ChoiceField):
    """A choice by words of what is kept by code; `said`: the words of any code, of the list or not."""

    def __init__(self, *, said: Callable[[str], str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.said = said


class EditForm(PlainWords, forms.ModelForm):
    """A form that reads what was typed; the row is for the action to change.

    What nobody touched keeps its value, to the character: a row received may hold what a page cannot show (a
    second, a code of no list, a space at an end), and saving another field must not change it.
    `titles`: what to read before some of the fields, in a long form.
    """

    titles: ClassVar[dict[str, str]] = {}
    printed: ClassVar[bool] = False  # does a document of the house print what is typed here?

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            keep_choice(field, self.initial.get(name))
            invite(field)
            if self.known and self.initial.get(name) in field.empty_values:
                field.required = False  # what came without it can be saved without it

    @property
    def known(self) -> bool:
        """Is it about a row that exists?"""
        return not self.instance._state.adding

    def full_clean(self) -> None:
        for bound in self if self.is_bound and self.known else ():
            if untouched(bound):
                field: Any = bound.field  # a copy of this form alone
                field.clean = partial(_same, getattr(self.instance, bound.name))
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        """What was typed: lines end as they do in the record, years are those of a life."""
        kept = {bound.name for bound in self if self.known and untouched(bound)}
        for name in set(self.cleaned_data) - kept:
            value = self.cleaned_data[name]
            if isinstance(value, str):
                self.cleaned_data[name] = value = drawn(LINE_END.sub("\n", value))
                if self.printed and (found := unprintable(value)):
                    self.add_error(name, UNPRINTABLE.format(found))
            if isinstance(value, dt.date) and value.year not in YEARS:
                self.add_error(name, "Cette année est trop loin. Vérifiez la date.")
        return self.cleaned_data

    def _post_clean(self) -> None:
        """Where Django would write on the row what was typed: the pages still show what is true."""


def _same(value: Any, sent: Any) -> Any:
    return value


def keep_choice(field: Any, held: Any) -> None:
    """What the row holds is among the choices, shown as it is when no list of ours has it."""
    if not isinstance(field, forms.ChoiceField) or isinstance(field, forms.ModelChoiceField):
        return
    for code in held if isinstance(held, list) else [held]:
        if code is not None and not field.valid_value(code):
            others: Any = field.choices
            said = getattr(field, "said", str)
            field.choices = [*others, (code, said(code) or "Non précisé")]


def invite(field: Any) -> None:
    """A list asks for a choice in words, where the library shows a row of dashes."""
    dashes = BLANK_CHOICE_DASH[0]
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = CHOOSE if field.empty_label == dashes[1] else field.empty_label
    elif isinstance(field, forms.ChoiceField):
        offered: Any = field.choices
        field.choices = [("", CHOOSE) if choice == dashes else choice for choice in offered]


class TeamForm(EditForm):
    """A form that names somebody of the team, in one field; whoever was named before may stay."""

    names: ClassVar[str] = "responsible"
    nobody: ClassVar[str] = "À désigner"

    def __init__(self, *args: Any, team: "QuerySet[Professional]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one: Any = self.fields[self.names]
        one.queryset = Professional.objects.filter(
            Q(pk__in=team.values("pk")) | Q(pk=getattr(self.instance, f"{self.names}_id"))
        ).order_by("last_name", "first_name", "pk")
        one.empty_label = self.nobody


Fields = TypeVar("Fields", bound=Mapping[str, Any])


class FormPage(ABC, Generic[Fields]):
    """What such pages share. A page that lacks one of these cannot be made.

    `Fields` is what the form gives once valid, and what the use case takes: `FormPage[PersonChanges]`. A form
    with a field that the use case does not take fails the tests.
    """

    @abstractmethod
    def form(self, data: Any = None) -> Any:
        """The form, filled with `data` when something was sent."""

    @abstractmethod
    def save(self, fields: Fields) -> None:
        """Act on valid fields. Raises DomainError: shown with the form, and nothing typed is lost."""

    @abstractmethod
    def heading(self) -> str:
        """What the page is called."""

    @abstractmethod
    def done(self) -> str:
        """What was done, in a sentence: « Séjour ajouté. »."""

    def tell(self, request: Request) -> None:
        """Say what was done; whoever may take it back says how (`faces.undo.told`)."""
        messages.success(request, self.done())

    def notice(self) -> str:
        """What to know before typing, if anything."""
        return ""

    @abstractmethod
    def back(self) -> HttpResponse:
        """Where the page leads once done."""

    @abstractmethod
    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        """The page in its frame."""

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        return self._shown(self.form())

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        form = self._held(request)
        if overtaken := changed_by_others(form, request.POST.get("vu", "")):
            return self._overtaken(request, form, overtaken)
        if form.is_valid():
            try:
                self.save(cast(Fields, form.cleaned_data))
                self.tell(request)
                return self.back()
            except DomainError as refusal:
                place = refusal.place if refusal.place in form.fields else None
                form.add_error(place, refusal.message)
        return self._shown(form, 422)

    def _held(self, request: Request) -> Any:
        """The form as sent, on a row locked until the answer: its mark is compared with what is true."""
        form = self.form(request.POST)
        if getattr(form, "known", False):
            self.hold(form)
            form = self.form(request.POST)
        return form

    def hold(self, form: Any) -> None:
        """Keep what this form is about as it is until the answer."""
        hold(form.instance)

    def overtaker(self, form: Any) -> Any:
        """Who saved in between, if anybody is known."""
        return last_writer(form.instance)

    def _overtaken(self, request: Request, form: Any, fields: list[Any]) -> HttpResponse:
        """Somebody saved in between: nothing is written; both texts are shown, mine is kept in the form."""
        data, differences = merged(request.POST, fields)
        again = self.form(data)
        again.add_error(None, CHANGED.format(self.overtaker(form) or "Quelqu’un"))
        return self._shown(again, 422, differences)

    def _shown(self, form: Any, status: int = 200, differences: Iterable[Difference] = ()) -> HttpResponse:
        return self.show(
            status,
            form=form,
            differences=list(differences),
            heading=self.heading(),
            notice=self.notice(),
            leave=self.back().headers["Location"],
            seen=seen(form),
        )
