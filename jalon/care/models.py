"""What is told from one team to the next."""

from django.db import models

from jalon.db.rows import tracked
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.records.models import Record
from jalon.staff.models import Professional


class Family(models.TextChoices):
    """The six families of notes: always a colour, an icon and a word (WCAG 2.2, 1.4.1)."""

    HEALTH = "soin", "Santé"
    EDUCATION = "educ", "Éducatif"
    DAILY = "vie", "Quotidien"
    EMOTION = "emo", "Émotions"
    RELATIVES = "lien", "Famille"
    INCIDENT = "evt", "Événement"


@tracked()
class HandoverNote(TenantModel):
    """A transmission: facts, said as data, actions and result when it is a targeted one.

    Its words are never updated: a correction is a new note that supersedes the former. Its author may
    withdraw it at once (the wrong person, a slip): it then says nothing any more, and history keeps it.
    """

    record = TenantForeignKey(Record, related_name="notes", verbose_name="dossier")
    author = TenantForeignKey(Professional, related_name="+", verbose_name="auteur")
    written_at = models.DateTimeField("écrite le")
    family = models.CharField("famille", max_length=5, choices=Family.choices)
    title = models.CharField("cible", max_length=120, blank=True)
    text = models.TextField("texte", blank=True)
    data = models.TextField("données", blank=True)
    actions = models.TextField("actions", blank=True)
    result = models.TextField("résultat", blank=True)
    important = models.BooleanField("importante", default=False)
    supersedes = TenantForeignKey(
        "self", null=True, blank=True, related_name="superseded_by", verbose_name="corrige"
    )
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "transmission"
        constraints = [
            models.CheckConstraint(name="note_says_something", condition=~models.Q(text="", data="")),
            models.CheckConstraint(name="note_family_known", condition=models.Q(family__in=Family.values)),
            models.UniqueConstraint(
                fields=["managing_body", "supersedes"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="note_corrected_once",
            ),
        ]
        indexes = [
            models.Index(fields=["managing_body", "record", "-written_at"], name="note_record"),
            models.Index(
                fields=["managing_body", "record", "-written_at"],
                condition=models.Q(important=True),
                name="note_important",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.written_at:%Y-%m-%d %H:%M}"


@tracked()
class Acknowledgement(TenantModel):
    """This professional has read this note. Taken back at once after a slip; history keeps both."""

    note = TenantForeignKey(HandoverNote, related_name="acknowledgements", verbose_name="transmission")
    professional = TenantForeignKey(Professional, related_name="+", verbose_name="professionnel")
    read_at = models.DateTimeField("lue le")

    class Meta:
        verbose_name = "accusé de lecture"
        verbose_name_plural = "accusés de lecture"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "note", "professional"], name="read_once"),
        ]

    def __str__(self) -> str:
        return f"{self.professional_id} {self.read_at:%Y-%m-%d %H:%M}"
