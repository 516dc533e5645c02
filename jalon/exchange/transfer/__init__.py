"""The bridge between the record's tables and the dataclasses of a transfer (TDDUI)."""
