"""What every type of document says of itself, in a file of its own (`papers/`)."""

import uuid
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Generic, TypeVar

from django.db.models import Model, QuerySet

from jalon.exchange.compose import clinical, people
from jalon.exchange.compose.identifiers import Identifiers
from jalon.exchange.compose.signed import Signed
from jalon.formats import pdf
from jalon.formats.cda.body import Document
from jalon.formats.paper import Sheet
from jalon.records.models import Record

Source = TypeVar("Source", bound=Model)


class Paper(ABC, Generic[Source]):
    """A type of document, made from rows of one model, each signed and never changed.

    `type_code`: LOINC, in JDV_J07. `leaves`: may it take the routes of the outbox (JDV_J66)?
    """

    source: ClassVar[type[Model]]
    type_code: ClassVar[str]
    title: ClassVar[str]
    leaves: ClassVar[bool] = True

    @abstractmethod
    def set_of(self, source: Source) -> uuid.UUID:
        """What the versions of this document belong to for life."""

    @abstractmethod
    def signed(self, source: Source) -> Signed:
        """Who it is of, where, by whom, when: as the signature kept it."""

    @abstractmethod
    def sheet(self, source: Source, signed: Signed) -> Sheet:
        """What it says on paper: values of the signed content alone."""

    @abstractmethod
    def record_of(self, source: Source) -> Record:
        """The record in which it is filed."""

    @abstractmethod
    def latest(self, record: str = "") -> QuerySet[Any]:
        """The last signed row of this record, or of each, with what the other methods read."""

    def identifiers(self, source: Source) -> Identifiers:
        """Those of this very version, the same each time it is made."""
        return Identifiers.of(source.pk, self.set_of(source))

    def pdf(self, source: Source) -> bytes:
        """The PDF/A-1, the same bytes each time. Raises DomainError `unprintable`."""
        return pdf.render(self.sheet(source, self.signed(source)))

    def clinical(self, source: Source, pdf: bytes, replaces: str = "") -> Document | None:
        """The CDA N1 that carries the PDF; None of somebody then too little known for one."""
        signed = self.signed(source)
        if not people.is_known_enough(signed.person):
            return None
        ids = self.identifiers(source)
        return clinical.document(
            signed, type_code=self.type_code, title=self.title, pdf=pdf, ids=ids, replaces=replaces
        )
