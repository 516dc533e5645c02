"""Many files, brought in by the worker: how far it is, then what it gave."""

import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from jalon.core.errors import DomainError
from jalon.exchange.models import ImportPart, ImportRun, PartOutcome
from jalon.exchange.transfer.runs import UNDER_WAY
from jalon.exchange.transfer.telling import together
from jalon.exchange.transfer.undoing import ask_back
from jalon.faces.http import Request
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.areas.transfers.views import ReportPage
from jalon.web.gate import ProfessionalView

PAUSES = (1, 2, 3, 5)
"""Seconds between two looks at the progress; the last one from then on."""


class OfRun(ProfessionalView):
    """A run is shown to whoever asked for it."""

    permission = Permission.TRANSFER_RECORDS
    content = NO_CONTENT

    def run_of(self, run_id: uuid.UUID) -> ImportRun:
        """Raises Http404."""
        run = ImportRun.objects.filter(pk=run_id, by=self.actor.professional).first()
        if run is None:
            raise Http404
        return run


def _counts(run: ImportRun) -> dict[str, int]:
    found = run.parts.values_list("outcome").annotate(Count("pk")).order_by()
    return dict.fromkeys(PartOutcome.values, 0) | dict(found)


class Progress(OfRun):
    """How many files are in: asked again by the page itself, or by whoever reads it."""

    def get(self, request: Request, run_id: uuid.UUID) -> HttpResponse:
        run = self.run_of(run_id)
        counts = _counts(run)
        attempt = int(asked) if (asked := request.GET.get("essai", "0")).isdecimal() else 0
        context: dict[str, Any] = {
            "run": run,
            "counts": counts,
            "total": sum(counts.values()),
            "left": sum(counts[outcome] for outcome in UNDER_WAY),
            "attempt": attempt,
            "pause": PAUSES[min(attempt, len(PAUSES) - 1)],
        }
        return render(request, "transfers/run.html", context, using="jinja2")


class RunReport(OfRun, ReportPage):
    """What the files of a run gave, once none waits."""

    def get(self, request: Request, run_id: uuid.UUID) -> HttpResponse:
        run = self.run_of(run_id)
        counts = _counts(run)
        if any(counts[outcome] for outcome in UNDER_WAY):
            return redirect("transfers:run", run_id)
        done = list(_parts(run, PartOutcome.DONE))
        return self.show(
            together(part.told for part in done),
            refused=list(_parts(run, PartOutcome.REFUSED)),
            run=run,
            undone=counts[PartOutcome.UNDONE],
            kept=[fault for part in done for fault in part.told.get("kept", ())],
        )


class TakeBack(OfRun):
    """Ask that an import be taken back: the worker does it, and the page says how far it is."""

    http_method_names = ("post",)

    def post(self, request: Request, run_id: uuid.UUID) -> HttpResponse:
        run = self.run_of(run_id)
        try:
            ask_back(run, by=self.actor.professional)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return redirect("transfers:run_report", run_id)
        return redirect("transfers:run", run_id)


def _parts(run: ImportRun, outcome: PartOutcome) -> QuerySet[ImportPart]:
    return run.parts.filter(outcome=outcome).order_by("rank")
