"""A list of staff brought in: what becomes of each line is said first; then all of them, or none."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Q

from jalon.audit.actions import record_entry
from jalon.core.choices import Choice
from jalon.core.errors import DomainError
from jalon.formats import sheets
from jalon.organizations.models import Establishment, Unit
from jalon.setup import invitations
from jalon.setup.accounts import Work, alone
from jalon.setup.invitations import Invited
from jalon.staff.actions import Newcomer
from jalon.staff.lists import NAMES, TITLES, Line, line_of, mapping, plain, twins
from jalon.staff.models import Account, Membership, Professional

Spot = TypeVar("Spot", Establishment, Unit)
Reach = Callable[[Establishment, Unit | None], bool]
WHAT: Final = "Ce qui arrive"


class Outcome(Choice):
    """What a line will do."""

    INVITED = "invited", "sera invité"
    ADDED = "added", "reçoit cette affectation"
    SAME = "same", "l’a déjà : rien à faire"
    ASKED = "asked", "à dire : est-ce bien la même personne ?"
    REFUSED = "refused", "refusé"


@dataclass(frozen=True)
class Verdict:
    """What a line will do, and why when it does nothing. `who` and `work`: when it does something."""

    line: Line
    outcome: Outcome
    why: str = ""
    who: Newcomer | None = None
    work: Work | None = None

    @property
    def stops(self) -> bool:
        return self.outcome in (Outcome.ASKED, Outcome.REFUSED)


@dataclass(frozen=True)
class StaffList:
    """A list that was read. `columns`: each header, and what is read of it (empty: nothing)."""

    columns: tuple[tuple[str, str], ...]
    verdicts: tuple[Verdict, ...]

    @property
    def stopped(self) -> tuple[Verdict, ...]:
        return tuple(one for one in self.verdicts if one.stops)

    def count(self, outcome: Outcome) -> int:
        return sum(one.outcome == outcome for one in self.verdicts)


def look(data: bytes, *, reach: Reach, today: dt.date) -> StaffList:
    """What each line of this file would do; nothing is written. Raises DomainError for what is no list."""
    headers, *rows = sheets.read(data)
    columns = mapping(headers.cells)
    lines = [line_of(row.number, row.cells, columns) for row in rows]
    if not lines:
        raise DomainError("Cette liste n’a que ses titres.", code="no_line")
    double = twins(lines)
    judge = _Judge(lines, reach, today)
    verdicts = tuple(judge.of(line, double.get(line.number, "")) for line in lines)
    shown = ((header, TITLES.get(columns.get(rank, ""), "")) for rank, header in enumerate(headers.cells))
    return StaffList(tuple(shown), verdicts)


@transaction.atomic
def bring_in(
    data: bytes, *, reach: Reach, by: Professional | None, now: dt.datetime, today: dt.date
) -> tuple[StaffList, list[Invited]]:
    """Do what each line says, and who was invited; when a line stops, nobody comes in.

    Raises as `look`, and as `invite` with the line.
    """
    alone()
    found = look(data, reach=reach, today=today)
    if found.stopped:
        return found, []
    made = [
        _invite(one.line.number, one.who, one.work, by, now) for one in found.verdicts if one.who and one.work
    ]
    # Of several lines for one person, the last link alone opens.
    links = {one.professional.pk: one for one in made}
    counts = {outcome.value: found.count(outcome) for outcome in Outcome}
    record_entry("staff.list_brought_in", on=None, by=by, facts=counts)
    return found, [one for one in links.values() if one.link or one.mailed]


def errors_of(found: StaffList) -> bytes:
    """The lines that stop the list, as a file to mend and send again: each says why."""
    titles = [*(TITLES[name] for name in NAMES), WHAT]
    rows = ([*(one.line.said.get(name, "") for name in NAMES), one.why] for one in found.stopped)
    return sheets.write([titles, *rows])


def _invite(number: int, who: Newcomer, work: Work, by: Professional | None, now: dt.datetime) -> Invited:
    try:
        return invitations.invite(who=who, work=work, known=True, by=by, now=now)
    except DomainError as refusal:
        raise DomainError(refusal.message, code=refusal.code, place=f"ligne {number}") from refusal


class _Judge:
    """Judges lines, with all that is known of the people that they name."""

    def __init__(self, lines: Sequence[Line], reach: Reach, today: dt.date) -> None:
        self.reach, self.today = reach, today
        emails = {line.said["email"] for line in lines} - {""}
        numbers = {line.said.get("rpps", "") for line in lines} - {""}
        accounts = Account.objects.filter(Q(email__in=emails) | Q(rpps__in=numbers))
        self.accounts = {one.email.lower(): one for one in accounts}
        self.numbers = {one.rpps: one for one in accounts if one.rpps}
        here = Professional.objects.filter(Q(account__in=accounts) | Q(rpps__in=numbers))
        people = list(here.select_related("account"))
        self.by_account = {one.account_id: one for one in people if one.account_id}
        self.by_rpps = {one.rpps: one for one in people if one.rpps}
        held = Membership.objects.filter(professional__in=people)
        held = held.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
        self.held = set(held.values_list("professional", "establishment", "unit", "role"))
        self.houses = list(Establishment.objects.all())
        self.units = list(Unit.objects.all())

    def of(self, line: Line, double: str) -> Verdict:
        if line.wrong or double:
            return Verdict(line, Outcome.REFUSED, double or _said(line.wrong))
        try:
            work = self._work(line)
            return self._judged(line, work)
        except DomainError as refusal:
            return Verdict(line, Outcome.REFUSED, refusal.message)

    def _judged(self, line: Line, work: Work) -> Verdict:
        rpps = line.said.get("rpps", "")
        account = self.accounts.get(line.said["email"])
        self._check_one(account, rpps)
        one = (self.by_account.get(account.pk) if account else None) or self.by_rpps.get(rpps)
        if one is not None and self._has(one, work):
            return Verdict(line, Outcome.SAME)
        asked = self._asked(line, account, one)
        if asked and not line.known:
            return Verdict(
                line, Outcome.ASKED, f"{asked} Écrivez « oui » dans « Déjà connu » si c’est la même."
            )
        named = {
            name: line.said.get(name, "") for name in ("email", "first_name", "last_name", "rpps", "job")
        }
        opens = account is not None and account.is_active and account.vouched
        outcome = Outcome.ADDED if opens else Outcome.INVITED
        return Verdict(line, outcome, who=Newcomer(**named), work=work)

    def _check_one(self, account: Account | None, rpps: str) -> None:
        """An address and a number lead to one account, to one person."""
        of_number = self.numbers.get(rpps)
        person = self.by_rpps.get(rpps)
        holder = of_number or (person.account if person else None)
        if holder and holder != account:
            raise DomainError(
                "Ce RPPS est celui d’un autre compte. Vérifiez l’adresse.", code="another_account"
            )
        mine = self.by_account.get(account.pk) if account else None
        if mine and rpps and mine.rpps not in ("", rpps):
            raise DomainError("Cette adresse va avec un autre RPPS. Vérifiez-la.", code="another_rpps")

    def _asked(self, line: Line, account: Account | None, one: Professional | None) -> str:
        """What must be said before somebody known is given anything."""
        if account is None and one is None:
            return ""
        if one is None:
            return "Cette adresse a déjà un compte, dans un autre organisme."
        if not one.active:
            return f"{one} est parti : le revoilà ?"
        same = plain(str(one)) == plain(f"{line.said['first_name']} {line.said['last_name']}")
        return "" if same else f"Cette adresse ou ce RPPS est celui de {one}."

    def _has(self, one: Professional, work: Work) -> bool:
        unit = work.unit.pk if work.unit else None
        return one.active and (one.pk, work.establishment.pk, unit, work.role) in self.held

    def _work(self, line: Line) -> Work:
        house = self._found(self.houses, line.said["house"], "Établissement")
        said = line.said.get("unit", "")
        units = [one for one in self.units if one.establishment_id == house.pk]
        unit = self._found(units, said, "Unité") if said else None
        if not self.reach(house, unit):
            raise DomainError(NOT_MINE, code="not_mine")
        return Work(line.role, house, unit, line.starts_on or self.today, line.ends_on)

    @staticmethod
    def _found(places: Iterable[Spot], said: str, what: str) -> Spot:
        named = [one for one in places if plain(said) in (plain(one.name), plain(getattr(one, "finess", "")))]
        if len(named) != 1:
            raise DomainError(
                f"{what} : « {said} » n’est pas connu ici. Recopiez son nom.", code="unknown_place"
            )
        return named[0]


NOT_MINE: Final = "Établissement : vous n’y tenez pas les comptes."


def _said(wrong: Mapping[str, str]) -> str:
    return " ".join(f"{TITLES[name]} : {words}" for name, words in wrong.items())
