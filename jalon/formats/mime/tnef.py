"""The files inside a winmail.dat (MS-OXTNEF): what Outlook makes of attachments when it writes rich text."""

import struct
from collections.abc import Iterator

SIGNATURE = struct.pack("<I", 0x223E9F78)
HEADER = struct.Struct("<BHHI")  # level, identifier, type, length; then the value and its checksum
OPENING, CHECKSUM = 6, 2
BEGINS, TITLE, CONTENT = 0x9002, 0x8010, 0x800F  # attAttachRenddata, attAttachTitle, attAttachData
FILES_LIMIT = 100


def files(data: bytes) -> list[tuple[str, bytes]]:
    """Name and bytes of each file, in order, as far as `data` is such an envelope."""
    found: list[dict[int, bytes]] = []
    for identifier, value in _attributes(data):
        if identifier == BEGINS:
            found.append({})
        elif found and identifier in {TITLE, CONTENT}:
            found[-1][identifier] = value
        if len(found) > FILES_LIMIT:
            break
    return [(_name(each), each[CONTENT]) for each in found[:FILES_LIMIT] if CONTENT in each]


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = OPENING if data.startswith(SIGNATURE) else len(data)
    while place + HEADER.size <= len(data):
        _, identifier, _, length = HEADER.unpack_from(data, place)
        start = place + HEADER.size
        if start + length > len(data):
            return
        yield identifier, data[start : start + length]
        place = start + length + CHECKSUM


def _name(known: dict[int, bytes]) -> str:
    return known.get(TITLE, b"").rstrip(b"\0").decode("cp1252", "replace")
