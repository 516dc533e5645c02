"""The people of the INSi tests: official test identities, read beside the project, and invented ones."""

import datetime as dt
import functools
import json
import uuid
from typing import Any

from jalon.core.identity import Traits
from jalon.gateways.insi.messages import Software
from jalon_sandbox.insi.simulator import Citizen, PastNumber
from tests.support import SHARED

INSI = SHARED / "standards/insi"
SAMPLES = INSI / "samples"
XSD = INSI / "wsdl/xsd"

SOFTWARE = Software("TEST00000000", "2026", "ff67308e-039f-4158-9dcc-0a08a20ba35c", "Jalon")
MESSAGE_ID = uuid.UUID("b3549edd-4ae9-472a-b26f-fd2fb4ef397f")
NOW = dt.datetime(2026, 11, 22, 10, 29, 58, 604000, dt.UTC)
NIR = "1.2.250.1.213.1.4.8"


@functools.cache
def official() -> dict[str, Citizen]:
    """By birth name; HOUILLES has no matricule, so nobody of the register has these traits."""
    entries = json.loads((INSI / "test_identities.json").read_bytes())
    return {entry["nom"]: _citizen(entry) for entry in entries if entry["matricule"]}


def _citizen(entry: dict[str, Any]) -> Citizen:
    return Citizen(
        matricule=entry["matricule"] + entry["cle"],
        oid=entry["oid"],
        birth_name=entry["nom"],
        birth_first_names=entry["prenoms"],
        sex=entry["sexe"],
        birth_date=entry["ddn"],
        birthplace=entry["cog"],
        history=tuple(PastNumber(old.replace("/", ""), entry["oid"]) for old in entry.get("histo", ())),
    )


def traits_of(citizen: Citizen, **changes: Any) -> Traits:
    """What an establishment would have written of this person."""
    declared: dict[str, Any] = {
        "birth_name": citizen.birth_name,
        "first_name": citizen.birth_first_names.split()[0],
        "birth_first_names": citizen.birth_first_names,
        "sex": citizen.sex,
        "birth_date": dt.date.fromisoformat(citizen.birth_date),
        "birth_place": citizen.birthplace,
    }
    return Traits(**(declared | changes))


def invented(**changes: Any) -> Citizen:
    """Someone visibly fictional, with the matricule of an official test identity."""
    fields: dict[str, Any] = {
        "matricule": "275126322074974",
        "oid": NIR,
        "birth_name": "FICTIVE",
        "birth_first_names": "CAMILLE MARIE",
        "sex": "F",
        "birth_date": "1951-05-17",
        "birthplace": "38185",
    }
    return Citizen(**(fields | changes))


TWINS = (invented(birthplace="38185"), invented(matricule="180032B02040123", birthplace="69123"))
