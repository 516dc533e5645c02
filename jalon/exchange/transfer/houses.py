"""Which establishment receives a person."""

import uuid
from collections.abc import Collection, Iterable, Iterator

from jalon.core.errors import DomainError
from jalon.exchange.transfer.report import Report
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.formats.tddui.classes.stay import StayData
from jalon.organizations.models import Establishment
from jalon.records.models import Record

_IDNAT = 10
"""`3` or `1` and the nine characters of a FINESS."""
NAME_LENGTH = Establishment._meta.get_field("name").max_length or 0
CATEGORY_LENGTH = Establishment._meta.get_field("category").max_length or 0


class Houses:
    """The receiving establishments of one import: the one asked for; else the sender's.

    The sender's is where the person stays; without a stay, the house that drew their local identifier. It is
    ours (`known`, by FINESS), or the file tells who it is. `into`: the only ones that whoever imports may
    receive in; none is then added, since nobody would have a right there.
    """

    def __init__(
        self,
        data: transfer.Transfer,
        asked: str,
        report: Report,
        known: dict[str, Establishment],
        into: Collection[uuid.UUID] | None = None,
    ) -> None:
        self.told = {one.key: one for one in data.of(OrganizationData)} if into is None else {}
        self.asked, self.report, self.into = asked, report, into
        self.made: set[str] = set()
        self.known = known

    def of(self, record: transfer.PersonRecord) -> Establishment:
        """Raises DomainError `unknown_finess`, or `house_not_yours`."""
        house = self._of(record)
        if self.into is not None and house.pk not in self.into:
            raise DomainError(
                f"Vous ne recevez pas de dossiers dans l’établissement {house.finess}. "
                "Choisissez celui qui accueille la personne, ou demandez à sa direction d’importer "
                "ce fichier.",
                code="house_not_yours",
                place=_place(record),
            )
        return house

    def refuse_strangers(self, data: transfer.Transfer) -> None:
        """Somebody whom only houses out of reach accompany stays theirs: an import would open their record.

        Raises DomainError `person_elsewhere`.
        """
        if self.into is None:
            return
        keys = [record.person.key for record in data.people]
        houses: dict[str, set[uuid.UUID]] = {}
        for key, house in Record.objects.filter(person__key__in=keys).values_list(
            "person__key", "establishment_id"
        ):
            houses.setdefault(key, set()).add(house)
        for record in data.people:
            if (found := houses.get(record.person.key)) and found.isdisjoint(self.into):
                raise DomainError(
                    "Cette personne est accompagnée par un autre établissement de l’organisme. "
                    "Demandez à sa direction d’importer ce fichier.",
                    code="person_elsewhere",
                    place=_place(record),
                )

    def _of(self, record: transfer.PersonRecord) -> Establishment:
        if record.known and not self.asked and (folder := _last_record(record.person.key)):
            return folder.establishment
        named = [self.asked] if self.asked else list(senders(record))
        for finess in named:
            if finess not in self.known and not self.asked and (told := self.told.get(f"1{finess}")):
                self._make(finess, told)
            if finess in self.known:
                return self.known[finess]
        raise DomainError(
            f"L’établissement {next(iter(named), '(sans FINESS)')} n’est pas connu ici. "
            "Ajoutez-le, ou dites quel établissement d’ici accueille la personne.",
            code="unknown_finess",
            place=_place(record),
        )

    def _make(self, finess: str, told: OrganizationData) -> None:
        # Its key is not checked: the official examples themselves carry a number whose key is wrong.
        name = told.name or finess
        self.report.notes.append(f"L’établissement {name} ({finess}) est ajouté, d’après le fichier.")
        self.made.add(finess)
        self.known[finess] = Establishment.objects.create(
            finess=finess, name=name[:NAME_LENGTH], category=_category(told)
        )


def known_houses(files: Iterable[transfer.Transfer], asked: str) -> dict[str, Establishment]:
    """The establishments here, by FINESS, that may receive somebody of these files."""
    people = (record for data in files for record in data.people)
    wanted = {asked} if asked else {finess for record in people for finess in senders(record)}
    return {house.finess: house for house in Establishment.objects.filter(finess__in=wanted)}


def _place(record: transfer.PersonRecord) -> str:
    return f"Patient[{record.person.key}]" if record.person.local_id else "Patient.identifier"


def _category(told: OrganizationData) -> str:
    """The category (TRE_R66), when the file gives one; its whole name stays with the structure."""
    code = told.types[0].code if told.types else ""
    return code if len(code) <= CATEGORY_LENGTH and code.isdigit() else ""


def _last_record(person: str) -> Record | None:
    """Where a person who is only referred to was last received."""
    found = Record.objects.filter(person__key=person).select_related("establishment").order_by("-pk")
    return found.first()


def senders(record: transfer.PersonRecord) -> Iterator[str]:
    """The FINESS of the houses that may have sent this person, the likeliest first."""
    stays = sorted(record.of(StayData), key=lambda stay: stay.start, reverse=True)
    local = record.person.local_id
    yield from (
        finess for stay in stays if (finess := _finess(stay.provider.key if stay.provider else "", "1"))
    )
    if finess := _finess((local.value if local else "").partition("/")[0], "3"):
        yield finess
    link = record.person.managing_organization
    if finess := _finess(link.key if link else "", "1"):
        yield finess


def _finess(key: str, prefix: str) -> str:
    return key[1:] if len(key) == _IDNAT and key.startswith(prefix) else ""
