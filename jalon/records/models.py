"""Records and stays. A record is a person in an establishment: the unit of access rights."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from jalon.db.keyed import KeyedModel
from jalon.db.rows import append_only, tracked
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.organizations.models import Establishment, Unit
from jalon.people.models import Person
from jalon.staff.models import Membership, Professional
from jalon.staff.rules import RESTRICTED, Permission, together

if TYPE_CHECKING:
    from jalon.staff.queries import Actor, Place


def _covered_by(place: "Place") -> Q:
    """A membership covers the records of its establishment, and only those of its unit when it names one."""
    here = Q(establishment_id=place.establishment_id)
    return here & Q(unit_id=place.unit_id) if place.unit_id else here


class RecordQuerySet(models.QuerySet["Record"]):
    """The only door to records."""

    def visible_to(
        self, actor: "Actor", *, permission: Permission = Permission.OPEN_RECORD, today: dt.date
    ) -> "RecordQuerySet":
        """Records that this professional may see with this permission: by membership in force, or by grant.

        What was opened in an emergency opens no restricted writing. Lists and single objects get the same
        SQL; `sight.seen` is the same in a question compiled once.
        """
        now = None if permission in RESTRICTED else actor.now
        may = Q(pk__in=AccessGrant.objects.in_force(actor.professional.pk, today, now).values("record_id"))
        for place in actor.places_with(permission):
            may |= _covered_by(place)
        return self.filter(may) if actor.may(permission) else self.none()

    def with_rights_of(self, actor: "Actor", today: dt.date) -> "RecordQuerySet":
        """With what `Record.permissions_of` answers from: the grant, and each place of the professional."""
        asked = actor.professional.pk, today
        held = {"granted": AccessGrant.objects.in_force(*asked)}
        held["urgent"] = AccessGrant.objects.in_force(*asked, actor.now)
        given = {name: Exists(grants.filter(record_id=OuterRef("pk"))) for name, grants in held.items()}
        covered = {f"place_{rank}": _covered_by(place) for rank, place in enumerate(actor.places)}
        return self.annotate(**given, **covered)

    def with_identity(self) -> "RecordQuerySet":
        """With what every page of a record shows, in one query."""
        return self.select_related("person", "establishment", "unit", "key_worker")

    def in_french_order(self) -> "RecordQuerySet":
        return self.order_by("person__name_key", "pk")


@tracked()
class Record(TenantModel):
    """The record of a person in an establishment."""

    person = TenantForeignKey(Person, related_name="records", verbose_name="usager")
    establishment = TenantForeignKey(
        Establishment, related_name="records", verbose_name="établissement ou service"
    )
    unit = TenantForeignKey(Unit, null=True, blank=True, related_name="records", verbose_name="unité")
    key_worker = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="professionnel référent"
    )
    room = models.CharField("chambre", max_length=40, blank=True)
    opened_on = models.DateField("ouvert le")
    closed_on = models.DateField("clos le", null=True, blank=True)

    objects = RecordQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "person", "establishment"], name="record_once"),
        ]
        indexes = [models.Index(fields=["managing_body", "establishment", "unit"], name="record_place")]

    def __str__(self) -> str:
        return str(self.pk)

    def permissions_of(self, actor: "Actor") -> frozenset[Permission]:
        """What this professional may do here; of a record read `with_rights_of` them."""
        if vars(self)["granted"]:
            return actor.permissions
        covering = (place for rank, place in enumerate(actor.places) if vars(self)[f"place_{rank}"])
        own = together(place.permissions for place in covering)
        return own | (actor.permissions - RESTRICTED) if vars(self)["urgent"] else own


class _DayRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


@tracked(exclude=("received",))
class Stay(KeyedModel):
    """A period in an establishment, or of support at home. `key` is `…-SEJOUR-<n>`."""

    record = TenantForeignKey(Record, related_name="stays", verbose_name="dossier")
    file_number = models.CharField("numéro de dossier administratif", max_length=100, blank=True)
    admitted_on = models.DateField("admission le", null=True, blank=True)
    starts_on = models.DateField("entrée le", null=True, blank=True)
    ends_on = models.DateField("sortie le", null=True, blank=True)
    planned_start = models.DateField("entrée prévue le", null=True, blank=True)
    planned_end = models.DateField("sortie prévue le", null=True, blank=True)
    mode = models.CharField("modalité d’accueil", max_length=20, blank=True, help_text="JDV_J226")
    entry_mode = models.CharField("provenance", max_length=20, blank=True)
    exit_mode = models.CharField("motif de sortie", max_length=20, blank=True)
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "séjour"
        constraints = [
            models.CheckConstraint(
                name="stay_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            # In a house once at a time; exit day excluded: leaving and coming back the same day happens.
            ExclusionConstraint(
                name="stays_do_not_overlap",
                expressions=[
                    ("managing_body", RangeOperators.EQUAL),
                    ("record", RangeOperators.EQUAL),
                    (_DayRange("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(starts_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class GrantQuerySet(models.QuerySet["AccessGrant"]):
    """Individual rights."""

    def in_force(self, professional_id: Any, today: Any, now: Any = None) -> "GrantQuerySet":
        """Those that hold that day; with `now`, those opened in an emergency that have not run out too."""
        held = self.filter(professional_id=professional_id, starts_on__lte=today, ends_on__gte=today)
        given = Q(until__isnull=True)
        return held.filter(given if now is None else given | Q(until__gt=now))


@tracked()
class AccessGrant(TenantModel):
    """One record opened to one professional for a time, with a reason.

    `until`: opened in an emergency, by themselves, until that instant.
    """

    record = TenantForeignKey(Record, related_name="grants", verbose_name="dossier")
    professional = TenantForeignKey(Professional, related_name="+", verbose_name="professionnel")
    reason = models.CharField("motif", max_length=200)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    until = models.DateTimeField("en urgence jusqu’à", null=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        constraints = [
            models.CheckConstraint(name="grant_ends_after_start", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="grant_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.reason


@append_only
class EmergencyReview(TenantModel):
    """What whoever heads the place says afterwards of a record that was opened in an emergency."""

    grant = TenantForeignKey(AccessGrant, related_name="reviews", verbose_name="habilitation")
    by = TenantForeignKey(Professional, related_name="+", verbose_name="relu par")
    at = models.DateTimeField("relu le")
    justified = models.BooleanField("justifié")
    words = models.CharField("avis", max_length=200, blank=True)

    class Meta:
        verbose_name = "relecture d’un accès en urgence"
        verbose_name_plural = "relectures d’accès en urgence"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "grant"], name="emergency_reviewed_once"),
            models.CheckConstraint(name="unjustified_says_why", condition=Q(justified=True) | ~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.justified}"


@tracked()
class Replacement(TenantModel):
    """A function held for some days in place of somebody else; its membership ends by itself."""

    membership = TenantForeignKey(
        Membership, on_delete=models.CASCADE, related_name="replacements", verbose_name="affectation"
    )
    replaced = TenantForeignKey(Professional, related_name="+", verbose_name="professionnel remplacé")
    reason = models.CharField("motif", max_length=200)
    given_by = TenantForeignKey(Professional, related_name="+", verbose_name="décidé par")
    given_at = models.DateTimeField("décidé le")

    class Meta:
        verbose_name = "remplacement"
        constraints = [
            models.CheckConstraint(name="replacement_has_a_reason", condition=~Q(reason="")),
            models.UniqueConstraint(fields=["managing_body", "membership"], name="replacement_once"),
        ]

    def __str__(self) -> str:
        return self.reason


@tracked()
class AccessRequest(TenantModel):
    """A record asked for, for some days, by somebody to whom it is not open; answered once.

    `record_id` is no foreign key: whoever asks is not told whether there is such a record.
    """

    record_id = models.UUIDField("dossier demandé")
    professional = TenantForeignKey(Professional, related_name="+", verbose_name="demandé par")
    reason = models.CharField("motif", max_length=200)
    days = models.PositiveSmallIntegerField("durée en jours")
    asked_at = models.DateTimeField("demandé le")
    answered_by = TenantForeignKey(Professional, null=True, related_name="+", verbose_name="répondu par")
    answered_at = models.DateTimeField("répondu le", null=True)
    given = models.BooleanField("accordé", null=True)
    answer = models.CharField("réponse", max_length=200, blank=True)

    class Meta:
        verbose_name = "demande d’accès"
        verbose_name_plural = "demandes d’accès"
        constraints = [
            models.CheckConstraint(name="request_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="request_answered_whole",
                condition=Q(given__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | Q(given__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_answered_by_another",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("professional")),
            ),
            models.UniqueConstraint(
                fields=["managing_body", "professional", "record_id"],
                condition=Q(given__isnull=True),
                name="request_waits_once",
            ),
        ]
        indexes = [
            models.Index(fields=["managing_body", "professional", "-answered_at"], name="request_mine"),
        ]

    def __str__(self) -> str:
        return f"{self.professional_id} → {self.record_id}"


@tracked()
class RightsReview(TenantModel):
    """The rights of an establishment, read again one by one, then signed; once a year."""

    establishment = TenantForeignKey(Establishment, related_name="+", verbose_name="établissement ou service")
    opened_at = models.DateTimeField("commencée le")
    signed_at = models.DateTimeField("signée le", null=True)
    signed_by = TenantForeignKey(Professional, null=True, related_name="+", verbose_name="signée par")
    digest = models.CharField("empreinte des lignes", max_length=64, blank=True)

    class Meta:
        verbose_name = "revue des droits"
        verbose_name_plural = "revues des droits"
        constraints = [
            models.CheckConstraint(
                name="review_signed_whole",
                condition=Q(signed_at__isnull=True, signed_by__isnull=True, digest="")
                | Q(signed_at__isnull=False, signed_by__isnull=False) & ~Q(digest=""),
            ),
            models.UniqueConstraint(
                fields=["managing_body", "establishment"],
                condition=Q(signed_at__isnull=True),
                name="review_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.establishment_id} {self.opened_at:%Y-%m-%d}"


@append_only
class ReviewedRight(TenantModel):
    """What was decided of one right, as it read that day. `right_id`: of a membership or of a grant, which it
    may outlive."""

    review = TenantForeignKey(RightsReview, related_name="lines", verbose_name="revue des droits")
    right_id = models.UUIDField("droit relu")
    professional = TenantForeignKey(Professional, related_name="+", verbose_name="à qui")
    words = models.CharField("ce qu’il disait", max_length=300)
    kept = models.BooleanField("gardé")
    reason = models.CharField("motif", max_length=200, blank=True)
    by = TenantForeignKey(Professional, related_name="+", verbose_name="relu par")
    at = models.DateTimeField("relu le")

    class Meta:
        verbose_name = "droit relu"
        verbose_name_plural = "droits relus"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "review", "right_id"], name="right_read_once"),
            models.CheckConstraint(name="right_read_by_another", condition=~Q(by=F("professional"))),
            models.CheckConstraint(name="withdrawn_says_why", condition=Q(kept=True) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.words
