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
    Worker("Inès", "Bourrache", "educator", "éducatrice spécialisée", ("fam",), "Verger"),
    Worker("Fatou", "Hibiscus", "nurse", "infirmière", ("fam", "ehpad"), profession="60", health=True),
    Worker("Thomas", "Genévrier", "care_worker", "accompagnant éducatif et social", ("fam",), "Verger"),
    Worker("Claire", "Bleuet", "team_lead", "cheffe de service", ("fam",)),
    Worker("Hélène", "Cèdre", "director", "directrice", ALL),
    Worker(
        "Paul",
        "Hellébore",
        "physician",
        "médecin coordonnateur",
        ("ehpad", "fam"),
        profession="10",
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
    Worker("Lucie", "Anémone", "secretary", "secrétaire d’admission", ALL),
    Worker("Nora", "Camomille", "identity_officer", "référente identitovigilance", ALL),
    Worker("Karim", "Lierre", "administrator", "administrateur du système", ALL),
    Worker("Maud", "Cyclamen", "educator", "éducatrice spécialisée", ("fam",), "Rivière"),
    Worker("Ali", "Jasmin", "care_worker", "accompagnant éducatif et social", ("fam",), "Rivière"),
    Worker("Rose", "Ancolie", "nurse", "infirmière", ("ehpad",), profession="60", health=True),
    Worker("Sylvie", "Bégonia", "care_worker", "aide-soignante", ("ehpad",), "Glycine"),
    Worker("David", "Érable", "care_worker", "aide-soignant", ("ehpad",), "Lilas"),
    Worker("Mina", "Freesia", "care_worker", "aide-soignante", ("ehpad",), "Glycine"),
    Worker("Yves", "Mélèze", "care_worker", "aide-soignant de nuit", ("ehpad",)),
    Worker(
        "Agnès", "Lilas", "team_lead", "infirmière coordinatrice", ("ehpad",), profession="60", health=True
    ),
    Worker("Louis", "Peuplier", "educator", "éducateur spécialisé", ("ime",), "Les Grands"),
    Worker("Anna", "Violette", "educator", "monitrice-éducatrice", ("ime",), "Les Petits"),
    Worker("Omar", "Sésame", "educator", "éducateur technique", ("ime",), "Les Grands"),
    Worker("Julie", "Pivoine", "team_lead", "cheffe de service", ("ime", "sessad")),
    Worker("Emma", "Tilleul", "nurse", "infirmière", ("ime",), profession="60", health=True),
    Worker("Hugo", "Platane", "educator", "éducateur spécialisé", ("sessad",)),
    Worker("Lina", "Orchidée", "educator", "éducatrice de jeunes enfants", ("sessad",)),
)


def rpps(number: int) -> str:
    """A test RPPS: 8997 as the national sandbox's, then a rank and the Luhn digit."""
    body = f"8997{number:06}"
    return body + calc_check_digit(body)
