"""Files that are sent: they may hold whole records, and never touch a disk in clear."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile

TOO_BIG = "too_big"


class InMemory(MemoryFileUploadHandler):
    """Keeps the files of a request in memory, up to a limit for all of them; beyond, they are left out.

    The request then says so (`TOO_BIG`): whoever reads it refuses with a sentence.
    """

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.received += len(raw_data)
        if self.received > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            setattr(self.request, TOO_BIG, True)
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)
