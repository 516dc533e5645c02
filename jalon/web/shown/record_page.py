"""A page of a record: its frame, and the form that corrects what the record holds.

The gate loads the record, checks the right, traces the opening; each view only answers.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import cached_property

from jalon.faces.forms import Fields, FormPage
from jalon.people.models import Person
from jalon.people.queries import for_a_page
from jalon.staff.rules import Permission
from jalon.web.gate import RecordView
from jalon.web.shown.navigation import navigation
from jalon.web.shown.person import banner


class Page(RecordView):
    """A page of a record: banner, tabs, and what the view adds. `shown_at`: its tab, when it is below one."""

    template: str
    folded = True  # on a telephone, the whole banner is on one page: the first

    @cached_property
    def person(self) -> Person:
        """The person, whose contacts and vigilances are read once for the banner and for the page."""
        return for_a_page(self.record.person, vars(self.record)["vigilances"] if self.sees_vigilances else [])

    @property
    def sees_vigilances(self) -> bool:
        """What everybody must know before acting is told to whoever reads the daily life of the person."""
        return self.may(Permission.READ_DAILY)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        frame = {
            "record": self.record,
            "banner": banner(self.person, self.request.today),
            "sees_vigilances": self.sees_vigilances,
            "may_show_ins": self.may(Permission.READ_INS),
            "groups": navigation(self),
            "may_write": self.may(Permission.WRITE_NOTE),
            "function": self.actor.function,
            "folded": self.folded,
            "ins_shown": False,
        }
        return render(self.request, self.template, {**frame, **context}, status=status, using="jinja2")


class EditPage(Page, FormPage[Fields]):
    """A form of a record; it leads back to the page that shows what it edits."""

    template = "shown/record_form.html"
    shown_at: str

    def back(self) -> HttpResponse:
        return redirect(f"records:{self.shown_at}", self.record.pk)
