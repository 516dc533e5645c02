"""What is planned and done with the person."""

from django.db import models
from django.db.models import F, Q

from jalon.db.keyed import KeyedModel
from jalon.db.rows import tracked
from jalon.db.tenant import TenantForeignKey
from jalon.records.models import Record
from jalon.staff.models import Professional


class EventStatus(models.TextChoices):
    """Business codes of JDV_J281 for an event."""

    PLANNED = "PLANIFIE", "prévu"
    VALIDATED = "VALIDE", "confirmé"
    DONE = "TERMINE", "fait"
    CANCELLED = "ANNULE", "annulé"


@tracked(exclude=("received",))
class Event(KeyedModel):
    """An appointment, an activity, an intervention. `key` is `…-EVN-<n>`."""

    record = TenantForeignKey(Record, related_name="agenda_events", verbose_name="dossier")
    label = models.CharField("libellé", max_length=200, blank=True)
    type_code = models.CharField(
        "type", max_length=30, blank=True, help_text="SERAFIN-PH (J283, J284) ou SSIAD"
    )
    status = models.CharField(
        "état", max_length=10, choices=EventStatus.choices, default=EventStatus.PLANNED, blank=True
    )
    starts_at = models.DateTimeField("début")
    ends_at = models.DateTimeField("fin")
    place = models.CharField("lieu", max_length=120, blank=True)
    responsible = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="professionnel"
    )
    reason = models.TextField("motif", blank=True)
    report = models.TextField("compte rendu", blank=True)
    person_present = models.BooleanField("personne présente", null=True, blank=True)

    class Meta:
        verbose_name = "événement"
        constraints = [
            models.CheckConstraint(name="event_ends_after_start", condition=Q(ends_at__gte=F("starts_at")))
        ]
        indexes = [
            models.Index(fields=["managing_body", "record", "starts_at"], name="event_record"),
            # What is under way: a window asks for what has not ended.
            models.Index(fields=["managing_body", "record", "ends_at"], name="event_record_end"),
        ]

    def __str__(self) -> str:
        return self.label or self.key
