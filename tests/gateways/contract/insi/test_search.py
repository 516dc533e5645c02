"""What INSi answers to the official test identities: the acceptance cases of the CNDA."""

import dataclasses
import datetime as dt
import uuid

import pytest

from jalon.core.errors import Rejected
from jalon.core.identity import Traits
from jalon.gateways.insi.client import Client
from jalon.gateways.insi.messages import Found, NotFound, first_attempt, next_attempt
from tests.gateways.contract.insi.conftest import Search
from tests.gateways.insi.people import official, traits_of
from tests.support import needs_shared

pytestmark = [needs_shared, pytest.mark.requirement("SC.INS/va1.65")]


@pytest.mark.parametrize("name", ["ADRUN", "CORSE", "ECETINSI", "TCHITCHI", "PROVISOIRE"])
def test_an_identity_is_found_by_its_first_given_name(search: Search, name: str) -> None:
    citizen = official()[name]
    found = search(first_attempt(traits_of(citizen)))
    assert isinstance(found, Found)
    assert (found.ins.matricule, found.ins.oid) == (citizen.matricule, citizen.oid)
    assert found.traits == traits_of(citizen)
    assert {past.ins.matricule for past in found.history} == {past.matricule for past in citizen.history}


def test_all_given_names_and_the_place_find_the_same_person(search: Search) -> None:
    traits = traits_of(official()["ECETINSI"])
    attempt = dataclasses.replace(
        first_attempt(traits), given_names=tuple(traits.birth_first_names.split()), birth_place=True
    )
    assert search(attempt) == search(first_attempt(traits))


def test_a_usual_first_name_finds_nobody_and_the_civil_one_does(search: Search) -> None:
    traits = dataclasses.replace(traits_of(official()["TCHITCHI"]), first_name="OLA")
    assert search(first_attempt(traits)) == NotFound()
    assert isinstance(search(first_attempt(traits_of(official()["TCHITCHI"]))), Found)


def test_a_hyphen_forgotten_finds_nobody_and_the_next_guess_finds(search: Search) -> None:
    traits = dataclasses.replace(traits_of(official()["ECETINSI"]), first_name="PIERRE ALAIN")
    answer = search(first_attempt(traits))
    assert answer == NotFound()
    guess = next_attempt(first_attempt(traits), answer)
    assert guess is not None
    assert guess.guess
    assert isinstance(search(guess), Found)


def test_someone_absent_from_the_register_is_not_found_whatever_the_given_names(search: Search) -> None:
    attempt = first_attempt(
        Traits("HOUILLES", "PIERRE", "PIERRE PAUL JACQUES", "M", dt.date(1993, 1, 27), "99999")
    )
    while True:
        answer = search(attempt)
        assert answer == NotFound()
        following = next_attempt(attempt, answer)
        if following is None:
            break
        attempt = following
    assert attempt.given_names == ("JACQUES",)


def test_an_unknown_software_is_refused(insi: Client) -> None:
    unknown = dataclasses.replace(insi, software=dataclasses.replace(insi.software, idam="INCONNU"))
    with pytest.raises(Rejected) as refusal:
        unknown.search(
            first_attempt(traits_of(official()["ADRUN"])),
            message_id=uuid.uuid4(),
            now=dt.datetime.now(dt.UTC),
            sender="agent@ehpad.test",
        )
    assert refusal.value.code == "desir_550"
