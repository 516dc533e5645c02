"""The twenty-five professionals of the demonstration. Pure."""

from dataclasses import dataclass

from stdnum.luhn import calc_check_digit

ALL = ("ehpad", "fam", "ime", "sessad")


@dataclass(frozen=True)
class Worker:
    """One professional: role, houses (and unit, when not the whole house), profession code (JDV_J01)."""

    first_name: str
    last_name: str
    role: str
    job: str
    houses: tuple[str, ...]
    unit: str = ""
    profession: str = ""
    health: bool = False

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@jalon.example".lower().translate(
            str.maketrans("éèêëçïôü ", "eeeeciou-")
        )


TEAM = (
    Worker("Inès", "Bourrache", "educator", "éducatrice spécialisée", ("fam",), "Verger", profession="326"),
    Worker("Fatou", "Hibiscus", "nurse", "infirmière", ("fam", "ehpad"), profession="G15_60", health=True),
    Worker(
        "Thomas",
        "Genévrier",
        "aes",
        "accompagnant éducatif et social",
        ("fam",),
        "Verger",
        profession="328",
    ),
    Worker("Claire", "Bleuet", "team_lead", "cheffe de service", ("fam",), profession="345"),
    Worker("Hélène", "Cèdre", "director", "directrice", ALL, profession="359"),
    Worker(
        "Paul",
        "Hellébore",
        "physician",
        "médecin coordonnateur",
        ("ehpad", "fam"),
        profession="G15_10",
        health=True,
    ),
    Worker(
        "Sarah",
        "Pimprenelle",
        "psychologist",
        "psychologue",
        ("fam", "ime", "sessad"),
        profession="93",
        health=True,
    ),
    Worker("Lucie", "Anémone", "secretary", "secrétaire d’admission", ALL, profession="365"),
    Worker("Nora", "Camomille", "identity_officer", "référente identitovigilance", ALL),
    Worker("Karim", "Lierre", "administrator", "administrateur du système", ALL),
    Worker("Maud", "Cyclamen", "educator", "éducatrice spécialisée", ("fam",), "Rivière", profession="326"),
    Worker(
        "Ali",
        "Jasmin",
        "aes",
        "accompagnant éducatif et social",
        ("fam",),
        "Rivière",
        profession="328",
    ),
    Worker("Rose", "Ancolie", "nurse", "infirmière", ("ehpad",), profession="G15_60", health=True),
    Worker("Sylvie", "Bégonia", "care_worker", "aide-soignante", ("ehpad",), "Glycine", profession="G15_35"),
    Worker("David", "Érable", "care_worker", "aide-soignant", ("ehpad",), "Lilas", profession="G15_35"),
    Worker("Mina", "Freesia", "care_worker", "aide-soignante", ("ehpad",), "Glycine", profession="G15_35"),
    Worker("Yves", "Mélèze", "care_worker", "aide-soignant de nuit", ("ehpad",), profession="G15_35"),
    Worker(
        "Agnès",
        "Lilas",
        "team_lead",
        "infirmière coordinatrice",
        ("ehpad",),
        profession="G15_60",
        health=True,
    ),
    Worker("Louis", "Peuplier", "educator", "éducateur spécialisé", ("ime",), "Les Grands", profession="326"),
    Worker("Anna", "Violette", "educator", "monitrice-éducatrice", ("ime",), "Les Petits", profession="324"),
    Worker("Omar", "Sésame", "educator", "éducateur technique", ("ime",), "Les Grands", profession="327"),
    Worker("Julie", "Pivoine", "team_lead", "cheffe de service", ("ime", "sessad"), profession="345"),
    Worker("Emma", "Tilleul", "nurse", "infirmière", ("ime",), profession="G15_60", health=True),
    Worker("Hugo", "Platane", "educator", "éducateur spécialisé", ("sessad",), profession="326"),
    Worker("Lina", "Orchidée", "educator", "éducatrice de jeunes enfants", ("sessad",), profession="325"),
)


def rpps(number: int) -> str:
    """A test RPPS: 8997 as the national sandbox's, then a rank and the Luhn digit."""
    body = f"8997{number:06}"
    return body + calc_check_digit(body)
