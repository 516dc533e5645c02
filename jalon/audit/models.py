"""Traces: who opened which record, who did what. Append-only by rights, chained by hash."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from jalon.db.rows import append_only
from jalon.db.tenant import TenantForeignKey, TenantModel


@append_only
class Access(TenantModel):
    """One look at a record, one page that showed several, or one refusal. Ids only, no name, no text."""

    class Outcome(models.TextChoices):
        OPENED = "opened", "ouvert"
        REFUSED = "refused", "refusé"
        REVEALED = "revealed", "INS affiché"

    at = models.DateTimeField("le", default=timezone.now)
    professional = TenantForeignKey(
        "staff.Professional", null=True, related_name="+", verbose_name="professionnel"
    )
    # Not foreign keys: a refusal may name a record that does not exist, and a trace outlives what it names.
    record_id = models.UUIDField("dossier", null=True)
    person_id = models.UUIDField("usager", null=True)
    shown = ArrayField(
        models.UUIDField(), verbose_name="dossiers montrés", default=list, db_default=[], blank=True
    )
    page = models.CharField("page", max_length=60)
    outcome = models.CharField("issue", max_length=10, choices=Outcome.choices)
    reason = models.CharField("motif", max_length=200, blank=True)

    class Meta:
        verbose_name = "trace d’accès"
        verbose_name_plural = "traces d’accès"
        indexes = [
            models.Index(fields=["managing_body", "record_id", "-at"], name="access_record"),
            GinIndex(fields=["shown"], name="access_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.page} {self.at:%Y-%m-%d %H:%M}"


@append_only
class Entry(TenantModel):
    """One act of a professional (or of a task): what, on which object, with which facts."""

    at = models.DateTimeField("le", default=timezone.now)
    professional = TenantForeignKey(
        "staff.Professional", null=True, related_name="+", verbose_name="professionnel"
    )
    action = models.CharField("acte", max_length=60)
    object_id = models.UUIDField("objet", null=True)
    facts = models.JSONField("faits", default=dict, blank=True)

    class Meta:
        verbose_name = "acte tracé"
        verbose_name_plural = "actes tracés"
        indexes = [models.Index(fields=["managing_body", "object_id", "-at"], name="entry_object")]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


@append_only
class SentForm(TenantModel):
    """A form that was acted upon, and where that led: sent again, it is the same act."""

    at = models.DateTimeField("le", default=timezone.now)
    professional = TenantForeignKey("staff.Professional", related_name="+", verbose_name="professionnel")
    form = models.CharField("empreinte", max_length=64, help_text="sa clé et ce qu’il dit")
    led_to = models.CharField("suite", max_length=500)

    class Meta:
        verbose_name = "formulaire envoyé"
        verbose_name_plural = "formulaires envoyés"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "professional", "form"], name="form_sent_once"),
        ]

    def __str__(self) -> str:
        return f"{self.form[:12]} {self.at:%Y-%m-%d %H:%M}"


@append_only
class Seal(TenantModel):
    """The link of one access in the tenant's hash chain, made by a task within a minute of the access."""

    access = TenantForeignKey(Access, related_name="seals", verbose_name="trace d’accès")
    position = models.BigIntegerField("rang")
    digest = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "maillon"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "position"], name="seal_position"),
            models.UniqueConstraint(fields=["managing_body", "access"], name="seal_access"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:12]}"
