"""Who works here: accounts, professionals, what they may do, where and when."""

import datetime as dt
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from uuid_utils.compat import uuid7

from jalon.db.keyed import KeyedModel
from jalon.db.rows import exempt, tracked
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.organizations.models import Establishment, ManagingBody, Structure, Unit
from jalon.staff.rules import Role


class AccountManager(BaseUserManager["Account"]):
    """What django.contrib.auth needs of a user model whose name is an address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Account":
        account = self.model(email=self.normalize_email(email), **fields)
        account.set_password(password)
        account.save()
        return account


# Who may enter, since when, and who said so. Neither the password nor what each sign-in moves is kept.
@tracked(exclude=("password", "last_login", "theme"))
class Account(AbstractBaseUser):
    """A way to sign in. It belongs to no tenant: who may enter is looked up before a tenant is known."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField("adresse électronique", unique=True)
    # The key of Pro Santé Connect, read before a tenant is known.
    rpps = models.CharField("RPPS", max_length=11, blank=True)
    is_active = models.BooleanField("actif", default=True)
    # False from an invitation until whoever sent it has recognized who made the password and the factor.
    vouched = models.BooleanField("reconnu", default=True, db_default=True)
    theme = models.CharField("affichage", max_length=8, blank=True, choices=[("", "jour"), ("nuit", "nuit")])

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    class Meta:
        verbose_name = "compte"
        constraints = [
            models.UniqueConstraint(Lower("email"), name="account_email_folded"),
            models.UniqueConstraint(fields=["rpps"], condition=~models.Q(rpps=""), name="account_rpps"),
        ]

    def __str__(self) -> str:
        return self.email


