"""Names by the million, as various as French ones and nobody's: plants, weather and stones. Pure."""

import random
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


def family(chance: random.Random) -> str:
    """A family name: plain, compound, or with a particle."""
    kind = chance.random()
    if kind < 0.5:
        return f"{chance.choice(STEMS)}{_ending(chance)}"
    if kind < 0.7:
        return f"{chance.choice(STEMS)}-{chance.choice(STEMS)}"
    if kind < 0.8:
        return f"{chance.choice(STEMS)} {chance.choice(STEMS)}"
    return _with_particle(chance)


def _ending(chance: random.Random) -> str:
    return chance.choice(("", "", "", "EAU", "ET", "IN", "OUX", "ARD", "IER", "ELLE"))


def _with_particle(chance: random.Random) -> str:
    article, stems = chance.choice(
        (("DE LA ", SHE), ("LA ", SHE), ("DU ", HE), ("LE ", HE), ("LE", HE), ("D'", VOWEL), ("L'", VOWEL))
    )
    return f"{article}{chance.choice(stems)}{chance.choice(('', '', '-' + chance.choice(STEMS)))}"


def given(chance: random.Random, sex: str) -> str:
    """The list of birth first names: one to three, some of them compound."""
    first, *others = chance.sample(GIVEN[sex], chance.choice((1, 2, 2, 3)))
    if chance.random() < 0.1:
        first = f"{'Marie' if sex == 'F' else 'Jean'}-{first.split()[0]}"
    names = [first.split()[0], *first.split()[1:], *(other.split()[0] for other in others)]
    return " ".join(dict.fromkeys(names))
