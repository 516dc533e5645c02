"""A record that was not open to somebody: asked for and answered, or opened in an emergency and reviewed.

Whoever asks is not told whether there is such a record: an identifier of nobody gets the same answer.
"""

import datetime as dt
import uuid
from typing import Final

from django.db import IntegrityError, transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.core.moment import Moment
from jalon.core.text import one_line
from jalon.db.changes import lock
from jalon.organizations.queries import moment_at, value_of
from jalon.organizations.settings import OneOf, Setting
from jalon.records.actions import grant
from jalon.records.models import AccessGrant, AccessRequest, EmergencyReview, Record
from jalon.staff.models import Professional
from jalon.staff.queries import Actor
from jalon.staff.rules import Permission

DAYS: Final = {1: "aujourd’hui", 7: "une semaine", 31: "un mois", 92: "trois mois"}
CLOSED: Final = "0"
EMERGENCY: Final = Setting(
    "records.emergency",
    "Ouverture d’un dossier en urgence",
    OneOf(((CLOSED, "fermée"), ("15", "pour 15 minutes"), ("60", "pour une heure"))),
    "15",
    "Pour qui soigne. Un motif est demandé, la direction est prévenue et relit chaque ouverture.",
    group="Accès aux dossiers",
)
NO_EMERGENCY = (
    "Ce dossier ne s’ouvre pas en urgence. Appelez la cheffe de service ou l’astreinte ; si une vie est en "
    "danger, appelez le 15."
)


# --- asked and answered -------------------------------------------------------------------------------------


@transaction.atomic
def ask(*, record_id: uuid.UUID, actor: Actor, reason: str, days: int, now: dt.datetime) -> AccessRequest:
    """Ask whoever heads the place to open this record for some days.

    Raises DomainError `request_without_reason`, `unknown_duration`, `already_open` or `already_asked`.
    """
    by, said = actor.professional, _reason(reason, "request_without_reason")
    if days not in DAYS:
        raise DomainError("Choisissez une durée de la liste.", code="unknown_duration", place="days")
    today = actor.moment(now).today
    if Record.objects.visible_to(actor, today=today).filter(pk=record_id).exists():
        raise DomainError("Ce dossier vous est déjà ouvert.", code="already_open")
    try:
        with transaction.atomic():
            asked = AccessRequest.objects.create(
                record_id=record_id, professional=by, reason=said, days=days, asked_at=now
            )
    except IntegrityError as error:
        if "request_waits_once" not in str(error):
            raise
        raise DomainError(
            "Vous avez déjà demandé ce dossier. La réponse vous sera dite dans « Ma journée ».",
            code="already_asked",
        ) from error
    record_entry("records.access_asked", on=record_id, by=by, facts={"reason": said, "days": days})
    return asked


@transaction.atomic
def accept(*, asked: AccessRequest, record: Record, moment: Moment, by: Professional) -> AccessGrant:
    """Open it, from today on, for the days that were asked.

    Raises DomainError `already_answered` or `answer_to_oneself`, and as `grant`.
    """
    asked = _waiting(asked, by)
    asked.given, asked.answered_by, asked.answered_at = True, by, moment.now
    asked.save()
    last = moment.today + dt.timedelta(days=asked.days - 1)
    return grant(
        record=record, to=asked.professional, reason=asked.reason, starts_on=moment.today, ends_on=last, by=by
    )


@transaction.atomic
def refuse(*, asked: AccessRequest, answer: str, now: dt.datetime, by: Professional) -> AccessRequest:
    """Say no, and why: whoever asked reads it.

    Raises DomainError `refusal_without_reason`, `already_answered` or `answer_to_oneself`.
    """
    said = one_line(answer, "answer")
    if not said:
        raise DomainError(
            "Dites pourquoi : qui a demandé lira ces mots.", code="refusal_without_reason", place="answer"
        )
    asked = _waiting(asked, by)
    asked.given, asked.answer, asked.answered_by, asked.answered_at = False, said, by, now
    asked.save()
    facts = {"to": str(asked.professional_id)}
    record_entry("records.access_refused", on=asked.record_id, by=by, facts=facts)
    return asked


