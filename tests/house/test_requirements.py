"""What is imported is declared, what is declared serves, each with its version and its reason."""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.house.source import imports, python_files, texts
from tests.support import PROJECT

REQUIREMENTS = PROJECT / "requirements"
LINE = re.compile(r"(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==[\w.]+ +# \w.{5,}")
# Declared without a line that imports it or names it in the settings, and who reads it then.
UNSEEN = {
    "argon2-cffi": "Django's own hasher imports it",
    "flit-core": "pip asks it to build the package",
    "tzdata": "zoneinfo reads it where the machine has no zones of its own",
}
OURS = {"jalon", "jalon_sandbox", "tests", "tools"}
# What starts a package, or hands it to Django, by its name only.
BY_NAME = (PROJECT / "jalon/config/settings.py", PROJECT / "jalon/commands/parts.py")
SANDBOX_BY_NAME = (PROJECT / "jalon_sandbox/server_place.py",)


def lines(name: str) -> list[str]:
    """The packages of one file of `requirements/`, without those it takes from another."""
    text = (REQUIREMENTS / f"{name}.in").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith(("#", "-r "))]


def declared(*names: str) -> set[str]:
    found = (LINE.fullmatch(line) for name in names for line in lines(name))
    return {match["name"].lower() for match in found if match}


@cache
def distributions() -> dict[str, set[str]]:
    return {
        module: {name.lower().replace("_", "-") for name in names}
        for module, names in packages_distributions().items()
    }


def used(paths: Iterable[Path], *, by_name: Iterable[Path] = ()) -> set[str]:
    """Distributions whose modules these files import, or name in a string."""
    modules = {name.partition(".")[0] for path in paths for name in imports(path)}
    for path in by_name:
        modules |= {match[0] for _, text in texts(path) if (match := re.match(r"[a-z_]+", text))}
    wanted = (modules - sys.stdlib_module_names - OURS) & distributions().keys()
    return {min(distributions()[module]) for module in wanted}


@pytest.mark.parametrize("name", ["base", "sandbox", "dev"])
def test_each_requirement_has_a_version_and_a_reason(name: str) -> None:
    assert [line for line in lines(name) if not LINE.fullmatch(line)] == []


def test_what_the_product_imports_is_what_it_declares() -> None:
    assert used(python_files("jalon"), by_name=BY_NAME) == declared("base") - UNSEEN.keys()


def test_what_the_sandbox_imports_beside_the_product_is_what_it_declares() -> None:
    found = used(python_files("jalon_sandbox"), by_name=SANDBOX_BY_NAME)
    assert found - declared("base") == declared("sandbox")


def test_what_the_tests_import_is_declared() -> None:
    found = used((*python_files("tests"), *python_files("tools")))
    assert found - declared("base", "sandbox", "dev") == set()


def test_the_wheel_of_the_product_holds_the_product_alone(tmp_path: Path) -> None:
    build = "import sys; from flit_core import buildapi; print(buildapi.build_wheel(sys.argv[1]))"
    command = [sys.executable, "-c", build, str(tmp_path)]
    wheel = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip()
    names = zipfile.ZipFile(tmp_path / wheel).namelist()
    assert "jalon/config/settings.py" in names
    assert {name.partition("/")[0] for name in names} == {"jalon", f"{wheel.partition('-py3')[0]}.dist-info"}
