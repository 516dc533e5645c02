"""What each function reads, writes and hears of, by class of content: written by hand, read as a policy.

One letter a function, in the order of the columns: E educator, C care worker, N nurse, P physician,
Y psychologist, L team lead, D director, S secretary, I identity officer, A administrator; a dot where the
class is shut. No assessment and no clinical measure exists yet: each will bring its class, and its row here.
"""

from dataclasses import dataclass
from typing import Final

from jalon.care.models import Family
from jalon.staff.rules import ContentClass, Role

LETTERS: Final = dict(zip("ECNPYLDSIA", Role, strict=True))
NOBODY: Final = ".........."


@dataclass(frozen=True)
class Ways:
    """Who meets a class of content, and how.

    `read`: opens what is of that class. `write`: adds to it. `lists`: sees its lines (documents, thread,
    « Ma journée »). `handover`: hears of it in the relève. `mail`: opens it while it waits in the mailbox of
    the house; `header`: is told there what it is. `search`: hears of it from a search of people. `figures`:
    from an indicator.
    """

    read: str
    write: str
    lists: str
    handover: str
    mail: str
    header: str
    search: str = NOBODY
    figures: str = NOBODY


TABLE: Final = {
    ContentClass.DAILY: Ways(
        read="ECNPYLD...",
        write="ECNPYLD...",
        lists="ECNPYLD...",
        handover="ECNPYLD...",
        mail="..NP.LD...",
        header="..NP.LD...",
        search="ECNPYLD...",  # the vigilances of whoever is found, before anything is done for them
    ),
    ContentClass.EDUCATIONAL: Ways(
        read="ECNPYLD...",
        write="ECNPYLD...",
        lists="ECNPYLD...",
        handover="ECNPYLD...",
        mail="..NP.LD...",
        header="..NP.LD...",
    ),
    ContentClass.SOCIAL: Ways(
        read="ECNPYLD...",
        write="ECNPYLD...",
        lists="ECNPYLD...",
        handover="ECNPYLD...",
        mail="..NP.LD...",
        header="..NP.LD...",
    ),
    ContentClass.HEALTH: Ways(
        read=".CNPYLD...",
        write=".CNPYLD...",
        lists=".CNPYLD...",
        handover=".CNPYLD...",
        mail="..NP.LD...",
        header="..NP.LD...",
    ),
    ContentClass.PSYCHOLOGICAL: Ways(
        read="...PYL....",
        write="...PYL....",
        lists="...PYL....",
        handover="...PYL....",
        mail="...P.L....",
        header="...P.L....",
    ),
    ContentClass.JUSTICE: Ways(
        read=".....LD...",
        write=".....LD...",
        lists=".....LD...",
        handover=".....LD...",
        mail=NOBODY,  # no type of document is of justice
        header=NOBODY,
    ),
    ContentClass.ADMINISTRATIVE: Ways(
        read="ECNPYLDS..",
        write="ECNPYLDS..",
        lists="ECNPYLDS..",
        handover=NOBODY,  # no note is of it
        mail="..NP.LDS..",
        header="..NP.LDS..",
    ),
}
# What stands for a class: a note of that family, a document of that type.
NOTE: Final = {
    ContentClass.DAILY: Family.DAILY,
    ContentClass.EDUCATIONAL: Family.EDUCATION,
    ContentClass.SOCIAL: Family.RELATIVES,
    ContentClass.HEALTH: Family.HEALTH,
    ContentClass.PSYCHOLOGICAL: Family.PSYCHOLOGY,
    ContentClass.JUSTICE: Family.JUSTICE,
}
PAPER: Final = {
    ContentClass.DAILY: "80771-9",
    ContentClass.EDUCATIONAL: "80788-3",
    ContentClass.SOCIAL: "28653-4",
    ContentClass.HEALTH: "11488-4",
    ContentClass.PSYCHOLOGICAL: "83901-9",
    ContentClass.ADMINISTRATIVE: "51851-4",
}


def of(way: str, role: Role) -> set[ContentClass]:
    """The classes that this function meets in this way."""
    letter = next(letter for letter, one in LETTERS.items() if one == role)
    return {content for content, ways in TABLE.items() if letter in getattr(ways, way)}
