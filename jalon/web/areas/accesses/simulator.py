"""The simulator of rights: what somebody sees in a record, at an instant, by which rule.

It reads the rules in force and opens no record: the trace says that the simulator was used, and about whom.
"""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from jalon.faces.forms import CHOOSE, MomentField
from jalon.faces.http import Request, shows
from jalon.faces.wrong import PlainWords
from jalon.records.models import Record
from jalon.records.openings import simulated
from jalon.records.search import found
from jalon.records.standing import explained
from jalon.staff.models import Professional
from jalon.staff.queries import actor_of, functions_of, who_opens_records
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.areas.accesses.parts import count, table
from jalon.web.gate import ProfessionalView

OFFERED = 8
NOBODY = "Personne de ce nom ici. Écrivez un nom, un prénom ou un numéro de dossier."
SEVERAL = "Plusieurs personnes ont ce nom. Choisissez."


class SimulateForm(PlainWords, forms.Form):
    """Who, when, and whose record."""

    who = forms.ModelChoiceField(Professional.objects.none(), label="Qui", empty_label=CHOOSE)
    at = MomentField(label="Quand")
    name = forms.CharField(label="Quel dossier", max_length=100, help_text="Un nom, un prénom, un numéro.")

    def __init__(self, data: Any = None, *, today: dt.date, now: dt.datetime) -> None:
        super().__init__(data, initial={"at": now})
        who: Any = self.fields["who"]
        who.queryset = who_opens_records(today)


class Simulator(ProfessionalView):
    """« Simulateur de droits »."""

    permission = Permission.SIMULATE_RIGHTS
    content = NO_CONTENT
    template = "accesses/simulator.html"

    def get(self, request: Request) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: Request) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, 422)
        records = self.named(form)
        if len(records) != 1:
            form.add_error("name", SEVERAL if records else NOBODY)
            return self.show(form, 422, offered=records)
        return self.show(form, **self.simulated(form.cleaned_data, records[0]))

    def form(self, data: Any = None) -> SimulateForm:
        return SimulateForm(data, today=self.request.today, now=self.request.moment.now)

    def named(self, form: SimulateForm) -> list[Record]:
        """The records of that name; one of them when it was chosen."""
        here = Record.objects.visible_to(self.actor, permission=self.permission, today=self.request.today)
        records: list[Record] = found(here, form.cleaned_data["name"]).first(OFFERED)
        chosen = self.request.POST.get("dossier", "")
        return [one for one in records if str(one.pk) == chosen] or records

    def simulated(self, fields: dict[str, Any], record: Record) -> dict[str, Any]:
        """What they see there, then; the trace of who asked."""
        who, at = fields["who"], fields["at"]
        then = actor_of(who.account, at)
        if then is None:
            self.refuse("Cette personne n’est plus en activité.")
        decided = explained(then, record, then.moment(at, record.establishment_id).today)
        simulated(record=record, who=who, at=at, by=self.actor.professional)
        rows = table(decided, functions_of(record.establishment_id))
        return {
            "who": who, "at": self.actor.moment(at).local, "function": then.function, "record": record,
            "rows": rows, "seen": count(rows), "chain": decided.chain,
        }  # fmt: skip

    def show(self, form: SimulateForm, status: int = 200, **context: Any) -> HttpResponse:
        told = [context["record"]] if "record" in context else context.get("offered", [])
        shows(self.request, [one.pk for one in told])
        return render(
            self.request,
            self.template,
            {"form": form, "offered": [], "rows": []} | context,
            status=status,
            using="jinja2",
        )
