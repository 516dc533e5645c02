"""What leaves and what comes in: outbox, inbox, the proof of both, and what a transfer left verbatim."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jalon.db.fields import EncryptedJSONField, EncryptedTextField
from jalon.db.keyed import KeyField
from jalon.db.rows import append_only, exempt
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.documents.models import Document
from jalon.exchange.rules import DELIVERY, LOOK_UP, RECEPTION, moves
from jalon.organizations.models import Establishment
from jalon.people.models import Person
from jalon.records.models import Record
from jalon.staff.models import Professional


class DeliveryState(models.TextChoices):
    """Where a delivery stands. Nothing leaves TO_CHECK by itself: a person decides."""

    PREPARED = "prepared", "préparé"
    ATTEMPTED = "attempted", "en cours d’envoi"
    SENT = "sent", "envoyé"
    ACKNOWLEDGED = "acknowledged", "reçu par le service"
    REFUSED = "refused", "refusé"
    TO_CHECK = "to_check", "à vérifier"


UNDER_WAY = (DeliveryState.PREPARED, DeliveryState.ATTEMPTED)


@exempt("its steps are its history, append-only")
class Delivery(TenantModel):
    """One document on its way to one destination.

    Its identifiers are drawn when it is requested, not when it is sent: after a cut, the other side can be
    asked whether it has *this* one.
    """

    document = TenantForeignKey(Document, related_name="deliveries", verbose_name="document")
    destination = models.CharField("destination", max_length=20, help_text="jalon.exchange.outbox.routes")
    state = models.CharField(
        "état", max_length=15, choices=DeliveryState.choices, default=DeliveryState.PREPARED
    )
    requested_at = models.DateTimeField("demandé le")
    requested_by = TenantForeignKey(Professional, null=True, related_name="+", verbose_name="demandé par")
    submission_id = models.CharField("identifiant de lot", max_length=128)
    message_id = models.CharField("identifiant de message", max_length=200)
    recipient = EncryptedTextField("destinataire", context="exchange.Delivery.recipient", blank=True)
    package_sha256 = models.CharField("octets préparés", max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    # Set, and committed, just before the first byte of content leaves: from here on the receiver may have it.
    content_left_at = models.DateTimeField("contenu parti le", null=True, blank=True)
    sent_at = models.DateTimeField("envoyé le", null=True, blank=True)
    code = models.CharField("code du service", max_length=60, blank=True)
    label = models.CharField("réponse du service", max_length=400, blank=True)

    class Meta:
        verbose_name = "envoi"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "document", "destination"], name="delivered_once"
            ),
            models.UniqueConstraint(fields=["managing_body", "message_id"], name="delivery_message_id"),
            models.CheckConstraint(
                name="delivery_state_known", condition=models.Q(state__in=DeliveryState.values)
            ),
        ]
        indexes = [models.Index(fields=["managing_body", "state"], name="delivery_state")]
        triggers = [pgtrigger.FSM(name="delivery_moves", field="state", transitions=moves(DELIVERY))]

    def __str__(self) -> str:
        return f"{self.destination} {self.state}"


@append_only
class DeliveryStep(TenantModel):
    """One step of a delivery, with the exact bytes sent and answered. Append-only."""

    delivery = TenantForeignKey(Delivery, related_name="steps", verbose_name="envoi")
    at = models.DateTimeField("le")
    state = models.CharField("état", max_length=15, choices=DeliveryState.choices)
    code = models.CharField("code", max_length=60, blank=True)
    label = models.CharField("libellé", max_length=400, blank=True)
    sent_sha256 = models.CharField("octets envoyés", max_length=64, blank=True)
    answered_sha256 = models.CharField("octets reçus", max_length=64, blank=True)

    class Meta:
        verbose_name = "étape d’un envoi"
        verbose_name_plural = "étapes d’un envoi"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.state} {self.at:%Y-%m-%d %H:%M:%S}"


@exempt("what a service last did, of nobody in particular: gone at its next answer")
class Silence(models.Model):
    """A service that failed at its last try, for the whole installation (`exchange.breaker`)."""

    destination = models.CharField("destination", primary_key=True, max_length=20)
    since = models.DateTimeField("en échec depuis")
    failures = models.PositiveSmallIntegerField("échecs de suite", default=0)
    next_at = models.DateTimeField("prochain essai", null=True, blank=True)

    class Meta:
        verbose_name = "silence"

    def __str__(self) -> str:
        return f"{self.destination} {self.failures}"


class ReceptionState(models.TextChoices):
    """Where a received message stands."""

    STORED = "stored", "à traiter"
    TO_MATCH = "to_match", "à rapprocher"
    FILED = "filed", "classé"
    REJECTED = "rejected", "illisible"
    SET_ASIDE = "set_aside", "écarté"


@exempt("its raw message never changes; what is done with it is an act of the journal")
class Reception(TenantModel):
    """One message come into a mailbox, kept raw before anything is read in it.

    Each archive that it carries is decided apart: one reception a `part`.
    """

    establishment = TenantForeignKey(Establishment, related_name="+", verbose_name="établissement ou service")
    mailbox = models.EmailField("boîte")
    message_id = models.CharField("identifiant de message", max_length=400)
    raw_sha256 = models.CharField("octets reçus", max_length=64)
    part = models.PositiveSmallIntegerField("rang de l’archive", default=0)
    received_at = models.DateTimeField("reçu le")
    state = models.CharField(
        "état", max_length=12, choices=ReceptionState.choices, default=ReceptionState.STORED
    )
    sender = models.CharField("expéditeur", max_length=300, blank=True)
    subject = EncryptedTextField("objet", context="exchange.Reception.subject", blank=True)
    reason = models.CharField("motif", max_length=400, blank=True)
    person = TenantForeignKey(Person, null=True, blank=True, related_name="+", verbose_name="usager")
    decided_by = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="décidé par"
    )
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    class Meta:
        verbose_name = "message reçu"
        verbose_name_plural = "messages reçus"
        constraints = [
            # Twice is once: the same bytes under the same Message-ID in the same mailbox.
            models.UniqueConstraint(
                fields=["managing_body", "mailbox", "message_id", "raw_sha256", "part"],
                name="received_part_once",
            ),
        ]
        indexes = [models.Index(fields=["managing_body", "state"], name="reception_state")]
        triggers = [pgtrigger.FSM(name="reception_moves", field="state", transitions=moves(RECEPTION))]

    def __str__(self) -> str:
        return f"{self.mailbox} {self.state}"


@exempt("how the latest round ended; what each round took is told by the messages")
class MailboxRound(TenantModel):
    """The latest round of an establishment's mailbox, and since when rounds fail."""

    establishment = TenantForeignKey(Establishment, related_name="+", verbose_name="établissement ou service")
    ended_at = models.DateTimeField("terminée le")
    failing_since = models.DateTimeField("en échec depuis", null=True, blank=True)
    reason = models.CharField("motif", max_length=400, blank=True)

    class Meta:
        verbose_name = "relève d’une boîte"
        verbose_name_plural = "relèves des boîtes"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "establishment"], name="round_once"),
        ]

    def __str__(self) -> str:
        return f"{self.establishment_id} {self.reason}"


