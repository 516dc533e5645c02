"""Who PSC says has signed in: the published userinfo answers, and what real life leaves empty."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.errors import DomainError, Malformed
from jalon.gateways.psc.claims import OtherId, PscIdentity, parse_userinfo, require_level
from tests.gateways.psc.people import DOCTOR, NURSE, NURSE_SAMPLE, SAMPLES
from tests.support import needs_shared

LEAST: dict[str, Any] = {
    "sub": "f:x:1",
    "SubjectNameID": "899700999901",
    "given_name": "Amina",
    "family_name": "TESTIDE",
}


def sample(name: str) -> PscIdentity:
    return parse_userinfo(json.loads((SAMPLES / name).read_bytes()))


@needs_shared
def test_a_nurse_of_an_ehpad_is_recognized_with_her_profession_her_site_and_its_sector() -> None:
    nurse = sample(NURSE_SAMPLE.name)
    assert (nurse.national_id, nurse.rpps) == ("899700999901", "99700999901")
    assert (nurse.sector, nurse.organization) == ("SA21", "EHPAD LES TILLEULS FICTIFS")
    (exercise,) = nurse.exercises
    assert (exercise.key, exercise.family_name) == ("60C", "TESTIDE")
    (activity,) = exercise.activities
    assert (activity.mode, activity.sector) == ("S", "SA21")
    assert (activity.finess_site, activity.finess_entity) == ("990000001", "990000002")
    assert nurse.other_ids == (OtherId("899700999901", "RPPS"),)


@needs_shared
def test_a_doctor_with_two_activities_keeps_both_and_the_site_that_has_a_finess() -> None:
    doctor = sample("UserInfo_kit_medecin_mixte.json")
    assert [activity.mode for activity in doctor.exercises[0].activities] == ["L", "S"]
    assert doctor.finess_sites == ("0B0193488",)
    assert (doctor.auth_mode, doctor.exercises[0].skill) == ("CARD", "SM26")


@needs_shared
def test_someone_known_outside_the_rpps_has_no_rpps() -> None:
    person = sample("UserInfo_site_PSC.json")
    assert (person.national_id, person.rpps) == ("ANS20210107161422", "")
    assert len(person.exercises[0].activities) == 5
    assert person.finess_sites == ()


def test_a_site_known_by_its_technical_identifier_alone_gives_its_finess() -> None:
    claims = NURSE.userinfo()
    claims["SubjectRefPro"]["exercices"][0]["activities"][0]["numeroFinessSite"] = ""
    assert parse_userinfo(claims).finess_sites == ("990000001",)


def test_no_activity_is_not_an_obstacle() -> None:
    doctor = parse_userinfo(DOCTOR.userinfo())
    assert (doctor.exercises[0].activities, doctor.finess_sites, doctor.sector) == ((), (), "")


@pytest.mark.parametrize("referential", [None, {}, {"exercices": None}, {"exercices": [None, "x"]}])
def test_no_referential_is_not_an_obstacle(referential: Any) -> None:
    assert parse_userinfo(LEAST | {"SubjectRefPro": referential}).exercises == ()


@pytest.mark.parametrize("missing", list(LEAST))
@pytest.mark.parametrize("value", ["", None, 12])
def test_an_identity_without_its_number_or_its_names_is_malformed(missing: str, value: Any) -> None:
    with pytest.raises(Malformed):
        parse_userinfo(LEAST | {missing: value})


def test_an_rpps_without_the_leading_digit_is_read_too() -> None:
    assert parse_userinfo(LEAST | {"SubjectNameID": "99700999901"}).rpps == "99700999901"


def test_the_rpps_may_be_among_the_other_identifiers() -> None:
    other = {"SubjectNameID": "ANS1", "otherIds": [{"identifiant": "899700999901", "origine": "RPPS"}]}
    assert parse_userinfo(LEAST | other).rpps == "99700999901"


@pytest.mark.parametrize("level", ["eidas1", "eidas2", "eidas3"])
def test_the_level_asked_for_or_a_higher_one_is_enough(level: str) -> None:
    assert require_level({"acr": level}) == level


@pytest.mark.parametrize("claims", [{}, {"acr": ""}, {"acr": "0"}, {"acr": 1}, {"acr": "eidas"}])
def test_another_level_is_refused(claims: dict[str, object]) -> None:
    with pytest.raises(DomainError) as refusal:
        require_level(claims)
    assert refusal.value.code == "psc_weak_authentication"


def test_a_higher_level_may_be_demanded() -> None:
    with pytest.raises(DomainError):
        require_level({"acr": "eidas1"}, "eidas2")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["SubjectRefPro", "otherIds", "Secteur_Activite", "authMode", "SubjectOrganization"])


@settings(deadline=None)
@given(st.dictionaries(NAMES, JSON))
def test_whatever_the_rest_the_identity_is_read(claims: dict[str, Any]) -> None:
    assert parse_userinfo(LEAST | claims).national_id == "899700999901"


@needs_shared
def test_the_sandbox_gives_the_claims_of_the_sample_and_no_others() -> None:
    published = json.loads(NURSE_SAMPLE.read_bytes())
    ours = NURSE.userinfo()
    assert _shape(ours) == _shape(published)
    assert parse_userinfo(ours).exercises == parse_userinfo(published).exercises


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else type(value)
