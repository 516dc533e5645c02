"""The extensions TDDUI 2.4.0 defines: which value each one bears, which parts, which lists they are bound
to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from jalon.formats.fhir import Node, Problem
from jalon.formats.schemas import having
from jalon.formats.tddui import asked
from jalon.formats.tddui.checks import bind, codes_of
from jalon.formats.tddui.lens import Json
from jalon.formats.tddui.urls import HL7_SD, SD

MOS = "https://mos.esante.gouv.fr/NOS/"
SMT = "https://smt.esante.gouv.fr/fhir/ValueSet/"
_ABSENT = HL7_SD + "data-absent-reason"


@dataclass(frozen=True)
class Spec:
    """An extension or a part of one: its value element (`""`: none, only parts), its lists, its parts, how
    many of it."""

    value: str = ""
    lists: tuple[str, ...] = ()
    soft: bool = False
    parts: dict[str, "Spec"] = field(default_factory=dict)
    least: int = 0
    most: int | None = 1


def _coded(*lists: str, least: int = 0, most: int | None = 1, soft: bool = False) -> Spec:
    return Spec("valueCodeableConcept", lists, soft, least=least, most=most)


def _one(value: str, least: int = 0, most: int | None = 1) -> Spec:
    return Spec(value, least=least, most=most)


STRING, BOOLEAN, DATE_TIME, REFERENCE = map(
    Spec, ("valueString", "valueBoolean", "valueDateTime", "valueReference")
)
_CARE = Spec(
    most=None,
    parts={
        "modePriseCharge": _coded("JDV_J264", soft=True),
        "quantification": Spec(
            parts={
                "valeurPriseCharge": _one("valueInteger"),
                "unitePriseCharge": _one("valueQuantity"),
                "frequencePriseCharge": _coded("JDV_J37", soft=True),
            }
        ),
    },
)
_DETAIL = Spec(
    least=1,
    parts={
        "temporaliteAccueil": _coded("JDV_J30", soft=True),
        "precisionOrientation": _coded("jdv-j408-orientation-ms"),
        "accueilSequentiel": BOOLEAN,
        "formation": STRING,
        "montantAttribue": _one("valueMoney"),
        "frequence": _one("valueQuantity"),
        "qualificationOrientation": _coded("jdv-j404-qualification-orientation-ms", least=1),
        "structureAccueil": _one("valueReference", most=None),
        "priseCharge": _CARE,
    },
)
_BENEFIT = Spec(
    parts={
        "categorieDroitPrestation": _coded("jdv-j401-categorie-droit-prestation-ms", least=1),
        "typeDroitPrestation": _coded("jdv-j402-type-droit-prestation-ms", least=1),
        "natureDroitPrestation": _coded("jdv-j400-nature-droit-prestation-ms", least=1),
        "dateOuverture": _one("valueDate", 1),
        "dateEcheance": _one("valueDate", 1),
        "existencePAG": _one("valueBoolean", 1),
        "motifFinPAG": _coded("jdv-j403-motif-fin-pag-ms"),
        "creton": BOOLEAN,
        "taux": _one("valueQuantity"),
        "typeCompensation": _coded("jdv-j394-type-demande-compensation-ms"),
        "commentaire": STRING,
        "detailPrestation": _DETAIL,
    },
)
_DECISION = Spec(
    parts={
        "typeDecision": _coded("jdv-j398-type-decision-ms", least=1),
        "dateEffetCloture": _one("valueDate"),
        "dateDecision": _one("valueDate"),
        "motivation": _coded("jdv-j399-motivation-ms", most=None),
        "motivationLocale": _one("valueString", most=None),
        "commentaire": STRING,
        "droitPrestation": _BENEFIT,
    }
)
_HOUSEHOLD = Spec(
    parts={
        "familySituation": _coded("JDV_J176", soft=True),
        "householdComposition": _coded("jdv-j385-composition-foyer-ms", most=None),
        "householdCompositionDescription": STRING,
    }
)
_RESOURCES = Spec(
    parts={
        "TDDUIRessourceType": _coded("jdv-ressource-utilisee-cisis"),
        "TDDUIMaterialDetail": _coded("jdv-detail-materiel-specialise-cisis", most=None),
        "TDDUIFacilityResource": _coded("jdv-detail-ressource-immobiliere-utilisee-cisis", most=None),
    }
)
_NAMED = {
    "comment": STRING,
    "admission-date": DATE_TIME,
    "entry-date-origin": DATE_TIME,
    "entry-mode-label": STRING,
    "exit-mode-label": STRING,
    "birth-order": _one("valuePositiveInt"),
    "nationality": Spec(parts={"code": _coded(), "period": _one("valuePeriod")}),
    "related-person-contact-description": STRING,
    "household-situation": _HOUSEHOLD,
    "status-author": REFERENCE,
    "event-cancel-reason": _coded("jdv-motif-non-realisation-evenement-cisis"),
    "ressources-used": _RESOURCES,
    "event-label": STRING,
    "event-report": STRING,
    "event-reason": STRING,
    "outside-service": BOOLEAN,
    "patient-present": BOOLEAN,
    "participant-present": BOOLEAN,
    "patient-validation": BOOLEAN,
    "meal": BOOLEAN,
    "attachment": REFERENCE,
    "discriminator": _coded("tddui-discriminator"),
    "careplan-reference": REFERENCE,
    "evaluation-reference": REFERENCE,
    "qr-participant": Spec(parts={"TDDUIResponsible": REFERENCE, "TDDUIHolder": REFERENCE}),
    "assessment-method": STRING,
    "profession": _coded("JDV_J01", soft=True),
    "exercise-mode": _coded("JDV_J117", soft=True),
    "planned-absence": BOOLEAN,
    "facturation": BOOLEAN,
    "decision": _DECISION,
}
EXTENSIONS = {f"{SD}tddui-{name}": spec for name, spec in _NAMED.items()}


def check_extensions(found: Sequence[Node]) -> Iterator[Problem]:
    """Every TDDUI extension among these nodes: known, with the right value and parts, codes of the right
    list."""
    for node in found:
        if node.element == "extension":
            yield from _check_one(node.json, node.path)


def _check_one(extension: Json, path: str) -> Iterator[Problem]:
    url = extension.get("url", "")
    if url in EXTENSIONS:
        yield from _check_spec(extension, EXTENSIONS[url], path)
    elif url.startswith(SD):
        yield Problem(f"{path}.url", "TDDUI 2.4.0 ne définit pas cette extension.")


def _check_spec(extension: Json, spec: Spec, path: str) -> Iterator[Problem]:
    values = [name for name in extension if name.lstrip("_").startswith("value")]
    if spec.parts:
        yield from _check_parts(extension, spec, path)
    elif not values and not says_why(extension):
        yield Problem(f"{path}.{spec.value}", "La valeur de l’extension manque.")
    for name in values:
        if name.lstrip("_") != spec.value:
            yield Problem(
                f"{path}.{name}", f"La valeur doit être {spec.value}." if spec.value else "Pas de valeur ici."
            )
    if spec.lists:
        yield from bind(spec.value, *spec.lists, soft=spec.soft)(extension, path)


def says_why(extension: Json) -> bool:
    """Whether an extension holds no value but the reason why there is none."""
    return any(each.get("url") == _ABSENT for each in extension.get("extension", ()))


def asked_of(spec: Spec) -> Json:
    """What an extension has when nothing is wrong with it by its spec, as a schema that is never looser."""
    values = {"if": {"pattern": "^_?value"}, "then": {"enum": [spec.value]}}
    names: Json = {"propertyNames": values if spec.value else {"not": {"pattern": "^_?value"}}}
    if spec.parts:
        return (
            names
            | {"properties": {"extension": {"type": "array", "allOf": list(_parts(spec))}}}
            | ({"required": ["extension"]} if any(part.least for part in spec.parts.values()) else {})
        )
    codes = asked.listed(spec.value, codes_of(*spec.lists)) if spec.lists else {}
    return {"allOf": [names, {"required": [spec.value]}, codes]}


def _parts(spec: Spec) -> Iterator[Json]:
    yield {"items": having("url", {"enum": sorted(spec.parts)})}
    for name, part in spec.parts.items():
        named = having("url", {"const": name})
        most = {} if part.most is None else {"maxContains": part.most}
        yield {"contains": named, "minContains": part.least} | most
        yield {"items": {"if": named, "then": asked_of(part)}}


def _check_parts(extension: Json, spec: Spec, path: str) -> Iterator[Problem]:
    held = extension.get("extension", ())
    found = [each.get("url", "") for each in held]
    for name, part in spec.parts.items():
        times = found.count(name)
        if times < part.least:
            yield Problem(f"{path}.extension", f"« {name} » est obligatoire.")
        if part.most is not None and times > part.most:
            yield Problem(f"{path}.extension", f"« {name} » figure {times} fois.")
    for index, each in enumerate(held):
        place = f"{path}.extension[{index}]"
        if each.get("url", "") in spec.parts:
            yield from _check_spec(each, spec.parts[each["url"]], place)
        else:
            yield Problem(f"{place}.url", "Cette extension n’a pas cette partie.")
