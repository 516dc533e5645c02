"""Transfers into the record: by business key, whole or not at all, twice is once.

Several are brought in together where that costs less: each class is looked up once and written once for all.

An identity is never qualified by what a file says (SC.INS/va1.13, va1.57): traits come in, a received
matricule stays in `received`, set aside.
"""

import contextlib
from collections.abc import Iterable, Sequence
from typing import Unpack

from django.db import DatabaseError, DataError, IntegrityError, transaction

from jalon.audit.actions import record_entries
from jalon.core.errors import DomainError
from jalon.db.bulk import insert
from jalon.db.history import history
from jalon.documents.storage import store
from jalon.exchange.models import ImportedFile, ReceivedIns
from jalon.exchange.transfer.classes.stay import TABLE as STAY
from jalon.exchange.transfer.keeping import Keeping
from jalon.exchange.transfer.letter import How, Letter, find_houses, open_folders
from jalon.exchange.transfer.notices import keep_received, notices
from jalon.exchange.transfer.overlaps import refuse_overlaps
from jalon.exchange.transfer.report import Report
from jalon.exchange.transfer.tables import OWNED, PERSON, SHARED
from jalon.exchange.transfer.verbatim import keep_verbatim
from jalon.formats.tddui import model as transfer

COUNTED = ("created", "changed", "unchanged", "verbatim")
AT_ONCE = 50
"""Files brought in together: enough to share the questions, few enough to give way to others."""


def import_transfer(data: transfer.Transfer, raw: bytes, **how: Unpack[How]) -> Report:
    """Bring a whole transfer in. Raises DomainError, and nothing is written: see `import_together`."""
    (report,) = import_together([(data, raw)], **how)
    return report


def import_together(files: Sequence[tuple[transfer.Transfer, bytes]], **how: Unpack[How]) -> list[Report]:
    """Bring whole transfers in, all of them or none; each with its bytes. What each did.

    Raises DomainError, and nothing is written: `unknown_finess`, `house_not_yours`, `person_elsewhere`,
    `edited_both_sides`, `key_elsewhere`, `stays_overlap`, or what a table refuses.
    """
    letters = [Letter(data, raw) for data, raw in files]
    dry_run = how.get("dry_run", False)
    try:
        with history(transfer=True, **_of_run(how)), transaction.atomic():
            _bring_in(Keeping(by=how["by"]), letters, how)
            if dry_run:
                transaction.set_rollback(True)
            else:
                _journal(letters, how)
    except (IntegrityError, DataError) as error:
        raise _refused(error, _culprit(files, how)) from error
    return [letter.report for letter in letters]


def _of_run(how: How) -> dict[str, str]:
    """What history keeps of the run, by which its import is taken back."""
    run = how.get("run")
    return {"run": str(run)} if run else {}


def _bring_in(keeping: Keeping, letters: Sequence[Letter], how: How) -> None:
    find_houses(letters, how.get("house", ""), how.get("into"))
    made = {finess for letter in letters for finess in letter.houses.made}
    keeping.look_up([letter.data for letter in letters], made)
    for letter in letters:
        letter.houses.refuse_strangers(letter.data)
        keeping.report = letter.report
        for table in SHARED:
            for item in letter.data.of(table.data):
                keeping.keep(table, item, {})
        letter.people = [keeping.person(record) for record in letter.data.people]
    pairs = [pair for letter in letters for pair in letter.pairs()]
    letters[0].report.notes += notices(pairs, how["now"].year)
    keeping.write((*SHARED, PERSON))
    _note_received(letters, keep_received(pairs))
    open_folders(letters, how["now"], keeping.by)
    for letter in letters:
        keeping.report = letter.report
        for each in letter.belongings(keeping):
            each.keep()
    refuse_overlaps(keeping.pending(STAY), keeping.places)
    keeping.write(OWNED)
    keep_verbatim([letter.kept_whole(keeping.ours) for letter in letters])


def _note_received(letters: Sequence[Letter], new: Iterable[ReceivedIns]) -> None:
    reports = {row.pk: letter.report for letter in letters for _, row in letter.pairs()}
    for one in new:
        reports[one.person_id].was("received_ins", one, None)


def _journal(letters: Iterable[Letter], how: How) -> None:
    """Each file and what it gave; a file known to have given all it holds is not kept twice."""
    same = [letter.digest for letter in letters if letter.report.nothing_changed]
    known = set(ImportedFile.objects.filter(sha256__in=same).values_list("sha256", flat=True)) if same else ()
    facts = {}
    files = []
    for letter in letters:
        if not (letter.report.nothing_changed and letter.digest in known):
            counts = {name: letter.report.total(name) for name in COUNTED}
            file = ImportedFile(sha256=store(letter.raw), imported_at=how["now"], by=how["by"], **counts)
            files.append(file)
            facts[file.pk] = counts
    insert(files)
    record_entries("exchange.imported", on=facts, by=how["by"])


def _culprit(files: Sequence[tuple[transfer.Transfer, bytes]], how: How) -> str:
    """The place of the object that the database refuses, found by writing row by row, for nothing."""
    keeping = Keeping(by=None, one_by_one=True)
    with contextlib.suppress(IntegrityError, DataError), transaction.atomic():
        _bring_in(keeping, [Letter(data, raw) for data, raw in files], {**how, "into": None})
        transaction.set_rollback(True)
        return ""
    return keeping.writing


def _refused(error: DatabaseError, place: str) -> DomainError:
    """What the tables refuse is a refusal of the file."""
    diagnosis = getattr(error.__cause__, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None) or type(error).__name__
    return DomainError(
        f"La base refuse ce contenu (règle « {rule} »). Rien n’est enregistré : corrigez le fichier, "
        "ou réimportez-le s’il était déjà en cours d’import.",
        code="refused_by_table",
        place=place,
    )
