"""Stays (Séjour): Encounter, profile tddui-encounter-sejour."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, bind, fixed, need, refers, slices, where
from jalon.formats.tddui.datatypes import CODED, IDENTIFIER, LINK, type_codes
from jalon.formats.tddui.encounters import COMMENTS, UNKNOWN_CLASS, WHAT, WHERE, Encounter
from jalon.formats.tddui.fills import lacking, typed_identifier
from jalon.formats.tddui.frame import Frame, Stand
from jalon.formats.tddui.kind import Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, Slice, Sliced, at, extensions, shape
from jalon.formats.tddui.rules_common import once, typed, url
from jalon.formats.tddui.urls import CS, R5_SD, SD, STAY_ID
from jalon.formats.tddui.values import Coded, Identifier, Link, Moment, Status


@dataclass(frozen=True, kw_only=True)
class StayData(Encounter):
    """A stay (Séjour): Encounter, profile tddui-encounter-sejour. `key`: `3<FINESS>/<idLocal>-SEJOUR-<n>`.

    `file_number`: numeroDossierAdministratifSejour (NUMDOSS). `provider`: ESSMSAccueil. `service_type`:
    modaliteAccueil (JDV_J226).
    `start`/`end`: dateEntree, dateSortie; `planned_start`/`planned_end`: R5 extensions; `admission_date`:
    dateAdmission.
    `entry_mode`: provenance (admitSource), `exit_mode`: motifSortie (dischargeDisposition), with their free
    labels.
    `origin`: ESSMSProvenance, `origin_entry_date`, `origin_file`: numeroDossierESSMSProvenance
    (preAdmissionIdentifier). Status is the FHIR status (`fhir`): the business model gives a stay none.
    """

    file_number: Identifier | None = None
    planned_start: Moment = ""
    planned_end: Moment = ""
    admission_date: Moment = ""
    entry_mode: Coded | None = None
    entry_mode_label: str = ""
    exit_mode: Coded | None = None
    exit_mode_label: str = ""
    origin: Link | None = None
    origin_entry_date: Moment = ""
    origin_file: Identifier | None = None
    destination: Link | None = None
    readmission: Coded | None = None
    diets: tuple[Coded, ...] = ()
    courtesies: tuple[Coded, ...] = ()
    arrangements: tuple[Coded, ...] = ()


def _stay_identifier(identifier: Json) -> str:
    codes = [coding.get("code", "") for coding in identifier.get("type", {}).get("coding", ())]
    named = next((code for code in ("SEJ", "NUMDOSS") if code in codes), "")
    ours = identifier.get("system") == STAY_ID and "-SEJOUR-" in identifier.get("value", "")
    return named or ("SEJ" if ours and not codes else "")


SHAPE = shape(
    StayData,
    Frame(),
    extensions(
        Ext("admission_date", SD + "tddui-admission-date", "valueDateTime"),
        Ext("entry_mode_label", SD + "tddui-entry-mode-label", "valueString"),
        Ext("exit_mode_label", SD + "tddui-exit-mode-label", "valueString"),
        Ext("planned_start", R5_SD + "Encounter.plannedStartDate", "valueDateTime"),
        Ext("planned_end", R5_SD + "Encounter.plannedEndDate", "valueDateTime"),
        COMMENTS,
    ),
    Sliced(
        "identifier",
        _stay_identifier,
        {"SEJ": Slice("identifier", IDENTIFIER), "NUMDOSS": Slice("file_number", IDENTIFIER)},
        Slice("other_identifiers", IDENTIFIER, many=True),
    ),
    Stand("status"),
    *WHAT,
    at(
        "hospitalization",
        extensions(Ext("origin_entry_date", SD + "tddui-entry-date-origin", "valueDateTime")),
        One("origin_file", "preAdmissionIdentifier", IDENTIFIER),
        One("origin", "origin", LINK),
        One("entry_mode", "admitSource", CODED),
        One("readmission", "reAdmission", CODED),
        Many("diets", "dietPreference", CODED),
        Many("courtesies", "specialCourtesy", CODED),
        Many("arrangements", "specialArrangement", CODED),
        One("destination", "destination", LINK),
        One("exit_mode", "dischargeDisposition", CODED),
    ),
    *WHERE,
)

RULES: tuple[Check, ...] = (
    slices("identifier", typed, {"SEJ": (1, 1), "NUMDOSS": (0, 1)}),
    *(
        where("identifier", typed, code, fixed("system", STAY_ID), need("value"))
        for code in ("SEJ", "NUMDOSS")
    ),
    need("subject"),
    refers("subject", "Patient"),
    need("serviceProvider"),
    refers("serviceProvider", "Organization"),
    refers("hospitalization.origin", "Organization"),
    bind("serviceType", "JDV_J226", soft=True),
    once("admission-date", "entry-mode-label", "exit-mode-label", "comment"),
    slices(
        "extension",
        url,
        {f"{R5_SD}Encounter.{name}": (0, 1) for name in ("plannedStartDate", "plannedEndDate")},
    ),
)


def _preference(identifier: Json) -> int:
    return int("SEJ" not in type_codes(identifier))


KIND = Kind(
    name="stays",
    label="séjours",
    fhir="Encounter",
    profile="encounter-sejour",
    rank=60,
    shape=SHAPE,
    rules=RULES,
    system=STAY_ID,
    code="SEJOUR",
    preference=_preference,
    fill=lambda item: lacking(
        item,
        identifier=typed_identifier(STAY_ID, item.key, CS + "tddui-encounter-identifier", "SEJ"),
        status=Status(fhir="unknown"),
        setting=UNKNOWN_CLASS,
    ),
)
