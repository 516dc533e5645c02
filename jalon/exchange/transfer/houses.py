"""Which establishment receives a person."""

from collections.abc import Iterator

from jalon.core.errors import DomainError
from jalon.exchange.transfer.report import Report
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.model_people import OrganizationData
from jalon.organizations.models import Establishment
from jalon.records.models import Record

_IDNAT = 10
"""`3` or `1` and the nine characters of a FINESS."""
NAME_LENGTH = Establishment._meta.get_field("name").max_length or 0
CATEGORY_LENGTH = Establishment._meta.get_field("category").max_length or 0


class Houses:
    """The receiving establishments of one import: the one asked for; else the sender's.

    The sender's is where the person stays; without a stay, the house that drew their local identifier. It is
    ours, or the file tells who it is.
    """

    def __init__(self, data: transfer.Transfer, asked: str, report: Report) -> None:
        self.told = {one.key: one for one in data.organizations}
        self.asked, self.report = asked, report
        self.made: set[str] = set()
        wanted = {asked} if asked else {finess for record in data.people for finess in senders(record)}
        self.known = {house.finess: house for house in Establishment.objects.filter(finess__in=wanted)}

    def of(self, record: transfer.PersonRecord) -> Establishment:
        """Raises DomainError `unknown_finess`."""
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
            "Ajoutez-le, ou nommez celui qui accueille la personne avec --establishment.",
            code="unknown_finess",
            place=f"Patient[{record.person.key}]" if record.person.local_id else "Patient.identifier",
        )

    def _make(self, finess: str, told: OrganizationData) -> None:
        # Its key is not checked: the official examples themselves carry a number whose key is wrong.
        name = told.name or finess
        self.report.notes.append(f"L’établissement {name} ({finess}) est ajouté, d’après le fichier.")
        self.made.add(finess)
        self.known[finess] = Establishment.objects.create(
            finess=finess, name=name[:NAME_LENGTH], category=_category(told)
        )


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
    stays = sorted(record.stays, key=lambda stay: stay.start, reverse=True)
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