@tracked()
class Seat(models.Model):
    """This account may enter this managing body: the only tenant fact readable before a tenant is known.

    It has a managing body and no row-level security, on purpose: only `staff.queries.bodies_of` reads it.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="seats", verbose_name="compte")
    managing_body = models.ForeignKey(
        ManagingBody, models.PROTECT, related_name="+", verbose_name="organisme gestionnaire"
    )

    class Meta:
        verbose_name = "accès d’un compte à un organisme"
        constraints = [models.UniqueConstraint(fields=["account", "managing_body"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.managing_body_id}"


@exempt("belongs to no tenant: the door, and rows that live some hours")
class Session(models.Model):
    """A browser that is at the door or in.

    The cookie is nowhere: `digest` is its keyed hash, and `content` is encrypted for this row alone. Whoever
    reads the table enters nothing with it.
    """

    digest = models.CharField("empreinte du témoin", max_length=64, primary_key=True)
    account = models.ForeignKey(
        Account, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="compte"
    )
    content = models.BinaryField("contenu, chiffré")
    started_at = models.DateTimeField("ouverte le")
    ends_at = models.DateTimeField("finit le", db_index=True)

    class Meta:
        verbose_name = "session"

    def __str__(self) -> str:
        return self.digest[:8]


@exempt("belongs to no tenant: the door, and rows that live some days")
class Ticket(models.Model):
    """A link that opens once: to choose a first password, or another one.

    The link is nowhere: `digest` is its keyed hash. An account has one at most: the next takes its place.
    """

    digest = models.CharField("empreinte du lien", max_length=64, primary_key=True)
    account = models.OneToOneField(Account, models.CASCADE, related_name="ticket", verbose_name="compte")
    ends_at = models.DateTimeField("finit le", db_index=True)

    class Meta:
        verbose_name = "lien à usage unique"
        verbose_name_plural = "liens à usage unique"

    def __str__(self) -> str:
        return self.digest[:8]


@exempt("belongs to no tenant: counts of the door, for some minutes")
class Remembered(models.Model):
    """What all the processes keep in mind for some minutes: tries that were made, codes that were used.

    `digest` is the keyed hash of what it is about: an address of a network or an account is not read there.
    """

    digest = models.CharField("empreinte de l’objet", max_length=64, primary_key=True)
    value = models.JSONField("valeur")
    ends_at = models.DateTimeField("oublié le", db_index=True)

    class Meta:
        verbose_name = "mémoire commune des processus"
        verbose_name_plural = "mémoires communes des processus"

    def __str__(self) -> str:
        return self.digest[:8]


@tracked(exclude=("received",))
class Professional(KeyedModel):
    """A professional, ours or named by a record received. `key`: the PS_IdNat (`8`+RPPS, `3`+FINESS/id)."""

    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="compte"
    )
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom", max_length=100)
    title = models.CharField("civilité", max_length=10, blank=True)
    rpps = models.CharField("RPPS", max_length=11, blank=True)
    profession = models.CharField("profession", max_length=20, blank=True, help_text="JDV_J01")
    job = models.CharField("fonction", max_length=100, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.CharField("adresse électronique", max_length=254, blank=True)
    active = models.BooleanField("en activité", default=True)

    class Meta:
        verbose_name = "professionnel"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "rpps"], condition=~models.Q(rpps=""), name="professional_rpps"
            ),
            models.UniqueConstraint(fields=["managing_body", "account"], name="professional_account"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


@tracked(exclude=("received",))
class Function(KeyedModel):
    """What a professional does in a structure, as a transferred record says it (PractitionerRole)."""

    professional = TenantForeignKey(
        Professional, null=True, related_name="functions", verbose_name="professionnel"
    )
    structure = TenantForeignKey(Structure, null=True, related_name="+", verbose_name="structure")
    role = models.CharField("rôle", max_length=20, blank=True, help_text="JDV_J47")
    profession = models.CharField("profession", max_length=20, blank=True, help_text="JDV_J01")
    exercise_mode = models.CharField("mode d’exercice", max_length=10, blank=True, help_text="JDV_J117")
    phone = models.CharField("téléphone", max_length=30, blank=True)

    class Meta:
        verbose_name = "fonction"

    def __str__(self) -> str:
        return self.key


@tracked()
class Membership(TenantModel):
    """A role in an establishment, or in one of its units, for a period."""

    professional = TenantForeignKey(Professional, related_name="memberships", verbose_name="professionnel")
    establishment = TenantForeignKey(Establishment, related_name="+", verbose_name="établissement ou service")
    unit = TenantForeignKey(Unit, null=True, blank=True, related_name="+", verbose_name="unité")
    role = models.CharField("rôle", max_length=20, choices=Role.choices())
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    class Meta:
        verbose_name = "affectation"
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="membership_role_known", condition=models.Q(role__in=[role.value for role in Role])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.establishment_id})"

    def holds(self, day: dt.date) -> bool:
        """Is it in force that day, bounds included?"""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@tracked()
class FunctionChange(TenantModel):
    """What an establishment changed of a function: a permission given, or taken away (`limits.py`)."""

    establishment = TenantForeignKey(Establishment, related_name="+", verbose_name="établissement ou service")
    role = models.CharField("fonction", max_length=20, choices=Role.choices())
    permission = models.CharField("droit", max_length=30)
    given = models.BooleanField("donné")

    class Meta:
        verbose_name = "droit changé d’une fonction"
        verbose_name_plural = "droits changés des fonctions"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "establishment", "role", "permission"], name="function_change_once"
            ),
            models.CheckConstraint(
                name="function_change_known",
                condition=models.Q(role__in=[role.value for role in Role]) & ~models.Q(permission=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.permission}"


MINUTES_AT_MOST = 120
"""Without use, a shared post is locked before that (SC.SSI/IE.58)."""


@tracked(exclude=("mistakes",))
class Post(TenantModel):
    """A machine that several people use in turn: its browser carries a signed cookie that names this row."""

    establishment = TenantForeignKey(Establishment, related_name="+", verbose_name="établissement ou service")
    name = models.CharField("nom du poste", max_length=60)
    minutes = models.PositiveSmallIntegerField("veille, en minutes", default=10)
    declared_by = TenantForeignKey(Professional, related_name="+", verbose_name="déclaré par")
    declared_at = models.DateTimeField("déclaré le")
    ended_at = models.DateTimeField("retiré le", null=True, blank=True)
    mistakes = models.PositiveSmallIntegerField("badges refusés de suite", default=0)

    class Meta:
        verbose_name = "poste partagé"
        verbose_name_plural = "postes partagés"
        constraints = [
            models.CheckConstraint(
                name="post_minutes_bounded", condition=models.Q(minutes__range=(1, MINUTES_AT_MOST))
            )
        ]

    def __str__(self) -> str:
        return self.name


@exempt("rows that live some hours; the journal says who came and went")
class Turn(TenantModel):
    """Somebody who signed in strongly at this post: until `ends_at`, a code or a badge brings them back."""

    post = TenantForeignKey(Post, related_name="turns", verbose_name="poste partagé")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="compte")
    started_at = models.DateTimeField("connecté le")
    ends_at = models.DateTimeField("finit le")
    mistakes = models.PositiveSmallIntegerField("codes faux de suite", default=0)
    page = models.CharField("page quittée", max_length=200, blank=True)

    class Meta:
        verbose_name = "tour à un poste"
        verbose_name_plural = "tours à un poste"
        constraints = [models.UniqueConstraint(fields=["managing_body", "post", "account"], name="turn_once")]

    def __str__(self) -> str:
        return f"{self.account_id} @ {self.post_id}"


@exempt("a history would keep former codes; the journal says when they changed")
class PostKey(models.Model):
    """What brings somebody back where they signed in strongly today. Neither the code nor the badge is here.

    The code is hashed with a salt of its own over a digest under our key; the badge is a digest under it.
    """

    account = models.OneToOneField(
        Account, models.CASCADE, primary_key=True, related_name="+", verbose_name="compte"
    )
    code = models.CharField("code, haché", max_length=128)
    badge = models.CharField("empreinte du badge", max_length=64, blank=True)

    class Meta:
        verbose_name = "clé de poste"
        verbose_name_plural = "clés de poste"
        constraints = [
            models.UniqueConstraint(
                fields=["badge"], condition=~models.Q(badge=""), name="badge_of_one_account"
            )
        ]

    def __str__(self) -> str:
        return str(self.account_id)
