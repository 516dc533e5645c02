"""Documents: bytes named by their hash, never overwritten; a correction is a new one that replaces it."""

from django.db import models

from jalon.db.rows import append_only
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.records.models import Record
from jalon.staff.models import Professional


@append_only
class Document(TenantModel):
    """A document of a record: ours once signed, or received."""

    class Source(models.TextChoices):
        OWN = "own", "établi ici"
        RECEIVED = "received", "reçu"

    record = TenantForeignKey(Record, related_name="documents", verbose_name="dossier")
    source = models.CharField("origine", max_length=10, choices=Source.choices)
    type_code = models.CharField("type", max_length=30, help_text="JDV_J07")
    title = models.CharField("titre", max_length=128)
    written_at = models.DateTimeField("établi le")
    filed_at = models.DateTimeField("classé le", auto_now_add=True)
    author = TenantForeignKey(Professional, null=True, blank=True, related_name="+", verbose_name="auteur")
    author_label = models.CharField("auteur extérieur", max_length=200, blank=True)
    media_type = models.CharField("format", max_length=60)
    sha256 = models.CharField("empreinte", max_length=64)
    size = models.PositiveBigIntegerField("taille en octets")
    # The clinical document of which `sha256` is the readable copy: same content, structured header.
    cda_sha256 = models.CharField("empreinte du CDA", max_length=64, blank=True)
    unique_id = models.CharField("identifiant unique", max_length=128, help_text="OID")
    set_id = models.CharField("identifiant de lot de versions", max_length=128)
    version = models.PositiveIntegerField("version", default=1)
    replaces = TenantForeignKey(
        "self", null=True, blank=True, related_name="replaced_by", verbose_name="remplace"
    )

    class Meta:
        verbose_name = "document"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "record", "unique_id"], name="document_unique_id"
            ),
            models.UniqueConstraint(
                fields=["managing_body", "record", "set_id", "version"], name="document_version"
            ),
        ]
        indexes = [models.Index(fields=["managing_body", "record", "-written_at"], name="document_record")]

    def __str__(self) -> str:
        return self.title
