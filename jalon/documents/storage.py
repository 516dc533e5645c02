"""Files at rest: encrypted, named by the SHA-256 of their clear bytes, in the tenant's own folder."""

import contextlib
import hashlib
import os
import uuid
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

from jalon.db.encryption import decrypt, encrypt
from jalon.db.tenant import current_tenant


class EncryptedStorage(FileSystemStorage):
    """The file system, encrypted. Its name is authenticated with its bytes: two files cannot be swapped."""

    label = "le disque des documents"

    def _save(self, name: str, content: File) -> str:
        """Written beside, renamed, and the folder settled: no full disk and no cut leaves half a file."""
        place = Path(self.path(name))
        place.parent.parent.mkdir(0o700, parents=True, exist_ok=True)
        place.parent.mkdir(0o700, exist_ok=True)
        beside = place.with_name(f".{place.name}.{uuid.uuid4().hex}")
        try:
            with open(beside, "xb", opener=_private) as file:  # noqa: PTH123  Path.open takes no opener
                file.write(encrypt(content.read(), context=name))
                file.flush()
                os.fsync(file.fileno())
            beside.rename(place)
            _settle(place.parent)
        finally:
            beside.unlink(missing_ok=True)
        return name

    def _open(self, name: str, mode: str = "rb") -> Any:
        with super()._open(name, mode) as file:  # type: ignore[misc]  # left out of the stubs
            return ContentFile(decrypt(file.read(), context=name), name=name)

    def try_out(self) -> None:
        """Write a few bytes, and take them away. Raises OSError."""
        place = Path(self.location)
        mark = place / f".essai.{os.getpid()}.{uuid.uuid4().hex}"
        try:
            place.mkdir(0o700, parents=True, exist_ok=True)
            mark.write_bytes(bytes(4096))
        finally:
            with contextlib.suppress(OSError):
                mark.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """A name in a folder outlives a cut once the folder itself is on the disk."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _private(path: str, flags: int) -> int:
    """Open a file that its owner alone may read, from its first byte on."""
    return os.open(path, flags, 0o600)


def _place(digest: str) -> str:
    body = current_tenant()
    if body is None:
        raise RuntimeError("a file belongs to a managing body: enter a tenant first")
    return f"{body}/{digest[:2]}/{digest}"


def store(data: bytes) -> str:
    """Keep `data` for the current tenant; its SHA-256. Kept once, however often it is stored."""
    digest = hashlib.sha256(data).hexdigest()
    if not default_storage.exists(_place(digest)):
        default_storage.save(_place(digest), ContentFile(data))
    return digest


def load(digest: str) -> bytes:
    """The bytes whose SHA-256 is `digest`. Raises FileNotFoundError, or ValueError when they were altered."""
    try:
        with default_storage.open(_place(digest)) as file:
            data: bytes = file.read()
    except InvalidTag as error:
        raise ValueError(f"stored file {digest} was altered") from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"stored file {digest} was altered")
    return data
