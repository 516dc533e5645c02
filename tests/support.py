"""What every test may lean on: where the reference material is, and marks for what a machine may lack."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"

needs_shared = pytest.mark.needs_shared


def process_environment() -> dict[str, str]:
    """What a process started by a test is given: without what the browser’s tests allow theirs.

    A server refuses to start with it, and rightly.
    """
    return {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
