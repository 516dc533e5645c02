"""Settings are taken as they are written, or refused by name, in French, before anything starts."""

import json

import pytest

from jalon.core.settings.reading import SettingsRefused
from jalon.core.settings.table import SERVICES, TABLE, settings_of

KEY = "a2V5IG9mIHRoZSB0ZXN0cywgdGhpcnR5LXR3byBieS4="
SECRET = "secret of the tests, of more than fifty characters."
GIVEN = {"JALON_SECRET_KEY": SECRET, "JALON_KEYS": f"one:{KEY}", "JALON_HASH_KEY": KEY}


def refused(**given: str) -> tuple[str, ...]:
    with pytest.raises(SettingsRefused) as stop:
        settings_of({**GIVEN, **given})
    return stop.value.problems


def test_a_site_that_gives_what_is_needed_starts() -> None:
    values = settings_of(GIVEN)
    assert values["JALON_MODE"] == "production"
    assert values["JALON_KEYS"] == [f"one:{KEY}"]
    assert (values["JALON_RETRY_AFTER"], values["JALON_SERVICES_TIMEOUT"]) == (15, 20.0)
    assert values.keys() == {setting.name for setting in TABLE}


def test_a_site_that_says_nothing_of_a_service_has_none_and_no_simulator() -> None:
    values = settings_of(GIVEN)
    named = {
        one.name for one in SERVICES if one.name.endswith(("_URL", "_SMTP", "_IMAP", "_DISCOVERY", "_CA"))
    }
    assert len(named) == 6
    assert {name: values[name] for name in named} == dict.fromkeys(named, "")
    assert (values["JALON_OID"], values["JALON_MSSANTE_REAL"]) == ("", True)
    assert not any("localhost" in str(one.default) or one.modes.get("production") for one in SERVICES)


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_real_domains_are_closed_outside_production(mode: str) -> None:
    assert settings_of({**GIVEN, "JALON_MODE": mode})["JALON_MSSANTE_REAL"] is False


@pytest.mark.parametrize("name", ["JALON_SECRET_KEY", "JALON_KEYS", "JALON_HASH_KEY"])
@pytest.mark.parametrize("empty", ["", "   "])
def test_a_required_setting_that_is_empty_is_named(name: str, empty: str) -> None:
    (problem,) = refused(**{name: empty})
    assert problem.startswith(f"{name} manque, ou est vide")


def test_every_problem_is_told_at_once_in_the_order_of_the_page() -> None:
    told = refused(JALON_RETRY_AFTER="abc", JALON_MODE="essai", JALON_HASH_KEY="")
    assert [problem.partition(" ")[0] for problem in told] == [
        "JALON_MODE",
        "JALON_HASH_KEY",
        "JALON_RETRY_AFTER",
    ]


@pytest.mark.parametrize("name", ["JALON_PSC_CLIENT_SECRET", "JALON_INSI_IDAM", "JALON_RETRY_AFTER"])
def test_a_value_that_begins_with_a_dollar_is_refused_and_never_replaced(name: str) -> None:
    (problem,) = refused(**{name: "$HOME", "HOME": "12"})
    assert problem.startswith(f"{name} commence par «\u00a0$\u00a0»")


def test_two_dollars_begin_a_value_that_begins_with_one() -> None:
    assert (
        settings_of({**GIVEN, "JALON_PSC_CLIENT_SECRET": "$$ecret$"})["JALON_PSC_CLIENT_SECRET"] == "$ecret$"
    )


def test_a_dollar_inside_a_value_is_a_dollar() -> None:
    assert settings_of({**GIVEN, "JALON_NIL": "A$HOME"})["JALON_NIL"] == "A$HOME"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("JALON_RETRY_AFTER", "abc"),
        ("JALON_RETRY_AFTER", "-1"),
        ("JALON_RETRY_AFTER", "1.5"),
        ("JALON_SERVICES_TIMEOUT", "20 s"),
        ("JALON_SERVICES_TIMEOUT", "0"),
        ("JALON_SERVICES_TIMEOUT", "nan"),
        ("JALON_HSTS_SUBDOMAINS", "peut-être"),
        ("JALON_PROXIES", "mandataire.exemple"),
        ("JALON_PROXIES", "10.0.0.1/8"),
        ("JALON_MODE", "prod"),
        ("JALON_LOG_LEVEL", "verbeux"),
        ("JALON_SESSION_MINUTES", "4"),
        ("JALON_SESSION_MINUTES", "121"),
        ("JALON_SESSION_HOURS", "0"),
        ("JALON_SESSION_HOURS", "25"),
        ("JALON_INVITATION_HOURS", "0"),
        ("JALON_INVITATION_HOURS", "337"),
        ("JALON_RECOVERY_MINUTES", "4"),
        ("JALON_RECOVERY_MINUTES", "61"),
        ("JALON_MAIL_SMTP", "courrier"),
        ("JALON_MSSANTE_SMTP", "smtp.exemple"),
        ("JALON_MSSANTE_IMAP", "imap.exemple:mail"),
        ("JALON_MSSANTE_IMAP", "imap.exemple:99999"),
        ("JALON_INSI_URL", "insi.exemple"),
        ("JALON_INSI_URL", "http://[exemple"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_what_is_expected(name: str, wrong: str) -> None:
    (problem,) = refused(**{name: wrong})
    assert problem.startswith(f"{name} n’est pas lisible")
    assert f"«\u00a0{wrong}\u00a0»" in problem


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("JALON_KEYS", KEY),
        ("JALON_KEYS", f"one:{KEY},one:{KEY}"),
        ("JALON_KEYS", f":{KEY}"),
        ("JALON_HASH_KEY", "dHJvcCBjb3VydA=="),
        ("JALON_HASH_KEY", f"{'A' * 43}="),  # 32 bytes of zero
        ("JALON_KEYS", f"one:{'A' * 22}=="),  # 16 bytes: another cipher under the same name
        ("JALON_SECRET_KEY", "x"),
        ("JALON_SECRET_KEY", "x" * 60),
        ("JALON_HASH_KEY", "pas du base64 é"),
        ("JALON_MSSANTE_SECRETS", "{pas du JSON"),
        ("JALON_MSSANTE_SECRETS", '["liste"]'),
        ("JALON_MSSANTE_SECRETS", '{"boite@exemple": 1}'),
        ("DATABASE_URL", "mysql://jalon:motdepasse@exemple/jalon"),
    ],
)
def test_a_secret_is_refused_without_being_shown(name: str, wrong: str) -> None:
    (problem,) = refused(**{name: wrong})
    assert problem.startswith(f"{name} n’est pas lisible")
    assert wrong not in problem


@pytest.mark.parametrize(("written", "value"), [("true", True), ("1", True), ("Oui", True), ("off", False)])
def test_a_flag_is_said_in_several_words(written: str, value: bool) -> None:
    assert settings_of({**GIVEN, "JALON_HSTS_SUBDOMAINS": written})["JALON_HSTS_SUBDOMAINS"] is value


def test_the_secrets_of_mailboxes_are_read_as_an_object() -> None:
    secrets = {"ehpad@exemple.mssante.test": "$secret"}
    values = settings_of({**GIVEN, "JALON_MSSANTE_SECRETS": json.dumps(secrets)})
    assert values["JALON_MSSANTE_SECRETS"] == secrets
