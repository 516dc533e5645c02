"""Figures of usage, as proved to the authorities. A correction is a new row."""

from django.db import models

from jalon.db.rows import append_only
from jalon.db.tenant import TenantForeignKey, TenantModel
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
