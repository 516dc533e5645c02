"""The fictional professionals of the sandbox, and the claims PSC gives of them."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

DIRECTORY = "f:6f1c2b1e-0000-4000-8000-000000000000"  # the user federation in which `sub` is drawn
ROLES = "1.2.250.1.213.1.1.5.5"
SECTORS = "1.2.250.1.71.4.2.4"
_EMPTY_ACTIVITY = (
    "codeSectionPharmacien", "codeGenreActivite", "numeroSiretSite", "numeroSirenSite",
    "enseigneCommercialeSite", "complementDestinataire", "complementPointGeographique", "numeroVoie",
    "indiceRepetitionVoie", "codeTypeDeVoie", "libelleVoie", "mentionDistribution", "bureauCedex",
    "codePostal", "codeCommune", "codePays", "telephone", "telephone2", "telecopie", "adresseEMail",
    "codeDepartement", "ancienIdentifiantDeLaStructure", "autoriteDenregistrement",
)  # fmt: skip


@dataclass(frozen=True)
class Site:
    """Where the professional works, as the national directory says; `role` is seldom filled."""

    name: str
    finess: str
    finess_entity: str = ""
    sector: str = "SA21"
    mode: str = "S"
    role: str = ""

    @property
    def activity(self) -> dict[str, str]:
        return dict.fromkeys(_EMPTY_ACTIVITY, "") | {
            "codeModeExercice": self.mode,
            "codeSecteurDactivite": self.sector,
            "codeRole": self.role,
            "numeroFinessSite": self.finess,
            "numeroFinessetablissementJuridique": self.finess_entity,
            "identifiantTechniqueDeLaStructure": f"F{self.finess}",
            "raisonSocialeSite": self.name,
        }


@dataclass(frozen=True)
class Professional:
    """Someone who may sign in. `label` is what the page says of them: « Infirmière, EHPAD … ».

    `auth_mode` is MOBILE (e-CPS, acr eidas1) or CARD (CPS, acr eidas3); `sites` may be empty.
    """

    national_id: str
    given_name: str
    family_name: str
    profession: str
    label: str
    category: str = "C"
    civility: str = "MME"
    auth_mode: str = "MOBILE"
    sites: tuple[Site, ...] = ()

    @property
    def sub(self) -> str:
        return f"{DIRECTORY}:{self.national_id}"

    @property
    def acr(self) -> str:
        return "eidas3" if self.auth_mode == "CARD" else "eidas1"

    @property
    def other_ids(self) -> list[dict[str, Any]]:
        return [{"identifiant": self.national_id, "origine": "RPPS", "qualite": 1}]

    def userinfo(self) -> dict[str, Any]:
        """The claim set of the userinfo endpoint (scope_all)."""
        first = self.sites[0] if self.sites else Site("", "")
        return {
            "Secteur_Activite": f"{first.sector}^{SECTORS}" if self.sites else "",
            "sub": self.sub,
            "SubjectOrganization": first.name,
            "Mode_Acces_Raison": "",
            "preferred_username": self.national_id,
            "given_name": self.given_name,
            "Acces_Regulation_Medicale": "FAUX",
            "UITVersion": "1.0",
            "authMode": self.auth_mode,
            "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
            "SubjectRefPro": {"codeCivilite": self.civility, "exercices": [self._exercise()]},
            "SubjectOrganizationID": f"F{first.finess}" if self.sites else "",
            "SubjectRole": [f"{self.profession}^{ROLES}"],
            "PSI_Locale": "1.2.250.1.213.1.3.1.1",
            "otherIds": self.other_ids,
            "SubjectNameID": self.national_id,
            "family_name": self.family_name,
        }

    def _exercise(self) -> dict[str, Any]:
        return {
            "codeProfession": self.profession,
            "codeCategorieProfessionnelle": self.category,
            "codeCiviliteDexercice": "",
            "nomDexercice": self.family_name,
            "prenomDexercice": self.given_name,
            "codeTypeSavoirFaire": "",
            "codeSavoirFaire": "",
            "activities": [site.activity for site in self.sites],
        }


def load(path: Path) -> tuple[Professional, ...]:
    """The professionals of a JSON file: a list of objects with the fields of `Professional` and `Site`.

    Raises TypeError on a field that does not exist or is missing.
    """
    return tuple(_professional(entry) for entry in orjson.loads(path.read_bytes()))


def _professional(entry: dict[str, Any]) -> Professional:
    sites = tuple(Site(**site) for site in entry.pop("sites", ()))
    return dataclasses.replace(Professional(**entry), sites=sites)
