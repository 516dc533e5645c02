"""Transfer of a social-care record between two systems (TDDUI): reading, writing, comparing.

transfer = read(data)              # raises TdduiRefused, which says what is wrong and where
data = write(transfer)             # a transaction Bundle, same bytes for same content
changes(before, after)             # what differs between two files
coverage(transfer)                 # what the model holds, what is only kept
"""

from jalon.formats.fhir import Problem
from jalon.formats.tddui.assembly import read_object, typed
from jalon.formats.tddui.changes import Change, changes
from jalon.formats.tddui.coverage import Share, coverage
from jalon.formats.tddui.fills import ins_identifier
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import made
from jalon.formats.tddui.model import PersonRecord, Transfer, VerbatimResource
from jalon.formats.tddui.reader import TdduiRefused, read
from jalon.formats.tddui.unread import AsReceived, as_received
from jalon.formats.tddui.writer import VERSIONS, birth_order, to_bundle, to_resource, write

__all__ = [
    "VERSIONS",
    "AsReceived",
    "Change",
    "Item",
    "Kind",
    "PersonRecord",
    "Problem",
    "Share",
    "TdduiRefused",
    "Transfer",
    "VerbatimResource",
    "as_received",
    "birth_order",
    "changes",
    "coverage",
    "ins_identifier",
    "made",
    "read",
    "read_object",
    "to_bundle",
    "to_resource",
    "typed",
    "write",
]
