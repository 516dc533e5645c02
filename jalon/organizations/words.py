"""The word an establishment uses for the people it accompanies, and how French bends it. Pure."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from jalon.core.errors import DomainError
from jalon.core.typography import NBSP

Gender = Literal["m", "f"]
_ARTICLE: Final[dict[str, Gender]] = {"un": "m", "une": "f"}
_ASKED: Final = (
    "Écrivez le mot avec son article, au singulier puis au pluriel : « un résident, des résidents »."
)
SHORT: Final = 14  # letters of an entry of the menu
_SAID = re.compile(r"(une?)\s+([^,]{2,40}),\s*des\s+([^,]{2,40})", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+(?:[ ’'-][^\W\d_]+)*")


@dataclass(frozen=True)
class Word:
    """A noun and its two numbers, in lower case. An h is mute, but in « handicapé »."""

    singular: str
    plural: str
    gender: Gender

    @classmethod
    def parse(cls, text: str) -> "Word":
        """Read « un résident, des résidents ». Raises DomainError `word`."""
        said = _SAID.fullmatch(text.strip())
        if said is None or not all(_LETTERS.fullmatch(part.strip()) for part in said.groups()[1:]):
            raise DomainError(_ASKED, code="word")
        article, singular, plural = (part.strip().lower().replace("'", "’") for part in said.groups())
        return cls(singular, plural, _ARTICLE[article])

    def __str__(self) -> str:
        """As it is typed: « un résident, des résidents »."""
        return f"{self.a}, des {self.plural}"

    @property
    def feminine(self) -> bool:
        return self.gender == "f"

    @property
    def short(self) -> str:
        """« résidents », « personnes »: where there is little room, a menu."""
        return self.plural if len(self.plural) <= SHORT else self.plural.split()[0]

    @property
    def a(self) -> str:
        """« un résident », « une personne accompagnée »."""
        return f"{'une' if self.feminine else 'un'} {self.singular}"

    @property
    def the(self) -> str:
        """« le résident », « la personne accompagnée », « l’usager »."""
        return f"l’{self.singular}" if self._elides else f"{'la' if self.feminine else 'le'} {self.singular}"

    @property
    def of_the(self) -> str:
        """« du résident », « de la personne accompagnée », « de l’usager »."""
        return f"du {self.singular}" if self.the.startswith("le ") else f"de {self.the}"

    @property
    def of_many(self) -> str:
        """« de résidents », « d’usagers »: after a quantity."""
        return f"d’{self.plural}" if self._elides else f"de {self.plural}"

    @property
    def no(self) -> str:
        """« aucun résident », « aucune personne accompagnée »."""
        return f"{'aucune' if self.feminine else 'aucun'} {self.singular}"

    @property
    def this(self) -> str:
        """« ce résident », « cette personne accompagnée », « cet usager »."""
        return f"{'cette' if self.feminine else 'cet' if self._elides else 'ce'} {self.singular}"

    @property
    def new(self) -> str:
        """« nouveau résident », « nouvelle personne accompagnée », « nouvel usager »."""
        return f"{'nouvelle' if self.feminine else 'nouvel' if self._elides else 'nouveau'} {self.singular}"

    def agree(self, masculine: str, feminine: str) -> str:
        """The form of an adjective or participle: `word.agree("accueilli", "accueillie")`."""
        return feminine if self.feminine else masculine

    def count(self, number: int) -> str:
        """« 1 résident », « 12 résidents »; French keeps the singular up to two."""
        return f"{number}{NBSP}{self.singular if abs(number) < 2 else self.plural}"

    @property
    def _elides(self) -> bool:
        first = self.singular[:1]
        return first in "aeiouâàéèêëîïôûùœæh" and not self.singular.startswith("handi")


_KNOWN: Final = (
    "une personne accompagnée, des personnes accompagnées",
    "une personne accueillie, des personnes accueillies",
    "une personne protégée, des personnes protégées",
    "une personne, des personnes",
    "une famille, des familles",
    "un enfant, des enfants",
    "un jeune, des jeunes",
    "un patient, des patients",
    "un résident, des résidents",
    "un salarié, des salariés",
    "un stagiaire, des stagiaires",
    "un travailleur, des travailleurs",
    "un usager, des usagers",
)
KNOWN: Final = {word.singular: word for word in map(Word.parse, _KNOWN)}
