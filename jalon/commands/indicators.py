"""`jalon indicators`: a month counted, closed or corrected, with what proves each figure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jalon.commands.asking import acting
from jalon.commands.context import AsJson, Body, answer, connect, inside
from jalon.core.errors import DomainError
from jalon.core.period import Month
from jalon.staff.rules import Permission

if TYPE_CHECKING:
    from jalon.organizations.models import Establishment

app = typer.Typer(invoke_without_command=True)
VERDICTS = {True: "cible atteinte", False: "cible non atteinte", None: "non mesurable"}


@app.callback()
def indicators(
    context: typer.Context,
    month: Annotated[str, typer.Option("--month", help="Mois, AAAA-MM.")] = "",
    house: Annotated[str, typer.Option("--establishment", help="FINESS ; tous sinon.")] = "",
    close: Annotated[bool, typer.Option("--close", help="Clôt le mois, s’il est fini.")] = False,
    correct: Annotated[str, typer.Option("--correct", help="Corrige un mois clos : dites pourquoi.")] = "",
    by: Annotated[str, typer.Option("--by", help="Adresse du compte qui corrige.")] = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Compte les indicateurs d’usage, avec les dossiers comptés et ceux qui manquent."""
    if context.invoked_subcommand:
        return
    wanted = Month.parse(month)
    connect()
    from jalon.organizations.models import Establishment

    found: list[dict[str, Any]] = []
    lines: list[str] = []
    with inside(body):
        houses = Establishment.objects.filter(**({"finess": house} if house else {})).order_by("finess")
        for one in houses:
            if close:
                _close(one, wanted)
            if correct:
                _correct(one, wanted, correct, by)
            told = list(_counted(one, wanted))
            found += told
            lines += [f"{one.name} ({one.finess}), {wanted.label}", *map(_line, told)]
    answer({"month": str(wanted), "figures": found}, lines, as_json=as_json)


@app.command("check")
def check(body: Body = "", as_json: AsJson = False) -> None:
    """Compare chaque décompte gardé à ce qui est compté de nouveau ; sort en 1 s’il diffère."""
    connect()
    from jalon.indicators.models import Tally
    from jalon.indicators.tallies import differences
    from jalon.indicators.tallying import tallied

    found = []
    with inside(body):
        kept = tallied(Tally.objects.all())
        for measure in kept:
            found += [
                {"month": str(measure.month), "establishment": house, "code": code, "record": record}
                for house, code, record in differences(measure)
            ]
    count = sum(len(measure.houses) for measure in kept)
    said = [f"{one['month']} {one['code']} : dossier {one['record']}" for one in found]
    lines = [f"{count} décomptes comparés, {len(found)} lignes qui diffèrent.", *said]
    answer({"tallies": count, "differences": found}, lines, as_json=as_json)
    raise SystemExit(1 if found else 0)


@app.command("rebuild")
def rebuild(
    month: Annotated[str, typer.Option("--month", help="Mois, AAAA-MM ; celui en cours sinon.")] = "",
    body: Body = "",
    as_json: AsJson = False,
) -> None:
    """Refait les décomptes d’un mois, d’après tout ce qui est écrit."""
    wanted = Month.parse(month) if month else None
    connect()
    from django.utils import timezone

    from jalon.db.tenant import tenant
    from jalon.indicators.tallying import measures, tally

    with inside(body) as body_id:
        made = measures(timezone.now(), wanted)
    for measure in made:
        with tenant(body_id):  # a few establishments a transaction: who reads or writes waits for none
            tally(measure)
    count = sum(len(measure.houses) for measure in made)
    answer({"tallies": count}, [f"{count} décomptes refaits."], as_json=as_json)


def _close(house: "Establishment", month: Month) -> None:
    from django.utils import timezone

    from jalon.indicators.actions import close_month

    close_month(establishment=house, month=month, now=timezone.now())


def _correct(house: "Establishment", month: Month, reason: str, by: str) -> None:
    from django.utils import timezone

    from jalon.indicators.actions import correct_month

    actor = acting(by)
    if house.pk not in {place.establishment_id for place in actor.places_with(Permission.CORRECT_INDICATORS)}:
        raise DomainError(
            f"Ce compte ne peut pas corriger les indicateurs de {house.name}.", code="not_allowed"
        )
    correct_month(establishment=house, month=month, reason=reason, by=actor.professional, now=timezone.now())


def _counted(house: "Establishment", month: Month) -> Iterator[dict[str, Any]]:
    from django.utils import timezone

    from jalon.indicators.counting import counted, missing, proofs
    from jalon.indicators.queries import closed_figures, measure_of

    kept, measure = closed_figures(house, month), measure_of(house, month, now=timezone.now())
    for figure in counted(measure):
        code = figure.definition.code
        yield {
            "establishment": house.finess, "code": code, "name": figure.definition.name,
            "numerator": figure.numerator, "denominator": figure.denominator,
            "target": figure.definition.target, "reached": figure.reached, "rate": figure.rate,
            "counted": _ids(proofs(figure.definition, measure)),
            "missing": _ids(missing(figure.definition, measure)), "opposed": figure.apart,
            "kept": [
                {"numerator": row.numerator, "denominator": row.denominator, "at": row.computed_at,
                 "reason": row.reason}
                for row in kept.get(code, [])
            ],
        }  # fmt: skip


def _ids(rows: Any) -> list[Any]:
    return list(rows.order_by("id").values_list("id", flat=True))


def _line(figure: dict[str, Any]) -> str:
    said = (
        f"  {figure['code']} {figure['name']} : {figure['numerator']}/{figure['denominator']}"
        f" = {figure['rate']}, {VERDICTS[figure['reached']]} ({figure['target']} %)"
    )
    kept = (f"{row['numerator']}/{row['denominator']} {row['reason'] or 'clos'}" for row in figure["kept"])
    return " ; ".join((said, *kept))
