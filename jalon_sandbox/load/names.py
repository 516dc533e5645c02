"""Names by the million, as many and as unequal as French ones and nobody's: plants, weather and stones. Pure.

A few are borne by many and most by a handful: a name is drawn by its rank, whose share falls as a power of
it (Zipf and Mandelbrot), so that the commonest family name is that of 4 people in 1 000, the first thousand
that of one in six, and the commonest first names that of 2 or 3 in 100, as French ones are.
"""

import random
from dataclasses import dataclass
from typing import Final

from jalon_sandbox.demo.names import FAMILY, MEN, WOMEN

SHE: Final = (
    "BRUYÈRE", "CAPUCINE", "GIROFLÉE", "FOUGÈRE", "PERVENCHE", "JONQUILLE", "SARRIETTE", "VERVEINE",
    "CLAIRIÈRE", "PLUIE", "BRUME", "RIVIÈRE", "LAVANDE", "MÉLISSE", "RONCE", "SAUGE", "TOURBE",
)  # fmt: skip
HE: Final = (
    "GENÊT", "CERFEUIL", "MAGNOLIA", "NÉNUPHAR", "THYM", "ROMARIN", "SUREAU", "TREMBLE", "GIVRE",
    "GRANIT", "SILEX", "VALLON", "CHARME", "PEUPLIER", "LICHEN", "BOULEAU", "MISTRAL", "TILLEUL",
)  # fmt: skip
VOWEL: Final = (
    "AUBÉPINE", "ÉGLANTIER", "ACACIA", "OLIVIER", "ORAGE", "AVERSE", "ÉCUME", "ARGILE", "ŒILLET",
    "ULMAIRE", "ÉRABLE", "ANÉMONE", "IRIS", "ORTIE", "ÉPILOBE", "AIRELLE", "AMANDIER",
)  # fmt: skip
STEMS: Final = tuple(sorted({*SHE, *HE, *VOWEL, *filter(str.isalpha, FAMILY)}))
GIVEN: Final = {
    "F": tuple(sorted({name for names in WOMEN.values() for name in names} | {
        "Anaïs", "Béatrice", "Chloé", "Djamila", "Ève", "Françoise", "Gaëlle", "Hélène", "Irène",
        "Joëlle", "Khadija", "Laëtitia", "Marie-Thérèse", "Noëlle", "Océane", "Pénélope", "Régine",
        "Solène", "Thaïs", "Ursule", "Violaine", "Yasmina", "Zélie", "Anne-Lise", "Rose-Marie", "Inès",
        "Maéva", "Mylène",
    })),
    "M": tuple(sorted({name for names in MEN.values() for name in names} | {
        "Aurélien", "Benoît", "Cédric", "Désiré", "Étienne", "François", "Grégoire", "Hervé", "Isaïe",
        "Jérôme", "Kévin", "Loïc", "Mickaël", "Noël", "Octave", "Rémi", "Sébastien", "Théo", "Ulysse",
        "Valère", "Jean-Luc", "Paul-Émile", "Youssef", "Zacharie", "Aimé", "Clément", "Anselme", "Gaëtan",
        "Hyacinthe",
    })),
}  # fmt: skip

# What makes thousands of names of each: put between the stem and the ending, or after a first name.
BETWEEN: Final = (
    "", "EL", "IN", "AR", "OL", "ER", "ON", "AN", "ET", "IL", "OR", "AL", "IER", "EN", "AV", "UL", "IV",
    "AD", "OT", "OUR", "IM", "OUL", "EM", "ID", "AC", "EV", "UR", "OM", "AB", "IG", "OND",
)  # fmt: skip
ENDINGS: Final = (
    "", "EAU", "ET", "IN", "OUX", "ARD", "IER", "ELLE", "OT", "ON", "EL", "AUD", "AIN", "ÈRE", "EAUX",
    "AULT", "EUR", "ETTE", "AS", "Y", "IS", "AC", "OIS", "ENT", "IEU", "ANT", "ÈS", "OUD", "EC", "ÉE",
    "IOT", "ERT", "AY", "OL", "ONNET", "ERON", "AGNE", "IÈRE", "UT", "EZ", "AND", "ENC", "OIR", "ICHE",
    "ANGE", "OU", "IEZ", "EUIL", "ASSE", "ERIE",
)  # fmt: skip
FORMS: Final = {
    "F": (
        "", "ine", "ette", "iane", "elle", "ise", "onne", "ia", "ys", "ane", "ice", "ée", "ora", "inda",
        "aëlle", "ienne", "ie", "una", "ille", "ode", "ance", "ica",
    ),
    "M": (
        "", "in", "on", "ien", "ot", "is", "an", "aël", "el", "ard", "eric", "o", "ule", "as", "ent",
        "aud", "ime", "or", "ys", "ian", "ence", "ain", "bert", "oé",
    ),
}  # fmt: skip
VOWELS: Final = "AEÉIOUYaeéiouy"


@dataclass(frozen=True)
class Law:
    """How unequally so many names are borne: the share of a rank is `(rank + apart) ** -power`."""

    many: int
    power: float
    apart: int

    def draw(self, chance: random.Random) -> int:
        """A rank, from 0: the commonest."""
        root = 1 - self.power
        first, last = self.apart**root, (self.many + self.apart) ** root
        return int((first + chance.random() * (last - first)) ** (1 / root) - self.apart)


FAMILIES: Final = Law(len(STEMS) * len(ENDINGS) * len(BETWEEN), power=0.7, apart=2)
FIRSTS: Final = {sex: Law(len(GIVEN[sex]) * len(FORMS[sex]), power=0.9, apart=3) for sex in GIVEN}


def family(chance: random.Random) -> str:
    """A family name: plain, compound, or with a particle."""
    kind = chance.random()
    if kind < 0.82:
        return _plain(chance)
    if kind < 0.9:
        return f"{_plain(chance)}-{_plain(chance)}"
    if kind < 0.93:
        return f"{_plain(chance)} {_plain(chance)}"
    return _with_particle(chance)


def _plain(chance: random.Random) -> str:
    """The first ranks are stems alone, those that follow have an ending, the others are longer still."""
    rank, stem = divmod(FAMILIES.draw(chance), len(STEMS))
    between, ending = divmod(rank, len(ENDINGS))
    return _affixed(STEMS[stem], BETWEEN[between] + ENDINGS[ending])


def _affixed(stem: str, affix: str) -> str:
    """The vowels that end the stem go before others."""
    return stem.rstrip(VOWELS) + affix if affix else stem


def _with_particle(chance: random.Random) -> str:
    article, stems = chance.choice(
        (("DE LA ", SHE), ("LA ", SHE), ("DU ", HE), ("LE ", HE), ("LE", HE), ("D'", VOWEL), ("L'", VOWEL))
    )
    return f"{article}{_affixed(chance.choice(stems), ENDINGS[chance.randrange(len(ENDINGS))])}"


def given(chance: random.Random, sex: str) -> str:
    """The list of birth first names: one to three, some of them compound."""
    first, *others = (_first(chance, sex) for _ in range(chance.choice((1, 2, 2, 3))))
    if chance.random() < 0.1:
        first = f"{'Marie' if sex == 'F' else 'Jean'}-{first}"
    return " ".join(dict.fromkeys([first, *others]))


def _first(chance: random.Random, sex: str) -> str:
    form, name = divmod(FIRSTS[sex].draw(chance), len(GIVEN[sex]))
    return _affixed(GIVEN[sex][name].split()[0], FORMS[sex][form])
