"""Files at rest in an S3 store, encrypted and named as on a disk: for machines that share no disk.

What the store does not do is said as a full disk is: nothing is kept elsewhere meanwhile. An object is whole
when its name appears: the store itself promises it.
"""

import contextlib
import os
import uuid
from collections.abc import Iterator
from typing import Any, Final

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

from jalon.db.encryption import decrypt, encrypt
from jalon.db.trouble import OutOfReach

PATIENCE: Final = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 2},
    # Stores that are not Amazon's refuse sums that they did not ask for; our own hash is stronger.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@contextlib.contextmanager
def _reaching() -> Iterator[None]:
    """OutOfReach for whatever the store, or the way to it, answers."""
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise OutOfReach(f"the store of documents: {type(error).__name__}") from error


class EncryptedBucket(S3Storage):
    """A bucket, encrypted. The name of an object is authenticated with its bytes."""

    label = "le stockage des documents"

    def get_default_settings(self) -> dict[str, Any]:
        """Patience and threads are ours; the rest comes with the settings."""
        alone = TransferConfig(use_threads=False)
        return super().get_default_settings() | {"client_config": PATIENCE, "transfer_config": alone}

    def _save(self, name: str, content: File) -> str:
        with _reaching():
            return str(super()._save(name, ContentFile(encrypt(content.read(), context=name))))

    def _open(self, name: str, mode: str = "rb") -> Any:
        return ContentFile(decrypt(self.raw(name), context=name), name=name)

    def exists(self, name: str) -> bool:
        with _reaching():
            return bool(super().exists(name))

    def raw(self, name: str) -> bytes:
        """An object as it is at rest. Raises FileNotFoundError, or OutOfReach."""
        with _reaching(), super()._open(name, "rb") as file:
            data: bytes = file.read()
        return data

    def names(self) -> Iterator[str]:
        """Every object of the bucket."""
        with _reaching():
            for one in self.bucket.objects.all():
                yield str(one.key)

    def try_out(self) -> None:
        """Keep a few bytes, and take them away. Raises OutOfReach."""
        mark = f".essai.{os.getpid()}.{uuid.uuid4().hex}"
        with _reaching():
            self.bucket.put_object(Key=mark, Body=bytes(4096))
            self.bucket.Object(mark).delete()
