"""The demonstration's identities go through the sandbox INSi, like any other: none is qualified by decree."""

from collections.abc import Callable

from django.utils import timezone

from jalon.db.tenant import tenant
from jalon.exchange.identity.answering import answer
from jalon.exchange.identity.asking import ask
from jalon.exchange.models import InsLookUp
from jalon.organizations.models import ManagingBody
from jalon.people.actions import prove_identity
from jalon.people.models import Person
from jalon.staff.models import Professional
from jalon_sandbox.demo.population import Someone


def qualify(everybody: list[Someone], say: Callable[[str], None]) -> None:
    """Look each INS up once; note the paper seen. What is done already is not asked again."""
    body = ManagingBody.objects.get(finess="990000002")
    known = {one.traits.birth_name: one for one in everybody}
    with tenant(body.pk):
        officer = Professional.objects.get(job="référente identitovigilance")
        waiting = list(Person.objects.filter(service_calls__isnull=True).order_by("pk"))
        asked = [_ask(person, known.get(person.birth_name), officer) for person in waiting]
    for look_up in asked:
        answer(body.pk, look_up.pk)
    with tenant(body.pk):
        qualified = Person.objects.filter(identity_status="qualified").count()
    if waiting:
        say(f"{qualified} identités qualifiées par INSi (simulé)")


def _ask(person: Person, someone: Someone | None, officer: Professional) -> InsLookUp:
    if someone and someone.seen_paper:
        prove_identity(person=person, proof="cni", by=officer, today=timezone.localdate())
    return ask(person=person, by=officer, now=timezone.now())
