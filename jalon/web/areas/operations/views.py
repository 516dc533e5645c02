"""The page of whoever runs the site: what must be done first, then what holds. Nobody is named."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from jalon.exchange import watching
from jalon.exchange.jobs import Job
from jalon.faces.http import Request
from jalon.operations import facts
from jalon.operations.news import latest
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.web.gate import ProfessionalView

GIGABYTE = 10**9
TASKS = {
    Job.DELIVER: "Envois",
    Job.FETCH: "Relève d’une boîte",
    Job.LOOK_UP: "Recherche d’un INS",
    "exchange.fetch_all": "Relève de toutes les boîtes",
    "exchange.rescue": "Reprise des tâches interrompues",
    "exchange.adopt": "Reprise des envois oubliés",
    "exchange.purge": "Ménage des tâches finies",
    "audit.seal": "Scellement des accès",
    "indicators.close_months": "Clôture du mois",
}


class Index(ProfessionalView):
    """Late jobs, services that do not answer, certificates, disks, the last proof, the version."""

    permission = Permission.WATCH_MACHINE
    content = NO_CONTENT

    def get(self, request: Request) -> HttpResponse:
        now, proof = request.moment.now, facts.proof()
        context = {
            "proof": proof,
            "stale": facts.stale(proof, now),
            "kept": bool(settings.BACKUPS),
            "queues": [asdict(one) | {"label": TASKS.get(one.task, one.task)} for one in facts.queues(now)],
            "services": watching.services(),
            "heard": watching.heard(),
            "certificates": facts.certificates(now),
            "disks": [_disk(one) for one in facts.disks()],
            "version": settings.SOFTWARE_VERSION,
            "server": facts.server_version(),
        }
        return render(request, "operations/index.html", context, using="jinja2")


def _disk(disk: facts.Disk) -> dict[str, Any]:
    return {
        "label": disk.label,
        "free": round(disk.free / GIGABYTE),
        "total": round(disk.total / GIGABYTE),
        "short": disk.short,
    }


class News(ProfessionalView):
    """What this version changes, by area."""

    permission = Permission.WATCH_MACHINE
    content = NO_CONTENT

    def get(self, request: Request) -> HttpResponse:
        found = latest()
        areas = {area: lines for area, lines in found.areas.items() if lines}
        context = {"version": found.version, "areas": areas}
        return render(request, "operations/news.html", context, using="jinja2")
