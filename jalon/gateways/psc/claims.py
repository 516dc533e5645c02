"""What Pro Santé Connect says of a professional: userinfo claims → frozen values.

Nothing here decides of a right: a situation known by the national directory is a hint, the habilitation is
local. Claims: ANS, Pro Santé Connect, UserInfo.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jalon.core.errors import DomainError, Malformed

SERVICE = "Pro Santé Connect"
LEVELS = ("eidas1", "eidas2", "eidas3")

Claims = Mapping[str, object]


@dataclass(frozen=True)
class Activity:
    """One work situation. `mode` is S (salaried), L (liberal) or B (voluntary), `sector` a code of TRE_R02.

    `finess_site` and `finess_entity` are empty outside establishments that have a FINESS number.
    """

    mode: str
    sector: str
    role: str
    kind: str
    finess_site: str
    finess_entity: str
    siret: str
    structure_id: str
    name: str


@dataclass(frozen=True)
class Exercise:
    """One profession: a code of TRE_G15, and `category` C (civil), M (military) or E (student)."""

    profession: str
    category: str
    family_name: str
    given_name: str
    skill_kind: str
    skill: str
    activities: tuple[Activity, ...]

    @property
    def key(self) -> str:
        """Profession and category, as « 60C »: what the professional chooses among several."""
        return f"{self.profession}{self.category}"


@dataclass(frozen=True)
class OtherId:
    number: str
    origin: str


@dataclass(frozen=True)
class PscIdentity:
    """The professional who signed in. `national_id` is the key of reconciliation with the local account."""

    sub: str
    national_id: str
    given_name: str
    family_name: str
    exercises: tuple[Exercise, ...]
    other_ids: tuple[OtherId, ...]
    sector: str
    organization: str
    organization_id: str
    auth_mode: str

    @property
    def rpps(self) -> str:
        """The 11 digits of the RPPS, empty for someone known otherwise (ADELI, EDIT).

        The national identifier is the RPPS behind an 8, or the RPPS itself (SubjectNameID).
        """
        known = [other.number for other in self.other_ids if other.origin == "RPPS"]
        return next(filter(None, map(rpps_of, (self.national_id, *known))), "")

    @property
    def situations(self) -> tuple[tuple[Exercise, Activity | None], ...]:
        """Each profession where it is exercised; alone when the directory knows no place for it."""
        return tuple(
            (exercise, activity) for exercise in self.exercises for activity in exercise.activities or (None,)
        )

    @property
    def finess_sites(self) -> tuple[str, ...]:
        """The FINESS numbers of the sites where the directory knows this professional, each once."""
        sites = (act.finess_site for exercise in self.exercises for act in exercise.activities)
        return tuple(dict.fromkeys(filter(None, sites)))


def rpps_of(number: str) -> str:
    """The 11 digits of the RPPS in a national identifier, empty when it is of another kind."""
    digits = number[1:] if len(number) == 12 and number.startswith("8") else number
    return digits if digits.isascii() and digits.isdigit() and len(digits) == 11 else ""


def parse_userinfo(claims: Claims) -> PscIdentity:
    """The identity in the answer of the userinfo endpoint; empty or absent lists and codes are tolerated.

    Raises Malformed when `sub`, the national identifier or the names lack: nobody can be recognized.
    """
    sub, national_id = _text(claims, "sub"), _text(claims, "SubjectNameID")
    given_name, family_name = _text(claims, "given_name"), _text(claims, "family_name")
    if not (sub and national_id and given_name and family_name):
        raise Malformed(SERVICE, "l’identité reçue est incomplète")
    referential = claims.get("SubjectRefPro")
    return PscIdentity(
        sub=sub,
        national_id=national_id,
        given_name=given_name,
        family_name=family_name,
        exercises=tuple(_exercise(item) for item in _items(referential, "exercices")),
        other_ids=tuple(
            OtherId(_text(item, "identifiant"), _text(item, "origine")) for item in _items(claims, "otherIds")
        ),
        sector=_code(_text(claims, "Secteur_Activite")),
        organization=_text(claims, "SubjectOrganization"),
        organization_id=_text(claims, "SubjectOrganizationID"),
        auth_mode=_text(claims, "authMode"),
    )


def require_level(claims: Claims, least: str = "eidas1") -> str:
    """The `acr` of an id_token, when it is at least `least` (SC.PSC.08).

    Raises DomainError `psc_weak_authentication` when the level is lower, unknown or not said.
    """
    level = _text(claims, "acr")
    if level not in LEVELS[LEVELS.index(least) :]:
        raise DomainError(
            "Pro Santé Connect n’a pas garanti le niveau d’authentification demandé. "
            "Recommencez avec votre carte CPS ou votre e-CPS.",
            code="psc_weak_authentication",
        )
    return level


def _exercise(item: Claims) -> Exercise:
    return Exercise(
        profession=_text(item, "codeProfession"),
        category=_text(item, "codeCategorieProfessionnelle"),
        family_name=_text(item, "nomDexercice"),
        given_name=_text(item, "prenomDexercice"),
        skill_kind=_text(item, "codeTypeSavoirFaire"),
        skill=_text(item, "codeSavoirFaire"),
        activities=tuple(_activity(activity) for activity in _items(item, "activities")),
    )


def _activity(item: Claims) -> Activity:
    structure_id = _text(item, "identifiantTechniqueDeLaStructure")
    # The technical identifier of a site known by its FINESS is F followed by it.
    finess = structure_id.removeprefix("F") if structure_id.startswith("F") else ""
    return Activity(
        mode=_text(item, "codeModeExercice"),
        sector=_text(item, "codeSecteurDactivite"),
        role=_text(item, "codeRole"),
        kind=_text(item, "codeGenreActivite"),
        finess_site=_text(item, "numeroFinessSite") or finess,
        finess_entity=_text(item, "numeroFinessetablissementJuridique"),
        siret=_text(item, "numeroSiretSite"),
        structure_id=structure_id,
        name=_text(item, "raisonSocialeSite"),
    )


def _items(claims: object, name: str) -> Iterable[Claims]:
    found = claims.get(name) if isinstance(claims, Mapping) else None
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    return value.strip() if isinstance(value, str) else ""


def _code(text: str) -> str:
    """« SA21^1.2.250.1.71.4.2.4 » → « SA21 »."""
    return text.partition("^")[0]
