"""Why somebody may do something in a record, or may not: one decision, told step by step. Pure.

The pages that refuse and the simulator of rights read the same answer, which is that of
`Record.objects.visible_to`: `tests/records/test_visibility.py` asks both of each of its scenes.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from jalon.core.choices import Choice
from jalon.staff.rules import READING, RESTRICTED, Permission, Role, together


class Rule(Choice):
    """The rules that open and close, in the order in which they are read."""

    WORK = "work", "Il faut une affectation en cours"
    PLACE = "place", "On voit les personnes de son établissement et de son unité"
    FUNCTION = "function", "Chaque fonction a ses gestes"
    CONTENT = "content", "Chaque contenu est pour qui en a besoin"
    GRANT = "grant", "Un dossier s’ouvre à quelqu’un, pour un temps, avec un motif"
    EMERGENCY = "emergency", "En urgence, un dossier s’ouvre quelques minutes, sauf les écrits réservés"


SOURCES: Final[dict[Rule, str]] = {
    Rule.WORK: "CASF L311-3, 4° : la confidentialité de ce qui concerne la personne",
    Rule.PLACE: "CSP L1110-4 et L1110-12 : le partage, dans l’équipe qui accompagne la personne",
    Rule.FUNCTION: "SC.SSI/GEN.16 : à chaque profil ses droits",
    Rule.CONTENT: "CASF L311-3 et CSP L1110-4 : ce qui est utile à qui accompagne, et rien d’autre",
    Rule.GRANT: "SC.SSI/GEN.16 : une habilitation nommée, datée et tracée",
    Rule.EMERGENCY: "CSP L1110-4 : ce qui est nécessaire aux soins, ici sans attendre",
}


@dataclass(frozen=True)
class Standing:
    """A place where somebody works, and what that allows there, seen from a record: `house` and `unit` say
    whether it covers them."""

    role: Role
    permissions: frozenset[Permission]
    words: str
    house: bool
    unit: bool

    @property
    def covers(self) -> bool:
        return self.house and self.unit


@dataclass(frozen=True)
class Given:
    """What is open to somebody by name: nothing, a grant, an emergency; `words` say until when."""

    words: str = ""
    urgent: bool = False


NOTHING_GIVEN: Final = Given()


@dataclass(frozen=True)
class Step:
    """One rule read on the way: does it hold, and what was found."""

    rule: Rule
    holds: bool
    found: str

    @property
    def source(self) -> str:
        return SOURCES[self.rule]


@dataclass(frozen=True)
class Decision:
    """What was decided, by which rule, and each step to it."""

    allowed: bool
    rule: Rule
    steps: tuple[Step, ...]

    @property
    def source(self) -> str:
        return SOURCES[self.rule]

    @property
    def found(self) -> str:
        """What the rule that decided had found."""
        return next(step.found for step in self.steps if step.rule is self.rule)


def closing(asked: Permission, places: Collection[frozenset[Permission]]) -> Rule:
    """The rule that closes when none of these places allows what is asked, or when none is here."""
    if not places:
        return Rule.WORK
    if asked not in together(places):
        return Rule.CONTENT if asked in READING else Rule.FUNCTION
    return Rule.PLACE


def decide(asked: Permission, standings: Collection[Standing], given: Given = NOTHING_GIVEN) -> Decision:
    """May somebody who works there do this in the record that these places are seen from?"""
    everywhere = [one.permissions for one in standings]
    here = [one.permissions for one in standings if one.covers]
    carried, named = asked in together(everywhere), _opened(asked, given)
    steps = tuple(_steps(asked, standings, given))
    if carried and named:
        return Decision(True, named, steps)
    if asked in together(here):
        return Decision(True, Rule.PLACE, steps)
    return Decision(False, closing(asked, here or everywhere), steps)


def _opened(asked: Permission, given: Given) -> Rule | None:
    """The rule by which the record is open to them by name, for what is asked."""
    if given.urgent:
        return None if asked in RESTRICTED else Rule.EMERGENCY
    return Rule.GRANT if given.words else None


def _steps(asked: Permission, standings: Collection[Standing], given: Given) -> Iterator[Step]:
    here = [one for one in standings if one.covers]
    yield Step(Rule.WORK, bool(standings), _told(standings) or "aucune affectation ce jour-là")
    yield Step(Rule.PLACE, bool(here), _told(here) or "aucune ne couvre ce dossier")
    carriers = [one for one in here or standings if asked in one.permissions]
    rule = Rule.CONTENT if asked in READING else Rule.FUNCTION
    yield Step(rule, bool(carriers), _functions(carriers or here or standings, asked))
    named = _opened(asked, given)
    rule = Rule.EMERGENCY if given.urgent else Rule.GRANT
    yield Step(rule, named is not None, given.words or "aucun accès nommé en cours")


def _told(standings: Iterable[Standing]) -> str:
    return ", ".join(dict.fromkeys(one.words for one in standings))


def _functions(standings: Iterable[Standing], asked: Permission) -> str:
    named = ", ".join(dict.fromkeys(str(one.role.label) for one in standings)) or "aucune fonction"
    return f"{named}, {asked.label}"


@dataclass(frozen=True)
class Part:
    """A part of a record as people name it: what reads it, and what writes in it if anything does."""

    words: str
    read: Permission
    write: Permission | None = None


PARTS: Final = (
    Part("Synthèse", Permission.OPEN_RECORD),
    Part("Transmissions", Permission.READ_NOTES, Permission.WRITE_NOTE),
    Part("Vigilances et vie quotidienne", Permission.READ_DAILY),
    Part("Éducatif", Permission.READ_EDUCATIONAL),
    Part("Social", Permission.READ_SOCIAL),
    Part("Santé", Permission.READ_HEALTH),
    Part("Écrits psychologiques, réservés", Permission.READ_PSYCHOLOGICAL),
    Part("Écrits de justice, réservés", Permission.READ_JUSTICE),
    Part("Administratif", Permission.READ_ADMINISTRATIVE),
    Part("Projet personnalisé", Permission.READ_PLAN, Permission.WRITE_PLAN),
    Part("Agenda", Permission.READ_AGENDA, Permission.WRITE_AGENDA),
    Part("Documents", Permission.READ_DOCUMENTS, Permission.ADD_DOCUMENT),
    Part("INS entière", Permission.READ_INS),
    Part("Qui a ouvert, à qui c’est ouvert", Permission.READ_ACCESSES, Permission.GRANT_ACCESS),
)
