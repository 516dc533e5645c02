"""Profile rules of tddui-patient(-ins), -related-person-contact, -organization, -practitioner,
-practitioner-role."""

from jalon.formats.tddui.checks import Check, bind, fixed, has_code, need, refers, rule, slices, where
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.urls import (
    FR_SD,
    HL7_SD,
    ID_NAT_PS,
    ID_NAT_STRUCT,
    INS_TYPES,
    LOCAL_ID,
    NIR,
    PROTECTION,
    ROLE_CLASS,
    ROLE_CODE,
    RPPS,
    SD,
)

_INS = frozenset(INS_TYPES)
_RELIABILITY = FR_SD + "fr-core-identity-reliability"
_BIRTH_NAMES = FR_SD + "fr-core-patient-birth-list-given-name"


def typed(identifier: Json) -> str:
    """The code of an identifier's type (PI, NH, INS-NIR, IDNST…), the first that we know of."""
    found = [each.get("code", "") for each in identifier.get("type", {}).get("coding", ())]
    return next((code for code in found if code in _KNOWN), found[0] if found else "")


_KNOWN = _INS | {"PI", "NH", "PIN", "DL", "IDNST", "SIREN", "SIRET", "IDNPS", "RPPS", "SEJ", "NUMDOSS", "BES"}


def url(extension: Json) -> str:
    """The address of an extension."""
    return str(extension.get("url", ""))


def _use(name: Json) -> str:
    return str(name.get("use", ""))


def _gender() -> Check:
    return rule(
        lambda it: it.get("gender") in (None, "male", "female", "unknown"),
        "gender",
        "TDDUI n’admet que male, female et unknown.",
    )


def _system(code: str, system: str) -> Check:
    return where("identifier", typed, code, fixed("system", system))


_PATIENT: tuple[Check, ...] = (
    slices(
        "identifier",
        typed,
        dict.fromkeys(("NH", "PI", "PIN", "INS-NIR", "INS-NIA", "INS-NIR-TEST"), (0, 1)),
    ),
    where("identifier", typed, "PI", need("system"), need("value"), fixed("system", LOCAL_ID)),
    where("identifier", typed, "PIN", need("system"), need("value"), fixed("use", "usual")),
    where("identifier", typed, "DL", need("system"), need("value")),
    where("identifier", typed, "NH", need("value"), fixed("system", NIR)),
    slices("name", _use, {"usual": (0, 1), "official": (1, 1)}),
    where("name", _use, "official", need("family"), need("given")),
    bind("name.prefix", "JDV_J245"),
    need("name.prefix", 0, 1),
    bind("communication.language", "JDV_J115", soft=True),
    need("birthDate"),
    _gender(),
    slices("extension", url, {HL7_SD + "patient-birthPlace": (0, 1)}),
    slices("extension", url, {f"{SD}tddui-household-situation": (0, 1), f"{SD}tddui-comment": (0, 1)}),
    need("link.type"),
)
PATIENT: tuple[Check, ...] = (
    *_PATIENT,
    rule(
        lambda it: any(
            url(each) == f"{SD}tddui-birth-order" for each in it.get("_birthDate", {}).get("extension", ())
        ),
        "_birthDate.extension",
        "Sans INS, l’ordre de naissance (tddui-birth-order) est obligatoire.",
    ),
)


def _statuses(patient: Json) -> set[str]:
    found = [each for each in patient.get("extension", ()) if url(each) == _RELIABILITY]
    parts = [part for each in found for part in each.get("extension", ()) if url(part) == "identityStatus"]
    return {part.get("valueCoding", {}).get("code", "") for part in parts}


def _is_ins(identifier: Json) -> bool:
    wanted = "temp" if identifier.get("system") == INS_TYPES["INS-NIA"] else "official"
    return identifier.get("system") in INS_TYPES.values() and identifier.get("use") == wanted


