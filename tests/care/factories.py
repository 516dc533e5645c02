"""What a relève hands over beside notes, as a story."""

import factory
from factory.django import DjangoModelFactory

from jalon.care.models import News, Task
from tests.factories import (
    NOW,
    TODAY,
    TOMORROW,
    EstablishmentFactory,
    HandoverNoteFactory,
    ProfessionalFactory,
)


class TaskFactory(DjangoModelFactory[Task]):
    class Meta:
        model = Task

    note = factory.SubFactory(HandoverNoteFactory)
    record = factory.SelfAttribute("note.record")
    what = "Regarder la cheville ce soir"
    asked_by = factory.SelfAttribute("note.author")
    asked_at = NOW


class NewsFactory(DjangoModelFactory[News]):
    class Meta:
        model = News

    establishment = factory.SubFactory(EstablishmentFactory)
    author = factory.SubFactory(ProfessionalFactory)
    written_at = NOW
    text = "Ascenseur en panne : passer par l’aile B."
    starts_on = TODAY
    ends_on = TOMORROW