@append_only
class ReceivedDocument(TenantModel):
    """A document that came in a message, once filed in a record."""

    reception = TenantForeignKey(Reception, related_name="documents", verbose_name="message reçu")
    document = TenantForeignKey(Document, related_name="+", verbose_name="document")

    class Meta:
        verbose_name = "document reçu"
        verbose_name_plural = "documents reçus"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "reception", "document"], name="received_document_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.document_id)


class LookUpState(models.TextChoices):
    """Where the look-up of an INS stands."""

    ASKED = "asked", "demandée"
    ANSWERED = "answered", "répondue"
    FAILED = "failed", "sans réponse"


@exempt("what came of it is written once; the calls it made are kept, append-only")
class InsLookUp(TenantModel):
    """An INS asked for by somebody, answered by the worker: the result stays until another is asked for."""

    ATTACHED = "attached"

    person = TenantForeignKey(Person, related_name="look_ups", verbose_name="usager")
    asked_at = models.DateTimeField("demandée le")
    asked_by = TenantForeignKey(
        Professional, null=True, blank=True, related_name="+", verbose_name="demandée par"
    )
    state = models.CharField("état", max_length=10, choices=LookUpState.choices, default=LookUpState.ASKED)
    outcome = models.CharField("issue", max_length=40, blank=True)
    message = models.CharField("réponse", max_length=400, blank=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)

    class Meta:
        verbose_name = "recherche d’INS"
        verbose_name_plural = "recherches d’INS"
        constraints = [
            models.UniqueConstraint(
                fields=["managing_body", "person"],
                condition=models.Q(state="asked"),
                name="look_up_asked_once",
            ),
        ]
        triggers = [pgtrigger.FSM(name="look_up_moves", field="state", transitions=moves(LOOK_UP))]

    def __str__(self) -> str:
        return f"{self.state} {self.outcome}"

    @property
    def attached(self) -> bool:
        return self.outcome == self.ATTACHED


