"""What the demonstration's professionals write: facts, in the voice of the guides. `{p}` is the first name."""

# (family, title, text) by generation; a targeted note has data | actions | result in its text.
NOTES = {
    "old": (
        ("soin", "Pansement du talon", "Plaie propre, un centimètre, peu douloureuse.|Lavage, pansement refait.|À revoir jeudi matin."),
        ("soin", "Tension", "14/8 assise, 13/7 debout.||Pas de vertige."),
        ("soin", "Constantes du matin", "{p} n’a pas de fièvre (36,7 °C), pouls à 72."),
        ("vie", "Nuit calme", "{p} a dormi de 22 h à 6 h 30, un lever à 3 h."),
        ("vie", "A peu mangé à midi", "La moitié de l’assiette, deux verres d’eau. {p} dit ne pas avoir faim."),
        ("vie", "Toilette", "{p} s’est lavé le visage et le haut du corps sans aide."),
        ("vie", "Sieste", "{p} s’est reposé une heure après le repas."),
        ("emo", "Souriante à l’atelier chant", "{p} a chanté trois chansons et demandé à revenir jeudi."),
        ("emo", "Inquiétude en fin de journée", "{p} cherche sa chambre vers 18 h. Accompagnée au salon, s’apaise avec la radio."),
        ("lien", "Visite de sa fille", "{p} a reçu sa fille de 15 h à 16 h 30. Elles sont sorties au jardin."),
        ("lien", "Appel de son fils", "Dix minutes au téléphone. Il viendra dimanche."),
        ("educ", "Gymnastique douce", "{p} a suivi toute la séance, debout pour la moitié des exercices."),
        ("evt", "Chute sans gravité", "{p} a glissé près du lit à 6 h 50. Pas de choc à la tête, se relève avec aide. Famille prévenue."),
    ),
    "adult": (
        ("educ", "Trajet en bus, ligne 7", "{p} a validé son ticket sans aide et demandé l’arrêt. Une hésitation au changement."),
        ("educ", "Atelier cuisine", "{p} a préparé une soupe : épluchage seul, cuisson avec un rappel."),
        ("educ", "Courses", "{p} a tenu la liste et payé à la caisse, monnaie vérifiée ensemble."),
        ("soin", "Pansement cheville", "Plaie propre, deux centimètres, douleur 1 sur 10.|Lavage, pansement refait.|Contrôle jeudi."),
        ("soin", "Glycémie", "1,08 g/L à jeun, insuline faite à 8 h."),
        ("vie", "Nuit calme", "Endormissement à 22 h 30, lever à 7 h 15. {p} a pris tout son petit-déjeuner."),
        ("vie", "Repas du soir", "{p} a mangé avec le groupe, texture adaptée, sans fausse route."),
        ("emo", "Fatigue", "{p} s’est isolé après l’atelier. Dit : « trop de bruit ». Retour au calme en vingt minutes."),
        ("emo", "Content de sa journée", "{p} raconte la sortie au marché et montre ses photos."),
        ("lien", "Appel de sa sœur", "Très content. Elle propose une visite samedi."),
        ("lien", "Point avec la curatrice", "Budget vêtements accordé pour l’hiver."),
        ("evt", "Dispute au salon", "{p} et un autre résident se sont disputés pour la télévision. Séparés sans violence."),
    ),
    "young": (
        ("educ", "Lecture", "{p} a lu six mots nouveaux avec les images, trois sans aide."),
        ("educ", "Séance d’emploi du temps", "{p} a placé toutes ses étiquettes seul."),
        ("educ", "Sortie piscine", "{p} a mis la tête sous l’eau pour la première fois."),
        ("educ", "Observation en classe", "Reste assis quinze minutes, lève la main deux fois. L’AESH propose un casque antibruit."),
        ("vie", "Repas", "{p} a goûté les carottes. Utilise la fourchette sans rappel."),
        ("vie", "Départ en taxi", "Départ calme à 16 h 20."),
        ("emo", "Colère au retour de récréation", "{p} a jeté son cahier. Coin calme dix minutes, puis reprise."),
        ("emo", "Fierté", "{p} a montré son dessin à tout le groupe."),
        ("lien", "Cahier de liaison", "La mère de {p} signale une mauvaise nuit."),
        ("lien", "Rencontre avec les parents", "Accord pour essayer le tableau des émotions à la maison."),
        ("soin", "Séance d’orthophonie", "Travail du son « ch ». {p} a répété dix mots."),
        ("evt", "Chute dans la cour", "Genou éraflé, nettoyé. Parents prévenus."),
    ),
}  # fmt: skip
EVENTS = {
    "old": (("Atelier chant", "2.3.3.5"), ("Gymnastique douce", "2.2.1"), ("Kinésithérapie", "2.1.2"), ("Coiffeur", "2.2.1"),
            ("Visite du médecin", "2.1.1"), ("Jeux de mémoire", "2.3.3")),
    "adult": (("Atelier peinture", "2.3.3.5"), ("Trajet en bus", "2.3.4.2"), ("Cuisine", "2.3.2.2"), ("Groupe de parole", "2.2.1"),
              ("Pansement", "2.1.1"), ("Piscine", "2.3.4.1")),
    "young": (("Atelier lecture", "2.3.3.1"), ("Orthophonie", "2.1.2"), ("Psychomotricité", "2.1.2"), ("Piscine", "2.3.4.1"),
              ("Temps de classe", "2.3.3.1"), ("Groupe habiletés sociales", "2.2.1")),
}  # fmt: skip
# (who said it, the words)
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
