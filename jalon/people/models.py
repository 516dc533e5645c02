"""The people accompanied: their identity once per managing body, their entourage, their rights."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When

from jalon.core.identity import INS_OIDS, UNKNOWN_PLACE, DatePrecision, Ins, Traits
from jalon.core.identity import Sex as SexCode
from jalon.core.names import familiar_name
from jalon.db.encryption import keyed_hash
from jalon.db.fields import EncryptedTextField
from jalon.db.keyed import KeyedModel
from jalon.db.rows import exempt, tracked
from jalon.db.tenant import TenantField, TenantForeignKey, TenantModel

HAS_INS = ~Q(ins_digest="")
PHOTO_AGREED = Q(photo_sha256="") | (~Q(photo_agreed_by="") & Q(photo_agreed_on__isnull=False))
IS_PROVEN = Q(proven_on__isnull=False)


class IdentityStatus(models.TextChoices):
    """RNIV statuses (SC.INS/va1.40): two facts, four words."""

    PROVISIONAL = "provisional", "provisoire"
    RETRIEVED = "retrieved", "récupérée"
    VALIDATED = "validated", "validée"
    QUALIFIED = "qualified", "qualifiée"


class Sex(models.TextChoices):
    """JDV_J143."""

    FEMALE = "F", "féminin"
    MALE = "M", "masculin"
    UNKNOWN = "U", "inconnu"


def ins_digest(matricule: str) -> str:
    """The keyed hash that finds a matricule without reading any."""
    return keyed_hash(matricule, context="people.Person.ins") if matricule else ""


@tracked(exclude=("received", "identity_status", "name_key"))
class Person(KeyedModel):
    """A person accompanied. `key` is `3<FINESS>/<idLocal>`, given by the house that first knew them."""

    birth_name = models.CharField("nom de naissance", max_length=100)
    birth_first_names = models.CharField("prénoms de naissance", max_length=200, blank=True)
    first_name = models.CharField("premier prénom de naissance", max_length=100, blank=True)
    used_name = models.CharField("nom utilisé", max_length=100, blank=True)
    used_first_name = models.CharField("prénom utilisé", max_length=100, blank=True)
    sex: "models.CharField[Any, SexCode]" = models.CharField(
        "sexe", max_length=1, choices=Sex.choices, default=Sex.UNKNOWN
    )
    birth_date = models.DateField("date de naissance", null=True, blank=True)
    birth_date_precision: "models.CharField[Any, DatePrecision]" = models.CharField(
        "précision de la date de naissance", max_length=5, default="day"
    )
    birth_place = models.CharField(
        "code du lieu de naissance", max_length=5, default=UNKNOWN_PLACE, help_text="COG"
    )
    birth_order = models.PositiveSmallIntegerField("rang de naissance", null=True, blank=True)
    died_on = models.DateField("date de décès", null=True, blank=True)
    died_on_precision: "models.CharField[Any, DatePrecision]" = models.CharField(
        "précision de la date de décès", max_length=5, default="day"
    )
    death_reported = models.BooleanField("décès signalé, date inconnue", default=False)
    # Lower-case, unaccented: French order and name look-ups without ICU (the embedded server has none).
    name_key = models.CharField("clé de tri", max_length=620, editable=False, blank=True)

    ins = EncryptedTextField("matricule INS", context="people.Person.ins", blank=True)
    ins_oid = models.CharField("OID de l’INS", max_length=30, blank=True)
    ins_digest = models.CharField("empreinte de l’INS", max_length=64, blank=True, editable=False)
    ins_retrieved_at = models.DateTimeField("INS récupérée le", null=True, blank=True)
    proven_on = models.DateField("identité prouvée le", null=True, blank=True)
    proof = models.CharField("pièce présentée", max_length=60, blank=True)
    doubtful = models.BooleanField("identité douteuse", default=False)
    fictitious = models.BooleanField("identité fictive", default=False)
    identity_status = models.GeneratedField(
        expression=Case(
            When(HAS_INS & IS_PROVEN, then=Value(IdentityStatus.QUALIFIED)),
            When(HAS_INS, then=Value(IdentityStatus.RETRIEVED)),
            When(IS_PROVEN, then=Value(IdentityStatus.VALIDATED)),
            default=Value(IdentityStatus.PROVISIONAL),
        ),
        output_field=models.CharField("statut de l’identité", max_length=12, choices=IdentityStatus.choices),
        db_persist=True,
    )

    address_line = models.CharField("adresse", max_length=200, blank=True)
    postal_code = models.CharField("code postal", max_length=10, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    phone = models.CharField("téléphone", max_length=40, blank=True)
    email = models.CharField("adresse électronique", max_length=254, blank=True)
    comment = models.TextField("commentaire", blank=True)

    photo_sha256 = models.CharField("empreinte de la photo", max_length=64, blank=True, editable=False)
    photo_agreed_by = models.CharField("accord à la photo", max_length=200, blank=True)
    photo_agreed_on = models.DateField("accord à la photo le", null=True, blank=True)

    class Meta:
        verbose_name = "usager"
        constraints = [
            models.CheckConstraint(name="photo_is_agreed", condition=PHOTO_AGREED),
            models.CheckConstraint(
                name="doubtful_identity_stays_provisional",
                condition=Q(doubtful=False, fictitious=False)
                | (Q(ins_digest="") & Q(proven_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="ins_is_whole",
                condition=Q(ins_digest="", ins="", ins_oid="", ins_retrieved_at__isnull=True)
                | (
                    ~Q(ins_digest="")
                    & ~Q(ins="")
                    & Q(ins_oid__in=list(INS_OIDS))
                    & Q(ins_retrieved_at__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="proof_is_whole",
                condition=Q(proven_on__isnull=True, proof="") | (Q(proven_on__isnull=False) & ~Q(proof="")),
            ),
            models.CheckConstraint(name="person_sex_known", condition=Q(sex__in=Sex.values)),
            models.CheckConstraint(
                name="birth_precision_known", condition=Q(birth_date_precision__in=["day", "month", "year"])
            ),
            models.CheckConstraint(
                name="death_precision_known", condition=Q(died_on_precision__in=["day", "month", "year"])
            ),
            models.UniqueConstraint(
                fields=["managing_body", "ins_digest"], condition=HAS_INS, name="person_ins_once"
            ),
        ]
        indexes = [
            models.Index(fields=["managing_body", "birth_date"], name="person_birth_date"),
            models.Index(fields=["managing_body", "name_key"], name="person_name_key"),
        ]

    def __str__(self) -> str:
        return f"{self.birth_name} {self.first_name}"

    @property
    def is_dead(self) -> bool:
        """Is a death known, with its day or without?"""
        return self.death_reported or self.died_on is not None

    @property
    def is_qualified(self) -> bool:
        return self.identity_status == IdentityStatus.QUALIFIED

    @property
    def usual_name(self) -> str:
        return self.used_name or self.birth_name

    @property
    def usual_first_name(self) -> str:
        return familiar_name(self.first_name, self.used_first_name)

    @property
    def traits(self) -> Traits:
        """The strict traits. Raises ValueError without a birth date: callers check `birth_date`."""
        if self.birth_date is None:
            raise ValueError("no strict traits without a birth date")
        return Traits(
            birth_name=self.birth_name,
            first_name=self.first_name,
            birth_first_names=self.birth_first_names or self.first_name,
            sex=self.sex,
            birth_date=self.birth_date,
            birth_place=self.birth_place,
            birth_date_precision=self.birth_date_precision,
        )

    def take_traits(self, traits: Traits) -> None:
        """Set the strict traits, all of them."""
        self.birth_name, self.first_name = traits.birth_name, traits.first_name
        self.birth_first_names, self.sex = traits.birth_first_names, traits.sex
        self.birth_date, self.birth_date_precision = traits.birth_date, traits.birth_date_precision
        self.birth_place = traits.birth_place

    def take_ins(self, ins: Ins, at: dt.datetime) -> None:
        """Set the INS that our own INSi look-up returned."""
        self.ins, self.ins_oid, self.ins_digest = ins.matricule, ins.oid, ins_digest(ins.matricule)
        self.ins_retrieved_at = at

    def drop_ins(self) -> None:
        """Back to an identity without INS: a strict trait changed, or the identity became doubtful."""
        self.ins = self.ins_oid = self.ins_digest = ""
        self.ins_retrieved_at = None


@exempt("derived by the database from the person, whose history is kept")
class NameWord(models.Model):
    """A word that finds a person, of their names or of the numbers of their file: triggers alone write it."""

    pk = models.CompositePrimaryKey("managing_body", "person", "word")
    managing_body = TenantField(db_constraint=False)
    person = models.ForeignKey(
        Person, models.DO_NOTHING, "words", db_column="person", db_constraint=False, db_index=False,
        verbose_name="usager",
    )  # fmt: skip
    word = models.TextField("mot", db_collation="C")
    birth_date = models.DateField("date de naissance", null=True)

    class Meta:
        verbose_name = "mot d’un nom"
        verbose_name_plural = "mots des noms"
        indexes = [models.Index(
            fields=["managing_body", "word", "birth_date"], include=["person"], name="name_word_found",
        )]  # fmt: skip

    def __str__(self) -> str:
        return self.word


@exempt("derived by the database from the names known: spellings that name nobody")
class NameKey(models.Model):
    """A word of the names known here, under each key that a slip or the ear gives it (SC.INS/va1.24).

    The trigger `people_words` writes a word once for all who bear it, and none of them is named.
    """

    pk = models.CompositePrimaryKey("managing_body", "key", "word")
    managing_body = TenantField(db_constraint=False)
    key = models.TextField("clé", db_collation="C")
    word = models.TextField("mot", db_collation="C")

    class Meta:
        verbose_name = "graphie voisine"
        verbose_name_plural = "graphies voisines"

    def __str__(self) -> str:
        return self.key


@tracked(exclude=("received",))
class Contact(KeyedModel):
    """Somebody around the person: family, trusted person, legal representative, partner."""

    person = TenantForeignKey(Person, related_name="contacts", verbose_name="usager")
    last_name = models.CharField("nom", max_length=200, blank=True)
    first_name = models.CharField("prénom", max_length=100, blank=True)
    role = models.CharField("rôle", max_length=20, blank=True, help_text="JDV_J384, TRE_R260")
    relation = models.CharField("lien", max_length=20, blank=True, help_text="TRE_R216")
    protection = models.CharField("protection juridique", max_length=20, blank=True, help_text="TRE_R217")
    trusted = models.BooleanField("personne de confiance", default=False)
    phone = models.CharField("téléphone", max_length=40, blank=True)
    email = models.CharField("adresse électronique", max_length=254, blank=True)
    call_order = models.PositiveSmallIntegerField("ordre d’appel", null=True, blank=True)
    comment = models.TextField("commentaire", blank=True)

    class Meta:
        verbose_name = "contact"
        ordering = ["call_order", "key"]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@tracked()
class ProtectionMeasure(TenantModel):
    """A legal protection: its kind, what its holder may do for the person and for their goods, until when.

    A mode is never guessed: empty, it is to be verified, and nobody is asked to sign on its ground.
    """

    class Kind(models.TextChoices):
        TUTELLE = "tutelle", "tutelle"
        CURATELLE = "curatelle", "curatelle simple"
        REINFORCED = "curatelle_renforcee", "curatelle renforcée"
        FAMILY = "habilitation_familiale", "habilitation familiale"
        SPOUSE = "habilitation_conjoint", "habilitation entre époux"
        FUTURE = "mandat_futur", "mandat de protection future activé"
        SAFEGUARD = "sauvegarde", "sauvegarde de justice"
        MAJ = "maj", "mesure d’accompagnement judiciaire"
        MASP = "masp", "mesure d’accompagnement social personnalisé"

    class Mode(models.TextChoices):
        NONE = "none", "non"
        ASSISTANCE = "assistance", "avec assistance"
        REPRESENTATION = "representation", "avec représentation"

    person = TenantForeignKey(Person, related_name="measures", verbose_name="usager")
    kind = models.CharField("mesure", max_length=30, choices=Kind.choices)
    person_mode = models.CharField("relative à la personne", max_length=20, choices=Mode.choices, blank=True)
    goods_mode = models.CharField("relative aux biens", max_length=20, choices=Mode.choices, blank=True)
    acts = models.TextField("actes que nomme la décision", blank=True)
    holder = models.CharField("mandataire", max_length=200, blank=True)
    contact = TenantForeignKey(
        Contact, null=True, blank=True, related_name="measures", verbose_name="mandataire, dans l’entourage"
    )
    deputy = models.CharField("subrogé", max_length=200, blank=True)
    court = models.CharField("tribunal", max_length=200, blank=True)
    decided_on = models.DateField("décision du", null=True, blank=True)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au", null=True, blank=True)

    class Meta:
        verbose_name = "mesure de protection"
        verbose_name_plural = "mesures de protection"
        constraints = [
            models.CheckConstraint(
                name="measure_modes_known",
                condition=Q(person_mode__in=["", "none", "assistance", "representation"])
                & Q(goods_mode__in=["", "none", "assistance", "representation"]),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def to_verify(self) -> bool:
        """Is its extent unknown, for the person or for the goods?"""
        return not (self.person_mode and self.goods_mode)


@tracked()
class ParentalResponsibility(TenantModel):
    """Who exercises the parental authority over a minor, under which decision, from when to when."""

    class Exercise(models.TextChoices):
        EXERCISED = "exercised", "exercée"
        WITHDRAWN = "withdrawn", "sans exercice"

    person = TenantForeignKey(Person, related_name="parents", verbose_name="usager")
    contact = TenantForeignKey(Contact, related_name="authority", verbose_name="titulaire")
    exercise = models.CharField("autorité parentale", max_length=20, choices=Exercise.choices)
    restriction = models.CharField("restriction", max_length=200, blank=True)
    decision = models.CharField("décision", max_length=200, blank=True)
    starts_on = models.DateField("du", null=True, blank=True)
    ends_on = models.DateField("au", null=True, blank=True)

    class Meta:
        verbose_name = "responsabilité parentale"
        verbose_name_plural = "responsabilités parentales"
        constraints = [
            models.CheckConstraint(
                name="parental_exercise_known", condition=Q(exercise__in=["exercised", "withdrawn"])
            ),
        ]

    def __str__(self) -> str:
        return self.get_exercise_display()


@tracked()
class Vigilance(TenantModel):
    """What everyone must know before acting: shown on every page of the record, printed on every document."""

    class Kind(models.TextChoices):
        ALLERGY = "allergy", "allergie"
        SWALLOWING = "swallowing", "fausse route"
        EPILEPSY = "epilepsy", "épilepsie"
        FALL = "fall", "chute"
        RUNAWAY = "runaway", "départ inopiné"
        COMMUNICATION = "communication", "communication"
        OTHER = "other", "à savoir"

    person = TenantForeignKey(Person, related_name="vigilances", verbose_name="usager")
    kind = models.CharField("nature", max_length=20, choices=Kind.choices)
    text = models.CharField("vigilance", max_length=200)
    active = models.BooleanField("en cours", default=True)
    end_reason = models.CharField("motif de fin", max_length=200, blank=True)

    class Meta:
        verbose_name = "point de vigilance"
        verbose_name_plural = "points de vigilance"

    def __str__(self) -> str:
        return self.get_kind_display()


@tracked()
class Consent(TenantModel):
    """What the person accepts or opposes, for one purpose, from one day on. The latest one holds."""

    class Purpose(models.TextChoices):
        DMP_FEED = "dmp_feed", "alimentation du DMP"
        CITIZEN_MAIL = "citizen_mail", "envoi dans Mon espace santé"
        SHARE = "share", "partage dans l’équipe"

    person = TenantForeignKey(Person, related_name="consents", verbose_name="usager")
    purpose = models.CharField("finalité", max_length=20, choices=Purpose.choices)
    granted = models.BooleanField("accepté")
    decided_on = models.DateField("décidé le")
    recorded_at = models.DateTimeField("enregistré le", auto_now_add=True)

    class Meta:
        verbose_name = "consentement ou opposition"
        verbose_name_plural = "consentements et oppositions"
        ordering = ["-decided_on", "-recorded_at"]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} : {'accepté' if self.granted else 'refusé'}"
