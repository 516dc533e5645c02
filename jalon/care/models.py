"""What is told from one team to the next."""

from django.db import models

from jalon.db.rows import tracked
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.organizations.models import Establishment, Unit
from jalon.records.models import Record
from jalon.staff.models import Professional


class Family(models.TextChoices):
    """The families of notes: always a colour, an icon and a word (WCAG 2.2, 1.4.1)."""

    HEALTH = "soin", "Santé"
    EDUCATION = "educ", "Éducatif"
    DAILY = "vie", "Quotidien"
    EMOTION = "emo", "Émotions"
    RELATIVES = "lien", "Famille"
    INCIDENT = "evt", "Événement"
    PSYCHOLOGY = "psy", "Psychologique"
    JUSTICE = "jus", "Justice"


@tracked()
class HandoverNote(TenantModel):
    """A transmission: facts, said as data, actions and result when it is a targeted one.

    Its words are never updated: a correction is a new note that supersedes the former. Its author may
    withdraw it at once (the wrong person, a slip): it then says nothing any more, and history keeps it.
    A reply is a note, of the same record and family, that answers the version in force of another.
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
    answers = TenantForeignKey(
        "self", null=True, blank=True, related_name="answered_by", verbose_name="répond à"
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
            models.Index(
                fields=["managing_body", "record", "-written_at"],
                condition=models.Q(answers__isnull=False),
                name="note_reply",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.written_at:%Y-%m-%d %H:%M}"


@tracked()
class Task(TenantModel):
    """What a note leaves to be taken over: what, by when, by whom; by the team while nobody has it.

    `due_on`, `due_time`: the calendar and the clock of the establishment. It follows the version in force of
    its note.
    """

    record = TenantForeignKey(Record, related_name="tasks", verbose_name="dossier")
    note = TenantForeignKey(HandoverNote, related_name="tasks", verbose_name="transmission")
    what = models.CharField("ce qui est à reprendre", max_length=200)
    due_on = models.DateField("pour le", null=True, blank=True)
    due_time = models.TimeField("à", null=True, blank=True)
    asked_by = TenantForeignKey(Professional, related_name="+", verbose_name="demandée par")
    asked_at = models.DateTimeField("demandée le")
    holder = TenantForeignKey(Professional, null=True, blank=True, related_name="+", verbose_name="à qui")
    done_by = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="faite par"
    )
    done_at = models.DateTimeField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "tâche"
        constraints = [
            models.CheckConstraint(name="task_says_something", condition=~models.Q(what="")),
            models.CheckConstraint(
                name="task_hour_of_a_day",
                condition=models.Q(due_time__isnull=True) | models.Q(due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="task_done_by_somebody",
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["managing_body", "record"],
                condition=models.Q(done_at__isnull=True),
                name="task_open",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


@tracked()
class News(TenantModel):
    """Something to know of a unit, or of a whole establishment, for some days. It names no person."""

    establishment = TenantForeignKey(Establishment, related_name="+", verbose_name="établissement ou service")
    unit = TenantForeignKey(Unit, null=True, blank=True, related_name="+", verbose_name="unité")
    author = TenantForeignKey(Professional, related_name="+", verbose_name="auteur")
    written_at = models.DateTimeField("écrite le")
    text = models.CharField("nouvelle", max_length=300)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    withdrawn_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "nouvelle de l’unité"
        verbose_name_plural = "nouvelles de l’unité"
        constraints = [
            models.CheckConstraint(name="news_says_something", condition=~models.Q(text="")),
            models.CheckConstraint(
                name="news_ends_after_start", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
        ]
        indexes = [
            models.Index(fields=["managing_body", "establishment", "ends_on"], name="news_place"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


@tracked()
class Acknowledgement(TenantModel):
    """This professional has read this note, or these news. Taken back after a slip; history keeps both."""

    note = TenantForeignKey(
        HandoverNote, null=True, blank=True, related_name="acknowledgements", verbose_name="transmission"
    )
    news = TenantForeignKey(
        News,
        null=True,
        blank=True,
        related_name="acknowledgements",
        verbose_name="nouvelle de l’unité",
    )
    professional = TenantForeignKey(Professional, related_name="+", verbose_name="professionnel")
    read_at = models.DateTimeField("lue le")

    class Meta:
        verbose_name = "accusé de lecture"
        verbose_name_plural = "accusés de lecture"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "note", "professional"], name="read_once"),
            models.UniqueConstraint(fields=["managing_body", "news", "professional"], name="news_read_once"),
            models.CheckConstraint(
                name="read_one_thing",
                condition=models.Q(note__isnull=False, news__isnull=True)
                | models.Q(note__isnull=True, news__isnull=False),
            ),
        ]
        indexes = [
            # The last passage of somebody, however much they have read.
            models.Index(fields=["managing_body", "professional", "-read_at"], name="read_last"),
        ]

    def __str__(self) -> str:
        return f"{self.professional_id} {self.read_at:%Y-%m-%d %H:%M}"