def _waiting(asked: AccessRequest, by: Professional) -> AccessRequest:
    """The request, locked: it waits, and this professional may answer it."""
    asked = lock(asked)
    if asked.given is not None:
        raise DomainError(f"{asked.answered_by} a déjà répondu.", code="already_answered")
    if asked.professional_id == by.pk:
        raise DomainError(
            "Nul ne répond à sa propre demande. Laissez une autre personne de l’encadrement répondre.",
            code="answer_to_oneself",
        )
    return asked


# --- in an emergency ----------------------------------------------------------------------------------------


@transaction.atomic
def break_glass(*, record_id: uuid.UUID, actor: Actor, reason: str, now: dt.datetime) -> AccessGrant:
    """Open a record to oneself for some minutes, because care cannot wait; whoever heads the place is told.

    It opens what one's functions read, restricted writings apart. Raises DomainError
    `emergency_without_reason`, and `no_emergency`: the function has no such right, the house closed it, or
    there is no such record.
    """
    by, said = actor.professional, _reason(reason, "emergency_without_reason")
    record = Record.objects.filter(pk=record_id).select_related("establishment").first()
    minutes = int(value_of(EMERGENCY, establishment=record.establishment)) if record else 0
    if record is None or not minutes or not actor.may(Permission.BREAK_GLASS):
        raise DomainError(NO_EMERGENCY, code="no_emergency")
    until = now + dt.timedelta(minutes=minutes)
    today = moment_at(record.establishment, now).today
    day = dt.timedelta(days=1)  # whoever asks may live on another day than the house
    given = AccessGrant.objects.create(
        record=record, professional=by, reason=said, starts_on=today - day, ends_on=today + day, until=until
    )
    facts = {"reason": said, "until": until.isoformat()}
    record_entry("records.glass_broken", on=record.pk, by=by, facts=facts)
    return given


@transaction.atomic
def review(
    *, given: AccessGrant, justified: bool, words: str, now: dt.datetime, by: Professional
) -> EmergencyReview:
    """Say afterwards whether an emergency was one. What was not one ends at once, if it had not.

    Raises DomainError `not_an_emergency`, `already_reviewed`, `review_of_oneself` or
    `unjustified_without_words`.
    """
    given, said = lock(given), one_line(words, "words")
    if given.until is None:
        raise DomainError("Ce dossier n’a pas été ouvert en urgence.", code="not_an_emergency")
    if given.professional_id == by.pk:
        raise DomainError(
            "Nul ne relit sa propre urgence. Laissez une autre personne de l’encadrement la relire.",
            code="review_of_oneself",
        )
    if given.reviews.exists():
        raise DomainError("Cette urgence est déjà relue.", code="already_reviewed")
    if not justified and not said:
        raise DomainError(
            "Dites pourquoi ce n’était pas une urgence.", code="unjustified_without_words", place="words"
        )
    if not justified and given.until > now:
        given.until = now
        given.save()
    told = EmergencyReview.objects.create(grant=given, by=by, at=now, justified=justified, words=said)
    facts = {"grant": str(given.pk), "justified": justified}
    record_entry("records.emergency_reviewed", on=given.record_id, by=by, facts=facts)
    return told


def simulated(*, record: Record, who: Professional, at: dt.datetime, by: Professional) -> None:
    """Keep that the rights of somebody on this record were simulated: nothing of it was opened."""
    facts = {"who": str(who.pk), "at": at.isoformat()}
    record_entry("records.rights_simulated", on=record.pk, by=by, facts=facts)


def _reason(typed: str, code: str) -> str:
    said = one_line(typed, "reason")
    if not said:
        raise DomainError("Dites pourquoi : ces mots sont gardés et relus.", code=code, place="reason")
    return said
