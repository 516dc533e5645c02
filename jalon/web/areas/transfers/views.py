"""Records brought in from another software: the form, what was refused, what it gave, the journal."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from jalon.core.errors import DomainError
from jalon.exchange.models import ImportedFile, ImportPart
from jalon.exchange.transfer import runs
from jalon.exchange.transfer.importer import import_transfer
from jalon.exchange.transfer.telling import (
    CLASSES,
    NOTHING_CHANGED,
    NOTHING_WOULD_CHANGE,
    OUTCOMES,
    faults,
    in_words,
    percent,
    told,
)
from jalon.faces.http import Request, shows
from jalon.faces.uploads import TOO_BIG
from jalon.formats.tddui import read
from jalon.formats.tddui.reader import stands_alone
from jalon.organizations.models import Establishment
from jalon.records.models import Record
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.areas.transfers.forms import TRY, ImportForm
from jalon.web.gate import ProfessionalView
from jalon.web.shown.tiles import tiles

KEPT = "transfer"
NO_RUN = {"run": None, "undone": 0, "kept": ()}  # what the page of an import made at once says of one
SHOWN = 200
IN_REQUEST = 20
"""Files read while the page waits; more are left to the worker."""
JOURNAL = 20


class Import(ProfessionalView):
    """Bring people in, and the journal of what was brought in."""

    permission = Permission.TRANSFER_RECORDS
    content = NO_CONTENT

    def get(self, request: Request) -> HttpResponse:
        return self.show(ImportForm(houses=self.houses()))

    def post(self, request: Request) -> HttpResponse:
        too_big = hasattr(request, TOO_BIG)
        sent = None if too_big else request.FILES  # all that was sent, or nothing of it
        form = ImportForm(request.POST, sent, houses=self.houses(), too_big=too_big)
        if not form.is_valid():
            return self.show(form, 422)
        if _for_the_worker(**form.cleaned_data):
            return redirect("transfers:run", self.ask(**form.cleaned_data))
        try:
            # Kept for its own page, which may be loaded again without importing again.
            request.session[KEPT] = self.bring_in(**form.cleaned_data)
        except DomainError as refusal:
            names = [file.name for file in form.cleaned_data["sent"]]
            return self.show(form, 422, faults=faults(refusal, names))
        return redirect("transfers:report")

    def houses(self) -> list[Establishment]:
        """Where this professional may receive: the right on a unit is not enough, an import names none."""
        places = self.actor.places_with(self.permission)
        whole = [place.establishment_id for place in places if place.unit_id is None]
        return list(Establishment.objects.filter(pk__in=whole).order_by("name", "pk"))

    def ask(self, sent: list[Any], house: str, gesture: str) -> uuid.UUID:
        """Leave many files to the worker, each to enter on its own."""
        run = runs.ask(
            [(file.name, file.read()) for file in sent],
            now=self.request.moment.now,
            by=self.actor.professional,
            house=house,
            into={one.pk for one in self.houses()},
        )
        return run.pk

    def bring_in(self, sent: list[Any], house: str, gesture: str) -> dict[str, Any]:
        raw = [file.read() for file in sent]
        data = read(raw[0] if len(raw) == 1 else raw)
        report = import_transfer(
            data,
            b"\n".join(raw),
            now=self.request.moment.now,
            by=self.actor.professional,
            house=house,
            into={one.pk for one in self.houses()},
            dry_run=gesture == TRY,
        )
        return told(report, data, dry_run=gesture == TRY)

    def show(self, form: ImportForm, status: int = 200, **context: Any) -> HttpResponse:
        journal = ImportedFile.objects.select_related("by").order_by("-imported_at", "-pk")[:JOURNAL]
        page = {"form": form, "journal": list(journal), "faults": [], "may": bool(self.houses()), **context}
        return render(self.request, "transfers/import.html", page, status=status, using="jinja2")


class ReportPage(ProfessionalView):
    """What an import gave, to whoever may see it."""

    permission = Permission.TRANSFER_RECORDS
    content = NO_CONTENT

    def show(self, report: dict[str, Any], refused: Sequence[ImportPart] = (), **of_run: Any) -> HttpResponse:
        """The page of a report; `refused`: the files that did not come in; what a run says beside."""
        request = self.request
        mine = Record.objects.visible_to(self.actor, today=request.today)
        records = list(mine.filter(pk__in=report["records"]).with_identity().in_french_order()[:SHOWN])
        shows(request, [record.pk for record in records])
        context = {
            "report": report,
            "rows": list(_rows(report)),
            "verbatim": _in_words(report["verbatim"]),
            "nothing_changed": _nothing_changed(report),
            "tiles": tiles(self.request, records),
            **_side_by_side(report, {str(record.person_id): record for record in records}),
            "refused": refused,
            **(NO_RUN | of_run),
        }
        return render(request, "transfers/report.html", context, using="jinja2")


class Report(ReportPage):
    """What the last import of this session gave."""

    def get(self, request: Request) -> HttpResponse:
        report = request.session.get(KEPT)
        if report is None:
            return redirect("transfers:import")
        return self.show(report)


def _for_the_worker(sent: list[Any], house: str, gesture: str) -> bool:
    """Whether files are too many for a page that waits, and each may come in without the others."""
    return gesture != TRY and len(sent) > IN_REQUEST and all(map(_stands_alone, sent))


def _stands_alone(file: Any) -> bool:
    found = stands_alone(file.read())
    file.seek(0)
    return found


def _side_by_side(report: dict[str, Any], open_to_me: dict[str, Record]) -> dict[str, Any]:
    """What was replaced and what waits for a decision, of the people whose record this professional opens."""
    found = {
        name: [
            edit | {"label": CLASSES[edit["name"]], "record": open_to_me[edit["person"]]}
            for edit in report[name]
            if edit["person"] in open_to_me
        ]
        for name in ("edits", "decisions")
    }
    total = len(report["edits"]) + len(report["decisions"]) + report["more_edits"]
    return found | {"not_shown": total - len(found["edits"]) - len(found["decisions"])}


def _nothing_changed(report: dict[str, Any]) -> str:
    """The sentence to say when nothing changed, or would change; `""` otherwise."""
    if report["created"] or report["changed"]:
        return ""
    return NOTHING_WOULD_CHANGE if report["dry_run"] else NOTHING_CHANGED


def _in_words(counts: dict[str, int]) -> dict[str, int]:
    words: dict[str, int] = {}
    for name, count in counts.items():
        words[in_words(name)] = words.get(in_words(name), 0) + count
    return words


def _rows(report: dict[str, Any]) -> Any:
    """A line a class: its counts, and the share of what came that is kept verbatim."""
    for name, label in CLASSES.items():
        counts = [report[outcome].get(name, 0) for outcome, _ in OUTCOMES]
        share = report["coverage"].get(label)
        if any(counts):
            yield {"label": label, "counts": counts, "share": "" if share is None else percent(share)}
