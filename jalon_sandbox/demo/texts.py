"""What the demonstration's professionals write: facts, in the voice of the guides.

`{p}` is the first name, `{de_p}` « de » before it, `{e}` the mark of the feminine, `{il}` the pronoun.
"""

from typing import NamedTuple

from jalon.core.identity import Traits

VOWELS = "AEÉÈIOUY"


class Note(NamedTuple):
    """A note: family, hours of the day between which it is written, target, words (or data|actions|result).

    `fact` is what must be true of the person.
    """

    family: str
    hours: tuple[int, int]
    title: str
    words: str
    fact: str = ""


class Activity(NamedTuple):
    """What comes back each week: label, SERAFIN-PH code, place, days (Monday is 0), start, minutes."""

    label: str
    code: str
    place: str
    days: tuple[int, ...]
    hour: int
    minute: int = 0
    minutes: int = 60


def words_for(traits: Traits, words: str) -> str:
    """The words of a text, said of this person."""
    name, female = traits.first_name, traits.sex == "F"
    of = f"d’{name}" if name[0] in VOWELS else f"de {name}"
    return words.format(p=name, de_p=of, e="e" if female else "", il="Elle" if female else "Il")


NOTES = {
    "old": (
        Note("soin", (9, 11), "Pansement du talon", "Plaie propre, un centimètre, peu douloureuse.|Lavage, pansement refait.|À revoir jeudi matin.", "wound"),
        Note("soin", (8, 9), "Tension", "14/8 assis{e}, 13/7 debout.||Pas de vertige."),
        Note("soin", (8, 9), "Constantes du matin", "{p} n’a pas de fièvre (36,7 °C), pouls à 72."),
        Note("soin", (7, 8), "Glycémie", "1,08 g/L à jeun.|Insuline faite à 7 h 45.|Petit-déjeuner pris en entier.", "diabetes"),
        Note("vie", (6, 7), "Nuit calme", "{p} a dormi de 22 h à 6 h 30, un lever à 3 h."),
        Note("vie", (13, 14), "A peu mangé à midi", "La moitié de l’assiette, deux verres d’eau. {p} dit ne pas avoir faim."),
        Note("vie", (13, 14), "Repas sans fausse route", "{p} a mangé toute son assiette mixée, assis{e} bien droit{e}, sans tousser.", "swallowing"),
        Note("vie", (8, 10), "Toilette", "{p} s’est lavé le visage et le haut du corps sans aide."),
        Note("vie", (15, 16), "Sieste", "{p} s’est reposé{e} une heure après le repas."),
        Note("emo", (17, 18), "Souriant{e} à l’atelier chant", "{p} a chanté trois chansons et demandé à revenir jeudi."),
        Note("emo", (18, 19), "Inquiétude en fin de journée", "{p} cherche la sortie vers 18 h. Accompagné{e} au salon, s’apaise avec la radio.", "wanders"),
        Note("lien", (16, 17), "Visite de sa fille", "{p} a reçu sa fille de 15 h à 16 h 30. Un tour au jardin ensemble.", "daughter"),
        Note("lien", (18, 19), "Appel de son fils", "Dix minutes au téléphone. Il viendra dimanche.", "son"),
        Note("educ", (11, 12), "Gymnastique douce", "{p} a suivi toute la séance, debout pour la moitié des exercices."),
    ),
    "adult": (
        Note("educ", (10, 12), "Trajet en bus, ligne 7", "{p} a validé son ticket sans aide et demandé l’arrêt. Une hésitation au changement."),
        Note("educ", (14, 16), "Atelier cuisine", "{p} a préparé une soupe : épluchage sans aide, cuisson avec un rappel."),
        Note("educ", (15, 17), "Courses", "{p} a tenu la liste et payé à la caisse, monnaie vérifiée ensemble."),
        Note("soin", (9, 11), "Pansement de la cheville", "Plaie propre, deux centimètres, douleur 1 sur 10.|Lavage, pansement refait.|Contrôle jeudi.", "wound"),
        Note("soin", (7, 8), "Glycémie", "1,08 g/L à jeun.|Insuline faite à 7 h 45.|Petit-déjeuner pris en entier.", "diabetes"),
        Note("soin", (17, 18), "Pas de crise cette semaine", "Traitement pris chaque jour, aucune absence remarquée.", "epilepsy"),
        Note("vie", (7, 8), "Nuit calme", "Endormissement à 22 h 30, lever à 7 h 15. {p} a pris tout son petit-déjeuner."),
        Note("vie", (20, 21), "Repas du soir", "{p} a mangé avec le groupe, texture adaptée, sans fausse route.", "swallowing"),
        Note("vie", (20, 21), "Soirée", "{p} a regardé un film avec le groupe et s’est couché{e} à 22 h."),
        Note("emo", (16, 17), "Fatigue", "{p} s’est isolé{e} après l’atelier. Dit : « trop de bruit ». Retour au calme en vingt minutes."),
        Note("emo", (18, 19), "Content{e} de sa journée", "{p} raconte la sortie au marché et montre ses photos."),
        Note("lien", (18, 19), "Appel de sa sœur", "Dix minutes, {p} rit beaucoup. Elle propose une visite samedi."),
        Note("lien", (10, 12), "Point avec le mandataire", "Budget vêtements accordé pour l’hiver.", "protected"),
        Note("evt", (19, 20), "Dispute au salon", "{p} et une autre personne se sont disputées pour la télévision. Séparées sans violence."),
    ),
    "young": (
        Note("educ", (10, 12), "Lecture", "{p} a lu six mots nouveaux avec les images, trois sans aide."),
        Note("educ", (9, 10), "Séance d’emploi du temps", "{p} a placé toutes ses étiquettes sans aide."),
        Note("educ", (15, 16), "Sortie piscine", "{p} a mis la tête sous l’eau pour la première fois."),
        Note("educ", (11, 12), "Observation en classe", "Reste assis{e} quinze minutes, lève la main deux fois. L’AESH propose un casque antibruit."),
        Note("vie", (13, 14), "Repas", "{p} a goûté les carottes. Utilise la fourchette sans rappel."),
        Note("vie", (16, 17), "Départ en taxi", "Départ calme à 16 h 20."),
        Note("emo", (10, 11), "Colère au retour de récréation", "{p} a jeté son cahier. Coin calme dix minutes, puis reprise."),
        Note("emo", (15, 16), "Fierté", "{p} a montré son dessin à tout le groupe."),
        Note("lien", (9, 10), "Cahier de liaison", "La mère {de_p} signale une mauvaise nuit."),
        Note("lien", (17, 18), "Rencontre avec les parents", "Accord pour essayer le tableau des émotions à la maison."),
        Note("soin", (14, 15), "Séance d’orthophonie", "Travail du son « ch ». {p} a répété dix mots."),
        Note("evt", (10, 11), "Genou éraflé dans la cour", "{p} a trébuché en courant. Genou nettoyé, parents prévenus."),
    ),
}  # fmt: skip
ACTIVITIES = {
    "old": (
        Activity("Atelier chant", "2.3.3.5", "Grand salon", (3,), 15, 30),
        Activity("Gymnastique douce", "2.2.1", "Salle bleue", (0, 2), 10, 30, 45),
        Activity("Kinésithérapie", "2.1.2", "Salle de kinésithérapie", (1, 4), 11, 0, 30),
        Activity("Coiffeur", "2.2.1", "Salon de coiffure", (2,), 14),
        Activity("Jeux de mémoire", "2.3.3", "Petit salon", (1, 4), 15, 0, 45),
        Activity("Promenade au jardin", "2.2.1", "Jardin", (5, 6), 15),
    ),
    "adult": (
        Activity("Atelier peinture", "2.3.3.5", "Atelier", (0, 3), 14, 0, 90),
        Activity("Trajet en bus", "2.3.4.2", "Ligne 7", (1, 4), 9, 30),
        Activity("Cuisine", "2.3.2.2", "Cuisine du groupe", (1, 5), 10, 30, 90),
        Activity("Groupe de parole", "2.2.1", "Salon", (2,), 17),
        Activity("Piscine", "2.3.4.1", "Piscine municipale", (4,), 15),
        Activity("Marché", "2.3.4.2", "Place du marché", (6,), 10),
    ),
    "young": (
        Activity("Atelier lecture", "2.3.3.1", "Salle de classe", (0, 3), 10, 30, 45),
        Activity("Orthophonie", "2.1.2", "Bureau d’orthophonie", (1,), 14, 0, 45),
        Activity("Psychomotricité", "2.1.2", "Salle de psychomotricité", (2, 4), 9, 30, 45),
        Activity("Piscine", "2.3.4.1", "Piscine municipale", (4,), 14),
        Activity("Temps de classe", "2.3.3.1", "École", (0, 1, 3), 9, 0, 90),
        Activity("Groupe d’habiletés sociales", "2.2.1", "Salle verte", (2,), 11),
    ),
}  # fmt: skip
EXPECTATIONS = {
    "old": (("« Je veux garder mes habitudes du matin. »"), ("« Je voudrais voir mes petits-enfants plus souvent. »"),
            ("« J’aimerais sortir au jardin tous les jours. »")),
    "adult": (("« Je veux prendre le bus sans aide. »"), ("« Je veux voir ma sœur plus souvent. »"),
              ("« Je veux cuisiner un repas par semaine. »"), ("« Je veux essayer l’ESAT. »")),
    "young": (("« Je veux lire comme ma sœur. »"), ("« Je veux avoir des copains à l’école. »"),
              ("« Je veux nager sans les brassards. »")),
}  # fmt: skip
# (need SERAFIN, need, goal, expected, action)
AIMS = {
    "old": (
        ("1.2.1.1", "Garder l’autonomie pour la toilette", "Faire ma toilette du haut sans aide", "Trois matins sur quatre", "Préparer le nécessaire et rester à distance"),
        ("1.3.4.1", "Garder une vie sociale choisie", "Aller au chant chaque jeudi", "Trois séances sur quatre", "Rappeler la séance le matin, accompagner au salon"),
        ("1.1.8", "Entretenir la marche", "Marcher jusqu’au jardin", "Aller et retour sans fauteuil", "Marche accompagnée après le repas"),
    ),
    "adult": (
        ("1.3.4.2", "Se déplacer en transport en commun", "Prendre le bus en autonomie", "Un trajet complet par semaine", "Trajets accompagnés, puis à distance"),
        ("1.2.1.1", "Préparer ses repas", "Cuisiner un repas par semaine", "Quatre repas en deux mois", "Atelier cuisine du mardi"),
        ("1.3.3.4", "Garder les liens de famille", "Voir ma sœur deux fois par mois", "Deux visites par mois", "Appel vidéo le dimanche, week-end sur deux"),
        ("1.3.3.2", "Essayer un travail", "Faire un stage à l’ESAT", "Deux semaines de stage", "Visite d’un atelier calme"),
    ),
    "young": (
        ("1.3.3.1", "Apprendre à lire", "Lire une histoire courte", "Une page sans aide", "Dix minutes de lecture chaque jour"),
        ("1.2.1.2", "Être avec les autres", "Jouer avec un camarade à la récréation", "Deux jeux par semaine", "Jeu guidé en petit groupe"),
        ("1.3.4.1", "Participer à un sport", "Nager dix mètres", "Avant l’été", "Piscine du vendredi"),
    ),
}  # fmt: skip
