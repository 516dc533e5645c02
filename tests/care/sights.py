"""What somebody sees, said by the records of a test."""

from typing import Any

from jalon.records.sight import Held, Sight
from tests.factories import TODAY


def houses_of(*records: Any) -> Sight:
    """The whole houses of these records."""
    return Sight(TODAY, held=Held([record.establishment_id for record in records]))


def no_house() -> Sight:
    return houses_of()
