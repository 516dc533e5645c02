"""Is a file what it says it is? What is kept under a media type is opened as one."""

from typing import Final

UNKNOWN: Final = "application/octet-stream"
SEARCHED: Final = 1024  # bytes in which a PDF must begin (ISO 32000-1, implementation note 13)
STARTS: Final = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/tiff": (b"II*\0", b"MM\0*"),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "text/rtf": (b"{\\rtf",),
}


def is_of(media_type: str, data: bytes) -> bool:
    """May these bytes be of this type, by how they begin? A type that nothing marks is believed."""
    if media_type == "application/pdf":
        return b"%PDF-" in data[:SEARCHED]
    return data.lstrip().startswith(STARTS.get(media_type, (b"",)))
