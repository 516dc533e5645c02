"""The demonstration's identities go through the sandbox INSi, like any other: none is qualified by decree."""

from collections.abc import Callable

from django.utils import timezone

from jalon.core.errors import DomainError
from jalon.db.tenant import tenant
from jalon.exchange.identity import look_up_ins
from jalon.organizations.models import ManagingBody
from jalon.people.actions import prove_identity
from jalon.people.models import Person
from jalon.staff.models import Professional
from jalon_sandbox.demo.population import Someone


def qualify(everybody: list[Someone], say: Callable[[str], None]) -> None:
    """Look each INS up once; note the paper seen. What is done already is not asked again."""
    body = ManagingBody.objects.get(finess="990000002")
    with tenant(body.pk):
        officer = Professional.objects.get(job="référente identitovigilance")
        waiting = list(Person.objects.filter(service_calls__isnull=True).order_by("pk"))
        known = {one.traits.birth_name: one for one in everybody}
        for person in waiting:
            _qualify(person, known.get(person.birth_name), officer)
        if waiting:
            qualified = Person.objects.filter(identity_status="qualified").count()
            say(f"{qualified} identités qualifiées par INSi (simulé)")


def _qualify(person: Person, someone: Someone | None, officer: Professional) -> None:
    now = timezone.now()
    if someone and someone.seen_paper:
        prove_identity(person=person, proof="cni", by=officer, today=timezone.localdate())
    try:
        look_up_ins(person=person, by=officer, now=now)
    except DomainError as refusal:
        if refusal.code != "traits_differ":
            raise
