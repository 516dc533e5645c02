"""Names nobody bears: families are plants and weather, so that a screenshot is never taken for a person."""

FAMILY = (
    "NOISETIER", "COQUELICOT", "TOURNESOL", "MIRABELLE", "CAPUCINE-LYS", "L'ÉGLANTIER", "SAULE-PLEUREUR",
    "CŒURDEPOMME", "BRUINE", "D'AUBÉPINE", "PISSENLIT", "ROMARIN", "GIROFLÉE", "HÊTREVERT", "BOURRASQUE",
    "MYOSOTIS", "CHÈVREFEUILLE", "PLUIEFINE", "SARRIETTE", "ARC-EN-CIEL", "FOUGÈRE", "GENÊT", "BRUYÈRE",
    "CERFEUIL", "NÉNUPHAR", "PERVENCHE", "ACACIA", "CHARDON", "LAVANDIN", "MAGNOLIA", "TREMBLE", "AZURÉ",
    "BOUTONDOR", "COLCHIQUE", "DAHLIA", "ESTRAGON", "FRAMBOISIER", "GIVRE", "HOUBLON", "IF-DES-BOIS",
    "JONQUILLE", "KUMQUAT", "LISERON", "MUGUET", "NUAGE", "ORAGE", "PRIMEVÈRE", "QUETSCHE", "ROSÉE",
    "SUREAU", "THYM", "ULMAIRE", "VERVEINE", "WISTÉRIA", "XÉRANTHÈME", "YUCCA", "ZINNIA", "ŒILLET", "ZÉPHYR",
    "GRAND'VENT",
)  # fmt: skip
WOMEN = {
    "old": ("Marguerite Louise", "Suzanne", "Jeanne Marie", "Yvonne", "Simone", "Odette Anne", "Andrée",
            "Germaine", "Huguette", "Thérèse Josèphe", "Paulette", "Denise"),
    "adult": ("Camille Anne", "Louise", "Awa", "Élodie", "Sandrine", "Fatima Zahra", "Maëlle",
              "Cécile Marie"),
    "young": ("Inaya", "Lou-Anne", "Zoé", "Léa Rose", "Noémie", "Jade", "Maïwenn", "Sofia", "Alice"),
}  # fmt: skip
MEN = {
    "old": ("Marcel", "André Jean", "Roger", "Émile", "Lucien", "Raymond", "Jean-Baptiste", "Fernand"),
    "adult": ("Marc", "Yanis", "Jules", "Pierre-Yves", "Thomas", "Ousmane", "Gaël", "Franck Éric"),
    "young": ("Noé", "Adam", "Lucas", "Malo", "Ilyès", "Gabriel", "Tao", "Côme", "Sacha", "Nathan"),
}
PLACES = (
    "35238", "44109", "29232", "22278", "56260", "35288", "29019", "2A004", "97411", "99350", "75114",
    "59350",
)  # fmt: skip
ALLERGIES = ("Allergie : pénicilline", "Allergie : arachide", "Allergie : latex", "Allergie : iode")
TEXTURES = ("Fausse route : texture mixée", "Fausse route : eau gélifiée", "Fausse route : texture hachée")
MOTHERS = ("Sophie", "Nadia", "Aurélie", "Mariam", "Céline", "Delphine")
FATHERS = ("Karl", "Mehdi", "Vincent", "Moussa", "Benoît", "Laurent")
SISTERS = ("Anne", "Isabelle", "Nadège", "Carole", "Valérie")
SONS = ("Philippe", "Alain", "Didier", "Bruno", "Pascal")
