"""What an import says of itself, on a screen as in a terminal: words, figures, what is wrong and where."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jalon.core.errors import DomainError
from jalon.exchange.transfer.report import Report
from jalon.formats.fhir import FhirRefused
from jalon.formats.tddui import Transfer, coverage
from jalon.formats.tddui.catalog import ALL
from jalon.formats.tddui.coverage import LABELS

CLASSES = LABELS | {"records": "dossiers", "verbatim": "éléments repris tels quels"}
EDITS = 300
"""How many replaced values a report tells one by one."""
OUTCOMES = (("created", "créés"), ("changed", "modifiés"), ("unchanged", "inchangés"))
NOTHING_CHANGED = "Tout était déjà là : rien n’a changé."
NOTHING_WOULD_CHANGE = "Tout est déjà là : un import ne changerait rien."
_BY_PROFILE = {f"{kind.fhir} tddui-{kind.profile}": kind.label for kind in ALL}
_BY_TYPE = {kind.fhir: kind.label for kind in reversed(ALL)}
_PLACE = re.compile(r"([A-Z][A-Za-z]+)\[(.+?)\]")


def in_words(name: str) -> str:
    """What is kept whole (`Task tddui-task-transport-usager`), as a person calls it; `autre élément` with its
    FHIR type where we have no word.

    >>> in_words("Patient"), in_words("Location")
    ('usagers', 'autre élément (Location)')
    """
    return _BY_PROFILE.get(name) or _BY_TYPE.get(name.partition(" ")[0]) or f"autre élément ({name})"


def whose_words(path: str) -> str:
    """Whose element is at a place (`Patient[3…/77].address[0]`); `""` where only the file says it.

    >>> whose_words("Patient[3990000010/77].name[0]"), whose_words("Bundle.entry[2]")
    ('usagers, n°\xa03990000010/77', '')
    """
    found = _PLACE.match(path)
    return f"{in_words(found[1])}, n° {found[2]}" if found and found[1] in _BY_TYPE else ""


@dataclass(frozen=True)
class Fault:
    """What is wrong and where: the file, the FHIR path in it, the French reason."""

    file: str
    path: str
    reason: str

    @property
    def owner(self) -> str:
        """Whose element it is, in words."""
        return whose_words(self.path)


def told(report: Report, data: Transfer, *, dry_run: bool) -> dict[str, Any]:
    """All that an import did, as plain values: for programs, and for the page that shows it."""
    shares = (share for share in coverage(data).values() if share.resources)
    return counted(report, dry_run=dry_run) | {"coverage": {share.label: share.ratio for share in shares}}


def counted(report: Report, *, dry_run: bool = False) -> dict[str, Any]:
    """The same without the shares of what is kept whole, which read every object again."""
    return {
        **{outcome: getattr(report, outcome) for outcome, _ in OUTCOMES},
        "verbatim": report.verbatim,
        "notes": report.notes,
        "records": [str(record) for record in report.records],
        "edits": [vars(edit) for edit in report.edits[:EDITS]],
        "more_edits": max(0, len(report.edits) - EDITS),
        "decisions": [vars(edit) for edit in report.decisions],
        "dry_run": dry_run,
        "coverage": {},
    }


def together(found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Several of these in one: what a run of many files gave."""
    whole = counted(Report())
    for one in found:
        for name in (*(outcome for outcome, _ in OUTCOMES), "verbatim"):
            whole[name] = dict(Counter(whole[name]) + Counter(one[name]))
        for name in ("notes", "records", "edits", "decisions"):
            whole[name] += [each for each in one[name] if each not in whole[name]]
        whole["more_edits"] += one["more_edits"]
    return whole


def percent(ratio: float) -> str:
    """A share in words; a small one is never told as none.

    >>> percent(0), percent(0.004), percent(1)
    ('0', '0,4', '100')
    """
    return f"{100 * ratio:.0f}" if ratio in (0, 1) else f"{100 * ratio:.2g}".replace(".", ",")


def faults(refusal: DomainError, files: Sequence[str]) -> list[Fault]:
    """All that a refusal names; `files`: the names of what was read, in order."""
    if not isinstance(refusal, FhirRefused):
        return [Fault(*whose(files, refusal.place), refusal.message)]
    return [Fault(*whose(files, each.path), each.reason) for each in refusal.problems]


def whose(files: Sequence[str], path: str) -> tuple[str, str]:
    """The file a path is in, and the path there: several files are read as one and told by their rank.

    >>> whose(["un.json", "deux.json"], "#2 Bundle.entry[0]"), whose(["un.json"], "Bundle")
    (('deux.json', 'Bundle.entry[0]'), ('un.json', 'Bundle'))
    """
    rank, _, rest = path.partition(" ")
    if rank.startswith("#"):
        return files[int(rank[1:]) - 1], rest
    return (files[0] if len(files) == 1 else ""), path
