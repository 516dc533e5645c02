"""A plan as a clinical document: written, checked, zipped, signed; on one core, against the national target.

The PDF of a plan has its own measure. Times are the processor's: the work of a neighbor is not counted.
"""

import datetime as dt
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from jalon.core.errors import DomainError
from jalon.formats import pdf, xds, xml
from jalon.formats.cda.body import Document
from jalon.formats.cda.validate import SCHEMA, Problem, Schema, check
from jalon.formats.cda.writer import write
from jalon.formats.xdm import package
from jalon.formats.xdsig import Signer
from jalon.gateways.dmp.messages import Lot
from jalon.terminology import concept_map, value_set
from jalon_sandbox.bench import plan
from jalon_sandbox.bench.report import Options, Report
from jalon_sandbox.common.pki import Authority

TARGET = 7.93  # documents a second: 250 million a year, the national target
FACTOR = 30
RATIO, EMBEDDED, PLAIN = "structured_over_target", "embedded_over_target", "write_over_fstring"
WRITE_MS, PRINTED = "write_ms", "pdf_per_second"
BESIDE = Path(__file__).resolve().parents[3] / "shared/standards/cda/xsd"
STAGES = ("written", "rules", "schema", "zipped", "signed")
FRENCH = {
    "written": "écrit", "rules": "nos règles", "schema": "schéma XSD", "zipped": "archive XDM",
    "signed": "lot signé",
}  # fmt: skip
LEAST = 5
# The values of a document: texts and attributes, what the plain baseline escapes.
VALUES = re.compile(r"""(?<=")[^"<>]*(?="[ />?])|(?<=>)[^<>]+(?=<)""")


@dataclass(frozen=True)
class Line:
    """The assembly line: what each stage needs, made once."""

    schema: Schema | None
    signer: Signer

    def stages(self, number: int, build: Callable[[int], Document]) -> tuple[list[float], int]:
        """Processor seconds of each stage for one document, and its size. Raises when one is refused."""
        marks = [time.process_time()]
        document = build(number)
        data = xml.Kept(write(document))
        marks.append(time.process_time())
        _accepted(check(document, value_sets=value_set, shared=True))
        marks.append(time.process_time())
        _accepted(self.schema.problems(data) if self.schema else [])
        marks.append(time.process_time())
        submission, entry = _described(number, data)
        package.build(submission, [(entry, data)], origin=package.Origin("Foyer"), at=plan.SIGNED)
        marks.append(time.process_time())
        lot = Lot.of(submission, [(entry, data)])
        at = plan.SIGNED
        lot.signed(self.signer, unique_id=f"{plan.ROOT}.7.{number}", signature_id=f"_{number}", at=at)
        marks.append(time.process_time())
        return [after - before for before, after in zip(marks, marks[1:], strict=False)], len(data)


def run(options: Options) -> Report:
    """Both shapes of the plan, then its writing against an escaped f-string of the same bytes."""
    folder = schemas()
    report = Report(
        "cda", floors={RATIO: FACTOR, EMBEDDED: FACTOR, PRINTED: 25}, ceilings={PLAIN: 3, WRITE_MS: 1.5}
    )
    report.conditions = {"schema": str(folder) if folder else "absent : le schéma n’est pas mesuré"}
    line = Line(Schema(folder) if folder else None, _signer())
    paper = pdf.render(plan.pdf(0))
    _measure(report, RATIO, line, plan.structured, options.seconds)
    _measure(report, EMBEDDED, line, lambda number: plan.embedded(number, paper), options.seconds)
    _against_plain(report, options.seconds)
    _printing(report, options.seconds)
    return report


def schemas() -> Path | None:
    """The folder of the official schema: the one set, else the reference material beside the project."""
    folders = (Path(os.environ.get("JALON_SCHEMAS") or BESIDE), BESIDE)
    return next((folder for folder in folders if (folder / SCHEMA).exists()), None)


def _signer() -> Signer:
    now = dt.datetime.now(dt.UTC)
    seal = Authority.create(now).signing("JALON-MESURE", unit="1990000002")
    return Signer(seal.key_pem, seal.cert_pem)


