"""`jalon account import`: a list of staff, looked at line by line, then brought in whole."""

from pathlib import Path
from typing import Annotated

import typer

from jalon.commands.context import AsJson, Body, answer, connect, inside, read_file


def bring_in(
    file: Annotated[Path, typer.Argument(help="Liste, en CSV ou en XLSX.")],
    apply: Annotated[bool, typer.Option("--apply", help="Importer ; sans elle, dire seulement.")] = False,
    errors: Annotated[
        Path | None, typer.Option("--errors", help="Où écrire les lignes à corriger, en CSV.")
    ] = None,
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Dit ce que ferait chaque ligne d’une liste de professionnels ; avec --apply, le fait, tout ou rien."""
    data = read_file(file)
    connect()
    from django.utils import timezone

    from jalon.core.moment import Moment
    from jalon.setup import staff_list

    now = timezone.now()
    today = Moment(now).today
    with inside(body):
        if apply:
            found, invited = staff_list.bring_in(data, reach=_anywhere, by=None, now=now, today=today)
        else:
            found, invited = staff_list.look(data, reach=_anywhere, today=today), []
    if errors and found.stopped:
        errors.write_bytes(staff_list.errors_of(found))
    lines = [
        {"line": one.line.number, "email": one.line.said["email"], "outcome": one.outcome, "why": one.why}
        for one in found.verdicts
    ]
    links = {one.professional.account.email: one.link for one in invited if one.professional.account}
    done = apply and not found.stopped
    said = [f"ligne {one['line']} : {one['email']} : {one['outcome']} {one['why']}".rstrip() for one in lines]
    said += [f"{email} : {link}" for email, link in links.items()]
    said.append("Importé." if done else "Rien n’est enregistré.")
    answer({"done": done, "columns": found.columns, "lines": lines, "links": links}, said, as_json=as_json)
    raise SystemExit(1 if found.stopped else 0)


def _anywhere(house: object, unit: object) -> bool:
    """Whoever keeps the machine keeps every account of the managing body."""
    return True
