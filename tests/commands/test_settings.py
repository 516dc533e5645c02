"""What cannot be started with is refused by each command that starts something, as its user sees it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import PROJECT, SHARED, needs_shared

JALON = Path(sys.executable).with_name("jalon")
OURS = ("JALON_", "DATABASE_URL", "DJANGO_")
DOLLARS = """\
JALON_PSC_CLIENT_SECRET=$ecret9-d-essai
JALON_INSI_IDAM=$HOME
JALON_SECRET_KEY=$nexiste_pas_cle_d_essai
JALON_RETRY_AFTER=abc
JALON_MSSANTE_SECRETS={pas du JSON
"""


def start(command: str, given: str) -> "subprocess.CompletedProcess[str]":
    """A command in an environment that holds only these settings."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    bare |= dict(line.split("=", 1) for line in given.splitlines())
    bare.setdefault("DATABASE_URL", "postgres://jalon_app@/jalon")
    return subprocess.run(
        [JALON, command], cwd=PROJECT, env=bare, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("command", ["serve", "worker", "check", "migrate"])
def test_a_command_names_every_setting_it_refuses_and_stops(command: str) -> None:
    done = start(command, DOLLARS)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    told = [line.partition(" ")[0] for line in done.stderr.splitlines()]
    assert set(told) == {line.partition("=")[0] for line in DOLLARS.splitlines()} | {
        "JALON_KEYS",
        "JALON_HASH_KEY",
    }
    assert "ecret9" not in done.stderr + done.stdout


@needs_shared
def test_the_settings_of_the_reference_cases_are_those_tried_here() -> None:
    assert (SHARED / "cases/settings_dollar.env").read_text("utf-8") == DOLLARS