def _accepted(problems: list[Problem]) -> None:
    if problems:
        raise DomainError(
            f"Le document mesuré est refusé à {problems[0].place}.", code="bench_document", place="cda"
        )


def _described(number: int, data: bytes) -> tuple[xds.SubmissionSet, xds.DocumentEntry]:
    entry = xds.entry_of(data, class_code=concept_map("ASS_X16").targets("80788-3")[0])
    submission = xds.SubmissionSet(
        unique_id=f"{plan.ROOT}.3.{number + 1}",
        source_id=plan.ROOT,
        patient_id=entry.patient_id,
        submission_time=plan.SIGNED,
        content_type=value_set("JDV_J59").get("11"),
        authors=entry.authors,
        title=entry.title,
    )
    return submission, entry


def _measure(report: Report, name: str, line: Line, build: Callable[[int], Document], seconds: float) -> None:
    line.stages(0, build)
    spent, number, size, end = [0.0] * len(STAGES), 0, 0, time.perf_counter() + seconds
    while time.perf_counter() < end or number < LEAST:
        number += 1
        stages, size = line.stages(number, build)
        spent = [total + stage for total, stage in zip(spent, stages, strict=True)]
    rate = number / sum(spent)
    shares = {stage: round(part / sum(spent), 3) for stage, part in zip(STAGES, spent, strict=True)}
    report.ratios[name] = round(rate / TARGET, 1)
    label = name.removesuffix("_over_target")
    report.figures[label] = {
        "per_second": round(rate, 1),
        "bytes": size,
        "documents": number,
        "shares": shares,
    }
    parts = ", ".join(f"{FRENCH[stage]} {100 * share:.0f} %" for stage, share in shares.items())
    report.lines.append(
        f"{label} ({size} octets) : {rate:.0f} documents/s sur un cœur, "
        f"{rate / TARGET:.0f} fois la cible nationale ({TARGET}/s) ; {parts}."
    )


def _printing(report: Report, seconds: float) -> None:
    """A plan as a PDF, each with words of its own; the first also loads the fonts."""
    size = len(pdf.render(plan.pdf(0)))
    spent, number, end = 0.0, 0, time.perf_counter() + seconds
    while time.perf_counter() < end or number < LEAST:
        number += 1
        sheet, start = plan.pdf(number), time.process_time()
        pdf.render(sheet)
        spent += time.process_time() - start
    report.figures[PRINTED] = round(number / spent, 1)
    report.lines.append(f"PDF/A ({size} octets) : {number / spent:.0f} documents/s sur un cœur.")


# --- writing against the least it could cost -------------------------------------------------------


def _against_plain(report: Report, seconds: float) -> None:
    """In turn, so that both run in the same conditions."""
    document = plan.structured(0)
    pieces = _pieces(write(document).decode())
    ours = plain = 0.0
    count, end = 0, time.perf_counter() + min(seconds, 3)
    while time.perf_counter() < end or count < LEAST:
        start = time.process_time()
        write(document)
        middle = time.process_time()
        escaped(pieces)
        ours, plain = ours + middle - start, plain + time.process_time() - middle
        count += 1
    report.ratios[PLAIN] = round(ours / plain, 2)
    report.figures[WRITE_MS] = round(1000 * ours / count, 3)
    report.lines.append(
        f"Écriture seule : {1000 * ours / count:.2f} ms, une f-string échappée des mêmes octets : "
        f"{1000 * plain / count:.2f} ms."
    )


def _pieces(text: str) -> list[tuple[str, str]]:
    """(constant, value) pairs whose joining is the document."""
    pairs, place = [], 0
    for found in VALUES.finditer(text):
        pairs.append((text[place : found.start()], found[0]))
        place = found.end()
    return [*pairs, (text[place:], "")]


def escaped(pieces: list[tuple[str, str]]) -> bytes:
    """The baseline: constants, and values escaped between them."""
    return "".join([f"{constant}{escape(value)}" for constant, value in pieces]).encode()
