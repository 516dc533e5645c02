"""Each command that reads or writes records of a body, asked for what is of another place."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer.main

from jalon.commands.main import app
from jalon.staff.models import Account
from tests.web.leaks.answers import opened
from tests.web.leaks.world import PLACES, World
from tests.web.story import Case

ELSEWHERE = ("other_body",)  # of a body whole: whoever has the shell has its houses
# What these write or say is of no person: where what each may do is tested.
OF_NO_PERSON = {
    "migrate": "the tables alone",
    "check": "settings",
    "upgrade": "the tables alone",
    "news": "what changed in the software",
    "backup": "the whole base, sealed",
    "restore": "the whole base, aside",
    "support": "facts of the machine: tests/operations/test_support.py",
    "serve": "starts the site",
    "worker": "runs the work asked for: tests/exchange",
    "groups": "which body is in which base",
    "establishment add": "places, from a file of every body",
    "cda read": "a file, and no base",
    "xdm build": "files, and no base",
    "xdm read": "a file, and no base",
    "ins check": "digits, and no base",
    "insi search": "traits typed there, asked of INSi: the base is not read",
    "demo": "a base of its own",
    "sandbox": "simulators",
    "bench": "a base of its own",
    "drill": "a base of its own",
    "load": "a base of its own",
}
LIST = "Prénom;Nom;Courriel;Fonction;Établissement\nAda;NOUVELLE;{};nurse;{}\n"
PLAN = '{"title": "Projet d’ailleurs", "expectations": [{"description": "Rien."}]}'


@dataclass(frozen=True)
class Ordered:
    """One command line, and the places of which it may say nothing."""

    name: str
    words: tuple[str, ...]
    closed: tuple[str, ...] = PLACES

    @property
    def line(self) -> tuple[str, ...]:
        return (*self.name.split(), *self.words)


def leaves() -> set[str]:
    """Every command there is, by its words."""
    return set(_leaves(typer.main.get_command(app), ()))


def _leaves(command: Any, before: tuple[str, ...]) -> Iterator[str]:
    context = typer.Context(command)
    if not hasattr(command, "list_commands"):
        yield " ".join(before)
        return
    if getattr(command, "invoke_without_command", False) and before:
        yield " ".join(before)
    for name in command.list_commands(context):
        yield from _leaves(command.get_command(context, name), (*before, name))


def orders(world: World, stranger: Account, folder: Path) -> Iterator[Ordered]:
    """Each command: as ours, of each other place; then of our whole body, which says nothing of another."""
    story = world.story
    ours = ("--body", story.body.finess)
    file = folder / "plan.json"
    file.write_text(PLAN, "utf-8")
    for place in PLACES:
        case = story.cases[place]
        for role in ("director", "identity_officer", "secretary", "administrator"):
            by = ("--by", story.staff[role].email, *ours)
            yield from _of_a_record(case, by, file)
        yield from _of_the_body(case, ours, folder / place)
    listed = folder / "liste.csv"
    listed.write_text(LIST.format(stranger.email, story.house.finess), "utf-8")
    yield from _of_somebody(stranger.email, listed, story.house.finess, ours)


def _of_a_record(case: Case, by: tuple[str, ...], file: Path) -> Iterator[Ordered]:
    record = str(case.record.pk)
    yield Ordered("record find", by)
    yield Ordered("record find", (case.record.person.birth_name, *by))
    yield Ordered("record show", (record, *by))
    yield Ordered("record identify", (record, *by))
    yield Ordered("plan write", (record, str(file), *by))
    yield Ordered("plan sign", (record, *by))
    yield Ordered("plan publish", (record, *by))
    yield Ordered("mail file", (str(case.reception), record, *by))
    # A house has one mailbox for its units.
    yield Ordered("mail list", by, PLACES[1:])
    yield Ordered("mail replay", (str(case.reception), *by), PLACES[1:])


def _of_the_body(case: Case, ours: tuple[str, ...], out: Path) -> Iterator[Ordered]:
    record, house = str(case.record.pk), case.record.establishment.finess
    yield Ordered("tddui export", ("--out", str(out / "all"), "--all", *ours), ELSEWHERE)
    yield Ordered("cda build", ("--out", str(out / "cda"), "--all", *ours), ELSEWHERE)
    yield Ordered("mail fetch", ours, ELSEWHERE)
    yield Ordered("indicators", ("--month", "2026-10", *ours), ELSEWHERE)
    yield Ordered("indicators check", ours, ELSEWHERE)
    yield Ordered("indicators rebuild", ours, ELSEWHERE)
    yield Ordered("audit verify", ours, ELSEWHERE)
    if case.record.managing_body.finess != ours[1]:
        yield Ordered("tddui export", ("--out", str(out / "one"), "--record", record, *ours), ELSEWHERE)
        yield Ordered(
            "tddui export", ("--out", str(out / "house"), "--establishment", house, *ours), ELSEWHERE
        )
        yield Ordered("cda build", ("--out", str(out / "one"), "--record", record, *ours), ELSEWHERE)
        yield Ordered("indicators", ("--month", "2026-10", "--establishment", house, *ours), ELSEWHERE)
        yield Ordered("tddui undo", (record, *ours), ELSEWHERE)
        yield Ordered("tddui import", (str(_ours_again(out)), "--establishment", house, *ours), ELSEWHERE)


def _ours_again(out: Path) -> Path:
    """What another command of this walk exported, or nothing yet."""
    found = sorted((out / "all").glob("*.json"))
    return found[0] if found else out / "rien.json"


def _of_somebody(email: str, listed: Path, house: str, ours: tuple[str, ...]) -> Iterator[Ordered]:
    """Somebody of the other body, named in ours."""
    yield Ordered("account show", (email, *ours), ELSEWHERE)
    yield Ordered("account leave", (email, *ours), ELSEWHERE)
    yield Ordered("account reset", (email, *ours), ELSEWHERE)
    yield Ordered("account end", (email, "--on", "2026-12-31", *ours), ELSEWHERE)
    yield Ordered("account change", (email, "--to", "nurse", "--since", "2026-12-31", *ours), ELSEWHERE)
    said = (
        "--first-name",
        "Ada",
        "--last-name",
        "NOUVELLE",
        "--role",
        "nurse",
        "--establishment",
        house,
    )
    yield Ordered("account add", (email, *said, *ours), ELSEWHERE)
    yield Ordered("account invite", (email, *said, *ours), ELSEWHERE)
    yield Ordered("account invite", (email, "--again", *ours), ELSEWHERE)
    yield Ordered("account cancel", (email, *ours), ELSEWHERE)
    yield Ordered("account confirm", (email, "--code", "000000", *ours), ELSEWHERE)
    yield Ordered("account import", (str(listed), *ours), ELSEWHERE)
    yield Ordered("account import", (str(listed), "--apply", *ours), ELSEWHERE)


def written_in(folder: Path, known: set[Path]) -> str:
    """All that the new files of a folder say; they are known from then on."""
    files = [one for one in sorted(folder.rglob("*")) if one.is_file() and one not in known]
    known.update(files)
    return "\n".join(f"{one.name}\n{opened(one.read_bytes())}" for one in files)
