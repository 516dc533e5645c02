"""Who runs what: managing bodies (the tenants), their establishments, their units."""

from django.db import models
from uuid_utils.compat import uuid7

from jalon.db.keyed import KeyedModel
from jalon.db.rows import exempt, tracked
from jalon.db.tenant import TenantForeignKey, TenantModel


@exempt("the tenant itself")
class ManagingBody(models.Model):
    """An organisme gestionnaire: the tenant. The one table of the record that has no tenant of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField("raison sociale", max_length=200)
    finess = models.CharField("FINESS juridique", max_length=9, unique=True)

    class Meta:
        verbose_name = "organisme gestionnaire"
        verbose_name_plural = "organismes gestionnaires"

    def __str__(self) -> str:
        return self.name


@tracked()
class Establishment(TenantModel):
    """An ESSMS: one FINESS géographique."""

    name = models.CharField("nom", max_length=200)
    finess = models.CharField("FINESS géographique", max_length=9)
    category = models.CharField("catégorie", max_length=4, help_text="TRE_R66")
    sector = models.CharField(
        "secteur d’activité", max_length=4, default="SA41", help_text="JDV_J02, JDV_J61"
    )
    address_line = models.CharField("adresse", max_length=200, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    mailbox = models.EmailField("boîte MSSanté", blank=True)

    class Meta:
        verbose_name = "établissement ou service"
        verbose_name_plural = "établissements et services"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "finess"], name="establishment_finess"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def idnat(self) -> str:
        """Struct_IdNat: `1` and the FINESS (TRE_G08)."""
        return f"1{self.finess}"


@tracked()
class Unit(TenantModel):
    """A unit, group or team of an establishment."""

    establishment = TenantForeignKey(
        Establishment, related_name="units", verbose_name="établissement ou service"
    )
    name = models.CharField("nom", max_length=100)

    class Meta:
        verbose_name = "unité"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "establishment", "name"], name="unit_name"),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class SettingValue(TenantModel):
    """What was set here instead of the default: for the whole body, an establishment, or one of its units.

    No row: the default holds. Its history says who set what, and when. The row of a unit names its
    establishment too.
    """

    establishment = TenantForeignKey(
        Establishment, null=True, blank=True, related_name="settings", verbose_name="établissement ou service"
    )
    unit = TenantForeignKey(Unit, null=True, blank=True, related_name="settings", verbose_name="unité")
    name = models.CharField("réglage", max_length=80)
    value = models.JSONField("valeur")

    class Meta:
        verbose_name = "réglage"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "establishment", "unit", "name"],
                name="setting_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="setting_unit_has_its_establishment",
                condition=models.Q(unit__isnull=True) | models.Q(establishment__isnull=False),
            ),
            models.CheckConstraint(name="setting_is_named", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name


@tracked(exclude=("received",))
class Structure(KeyedModel):
    """A structure known to the record, ours or a partner's. `key`: Struct_IdNat (`1`+FINESS, `3`+SIRET)."""

    name = models.CharField("raison sociale", max_length=300, blank=True)
    kind = models.CharField("type", max_length=20, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.CharField("adresse électronique", max_length=254, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)

    class Meta:
        verbose_name = "structure"

    def __str__(self) -> str:
        return self.name or self.key
