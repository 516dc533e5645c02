"""Asking for an INS: what may be asked, kept as asked; the worker asks the service (`answering`)."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.exchange import jobs
from jalon.exchange.identity import state
from jalon.exchange.models import InsLookUp, LookUpState
from jalon.gateways.insi.messages import first_attempt, require_askable
from jalon.people.models import Person
from jalon.staff.models import Professional

PATIENCE = dt.timedelta(minutes=5)  # a command answers without any job, and takes less than this
LOST = "La recherche s’est interrompue. Relancez-la."


@transaction.atomic
def request(*, person: Person, by: Professional | None, now: dt.datetime) -> InsLookUp:
    """Ask for a look-up that the worker will answer; the one under way when there is one."""
    look_up = ask(person=person, by=by, now=now)
    jobs.look_up(look_up.pk)
    return look_up


@transaction.atomic
def ask(*, person: Person, by: Professional | None, now: dt.datetime) -> InsLookUp:
    """Note that an INS is asked for; whoever asks sees that it is answered, outside this transaction.

    Raises DomainError when this identity may not be asked, or when INSi is not connected.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    _check(person)
    waiting = InsLookUp.objects.filter(person=person, state=LookUpState.ASKED).first()
    if waiting is not None:
        return waiting
    look_up = InsLookUp(person=person, asked_by=by, asked_at=now)
    state.move(look_up, to=LookUpState.ASKED, at=now)
    record_entry("exchange.ins_asked", on=person.pk, by=by)
    return look_up


def _check(person: Person) -> None:
    if person.birth_date is None:
        raise DomainError(
            "La date de naissance manque. Complétez-la avant d’appeler INSi.", code="traits_missing"
        )
    if person.doubtful or person.fictitious:
        raise DomainError(
            "Une identité douteuse ou fictive ne s’interroge pas. Levez d’abord le doute.",
            code="doubtful_identity",
        )
    if not settings.INSI_URL:
        raise DomainError("INSi n’est pas connecté. L’identité reste provisoire.", code="insi_not_connected")
    require_askable(first_attempt(person.traits))


def latest(person: Person) -> InsLookUp | None:
    """The last look-up of this person, whatever came of it."""
    return InsLookUp.objects.filter(person=person).order_by("-asked_at", "-pk").first()


def settle(now: dt.datetime) -> None:
    """A look-up that no job will answer any more is shown as failed: none is « demandée » for ever."""
    open_ones = InsLookUp.objects.filter(state=LookUpState.ASKED, asked_at__lt=now - PATIENCE)
    for look_up in jobs.without_job(open_ones).select_for_update(of=("self",), skip_locked=True):
        state.move(look_up, to=LookUpState.FAILED, at=now, outcome="internal", message=LOST)
