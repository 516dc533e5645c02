"""Papers as a telephone or a scanner gives them, and files that lie; no library draws them."""

import struct
import zlib

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int = 2, height: int = 2) -> bytes:
    """A whole PNG in grey; a large one is as small as a bomb is."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    lines = zlib.compressobj(9)
    row = b"\0" * (width + 1)
    pixels = b"".join(lines.compress(row) for _ in range(height)) + lines.flush()
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 8, thumbnail: bytes = b"") -> bytes:
    """The frame of a JPEG: a header with a thumbnail, a size, a scan, an end."""

    def segment(marker: int, content: bytes) -> bytes:
        return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content

    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34"
    return b"\xff\xd8" + segment(0xE1, b"Exif\0\0" + thumbnail) + segment(0xC0, frame) + scan + b"\xff\xd9"
