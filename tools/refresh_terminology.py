"""Rebuild jalon/terminology/data from a folder of downloaded sources. By hand, never in CI.

    python tools/refresh_terminology.py ../shared

Each list becomes a compact CSV of facts (code, label, system, validity when the source gives one) and one
entry of `manifest.toml`. `systems.csv`, the register of systems, is kept by hand: it is only hashed again.
"""

import csv
import dataclasses
import datetime as dt
import gzip
import hashlib
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))  # `jalon` must be found when the file is run as a script

from jalon.core.names import fold  # noqa: E402  after the path above
from jalon.formats import xml  # noqa: E402  after the path above

DATA = PROJECT / "jalon/terminology/data"
SVS = "{urn:ihe:iti:svs:2008}"
SERAFIN_OID = "1.2.250.1.213.3.3.60"
FINESS_OID = "1.2.250.1.213.1.6.1.8"
Row = tuple[str, ...]
PLAIN = ("code", "label")
CODED = (*PLAIN, "system")

CISIS = "ansforge/TestContenuCDA-3-0 jeuxDeValeurs/{}.xml @ 7cd489b39368809df9bcf2cfef5e5d6354438a02"
IG_CDA = (
    "ansforge/IG-contenu-cda-medicosocial-transfert-donnees-dui input/images/cda/voc-*.html"
    " @ dbe4168a599e8fd7ce9998bf4aaad227aff47989 ({})"
)
SMT = "ANS, IG-terminologie-de-sante, ValueSet-{}.json (relu)"
COG = "INSEE, code officiel géographique, par {}"
NOS_LICENCE = "ANS, nomenclatures des objets de santé : licence ouverte selon l’ANS"
NOTES = {
    "2.16.840.1.113883.6.1": " ; codes LOINC : licence LOINC, Regenstrief Institute",
    "2.16.840.1.113883.6.96": " ; codes SNOMED CT : licence SNOMED International (France membre)",
}
OPEN = "Licence Ouverte 2.0"
CC0 = "CC0-1.0"

_TEST_TOOL = """
JDV_J01_XdsAuthorSpecialty_CISIS JDV_J02_XdsHealthcareFacilityTypeCode_CISIS
JDV_J04_XdsPracticeSettingCode_CISIS JDV_J07_XdsTypeCode_CISIS JDV_J08_XdsConfidentialityCode_CISIS
JDV_J11_RelationPatient_CISIS JDV_J19_ModePriseEnCharge_ROR JDV_J30_TemporaliteAccueil_ROR
JDV_J34_CategorieOrganisation_ROR JDV_J35_SpecialisationDePriseEnCharge_ROR JDV_J47_FunctionCode_CISIS
JDV_J48_ProfessionNonPS_CISIS JDV_J100_FinessStatutJuridique_RASS JDV_J107_EnsembleSavoirFaire_RASS
JDV_J113_Civilite_ENREG JDV_J140_EncounterParticipationType_CISIS JDV_J141_RoleClass_CISIS
JDV_J142_TypeRencontre_CISIS JDV_J143_AdministrativeGender_CISIS JDV_J144_ParticipationType_CISIS
JDV_J197_XdsTypesIdentifiantsReferenceId_CISIS JDV_J231_XdsTypesIdentifiantsReferenceId_DMP
JDV_J245_Civilite_CISIS JDV_J246_Titre_CISIS JDV_J254_CategorieEtablissementESSMSPH
JDV_J264_ModeEtCentreDePriseEnCharge_MDPH JDV_J282_TransportsLiesAuProjetIndividuel_SERAFIN
JDV_J283_PrestationsIndirects_SERAFIN JDV_J284_PrestationsDirects_SERAFIN JDV_J285_Besoins_SERAFIN
JDV_ModaliteEntree_CISIS JDV_ModaliteSortie_CISIS JDV_GIR_CISIS JDV_Lien_Assure_Beneficiaire_CISIS
JDV_ModeDeTransport_CISIS JDV_TypeMotorisation_CISIS JDV_MotifNonRealisationEvenement_CISIS
JDV_RessourceUtilisee_CISIS JDV_DetailMaterielSpecialise_CISIS
JDV_DetailRessourceImmobiliereUtilisee_CISIS JDV_EvaluationSSIAD_CISIS JDV_EncompassingEncounterCode_CISIS
JDV_HL7_Confidentiality_CISIS JDV_HL7_ActStatus_CISIS JDV_HL7_ParticipationType_CISIS
JDV_HL7_PersonalRelationshipRoleType_CISIS JDV_TypeDirectiveAnticipee_CISIS JDV_SignesVitaux_CISIS
"""
SVS_LISTS = _TEST_TOOL.split()

