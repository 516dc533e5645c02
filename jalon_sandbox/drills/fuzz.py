"""Spoilt files given to every reader: each is read, or refused with a reason, soon and in bounded memory.

The files spoilt are those the product writes itself. Anything a reader raises but a refusal is a fault, and
so is a file that takes longer than `SLOW`, or a campaign that takes more memory than `ROOM`. A file is drawn
from the seed, its target and its number alone: a campaign goes on from a number, and one file is made again.
"""

import logging
import random
import resource
import time
from collections.abc import Sequence
from typing import Final

from jalon.core.errors import DomainError, GatewayError
from jalon.core.moment import PARIS, local_day
from jalon_sandbox.demo.population import population
from jalon_sandbox.drills.aims import DAY, Target, targets
from jalon_sandbox.drills.place import served
from jalon_sandbox.drills.report import Options, Report
from jalon_sandbox.drills.spoil import spoil

HOUR = 3600.0
PEOPLE = 4  # whose records are spoilt
SLOW: Final = 5.0  # seconds for one file; the readers are bounded well under one
ROOM: Final = 512  # megabytes more than at the start, at the highest


def drill(options: Options) -> Report:
    """An hour, or `seconds`, on the family that is asked for, or on all; files from number `start` on."""
    with served(options.data):
        aims = [one for one in _every() if options.target in ("", one.family)]
        return campaign(aims, options.seconds or HOUR, options.seed, options.start)


def _every() -> list[Target]:
    """Every target, in a house where some people live: their transfers, and the forms of its screens."""
    from django.test import Client

    from jalon.db.tenant import tenant
    from jalon.exchange.transfer.exporter import export_file
    from jalon.records.models import Record
    from jalon_sandbox.bench.dossier import visitor
    from jalon_sandbox.demo.build import build
    from jalon_sandbox.drills.forms import forms

    body = build(population(local_day(DAY, PARIS))[:PEOPLE], DAY, lambda _: None)
    with tenant(body.pk):
        transfers = [export_file(record, by=None) for record in Record.objects.order_by("pk")]
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # each refusal would be a line
    who = visitor()
    client, (name, _, value) = Client(headers={"host": who.host}), who.cookie.partition("=")
    client.cookies[name] = value
    return [*targets(transfers), *forms(client, who.records[0])]


def drawn(aim: Target, seed: int, number: int) -> bytes:
    """The spoilt file of this number."""
    return spoil(aim.sound, random.Random(f"{seed} {aim.name} {number}"))  # noqa: S311  drawn again at will


def campaign(aims: Sequence[Target], seconds: float, seed: int, start: int = 1) -> Report:
    """Spoil each file in turn, until the time is over."""
    report, end, before = Report("fuzz"), time.monotonic() + seconds, _peak()
    refused, slowest, number = dict.fromkeys((aim.name for aim in aims), 0), 0.0, start
    while time.monotonic() < end:
        for aim in aims:
            started = time.process_time()
            verdict = _given(aim, drawn(aim, seed, number))
            slowest = max(slowest, time.process_time() - started)
            refused[aim.name] += verdict is None
            if verdict:
                report.faults.append(f"{aim.name} n° {number} (graine {seed}) : {verdict}")
        number += 1
    grown = _peak() - before
    report.expect(slowest < SLOW, f"un fichier a pris {slowest:.1f} s")
    report.expect(grown < ROOM, f"la mémoire a crû de {grown:.0f} Mo")
    report.expect(number > start, "un lecteur n’a rien reçu")
    report.figures = {
        "given": {aim.name: number - start for aim in aims}, "refused": refused, "next": number,
        "slowest_s": round(slowest, 3), "memory_mb": round(grown),
    }  # fmt: skip
    report.lines = [f"{name} : {number - start} fichiers, {count} refusés" for name, count in refused.items()]
    report.lines.append(f"Pour continuer : --seed {seed} --start {number}")
    return report


def _given(aim: Target, spoilt: bytes) -> str | None:
    """ "" when it is read, None when it is refused, what is wrong otherwise."""
    try:
        aim.read(spoilt)
    except (DomainError, GatewayError):
        return None
    except Exception as error:  # whatever else is what the drill looks for
        return f"{error!r:.200}"
    return ""


def _peak() -> float:
    """Megabytes that this process held at the highest."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
