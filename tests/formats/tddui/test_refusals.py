"""A file in which anything is wrong creates nothing, and says where and why."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from jalon.core.identifiers import NBSP
from jalon.formats.tddui import TdduiRefused, read, write
from jalon.formats.tddui.classes.need import NeedData
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.formats.tddui.classes.stay import StayData
from tests.formats.tddui.sample import CISIS, CS, LOCAL, SD, Json, concept, ext
from tests.formats.tddui.sample_record import RESOURCES, bundle
from tests.support import SHARED, needs_shared

NAMES = list(RESOURCES)


def refused(data: Any) -> dict[str, str]:
    """The paths of the problems of a file, each with its reason."""
    with pytest.raises(TdduiRefused) as refusal:
        read(data)
    return {problem.path: problem.reason.replace(NBSP, " ") for problem in refusal.value.problems}


def place(name: str, rest: str) -> str:
    return f"Bundle.entry[{NAMES.index(name)}].resource.{rest}"


def spoilt(name: str, spoil: Callable[[Json], Any]) -> Json:
    given = copy.deepcopy(bundle())
    spoil(given["entry"][NAMES.index(name)]["resource"])
    return given


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "mal formé"),
        (b"[]", "ne contient pas une ressource"),
        (orjson.dumps(bundle())[:-40], "mal formé"),
        ('{"resourceType": "Patient", "gender": "é"}'.encode("latin-1"), "UTF-8"),
        (b'{"resourceType":"Patient","contact":' + b"[" * 200 + b"]" * 200 + b"}", "niveaux imbriqués"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "mal formé"),
        (b'{"resourceType":"Patient","x":1e400}', "mal formé"),
        (b"{}", "vide"),
        (b'{"resourceType":"Spaceship"}', "type de la ressource"),
        (b'{"resourceType":["Patient"]}', "type de la ressource"),
    ],
)
def test_what_is_not_fhir_json_is_refused_whole(data: bytes, words: str) -> None:
    assert words in " ".join(refused(data).values())


def test_a_file_larger_than_the_limit_is_not_read() -> None:
    with pytest.raises(TdduiRefused, match="dépasse 1 Mo"):
        read(b" " * (2**20 + 1), limit=2**20)


def test_an_element_written_twice_is_told() -> None:
    data = b'{"resourceType":"Patient","name":[{"family":"A","family":"B"}]}'
    assert refused(data) == {"Patient.name[0].family": "L’élément est écrit deux fois."}


@pytest.mark.parametrize("gap", [b":", b" :", b"\t:", b" \n :"])
def test_a_key_written_twice_is_seen_whatever_the_spaces(gap: bytes) -> None:
    data = b'{"resourceType"' + gap + b'"Patient","active"' + gap + b'true,"active"' + gap + b"false}"
    assert "Patient.active" in refused(data)


def test_a_number_a_computer_would_round_is_told_not_rounded() -> None:
    data = b'{"resourceType":"Basic","extension":[{"url":"u:x","valueDecimal":0.12345678901234567}]}'
    assert "chiffres significatifs" in refused(data)["Basic.extension[0].valueDecimal"]


def test_a_huge_whole_number_is_refused() -> None:
    given = spoilt("RelatedPerson/zoe", lambda it: it["telecom"][0].update(rank=10**12))
    assert "trop grand" in refused(given)[place("RelatedPerson/zoe", "telecom[0].rank")]


def test_empty_elements_and_control_characters_are_told() -> None:
    found = refused(b'{"resourceType":"Patient","name":[{"text":"a\\u0000b"}],"telecom":[],"contact":[{}]}')
    assert set(found) == {"Patient.name[0].text", "Patient.telecom", "Patient.contact[0]"}


def test_the_wrong_fortieth_entry_is_named() -> None:
    rooms = {f"Location/r{n}": {"resourceType": "Location", "name": f"Salle {n}"} for n in range(60)}
    given = bundle({**RESOURCES, **rooms})
    given["entry"][40]["resource"]["status"] = "burnt"
    assert refused(given) == {"Bundle.entry[40].resource.status": "« burnt » n’est pas un code permis ici."}


def test_every_problem_is_told_at_once() -> None:
    given = spoilt("Patient/lou", lambda it: it.update(birthDate="12/03/1950"))
    given["entry"][NAMES.index("Encounter/event")]["resource"]["status"] = "done"
    given["entry"][NAMES.index("CarePlan/pp")]["resource"].pop("title")
    given["entry"][3]["request"]["method"] = "PUT"
    assert set(refused(given)) == {
        "Bundle.entry[3].request.method",
        place("Patient/lou", "birthDate"),
        place("Encounter/event", "status"),
        place("CarePlan/pp", "title"),
    }


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"type": "collection"}, "Bundle.type"),
        ({"entry": []}, "Bundle.entry"),
        ({"entry": {}}, "Bundle.entry"),
        ({"entry": [1]}, "Bundle.entry[0]"),
        ({"entry": [{"request": {"method": "POST", "url": "Patient"}}]}, "Bundle.entry[0].resource"),
        (
            {"entry": [{"resource": {"resourceType": "Basic", "code": {"text": "x"}}}]},
            "Bundle.entry[0].request",
        ),
        ({"total": "many"}, "Bundle.total"),
    ],
)
def test_a_bundle_that_is_not_a_transaction_of_creations_is_refused(change: Json, path: str) -> None:
    assert path in refused(bundle() | change)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "GET"])
def test_only_creation_is_admitted(method: str) -> None:
    given = bundle()
    given["entry"][2]["request"]["method"] = method
    assert refused(given) == {"Bundle.entry[2].request.method": "Seule la création (POST) est admise."}


def test_a_full_url_taken_twice_is_told() -> None:
    given = bundle()
    given["entry"][1]["fullUrl"] = given["entry"][0]["fullUrl"]
    assert "Bundle.entry[1].fullUrl" in refused(given)


def test_a_dangling_reference_is_told_with_its_path() -> None:
    given = spoilt("Task/act", lambda it: it["input"][0].update(valueReference={"reference": "Goal/none"}))
    found = refused(given)
    assert list(found) == [place("Task/act", "input[0].valueReference.reference")]
    assert "Goal/none" in next(iter(found.values()))


def test_a_reference_to_the_wrong_kind_of_resource_is_told() -> None:
    given = spoilt("Encounter/stay", lambda it: it.update(subject={"reference": "Practitioner/ide"}))
    assert "Practitioner" in refused(given)[place("Encounter/stay", "subject.reference")]


def test_two_people_with_one_key_are_refused() -> None:
    twin = RESOURCES["Patient/lou"] | {"gender": "male"}
    assert "désigne déjà" in " ".join(refused(bundle(RESOURCES | {"Patient/twin": twin})).values())


def test_two_objects_given_one_number_are_both_kept_and_told() -> None:
    other = RESOURCES["ServiceRequest/need"] | {"code": {"text": "Manger"}}
    transfer = read(bundle(RESOURCES | {"ServiceRequest/other": other}))
    assert [need.key for need in transfer.people[0].of(NeedData)] == [f"{LOCAL}-BESO-1", f"{LOCAL}-BESO-1~2"]
    assert any("désigne déjà" in warning.reason for warning in transfer.warnings)
    assert len(read(write(transfer)).people[0].of(NeedData)) == 2


def test_the_same_object_written_twice_is_one_object() -> None:
    again = bundle(RESOURCES | {"Organization/again": RESOURCES["Organization/ime"]})
    assert len(read(again).of(OrganizationData)) == 2


RULES: dict[str, tuple[str, Callable[[Json], Any], str]] = {
    "a birth order is required without INS": (
        "Patient/lou",
        lambda it: it.pop("_birthDate"),
        "_birthDate.extension",
    ),
    "an official name has a first name": (
        "Patient/lou",
        lambda it: it["name"][0].pop("given"),
        "name[0].given",
    ),
    "gender other is not of TDDUI": ("Patient/lou", lambda it: it.update(gender="other"), "gender"),
    "a day that no calendar has": ("Patient/lou", lambda it: it.update(birthDate="1950-02-30"), "birthDate"),
    "a local id starts with 3 and a FINESS": (
        "Patient/lou",
        lambda it: it["identifier"][1].update(value="30100/77"),
        "identifier[1].value",
    ),
    "civility is of JDV_J245": (
        "Practitioner/ide",
        lambda it: it["name"][0].update(prefix=["DR"]),
        "name[0].prefix[0]",
    ),
    "a structure is known by its idNat_Struct": (
        "Organization/ime",
        lambda it: it.update(identifier=it["identifier"][1:]),
        "identifier",
    ),
    "a FINESS has nine characters": (
        "Organization/ime",
        lambda it: it["identifier"][0].update(value="101000124"),
        "identifier[0].value",
    ),
    "a professional is known by his idNat_PS": (
        "Practitioner/ide",
        lambda it: it.update(identifier=it["identifier"][1:]),
        "identifier",
    ),
    "a function is of JDV_J47": (
        "PractitionerRole/role",
        lambda it: it["code"][0].update(concept("urn:j47", "CHEF")),
        "code[0].coding[0].code",
    ),
    "a contact has one identifier": ("RelatedPerson/zoe", lambda it: it.pop("identifier"), "identifier"),
    "a role in the family is of J384": (
        "RelatedPerson/zoe",
        lambda it: it["relationship"][1]["coding"][0].update(code="BOSS"),
        "relationship[1].coding[0].code",
    ),
    "a stay has a SEJ identifier": (
        "Encounter/stay",
        lambda it: it.update(identifier=it["identifier"][1:]),
        "identifier",
    ),
    "a stay is in a structure": ("Encounter/stay", lambda it: it.pop("serviceProvider"), "serviceProvider"),
    "an event has an end": ("Encounter/event", lambda it: it["period"].pop("end"), "period.end"),
    "a period ends after it begins": (
        "Encounter/event",
        lambda it: it["period"].update(end="2026-03-02T12:59:00Z"),
        "period",
    ),
    "an event type SSIAD is of its list": (
        "Encounter/event",
        lambda it: it["type"][0]["coding"][0].update(code="MED-0"),
        "type[0].coding[0].code",
    ),
    "a facility goes with ORG-207": (
        "Encounter/event",
        lambda it: it["extension"][1]["extension"][0].update(
            valueCodeableConcept=concept(CISIS, "261324000")
        ),
        "extension",
    ),
    "an extension bears its own value": (
        "Encounter/event",
        lambda it: it["extension"].__setitem__(2, ext("event-label", valueBoolean=True)),
        "extension[2].valueBoolean",
    ),
    "an extension of TDDUI is known": (
        "Encounter/event",
        lambda it: it["extension"].append(ext("event-mood", valueString="bon")),
        "extension[12].url",
    ),
    "a plan has the agreement of the structure": (
        "CarePlan/pp",
        lambda it: it.update(supportingInfo=it["supportingInfo"][:1]),
        "supportingInfo",
    ),
    "a plan type is of J367": (
        "CarePlan/pp",
        lambda it: it["category"][0]["coding"][0].update(code="PLAN"),
        "category[0].coding[0].code",
    ),
    "an expectation says whose it is": (
        "Goal/wish",
        lambda it: it.update(note=it["note"][:1]),
        "note",
    ),
    "a goal has a title": ("Goal/aim", lambda it: it.update(note=it["note"][1:]), "note"),
    "a goal belongs to a plan": (
        "Goal/aim",
        lambda it: it.update(extension=it["extension"][1:]),
        "extension",
    ),
    "a need is described": (
        "ServiceRequest/need",
        lambda it: it.update(code=concept("urn:x", "1")),
        "code.text",
    ),
    "a need is of SERAFIN needs": (
        "ServiceRequest/need",
        lambda it: it["category"][0]["coding"][0].update(code="2.1"),
        "category[0].coding[0].code",
    ),
    "a need number has no hyphen": (
        "ServiceRequest/need",
        lambda it: it["identifier"][0].update(value="3010001246/77-BESO-1-2"),
        "identifier[0].value",
    ),
    "an action has a title": ("Task/act", lambda it: it["input"].pop(1), "input"),
    "an action belongs to one plan": ("Task/act", lambda it: it.pop("basedOn"), "basedOn"),
    "an agreement is dated": ("Consent/ime", lambda it: it.pop("dateTime"), "dateTime"),
    "an agreement is signed": ("Consent/ime", lambda it: it.pop("performer"), "performer"),
    "a code of TDDUI exists": (
        "Goal/aim",
        lambda it: it["note"][0]["extension"][0].update(
            valueCodeableConcept=concept(CS + "discriminator", "titre")
        ),
        "note[0].extension[0].valueCodeableConcept.coding[0].code",
    ),
    "a profile of TDDUI exists": (
        "Task/review",
        lambda it: it["meta"].update(profile=[SD + "task-revue"]),
        "meta.profile",
    ),
    "a profile is of its type": (
        "Task/review",
        lambda it: it["meta"].update(profile=[SD + "goal-attente"]),
        "meta.profile",
    ),
    "what is kept verbatim is checked too": (
        "Task/review",
        lambda it: it.pop("executionPeriod"),
        "executionPeriod",
    ),
    "an answer is of its grid": (
        "QuestionnaireResponse/qr",
        lambda it: it["item"][0].update(linkId="sommeil"),
        "item[0].linkId",
    ),
}


@pytest.mark.parametrize("name", RULES)
def test_each_profile_rule_refuses_at_its_place(name: str) -> None:
    resource, spoil, path = RULES[name]
    assert place(resource, path) in refused(spoilt(resource, spoil))


def test_what_official_examples_do_is_only_a_warning() -> None:
    given = spoilt("RelatedPerson/zoe", lambda it: it["relationship"][1]["coding"][0].update(code="PAT"))
    given["entry"][NAMES.index("Organization/old")]["resource"]["identifier"][0]["value"] = "1480787529"
    warnings = {problem.path: problem.severity for problem in read(given).warnings}
    assert warnings[place("RelatedPerson/zoe", "relationship[1].coding[0].code")] == "warning"
    assert warnings[place("Organization/old", "identifier[0].value")] == "warning"


def test_files_read_together_may_cite_one_another_and_fall_together() -> None:
    files = [
        orjson.dumps({"resourceType": each["resourceType"], "id": name.partition("/")[2]} | each)
        for name, each in RESOURCES.items()
    ]
    assert len(read(files).people[0].of(StayData)) == 1
    assert "#3 Organization.name" in refused(
        [*files[:2], b'{"resourceType":"Organization","name":3}', *files[3:]]
    )


@needs_shared
@pytest.mark.parametrize(
    "path", sorted((SHARED / "tools/tddui_check/negative").glob("*.json")), ids=lambda path: path.name
)
def test_every_file_the_offline_checker_refuses_is_refused(path: Path) -> None:
    assert refused(path.read_bytes())
