"""The commands of `jalon`: each is found, those of the sandbox only where it is installed."""

import sys
from importlib import import_module

import pytest

from jalon.commands.main import COMMANDS, SANDBOX
from tests.commands.conftest import Jalon

BESIDE = [name for name, target in COMMANDS.items() if target.startswith(SANDBOX)]


@pytest.mark.parametrize("target", COMMANDS.values())
def test_each_command_names_something_that_exists(target: str) -> None:
    module, _, attribute = target.partition(":")
    assert callable(getattr(import_module(module), attribute))


def test_help_lists_every_command(jalon: Jalon) -> None:
    said = jalon("--help")
    assert said.code == 0
    assert [name for name in COMMANDS if f" {name} " not in said.out] == []


def test_an_unknown_command_is_misuse(jalon: Jalon) -> None:
    assert jalon("sereve").code == 2


@pytest.mark.parametrize("name", BESIDE)
def test_without_the_sandbox_its_commands_say_what_to_install(
    jalon: Jalon, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, f"{SANDBOX}.commands.{name}", None)
    said = jalon(name, "--once", "whatever")
    assert said.code == 2
    assert "requirements/sandbox.txt" in said.err
    assert "bac à sable" in jalon("--help").out


def test_a_package_that_the_product_lacks_is_not_taken_for_an_absent_sandbox(
    jalon: Jalon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jalon.commands.cda_build", None)
    with pytest.raises(ModuleNotFoundError, match="cda_build"):
        jalon("cda", "--help")
