"""Documents: bytes named by their hash, never overwritten; a correction is a new one that replaces it.

One that was filed in the wrong record is withdrawn from it: its bytes stay, no page of the record shows it.
"""

from django.db import models

from jalon.core.dates import known_label
from jalon.db.rows import append_only, tracked
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.records.models import Record
from jalon.staff.models import Professional


class InTheirRecord(models.Manager["Document"]):
    """The documents of a record, without those that were withdrawn from it."""

    def get_queryset(self) -> models.QuerySet["Document"]:
        return super().get_queryset().filter(withdrawals__isnull=True)


@append_only
class Document(TenantModel):
    """A document of a record: ours once signed, received, or a paper of elsewhere that somebody added."""

    class Source(models.TextChoices):
        OWN = "own", "établi ici"
        RECEIVED = "received", "reçu"
        ADDED = "added", "ajouté ici"

    record = TenantForeignKey(Record, related_name="documents", verbose_name="dossier")
    source = models.CharField("origine", max_length=10, choices=Source.choices)
    type_code = models.CharField("type", max_length=30, help_text="JDV_J07")
    title = models.CharField("titre", max_length=128)
    written_at = models.DateTimeField("établi le")
    # What an added paper says of its own date, as much as it says: « 2024 », « 2024-03 », « 2024-03-05 ».
    dated = models.CharField("date portée", max_length=10, blank=True)
    filed_at = models.DateTimeField("classé le", auto_now_add=True)
    filed_by = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="ajouté par"
    )
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

    objects = InTheirRecord()
    with_withdrawn = models.Manager["Document"]()

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

    @property
    def date_label(self) -> str:
        """« mars 2024 »: the date an added paper carries, no day added; "" without."""
        return known_label(self.dated) if self.dated else ""


@tracked()
class Withdrawal(TenantModel):
    """A document taken out of a record where it had been filed by mistake; gone if it comes back."""

    document = TenantForeignKey(Document, related_name="withdrawals", verbose_name="document")
    at = models.DateTimeField("le")
    by = TenantForeignKey(Professional, related_name="+", verbose_name="retiré par")
    reason = models.CharField("motif", max_length=400)

    class Meta:
        verbose_name = "retrait d’un document"
        verbose_name_plural = "retraits de documents"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "document"], name="withdrawn_once"),
            models.CheckConstraint(name="withdrawal_has_a_reason", condition=~models.Q(reason="")),
        ]

    def __str__(self) -> str:
        return str(self.document_id)
