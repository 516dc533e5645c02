"""What is asked about records."""

import factory
from factory.django import DjangoModelFactory

from jalon.records.models import AccessRequest
from tests.factories import NOW, ProfessionalFactory, RecordFactory


class AccessRequestFactory(DjangoModelFactory[AccessRequest]):
    """A record asked for this morning, which waits."""

    class Meta:
        model = AccessRequest

    record_id = factory.LazyFunction(lambda: RecordFactory.create().pk)
    professional = factory.SubFactory(ProfessionalFactory)
    reason = "Remplacement de demain."
    days = 7
    asked_at = NOW
