"""The personalised project: what the person expects, needs and aims at, what is done, who agreed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jalon.db.fields import EncryptedJSONField
from jalon.db.keyed import KeyedModel
from jalon.db.rows import append_only, tracked
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.people.models import Contact
from jalon.records.models import Record
from jalon.staff.models import Professional


class PlanStatus(models.TextChoices):
    """Business codes of JDV_J281 for a plan."""

    PREPARATION = "ENPREPARATION", "en préparation"
    RUNNING = "ENCOURS", "en cours"
    PAUSED = "ENPAUSE", "en pause"
    ENDED = "TERMINE", "terminé"


class EndReason(models.TextChoices):
    """Why a plan was closed."""

    REVIEWED = "bilan", "son terme est venu, un nouveau projet le suit"
    REACHED = "atteint", "ses objectifs sont atteints"
    CHANGED = "situation", "la situation de la personne a changé"
    REFUSED = "refus", "la personne ne le souhaite plus"
    LEFT = "depart", "la personne est partie ou décédée"
    MISTAKE = "erreur", "il a été ouvert par erreur"


class AimStatus(models.TextChoices):
    """Business codes of JDV_J281 for a goal or an action."""

    PREPARATION = "ENPREPARATION", "à lancer"
    ACTIVE = "ACTIF", "en cours"
    ENDED = "TERMINE", "atteint"
    CANCELLED = "ANNULE", "abandonné"


@tracked(exclude=("received",))
class PersonalPlan(KeyedModel):
    """A projet personnalisé. `key` is `…-PPER-<n>`."""

    record = TenantForeignKey(Record, related_name="plans", verbose_name="dossier")
    title = models.CharField("titre", max_length=200)
    description = models.TextField("description", blank=True)
    type_code = models.CharField("type", max_length=30, blank=True, help_text="JDV_J367")
    status = models.CharField(
        "état", max_length=15, choices=PlanStatus.choices, default=PlanStatus.PREPARATION, blank=True
    )
    starts_on = models.DateField("mise en œuvre du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    review_on = models.DateField("bilan prévu le", null=True, blank=True)
    communication = models.TextField("modalité de communication", blank=True)
    # What was lived, in the team's words and in the person's own: written at any time, kept once closed.
    review = models.TextField("bilan de l’équipe", blank=True)
    review_words = models.TextField("bilan de la personne", blank=True)
    end_reason = models.CharField("motif de fin", max_length=10, choices=EndReason.choices, blank=True)
    follows = TenantForeignKey(
        "self", null=True, blank=True, related_name="followed_by", verbose_name="projet précédent"
    )

    class Meta:
        verbose_name = "projet personnalisé"
        verbose_name_plural = "projets personnalisés"
        constraints = [
            models.CheckConstraint(name="plan_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="plan_closed_for_a_reason", condition=Q(end_reason="") | Q(status=PlanStatus.ENDED)
            ),
            models.UniqueConstraint(fields=["managing_body", "follows"], name="plan_followed_once"),
        ]

    def __str__(self) -> str:
        return self.title


class PlanPart(KeyedModel):
    """What every part of a plan has: its plan, and a stable key for life."""

    plan = TenantForeignKey(PersonalPlan, related_name="%(class)ss", verbose_name="projet personnalisé")

    class Meta:
        abstract = True


@tracked(exclude=("received",))
class Expectation(PlanPart):
    """An attente, in the words of whoever said it. `key` is `…-ATTE-<n>`."""

    origin = models.CharField("dite par", max_length=200, blank=True)
    description = models.TextField("attente")
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "attente"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


@tracked(exclude=("received",))
class Need(PlanPart):
    """A besoin, named in SERAFIN-PH (JDV_J285). `key` is `…-BESO-<n>`."""

    category = models.CharField("besoin SERAFIN-PH", max_length=20, blank=True)
    description = models.TextField("besoin")
    analysis = models.TextField("analyse des professionnels", blank=True)
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "besoin"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


@tracked(exclude=("received",))
class Goal(PlanPart):
    """An objectif. `key` is `…-OBJE-<n>`, the same for life."""

    title = models.CharField("objectif", max_length=300)
    description = models.TextField("description", blank=True)
    status = models.CharField(
        "état", max_length=15, choices=AimStatus.choices, default=AimStatus.PREPARATION, blank=True
    )
    opinion = models.TextField("avis de la personne", blank=True)
    expected = models.TextField("résultat attendu", blank=True)
    strategy = models.TextField("stratégie", blank=True)
    starts_on = models.DateField("du", null=True, blank=True)
    due_on = models.DateField("échéance", null=True, blank=True)
    responsible = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="référent"
    )
    need_keys = ArrayField(
        models.CharField(max_length=200), verbose_name="besoins visés", default=list, blank=True
    )

    class Meta:
        verbose_name = "objectif"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="goal_has_a_title", condition=~Q(title=""))]

    def __str__(self) -> str:
        return self.title


@tracked(exclude=("received",))
class Action(PlanPart):
    """What will be done, by whom, until when. `key` is `…-ACTI-<n>`, the same for life."""

    title = models.CharField("action", max_length=300)
    description = models.TextField("description", blank=True)
    status = models.CharField(
        "état", max_length=15, choices=AimStatus.choices, default=AimStatus.PREPARATION, blank=True
    )
    opinion = models.TextField("avis de la personne", blank=True)
    expected = models.TextField("résultat attendu", blank=True)
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)
    responsible = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="référent"
    )
    goal_keys = ArrayField(
        models.CharField(max_length=200), verbose_name="objectifs servis", default=list, blank=True
    )

    class Meta:
        verbose_name = "action"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="action_has_a_title", condition=~Q(title=""))]

    def __str__(self) -> str:
        return self.title


@tracked(exclude=("received",))
class Agreement(KeyedModel):
    """An accord: the person's, or the establishment's. `key` is drawn, or received."""

    class Side(models.TextChoices):
        PERSON = "usager", "personne accompagnée"
        HOUSE = "structure", "établissement"

    plan = TenantForeignKey(PersonalPlan, related_name="agreements", verbose_name="projet personnalisé")
    side = models.CharField("partie", max_length=10, choices=Side.choices)
    signed_at = models.DateTimeField("signé le")
    professional = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="professionnel signataire"
    )
    contact = TenantForeignKey(
        Contact, null=True, blank=True, related_name="+", verbose_name="représentant signataire"
    )
    words = models.TextField("mots de la personne", blank=True)
    valid_from = models.DateField("valable du", null=True, blank=True)
    valid_until = models.DateField("valable jusqu’au", null=True, blank=True)

    class Meta:
        verbose_name = "accord"
        ordering = ["signed_at"]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_start",
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.key


@append_only
class PlanVersion(TenantModel):
    """What was signed: the whole plan as it read that day. Append-only."""

    plan = TenantForeignKey(PersonalPlan, related_name="versions", verbose_name="projet personnalisé")
    number = models.PositiveIntegerField("version")
    signed_at = models.DateTimeField("signée le")
    signed_by = TenantForeignKey(Professional, related_name="+", verbose_name="signataire")
    content = models.JSONField("contenu")
    # Who it is of, where, by whom (`records.queries.portrait`): it holds the matricule. Empty before 0.2.
    header = EncryptedJSONField("en-tête", context="plans.PlanVersion.header", blank=True, default=dict)

    class Meta:
        verbose_name = "version signée"
        verbose_name_plural = "versions signées"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "plan", "number"], name="plan_version_number"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number}"
