"""Figures of usage, as proved to the authorities; counts kept at hand, true but for what is to recount."""

from django.db import models

from jalon.db.rows import append_only, exempt
from jalon.db.tenant import TenantField, TenantForeignKey, TenantModel
from jalon.indicators.rules import rate
from jalon.organizations.models import Establishment
from jalon.staff.models import Professional


@append_only
class MonthlyFigure(TenantModel):
    """One indicator of one establishment for one month: exact numbers, never a rounded rate. Append-only.

    Without a reason, the month as it was closed: once. With one, a correction, beside what it corrects.
    """

    establishment = TenantForeignKey(
        Establishment, related_name="figures", verbose_name="établissement ou service"
    )
    month = models.CharField("mois", max_length=7)
    code = models.CharField("indicateur", max_length=4)
    numerator = models.PositiveIntegerField("numérateur")
    denominator = models.PositiveIntegerField("dénominateur")
    target = models.PositiveSmallIntegerField("cible en %")
    definition = models.CharField("version de la définition", max_length=20)
    first_day = models.DateField("depuis le", null=True)
    known_at = models.DateTimeField("d’après ce qui était connu le", null=True)
    reason = models.CharField("motif de la correction", max_length=300, blank=True)
    corrected_by = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="corrigé par"
    )
    computed_at = models.DateTimeField("calculé le", auto_now_add=True)

    class Meta:
        verbose_name = "indicateur d’usage"
        verbose_name_plural = "indicateurs d’usage"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "establishment", "month", "code"],
                condition=models.Q(reason=""),
                name="month_closed_once",
            ),
        ]
        indexes = [models.Index(fields=["managing_body", "establishment", "month"], name="figure_month")]

    @property
    def rate(self) -> str:
        """The rate as people read it."""
        return rate(self.numerator, self.denominator)

    def __str__(self) -> str:
        return f"{self.code} {self.month}"


@exempt("a count of what happened, whose history is kept: it is made again at will")
class Tally(TenantModel):
    """A month of an establishment counted and kept, as it is known when it ends; its lines are the count.

    `months`, `zone`, `definition`: what was measured, and how. Another measure is another tally.
    """

    establishment = TenantForeignKey(Establishment, related_name="+", verbose_name="établissement ou service")
    month = models.CharField("mois", max_length=7)
    months = models.PositiveSmallIntegerField("nombre de mois")
    zone = models.CharField("fuseau horaire", max_length=60)
    definition = models.CharField("version de la définition", max_length=20)
    counted_at = models.DateTimeField("compté le", auto_now_add=True)

    class Meta:
        verbose_name = "décompte"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "establishment", "month", "months", "zone", "definition"],
                name="tallied_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.establishment_id} {self.month}"


@exempt("the lines of a tally, made again with it")
class TallyLine(models.Model):
    """A record among those of an indicator: how many were counted of it, and whether it is shown apart."""

    pk = models.CompositePrimaryKey("managing_body", "tally", "record", "code")
    managing_body = TenantField(db_constraint=False)
    tally = models.UUIDField("décompte")
    record = models.UUIDField("dossier")
    code = models.CharField("indicateur", max_length=4)
    counted = models.PositiveIntegerField("nombre compté")
    apart = models.BooleanField("montré à part")

    class Meta:
        verbose_name = "ligne d’un décompte"
        verbose_name_plural = "lignes d’un décompte"

    def __str__(self) -> str:
        return f"{self.code} {self.record} {self.counted}"


@exempt("what a tally does not say yet: gone once it does")
class Recount(models.Model):
    """A record that was written to: tallies of months that end after `since` may no longer say what it holds.

    Triggers of the database are its only writers, whoever writes and however (migration 0006). Two who write
    at once add two rows, and wait for nobody.
    """

    pk = models.CompositePrimaryKey("managing_body", "record", "mark")
    managing_body = TenantField(db_constraint=False)
    record = models.UUIDField("dossier")
    mark = models.UUIDField("marque")
    since = models.DateTimeField("su le")

    class Meta:
        verbose_name = "dossier à recompter"
        verbose_name_plural = "dossiers à recompter"

    def __str__(self) -> str:
        return f"{self.record} {self.since:%Y-%m-%d %H:%M}"
