"""FHIR JSON read with care: what the schema takes, what it refuses, and where."""

import hashlib

import orjson
import pytest

from jalon.formats import fhir
from jalon.formats.fhir import FhirRefused, check_resource, parse

SCHEMA = fhir._SCHEMA
NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def places(resource: object) -> list[str]:
    return [problem.path for problem in check_resource(resource)]


def test_correct_french_typography_is_accepted() -> None:
    plan = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "subject": {"display": "Lou"},
        "title": f"Objectifs{NBSP}: sortir{THIN}!",
    }
    assert places(plan) == []


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ({"resourceType": "Patient", "birthDate": "12/03/1950"}, "Patient.birthDate"),
        ({"resourceType": "Patient", "birthDate": "1950-02-29"}, "Patient.birthDate"),
        ({"resourceType": "Patient", "deceasedDateTime": "2023-02-30T10:00:00Z"}, "Patient.deceasedDateTime"),
        ({"resourceType": "Patient", "active": "true"}, "Patient.active"),
        ({"resourceType": "Patient", "name": {"family": "A"}}, "Patient.name"),
        ({"resourceType": "Patient", "name": ["A"]}, "Patient.name[0]"),
        ({"resourceType": "Patient", "name": [None]}, "Patient.name[0]"),
        ({"resourceType": "Patient", "name": [{"family": ""}]}, "Patient.name[0].family"),
        ({"resourceType": "Patient", "nom": "A"}, "Patient.nom"),
        ({"resourceType": "Patient", "link": [{"type": "seealso"}]}, "Patient.link[0].other"),
        ({"resourceType": "Patient", "multipleBirthInteger": 1.5}, "Patient.multipleBirthInteger"),
        ({"resourceType": "Patient", "multipleBirthInteger": 2**31}, "Patient.multipleBirthInteger"),
        ({"resourceType": "Encounter", "class": {}, "status": "done"}, "Encounter.status"),
        ({"resourceType": "Encounter", "status": "planned"}, "Encounter.class"),
    ],
)
def test_the_schema_says_where(resource: object, path: str) -> None:
    assert places(resource) == [path]


@pytest.mark.parametrize("resource", [None, [], "x", {}, {"resourceType": None}, {"resourceType": "Aliens"}])
def test_what_is_not_a_resource_is_told(resource: object) -> None:
    assert len(check_resource(resource, "Bundle.entry[3].resource")) == 1


def test_a_list_of_primitives_may_have_gaps() -> None:
    name = {"given": ["Lou", None], "_given": [None, {"extension": [{"url": "u:x", "valueCode": "masked"}]}]}
    assert places({"resourceType": "Patient", "name": [name]}) == []


def test_reasons_are_in_french_and_short() -> None:
    long = {"resourceType": "Patient", "gender": "x" * 500}
    (problem,) = check_resource(long)
    assert problem.reason.startswith(f"«{NBSP}xxx")
    assert len(problem.reason) < 90


def test_decimals_are_kept_by_value() -> None:
    assert parse(b'{"x": 1.10, "y": 12345678901234, "z": -0.5}') == {"x": 1.1, "y": 12345678901234, "z": -0.5}


@pytest.mark.parametrize("text", ['":', '" :', '\\":', 'a\\\\":', ":", "\\u000a", "{[\\"])
def test_a_text_that_looks_like_json_is_only_text(text: str) -> None:
    held = {text: text, "b": {text: [text]}}
    assert parse(orjson.dumps(held)) == held


def test_a_refusal_says_the_first_problem_and_how_many_more() -> None:
    with pytest.raises(FhirRefused) as refusal:
        parse(b'{"resourceType":"Patient","a":{},"b":[],"c":[[]]}')
    assert [problem.path for problem in refusal.value.problems] == ["Patient.a", "Patient.b", "Patient.c[0]"]
    assert (
        str(refusal.value).replace(NBSP, " ")
        == "Patient.a : L’élément est vide : FHIR ne l’admet pas. (et 2 autre(s) anomalie(s))"
    )


def test_the_schema_in_the_house_is_the_one_of_the_manifest() -> None:
    manifest = orjson.loads((SCHEMA / "manifest.json").read_bytes())
    content = (SCHEMA / "r4.json").read_bytes()
    assert manifest["sha256"] == hashlib.sha256(content).hexdigest()
    assert {"Patient", "AllergyIntolerance", "VisionPrescription"} <= fhir.types()
    assert rb"^[ \\r\\n\\t\\S]+$" not in content