# Where the guide of the CDA export (October 2025) is more complete than the copies of the test tool.
_GUIDE = """
JDV_J281_StatutsRessourcesMS jdv-couverture-sociale-cisis jdv-evaluation-aggir-pa-cisis
jdv-evaluation-aggir-ph-cisis jdv-resultat-evaluation-cisis jdv-resultat-question-evaluation-cisis
jdv-type-evaluation-cisis jdv-type-evenement-ssiad-cisis
"""
IG_LISTS = _GUIDE.split()

# Read elsewhere, in a fuller or dated form.
NOS_LEFT_OUT = {*SVS_LISTS, *IG_LISTS, "JDV_EvaluationAGGIRPA_CISIS"}

# Value sets that are the whole of a code system; the sources do not give their OID.
SAME_AS = {
    "JDV_J06_XdsClassCode_CISIS": "TRE_A03_ClasseDocument",
    "JDV_J57_ClassCode_DMP": "TRE_A03_ClasseDocument",
}


@dataclass(frozen=True)
class Table:
    """One list on its way to the data folder. `system` is set when rows carry no system of their own."""

    name: str
    kind: str
    columns: Row
    rows: Sequence[Row]
    origin: str
    licence: str
    date: str = ""
    oid: str = ""
    url: str = ""
    system: str = ""
    same_as: str = ""
    packed: bool = False

    @property
    def file(self) -> str:
        return f"{self.same_as or self.name}.csv{'.gz' if self.packed else ''}"


