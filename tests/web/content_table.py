"""What each function reads, writes and hears of, by class of content: written by hand, read as a policy.

One letter a function, those of `access_table.ROLES` in their order; a dot where the class is shut. It is what
the product begins with: a house changes it within limits. No assessment and no clinical measure exists yet:
each will bring its class, and its row here.
"""

from dataclasses import dataclass
from typing import Final

from jalon.care.models import Family
from jalon.staff.rules import ContentClass, Role
from tests.web.access_table import ROLES

NOBODY: Final = "." * len(ROLES)


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
        read="ECKNPOHTYLD......",
        write="ECKNPOHTYLD......",
        lists="ECKNPOHTYLD......",
        handover="ECKNPOHTYLD......",
        mail="...NP....LD......",
        header="...NP....LD......",
        search="ECKNPOHTYLD......",  # the vigilances of whoever is found, before anything is done
    ),
    ContentClass.EDUCATIONAL: Ways(
        read="ECKNP...YLD......",
        write="ECKNP...YLD......",
        lists="ECKNP...YLD......",
        handover="ECKNP...YLD......",
        mail="...NP....LD......",
        header="...NP....LD......",
    ),
    ContentClass.SOCIAL: Ways(
        read="ECKNP...YLD......",
        write="ECKNP...YLD......",
        lists="ECKNP...YLD......",
        handover="ECKNP...YLD......",
        mail="...NP....LD......",
        header="...NP....LD......",
    ),
    ContentClass.HEALTH: Ways(
        read=".CKNPOHTYLD......",
        write=".CKNPOHTYLD......",
        lists=".CKNPOHTYLD......",
        handover=".CKNPOHTYLD......",
        mail="...NP....LD......",
        header="...NP....LD......",
    ),
    ContentClass.PSYCHOLOGICAL: Ways(
        read="....P...YL.......",
        write="....P...YL.......",
        lists="....P...YL.......",
        handover="....P...YL.......",
        mail="....P....L.......",
        header="....P....L.......",
    ),
    ContentClass.JUSTICE: Ways(
        read=".........LD......",
        write=".........LD......",
        lists=".........LD......",
        handover=".........LD......",
        mail=NOBODY,  # no type of document is of justice
        header=NOBODY,
    ),
    ContentClass.ADMINISTRATIVE: Ways(
        read="ECKNPOHTYLDSB....",
        write="ECKNPOHTYLDSB....",
        lists="ECKNPOHTYLDSB....",
        handover=NOBODY,  # no note is of it
        mail="...NP....LDS.....",
        header="...NP....LDS.....",
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
    letter = next(letter for letter, one in ROLES.items() if one == role)
    return {content for content, ways in TABLE.items() if letter in getattr(ways, way)}