@append_only
class ServiceCall(TenantModel):
    """One call of a national service about an identity (INSi): both sides' bytes, whatever the answer."""

    person = TenantForeignKey(Person, null=True, related_name="service_calls", verbose_name="usager")
    service = models.CharField("service", max_length=20)
    at = models.DateTimeField("le")
    by = TenantForeignKey(Professional, null=True, related_name="+", verbose_name="professionnel")
    outcome = models.CharField("issue", max_length=20)
    sent_sha256 = models.CharField("octets envoyés", max_length=64, blank=True)
    answered_sha256 = models.CharField("octets reçus", max_length=64, blank=True)

    class Meta:
        verbose_name = "appel d’un téléservice"
        verbose_name_plural = "appels d’un téléservice"

    def __str__(self) -> str:
        return f"{self.service} {self.outcome}"


@exempt("kept as it came: the imported file holds each version")
class VerbatimResource(TenantModel):
    """A resource of a transfer that has no table yet: kept as it came, named, counted, sent out again."""

    key = KeyField()
    record = TenantForeignKey(Record, null=True, related_name="verbatim", verbose_name="dossier")
    type = models.CharField("type FHIR", max_length=60)
    profile = models.CharField("profil", max_length=200, blank=True)
    content = EncryptedJSONField("contenu", context="exchange.VerbatimResource")

    class Meta:
        verbose_name = "élément repris tel quel"
        verbose_name_plural = "éléments repris tels quels"

    def __str__(self) -> str:
        return f"{self.type} {self.key}"


@exempt("drawn from what is received, and kept with it")
class ReceivedIns(TenantModel):
    """A matricule that a file told of somebody, by its keyed hash: an index says who else received it."""

    person = TenantForeignKey(Person, related_name="received_ins", verbose_name="usager")
    digest = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "matricule reçu"
        verbose_name_plural = "matricules reçus"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "digest", "person"], name="received_ins_once"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


@append_only
class ImportRun(TenantModel):
    """Many files asked to be brought in by the worker, each on its own. `into`: the only houses, or all."""

    asked_at = models.DateTimeField("demandé le")
    by = TenantForeignKey(Professional, null=True, related_name="+", verbose_name="demandé par")
    house = models.CharField("FINESS de l’établissement qui accueille", max_length=9, blank=True)
    into = ArrayField(models.UUIDField(), verbose_name="établissements permis", null=True)

    class Meta:
        verbose_name = "import de plusieurs fichiers"
        verbose_name_plural = "imports de plusieurs fichiers"

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"


class PartOutcome(models.TextChoices):
    """What became of a file of a run."""

    WAITING = "waiting", "à faire"
    DONE = "done", "importé"
    REFUSED = "refused", "refusé"
    UNDOING = "undoing", "à annuler"
    UNDONE = "undone", "annulé"


@exempt("what it gave is written once, in the transaction of the import itself")
class ImportPart(TenantModel):
    """One file of a run, kept as it was sent, what it gave, and what it found (`before`), by which it is
    taken back. Its name may be somebody’s: encrypted."""

    run = TenantForeignKey(ImportRun, related_name="parts", verbose_name="import")
    rank = models.PositiveIntegerField("rang")
    name = EncryptedTextField("nom du fichier", context="exchange.ImportPart.name", blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    outcome = models.CharField(
        "issue", max_length=8, choices=PartOutcome.choices, default=PartOutcome.WAITING
    )
    told = EncryptedJSONField("compte rendu", context="exchange.ImportPart.told", blank=True, default=dict)
    before = EncryptedJSONField(
        "état d’avant", context="exchange.ImportPart.before", blank=True, default=dict, db_default=""
    )

    class Meta:
        verbose_name = "fichier d’un import"
        verbose_name_plural = "fichiers d’un import"
        constraints = [
            models.UniqueConstraint(fields=["managing_body", "run", "rank"], name="import_part_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rank} {self.outcome}"


@append_only
class ImportedFile(TenantModel):
    """A transfer file that was read: its bytes, and what it gave."""

    sha256 = models.CharField("empreinte", max_length=64)
    imported_at = models.DateTimeField("importé le")
    by = TenantForeignKey(Professional, null=True, related_name="+", verbose_name="par")
    created = models.PositiveIntegerField("créés", default=0)
    changed = models.PositiveIntegerField("modifiés", default=0)
    unchanged = models.PositiveIntegerField("inchangés", default=0)
    verbatim = models.PositiveIntegerField("repris tels quels", default=0)

    class Meta:
        verbose_name = "fichier importé"
        verbose_name_plural = "fichiers importés"

    def __str__(self) -> str:
        return self.sha256[:12]
