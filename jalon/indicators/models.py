"""Figures of usage, as proved to the authorities. A correction is a new row."""

from django.db import models

from jalon.db.rows import append_only
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.organizations.models import Establishment


@append_only
class MonthlyFigure(TenantModel):
    """One indicator of one establishment for one month: exact numbers, never a rounded rate. Append-only."""

    establishment = TenantForeignKey(
        Establishment, related_name="figures", verbose_name="établissement ou service"
    )
    month = models.CharField("mois", max_length=7)
    code = models.CharField("indicateur", max_length=4)
    numerator = models.PositiveIntegerField("numérateur")
    denominator = models.PositiveIntegerField("dénominateur")
    target = models.PositiveSmallIntegerField("cible en %")
    definition = models.CharField("version de la définition", max_length=20)
    computed_at = models.DateTimeField("calculé le", auto_now_add=True)

    class Meta:
        verbose_name = "indicateur d’usage"
        verbose_name_plural = "indicateurs d’usage"
        indexes = [models.Index(fields=["managing_body", "establishment", "month"], name="figure_month")]

    def __str__(self) -> str:
        return f"{self.code} {self.month}"
