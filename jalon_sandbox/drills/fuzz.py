"""Spoilt files given to every reader: each is read, or refused with a reason, and soon.

The files spoilt are those the product writes itself. Anything a reader raises but a refusal is a fault, and
so is a file that takes longer than `SLOW`; the seed of a fault and its number give the same file again.
"""

import datetime as dt
import io
import random
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from jalon.core.errors import DomainError
from jalon.core.moment import PARIS, local_day
from jalon.formats import mime, tddui
from jalon.formats.cda import reader as cda
from jalon.formats.cda import writer
from jalon.formats.xdm import package
from jalon_sandbox.bench import plan
from jalon_sandbox.demo.population import population
from jalon_sandbox.drills.place import served
from jalon_sandbox.drills.report import Options, Report

HOUR = 3600.0
METADATA = "IHE_XDM/SUBSET01/METADATA.XML"
PEOPLE = 4  # whose records are spoilt
SLOW: Final = 5.0  # seconds for one file; the readers are bounded well under one
DAY = dt.datetime(2026, 11, 24, 14, 15, tzinfo=plan.PARIS)


@dataclass(frozen=True)
class Target:
    """A reader, and a file it reads well."""

    name: str
    read: Callable[[bytes], object]
    sound: bytes


def drill(options: Options) -> Report:
    """An hour, or `seconds`; the transfers are those of the demonstration."""
    with served(options.data):
        known = targets(_transfers())
    return campaign(known, options.seconds or HOUR, options.seed)


def _transfers() -> list[bytes]:
    """The records of some people, as they leave a house."""
    from jalon.db.tenant import tenant
    from jalon.exchange.transfer.exporter import export_file
    from jalon.records.models import Record
    from jalon_sandbox.demo.build import build

    body = build(population(local_day(DAY, PARIS))[:PEOPLE], DAY, lambda _: None)
    with tenant(body.pk):
        return [export_file(record, by=None) for record in Record.objects.order_by("pk")]


def targets(transfers: Sequence[bytes]) -> list[Target]:
    """A mail, the archive it carries, a clinical document of each body, and these transfers."""
    from jalon_sandbox.demo import exchanges

    someone = population(local_day(DAY, PARIS))[0]
    mail = exchanges.message(someone.official, someone.ins, DAY)
    (archive,) = [one.data for one in mime.read(mail).attachments if one.name.lower().endswith(".zip")]
    return [
        Target("mail", mime.read, mail),
        Target("xdm", package.read, archive),
        Target("xdm metadata", partial(_read_around, archive), _members(archive)[METADATA]),
        Target("cda n1", cda.read, writer.write(plan.embedded(1, b"%PDF-1.4 essai"))),
        Target("cda n3", cda.read, writer.write(plan.structured(1))),
        *(Target(f"tddui {number}", tddui.read, data) for number, data in enumerate(transfers, start=1)),
    ]


def _members(archive: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _read_around(archive: bytes, metadata: bytes) -> object:
    """The archive with other metadata: spoilt as a whole, its checksums alone would refuse it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for name, content in (_members(archive) | {METADATA: metadata}).items():
            written.writestr(name, content)
    return package.read(made.getvalue())


def campaign(aims: Iterable[Target], seconds: float, seed: int) -> Report:
    """Spoil each file in turn, until the time is over."""
    chance, end = random.Random(seed), time.monotonic() + seconds  # noqa: S311  drawn again at will
    report, given, refused, slowest = Report("fuzz"), Counter[str](), Counter[str](), 0.0
    known = list(aims)
    while time.monotonic() < end:
        for aim in known:
            spoilt, started = spoil(aim.sound, chance), time.monotonic()
            given[aim.name] += 1
            try:
                aim.read(spoilt)
            except DomainError:
                refused[aim.name] += 1
            except Exception as error:  # whatever else is what the drill looks for
                report.faults.append(f"{aim.name} n° {given[aim.name]} (graine {seed}) : {error!r:.200}")
            slowest = max(slowest, time.monotonic() - started)
    report.expect(slowest < SLOW, f"un fichier a pris {slowest:.1f} s")
    report.expect(all(given[aim.name] for aim in known), "un lecteur n’a rien reçu")
    report.figures = {"given": dict(given), "refused": dict(refused), "slowest_s": round(slowest, 3)}
    report.lines = [f"{name} : {count} fichiers, {refused[name]} refusés" for name, count in given.items()]
    return report


def spoil(sound: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, taken away, repeated, moved, or the end cut."""
    data = bytearray(sound)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        chance.choice(HARMS)(data, chance)
    return bytes(data)


def _span(data: bytearray, chance: random.Random) -> slice:
    start = chance.randrange(len(data) + 1)
    return slice(start, start + chance.choice((1, 2, 8, 64, 1024)))


def _change(data: bytearray, chance: random.Random) -> None:
    span = _span(data, chance)
    data[span] = chance.randbytes(len(data[span]))


def _take_away(data: bytearray, chance: random.Random) -> None:
    del data[_span(data, chance)]


def _repeat(data: bytearray, chance: random.Random) -> None:
    span = _span(data, chance)
    data[span.start : span.start] = data[span] * chance.choice((1, 2, 50))


def _move(data: bytearray, chance: random.Random) -> None:
    span = _span(data, chance)
    taken = data[span]
    del data[span]
    where = chance.randrange(len(data) + 1)
    data[where:where] = taken


def _mark(data: bytearray, chance: random.Random) -> None:
    """Characters that have a sense in one of the formats, where they have none."""
    where = chance.randrange(len(data) + 1)
    data[where:where] = chance.choice(MARKS)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


MARKS = (b"<", b">", b'"', b"&", b"&#0;", b"]]>", b"\x00", b"\r\n\r\n", b"--", b"{", b"[", b"null,", b"1e999",
         b"\xff\xfe", b"<!DOCTYPE a [", b"..", b"=?utf-8?q?", b"PK\x05\x06")  # fmt: skip
HARMS = (_change, _change, _take_away, _repeat, _move, _mark, _mark, _cut)
