"""The story of the demonstration, told once in an empty base: each step is whole, or is done again."""

from collections.abc import Callable

from django.utils import timezone

from jalon.organizations.models import ManagingBody
from jalon_sandbox.demo import exchanges
from jalon_sandbox.demo.build import build
from jalon_sandbox.demo.population import Someone
from jalon_sandbox.demo.qualify import qualify


def tell(everybody: list[Someone], say: Callable[[str], None]) -> None:
    """People, notes, plans; identities by INSi; plans published; reports received."""
    if not ManagingBody.objects.exists():
        build(everybody, timezone.now(), say)
    qualify(everybody, say)
    exchanges.publish(say)
    exchanges.receive(say)