def iso(text: str | None) -> str:
    """The day of « 20240927120000 » or « 2024-09-27T12:00:00+01:00 »; nothing when unknown."""
    digits = re.sub(r"\D", "", text or "")[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 else ""


def segments(code: str) -> tuple[int, ...]:
    """The order of SERAFIN codes: by whole segments, so 1.1.10 comes after 1.1.9."""
    return tuple(int(part) for part in code.split("."))


def licence(rows: Iterable[Row]) -> str:
    systems = {row[2] for row in rows}
    return NOS_LICENCE + "".join(note for system, note in NOTES.items() if system in systems)


def read_json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


# --- readers, one per form of source --------------------------------------------------------------


def value_set_svs(shared: Path, name: str) -> Table:
    """An IHE SVS answer, as the CDA test tool of the ANS carries them."""
    found = xml.parse((shared / f"standards/cda/jeuxDeValeurs/{name}.xml").read_bytes()).find(
        f"{SVS}ValueSet"
    )
    if found is None:
        raise ValueError(f"{name}: no ValueSet element")
    attributes = ("code", "displayName", "codeSystem", "dateValid")
    rows = [tuple(concept.get(key, "") for key in attributes) for concept in found.iter(f"{SVS}Concept")]
    rows = [(*row[:3], iso(row[3])) for row in rows]
    if "SERAFIN" in name:
        rows.sort(key=lambda row: segments(row[0]))
    dated = any(row[3] for row in rows)
    columns = (*CODED, "valid_from") if dated else CODED
    kept = rows if dated else [row[:3] for row in rows]
    date, oid = iso(found.get("revisionDate")), found.get("id", "")
    return Table(name, "value_set", columns, kept, CISIS.format(name), licence(rows), date, oid)


def value_set_ig(shared: Path, name: str) -> Table:
    """A value set read from the pages of the guide of the CDA export."""
    found = read_json(shared / f"standards/tddui/cda/jdv/{name}.json")
    systems = {system["name"]: system["oid"] for system in found["codeSystems"]}
    rows = [(one["code"], one["display"], systems[one["system"]]) for one in found["concepts"]]
    origin, date = IG_CDA.format(name), iso(found["effectiveDate"])
    return Table(name, "value_set", CODED, rows, origin, f"MIT (dépôt), {CC0} (guide)", date, found["oid"])


def nos(path: Path) -> Table:
    """A list of the NOS in the compact JSON of the shared folder: TRE, JDV or ASS."""
    found = read_json(path)
    name = re.sub(r"^ASS_(\d)", r"ASS_A\1", found["name"].replace("-", "_"))
    origin = f"{found['source']} @ {found['commit']}" if found.get("commit") else found["source"]
    date = iso(found.get("revisionDate") or found.get("date") or found.get("version"))
    rows = [tuple(concept) for concept in found["concepts"]]
    if name.startswith("ASS_"):
        return Table(
            name, "map", ("source", "target", "target_system"), mapped(rows), origin, NOS_LICENCE, date
        )
    if name.startswith("JDV_"):
        return Table(name, "value_set", CODED, rows, origin, licence(rows), date, found["oid"])
    plain = [row[:2] for row in rows]
    oid = found["oid"]
    return Table(name, "code_system", PLAIN, plain, origin, licence(rows), date, oid, system=oid)


def mapped(rows: Iterable[Row]) -> list[Row]:
    targets = {
        "TRE-A03-ClasseDocument": "1.2.250.1.213.1.1.4.1",
        "TRE-A06-FormatCodeComplementaire": "1.2.250.1.213.1.1.4.2.282",
        "TRE-A11-IheFormatCode": "1.3.6.1.4.1.19376.1.2.3",
        "TRE-A10-NomenclatureURN": "URN",
    }
    return [(source, target, targets[system]) for source, target, _, system in rows]


def value_set_fhir(path: Path) -> Table:
    """An expanded FHIR ValueSet of the terminology server."""
    found = read_json(path)
    rows = [(one["code"], one["display"], one["system"]) for one in found["expansion"]["contains"]]
    oid = found["identifier"][0]["value"].removeprefix("urn:oid:")
    name, date = found["id"], iso(found["version"])
    return Table(name, "value_set", CODED, rows, SMT.format(name), CC0, date, oid, found["url"])


def code_system_fhir(path: Path) -> Table:
    """A FHIR CodeSystem of the TDDUI guide."""
    found = read_json(path)
    rows = [(one["code"], one.get("display", one["code"])) for one in found["concept"]]
    origin, url = f"guide TDDUI {found['version']} (ANS)", found["url"]
    return Table(found["id"], "code_system", PLAIN, rows, origin, CC0, "2026-07-22", "", url, url)


def serafin(shared: Path) -> Table:
    found = read_json(shared / "data/serafin_ph.json")
    rows = [
        (one["code"], one["libelle"], one["famille"], one["parent"] or "", one.get("alias_cnsa", ""))
        for one in sorted(found["concepts"], key=lambda one: segments(one["code"]))
    ]
    name, columns = "TRE_R265_PrestationPilotageSerafin", (*PLAIN, "family", "parent", "cnsa_code")
    oid, url = SERAFIN_OID, found["systeme"]
    origin, terms = found["origine"], found["licence"]
    return Table(name, "code_system", columns, rows, origin, terms, "2024-10-25", oid, url, oid)


def finess_categories(shared: Path) -> Table:
    source = {
        "code": "code", "label": "libelle", "valid_from": "date_debut", "valid_to": "date_fin",
        "short": "libelle_court", "domain": "domaine", "group": "agr2", "group_label": "libelle_agr2",
        "branch": "agr1", "branch_label": "libelle_agr1",
    }  # fmt: skip
    with (shared / "data/finess_categories.csv").open(encoding="utf-8", newline="") as file:
        rows = [tuple(row[column] for column in source.values()) for row in csv.DictReader(file)]
    name, origin = "TRE_R66_CategorieEtablissement", "FINESS, flux cs1500106, par DNUM-SocialGouv/helios"
    oid = FINESS_OID
    return Table(name, "code_system", tuple(source), rows, origin, OPEN, "2025-05-26", oid, system=oid)


# --- places (COG) ---------------------------------------------------------------------------------

SINCE_EVER = ("1900-01-01", "1900-01-02")  # how the source writes « before the register »
COG_LICENCE = "Licence Ouverte (données INSEE)"


def communes(shared: Path) -> Table:
    """Each code with its successive names; adjacent periods of one name are joined, accents restored.

    A commune of today that the history lost (created again, renamed) runs from the day after its last period.
    """
    periods = defaultdict(list)
    for row in packed_rows(shared / "data/cog_communes_historique.csv.gz"):
        start = "" if row["date_debut"] in SINCE_EVER else row["date_debut"]
        if row["date_fin"] not in SINCE_EVER:
            name = " ".join(row["nom"].replace("_", " ").split())
            periods[row["code_insee"]].append((start, row["date_fin"], name))
    spelling = Spelling(list(packed_rows(shared / "data/cog_communes.csv.gz")))
    for code, name in spelling.current.items():
        last = max(periods[code], default=("", "", ""))
        if last[1] or not periods[code]:
            periods[code].append((day_after(last[1]), "", name))
    rows = [
        (code, spelling.of(code, name, running=not end), start, end)
        for code in sorted(periods)
        for start, end, name in joined(sorted(periods[code]))
    ]
    columns = (*PLAIN, "valid_from", "valid_to")
    origin = COG.format("l’ASP (gip-inclusion/les-emplois) et @etalab/decoupage-administratif 6.0.0")
    return Table("cog_communes", "places", columns, rows, origin, COG_LICENCE, "2026-08-01", packed=True)


def countries(shared: Path) -> Table:
    """Countries only: the source also lists communes of the Pacific under codes of its own."""
    with (shared / "data/cog_pays.csv").open(encoding="utf-8", newline="") as file:
        kept = [row for row in csv.DictReader(file) if row["departement_asp"] == "99"]
    rows = [(row["code_insee"], row["nom"]) for row in kept]
    origin = COG.format("l’ASP (gip-inclusion/les-emplois)")
    return Table("cog_pays", "places", PLAIN, rows, origin, COG_LICENCE, "2026-08-01")


def packed_rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def day_after(day: str) -> str:
    return (dt.date.fromisoformat(day) + dt.timedelta(days=1)).isoformat() if day else ""


def joined(periods: list[Row]) -> Iterator[Row]:
    """Join « until 1999-12-31 » and « from 2000-01-01 » when the name is the same."""
    current = periods[0]
    for start, end, name in periods[1:]:
        if start == day_after(current[1]) and fold(name) == fold(current[2]):
            current = (current[0], end, current[2])
        else:
            yield current
            current = (start, end, name)
    yield current


class Spelling:
    """Accented spellings of today, for the capitals of the historical file."""

    def __init__(self, today: list[dict[str, str]]) -> None:
        main = [row for row in today if row["type"] in ("commune-actuelle", "arrondissement-municipal")]
        self.current = {row["code_insee"]: row["nom"] for row in main}
        self.near = {(row["code_insee"], bare(row["nom"])): row["nom"] for row in today}
        self.around: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in today:
            self.around[row["departement"], bare(row["nom"])].add(row["nom"])

    def of(self, code: str, name: str, *, running: bool) -> str:
        if running and code in self.current:
            return self.current[code]
        department = code[:3] if code.startswith(("97", "98")) else code[:2]
        around = self.around.get((department, bare(name)), set())
        return self.near.get((code, bare(name))) or (next(iter(around)) if len(around) == 1 else name)


def bare(name: str) -> str:
    """A name without its article, which the historical file drops."""
    return re.sub(r"^(?:LES?|LA|L) ", "", fold(name))


# --- writing --------------------------------------------------------------------------------------


def all_lists(shared: Path) -> Iterator[Table]:
    """Every list but the register, in the order of the manifest."""
    standards = shared / "standards"
    yield from (value_set_svs(shared, name) for name in SVS_LISTS)
    yield from (value_set_ig(shared, name) for name in IG_LISTS)
    sources = [path for path in sorted((standards / "nos").glob("*.json")) if path.stem not in NOS_LEFT_OUT]
    tables = {table.name: table for table in map(nos, sources)}
    yield from tables.values()
    for name, other in SAME_AS.items():
        yield dataclasses.replace(tables[other], name=name, kind="value_set", oid="", same_as=other)
    tddui = standards / "tddui"
    yield from map(value_set_fhir, sorted((tddui / "official/terminologies").glob("*.json")))
    yield from map(code_system_fhir, sorted((tddui / "fhir-2.4.0/definitions").glob("CodeSystem-*.json")))
    yield from (serafin(shared), finess_categories(shared), communes(shared), countries(shared))


def register() -> Table:
    with (DATA / "systems.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = (tuple(row) for row in csv.reader(file))
    origin = "compilé à la main : OID, adresse FHIR et nom des systèmes cités par les listes"
    return Table("systems", "register", columns, rows, origin, "EUPL-1.2", "2026-11-22")


def check(table: Table) -> None:
    """Refuse what the package relies on: no blank code or label, no code twice (maps and places apart)."""
    codes = [row[0] for row in table.rows]
    if table.kind != "register" and not (codes and all(row[0] and row[1] for row in table.rows)):
        raise ValueError(f"{table.name}: empty, or a blank code or label")
    if table.kind in ("value_set", "code_system") and len(codes) != len(set(codes)):
        raise ValueError(f"{table.name}: a code appears twice")


def content(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([table.columns, *table.rows])
    data = text.getvalue().encode("utf-8")
    return gzip.compress(data, 9, mtime=0) if table.packed else data


def toml(table: Table, data: bytes) -> list[str]:
    facts = {
        "name": table.name, "kind": table.kind, "file": table.file, "oid": table.oid, "url": table.url,
        "system": table.system, "version": table.date, "entries": len(table.rows),
        "sha256": hashlib.sha256(data).hexdigest(), "origin": table.origin, "licence": table.licence,
    }  # fmt: skip
    return [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items() if value]


def main() -> int:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.stderr.write("usage: refresh_terminology.py FOLDER\n")
        return 2
    tables = [*all_lists(Path(sys.argv[1])), register()]
    for table in tables:
        check(table)
    for stale in DATA.glob("*.csv*"):
        stale.unlink()
    lines = ["# Written by tools/refresh_terminology.py: do not edit.", ""]
    for table in tables:
        data = content(table)
        (DATA / table.file).write_bytes(data)
        lines += ["[[list]]", *toml(table, data), ""]
    (DATA / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")
    sys.stdout.write(f"{len(tables)} lists, {sum(len(table.rows) for table in tables)} entries\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