def _one_official(patient: Json) -> bool:
    held = patient.get("identifier", ())
    nia = any(_is_ins(each) and each.get("use") == "temp" for each in held)
    return nia or sum(each.get("use") == "official" for each in held) == 1


PATIENT_INS: tuple[Check, ...] = (
    *_PATIENT,
    need("gender"),
    need("identifier"),
    slices("extension", url, {_RELIABILITY: (1, None), HL7_SD + "patient-birthPlace": (1, 1)}),
    where(
        "name",
        _use,
        "official",
        need("given", 1, 1),
        slices("extension", url, {_BIRTH_NAMES: (1, 1)}),
    ),
    slices("identifier", typed, {"INS-NIR-DEMO": (0, 1)}),
    *(_system(code, system) for code, system in INS_TYPES.items()),
    *(where("identifier", typed, code, need("use"), need("value")) for code in INS_TYPES),
    where("identifier", typed, "INS-NIA", fixed("use", "temp")),
    where("identifier", typed, "INS-NIR-TEST", fixed("use", "official")),
    where("identifier", typed, "INS-NIR-DEMO", fixed("use", "official")),
    rule(
        lambda it: "VALI" not in _statuses(it) or any(map(_is_ins, it.get("identifier", ()))),
        "identifier",
        "Une identité validée (VALI) doit porter un matricule INS (fr-core-1).",
    ),
    rule(
        lambda it: "VALI" not in _statuses(it) or _one_official(it),
        "identifier",
        "Une identité validée (VALI) ne porte qu’un identifiant officiel (fr-core-2).",
    ),
)

ORGANIZATION: tuple[Check, ...] = (
    need("identifier"),
    need("identifier.system"),
    need("identifier.value"),
    slices("identifier", typed, {"IDNST": (1, 1)}),
    _system("IDNST", ID_NAT_STRUCT),
)


def _national(identifier: Json) -> str:
    return "idNat_PS" if identifier.get("system") == ID_NAT_PS else str(identifier.get("system", ""))


PRACTITIONER: tuple[Check, ...] = (
    need("identifier"),
    slices("identifier", _national, {"idNat_PS": (1, 1)}),
    where(
        "identifier",
        _national,
        "idNat_PS",
        need("value"),
        rule(lambda it: has_code(it.get("type"), "IDNPS"), "type", "Le type de l’idNat_PS doit être IDNPS."),
    ),
    where(
        "identifier",
        _national,
        RPPS,
        need("value"),
        rule(lambda it: has_code(it.get("type"), "RPPS"), "type", "Le type de ce numéro doit être RPPS."),
    ),
    need("name", 0, 1),
    need("name.prefix", 0, 1),
    bind("name.prefix", "JDV_J245"),
)
ROLE: tuple[Check, ...] = (
    need("code", 0, 1),
    bind("code", "JDV_J47"),
    refers("practitioner", "Practitioner"),
    refers("organization", "Organization"),
    slices("extension", url, {f"{SD}tddui-exercise-mode": (0, 1)}),
)


def _relation(concept: Json) -> str:
    systems = [each.get("system", "") for each in concept.get("coding", ())]
    return next((system for system in (ROLE_CLASS, ROLE_CODE, PROTECTION) if system in systems), "")


CONTACT: tuple[Check, ...] = (
    need("identifier", 1, 1),
    need("patient"),
    refers("patient", "Patient"),
    slices("relationship", _relation, {ROLE_CLASS: (0, 1), PROTECTION: (0, 1)}),
    where(
        "relationship",
        _relation,
        ROLE_CLASS,
        # the official example of a contact bears PAT, which the list has not
        bind("coding.code", "jdv-j384-role-membre-famille-ms", tolerated=frozenset({"PAT"})),
    ),
    bind("name.prefix", "JDV_J245"),
    need("name.prefix", 0, 1),
    _gender(),
    need("address", 0, 1),
    slices(
        "extension",
        url,
        {f"{SD}tddui-comment": (0, 1), f"{SD}tddui-related-person-contact-description": (0, 1)},
    ),
)
