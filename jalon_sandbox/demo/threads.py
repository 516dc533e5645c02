"""The two threads of the story: a fall and what follows, a project near its review. Days count from today."""

from typing import NamedTuple


class Told(NamedTuple):
    """A note of a thread: days before today, time, role of the author, family, target, words, important."""

    days_ago: int
    at: tuple[int, int]
    role: str
    family: str
    title: str
    words: str
    important: bool = False


class Meeting(NamedTuple):
    """An event of a thread: days from today (negative: past), time, length in minutes, what, where, who."""

    in_days: int
    at: tuple[int, int]
    minutes: int
    label: str
    code: str
    place: str
    role: str
    report: str = ""


class Left(NamedTuple):
    """What a note of a thread leaves to the next team: its target, what, days from today, hour, a role or ""."""

    title: str
    what: str
    in_days: int | None = None
    hour: int | None = None
    role: str = ""


class Said(NamedTuple):
    """A reply to a note of a thread: its target, time the day before, role of the author, words."""

    title: str
    at: tuple[int, int]
    role: str
    words: str


NOTES = {
    "fall": (
        Told(2, (6, 55), "care_worker", "evt", "Chute près du lit", "{p} a glissé en se levant à 6 h 50, pieds nus, près du lit. Pas de choc à la tête. Relevé{e} à deux, infirmière appelée.", True),
        Told(2, (7, 15), "nurse", "soin", "Après la chute", "Tension 13/8, pouls 76. Hématome de la hanche droite, trois centimètres, douleur 3 sur 10.|Glace, médecin coordonnateur prévenu.|Surveillance à 9 h, midi et 18 h.", True),
        Told(2, (8, 40), "team_lead", "lien", "Famille prévenue", "Fille {de_p} jointe à 8 h 35 : les faits, l’état, la visite du médecin. Elle viendra demain."),
        Told(2, (12, 20), "physician", "soin", "Visite après la chute", "Appui possible, hanche mobile, peu douloureuse.|Radiographie de contrôle demandée ; paracétamol si douleur.|Lever accompagné jusqu’au bilan."),
        Told(2, (18, 10), "nurse", "soin", "Surveillance de 18 h", "Conscience et marche sans changement, douleur 2 sur 10.||Surveillance levée demain matin si rien de nouveau."),
        Told(1, (8, 5), "care_worker", "vie", "Lever accompagné", "{p} s’est levé{e} avec le déambulateur, chaussures fermées. Dit avoir peur de retomber."),
        Told(1, (16, 45), "care_worker", "lien", "Sa fille est venue", "Une heure ensemble. Elle apporte des chaussures à scratch et demande le résultat de la radiographie."),
        Told(0, (6, 40), "care_worker", "vie", "Nuit après la chute", "Veilleuse allumée, sonnette à portée. Un lever accompagné à 3 h, rendormi{e} aussitôt.", True),
    ),
    "review": (
        Told(6, (16, 30), "educator", "educ", "Relecture de ses objectifs", "{p} a relu son projet avec les pictogrammes. {il} retient le bus : « maintenant je le prends »."),
        Told(3, (11, 15), "team_lead", "lien", "Bilan annoncé", "Sœur {de_p} invitée au bilan du projet, présence confirmée."),
        Told(1, (17, 20), "educator", "educ", "Ce que {p} veut dire au bilan", "Deux choses : voir sa sœur plus souvent, visiter l’ESAT. Affiche commencée ensemble.", True),
    ),
}  # fmt: skip
MEETINGS = {
    "fall": (
        Meeting(-2, (11, 40), 30, "Visite du médecin après la chute", "2.1.1", "Chambre", "physician", "Appui possible, radiographie demandée."),
        Meeting(-1, (8, 30), 120, "Radiographie de la hanche", "2.1.1", "Centre hospitalier de l’Exemple", "nurse", "Trajet en ambulance, retour à 10 h 30."),
        Meeting(0, (17, 0), 45, "Bilan de kinésithérapie après la chute", "2.1.2", "Salle de kinésithérapie", "nurse"),
        Meeting(5, (14, 0), 30, "Point d’équipe sur les chutes", "2.2.1", "Bureau de l’unité", "team_lead"),
    ),
    "review": (
        Meeting(3, (16, 30), 60, "Préparer le bilan du projet", "2.2.1", "Salon", "educator"),
        Meeting(10, (9, 0), 60, "Bilan du projet personnalisé", "2.2.1", "Salle de réunion", "team_lead"),
    ),
}  # fmt: skip
LEFT = {
    "fall": (
        Left("Nuit après la chute", "Regarder la marche {de_p} après le goûter", 0, 17),
        Left("Sa fille est venue", "Donner à sa fille le résultat de la radiographie", 1, None, "nurse"),
        Left("Lever accompagné", "Vérifier les chaussures fermées avant chaque lever"),
    ),
    "review": (
        Left("Ce que {p} veut dire au bilan", "Imprimer l’affiche {de_p} en grand", 1, 14, "educator"),
        Left("Bilan annoncé", "Confirmer l’heure du bilan à sa sœur", 0),
    ),
}
REPLIES = {
    "fall": (Said("Sa fille est venue", (18, 30), "nurse", "Résultat reçu ce soir : pas de fracture. Qui l’appelle ?"),),
    "review": (
        Said("Ce que {p} veut dire au bilan", (18, 40), "team_lead", "On garde dix minutes pour cela au début du bilan. L’affiche tiendra-t-elle au mur ?"),
    ),
}  # fmt: skip
# Of each house: the words, how many days it lasts.
NEWS = (("Ascenseur en panne : passer par l’aile B", 2), ("Minibus réservé à 16 h par l’équipe de jour", 0))
