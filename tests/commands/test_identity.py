"""`jalon ins check` and `jalon insi search`."""

import datetime as dt
from collections.abc import Callable

import httpx
import pytest

from jalon.commands.identity import CODES
from jalon.exchange import clients
from jalon.exchange.models import ServiceCall
from jalon.gateways.common.trace import Recording, Tape
from jalon.gateways.insi.client import Client
from jalon.gateways.insi.messages import Answer
from jalon_sandbox.insi.simulator import Behavior, Simulator
from tests.commands.conftest import Jalon
from tests.factories import matricule
from tests.gateways.insi.people import SOFTWARE, invented, official
from tests.support import needs_shared

WORDS = (
    "insi", "search", "--birth-name", "ADRUN", "--first-name", "ZOE", "--sex", "F", "--birth-date",
    "1975-12-31",
)  # fmt: skip


# --- ins check -------------------------------------------------------------------------------------


@pytest.mark.requirement("SC.INS/va1.41")
def test_a_right_key_is_told(jalon: Jalon) -> None:
    told = jalon("ins", "check", matricule(1), "--json")
    assert (told.code, told.json) == (0, {"matricule": matricule(1), "valid": True, "message": ""})
    assert "la clé est juste" in jalon("ins", "check", matricule(1)).out


@needs_shared
def test_the_official_matricules_are_right_spaces_and_corsica_included(jalon: Jalon) -> None:
    for citizen in official().values():
        spaced = " ".join(citizen.matricule[place : place + 3] for place in range(0, 15, 3))
        assert jalon("ins", "check", spaced.lower()).code == (0 if _right(citizen.matricule) else 1)


def _right(number: str) -> bool:
    body = number[:13].replace("2A", "19").replace("2B", "18")
    return int(number[13:]) == 97 - int(body) % 97


@pytest.mark.requirement("SC.INS/va1.41")
def test_a_wrong_key_is_refused_and_the_right_one_told(jalon: Jalon) -> None:
    good = matricule(1)
    wrong = good[:13] + f"{(int(good[13:]) % 97) + 1:02d}"
    told = jalon("ins", "check", wrong, "--json")
    assert told.code == 1
    assert (told.json["valid"], told.json["expected_key"]) == (False, good[13:])
    assert told.err.count("\n") == 1
    assert "clé" in told.err


@pytest.mark.parametrize("typed", ["123", "A" * 15, "2511"])
def test_what_is_not_a_matricule_is_refused(jalon: Jalon, typed: str) -> None:
    told = jalon("ins", "check", typed, "--json")
    assert (told.code, told.json["valid"]) == (1, False)
    assert "15 caractères" in told.err


# --- insi search -----------------------------------------------------------------------------------


@pytest.fixture
def insi(monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """The simulator in place of the service, everything else being the product's."""
    twin = {"birth_name": "HOMONYME", "birth_first_names": "DENISE ROSE", "birth_date": "1951-05-17"}
    register = (
        invented(),
        invented(**twin, matricule=matricule(3)),
        invented(**twin, matricule=matricule(4)),
        invented(birth_name="SANSJOUR", birth_date="1951-05-00", matricule=matricule(5)),
    )
    simulator = Simulator(register, idams=[SOFTWARE.idam])

    def client(tape: Tape) -> Client:
        transport = Recording(httpx.WSGITransport(app=simulator), tape, "INSi")
        return Client(httpx.Client(transport=transport, base_url="https://insi.test"), SOFTWARE)

    monkeypatch.setattr(clients, "insi", client)
    return simulator


Search = Callable[..., tuple[int, dict[str, object], str]]


@pytest.fixture
def search(jalon: Jalon, body: object, insi: Simulator) -> Search:
    """The options that change the search of a known person; exit code, JSON, sentence."""

    def run(**changes: str) -> tuple[int, dict[str, object], str]:
        known = invented()
        options = {
            "birth_name": known.birth_name,
            "first_name": known.birth_first_names.split()[0],
            "sex": known.sex,
            "birth_date": known.birth_date,
        } | changes
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", value)]
        told = jalon("insi", "search", *words, "--json")
        return told.code, told.json if told.out else {}, told.err

    return run


@pytest.mark.requirement("SC.INS/va1.38")
def test_a_person_found_is_told_and_the_call_is_kept(search: Search) -> None:
    code, found, _ = search()
    known = invented()
    assert code == 0
    assert (found["code"], found["matricule"], found["oid"]) == ("00", known.matricule, known.oid)
    names = ("birth_name", "birth_first_names", "sex", "birth_date", "birthplace")
    assert [found[name] for name in names] == [getattr(known, name) for name in names]
    call = ServiceCall.objects.get()
    assert (call.service, call.outcome, call.person) == ("insi", "found", None)


def test_a_date_may_be_typed_as_people_write_it(search: Search) -> None:
    born = dt.date.fromisoformat(invented().birth_date)
    assert search(birth_date=f"{born:%d/%m/%Y}")[0] == 0


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"birth_name": "PERSONNE"}, "01", "ne trouve personne"),
        (
            {"birth_name": "HOMONYME", "first_name": "DENISE", "birth_date": "1951-05-17"},
            "02",
            "plusieurs",
        ),
        ({"birth_name": "SANSJOUR", "birth_date": "1951-05-31"}, "01", "ne trouve personne"),
    ],
)
def test_no_identity_is_a_refusal_with_its_code_and_its_reason(
    search: Search, changes: dict[str, str], code: str, said: str
) -> None:
    exit_code, found, err = search(**changes)
    assert (exit_code, found["code"], "matricule" in found) == (1, code, False)
    assert said in str(found["message"])
    assert said in err


def test_several_people_are_asked_again_with_more_traits(search: Search, insi: Simulator) -> None:
    search(
        birth_name="HOMONYME",
        first_name="DENISE",
        birth_date="1951-05-17",
        birth_first_names="DENISE ROSE",
        birth_place=invented().birthplace,
    )
    assert len(insi.received) == 3
    assert set(ServiceCall.objects.values_list("outcome", flat=True)) == {"ambiguous"}


@pytest.mark.parametrize(
    ("behavior", "outcome"),
    [
        (Behavior("refuse", code="desir_550", label="Demande refusée"), "rejected"),
        (Behavior("broken"), "malformed"),
    ],
)
def test_a_service_that_refuses_or_breaks_is_a_refusal_kept_too(
    search: Search, insi: Simulator, behavior: Behavior, outcome: str
) -> None:
    insi.behavior = behavior
    code, found, err = search()
    assert (code, found) == (1, {})
    assert err.startswith("INSi")
    assert ServiceCall.objects.get().outcome == outcome


@pytest.mark.parametrize(("option", "value"), [("sex", "X"), ("sex", "")])
def test_a_sex_that_does_not_exist_is_misuse(search: Search, option: str, value: str) -> None:
    assert search(**{option: value})[0] == 2


def test_a_date_that_does_not_exist_is_refused(search: Search) -> None:
    assert search(birth_date="31/02/1975")[0] == 1


def test_without_the_service_the_reason_is_told(jalon: Jalon, body: object, settings: object) -> None:
    settings.INSI_URL = ""  # type: ignore[attr-defined]  # pytest-django's settings
    told = jalon(*WORDS)
    assert (told.code, "INSi n’est pas connecté" in told.err) == (1, True)


def test_every_answer_has_its_code() -> None:
    assert set(CODES) == set(Answer.__args__)
