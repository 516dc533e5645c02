"""What every test may lean on: where the reference material is, and marks for what a machine may lack."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SHARED = PROJECT.parent / "shared"

needs_shared = pytest.mark.needs_shared
