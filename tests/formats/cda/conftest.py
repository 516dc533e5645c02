"""The national judges of a document, compiled once a session: the schema, and the offline schematrons."""

import sys
from typing import TYPE_CHECKING

import pytest

from jalon.formats.cda.validate import Schema
from tests.support import SHARED

if TYPE_CHECKING:
    from cda_check import CdaChecker


@pytest.fixture(scope="session")
def schema() -> Schema:
    return Schema(SHARED / "standards/cda/xsd")


@pytest.fixture(scope="session")
def checker() -> "CdaChecker":
    sys.path.insert(0, str(SHARED / "tools/cda_check"))
    from cda_check import CdaChecker

    return CdaChecker()
