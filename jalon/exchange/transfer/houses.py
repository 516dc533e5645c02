"""Which establishment receives a person."""

from jalon.core.errors import DomainError
from jalon.exchange.transfer.report import Report
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.model_people import OrganizationData
from jalon.organizations.models import Establishment

_IDNAT = 10
"""`3` or `1` and the nine characters of a FINESS."""


class Houses:
    """The receiving establishments of one import: the one asked for; else the sender's, if it is ours or if
    the file tells who it is."""

    def __init__(self, data: transfer.Transfer, asked: str, report: Report) -> None:
        self.told = {one.key: one for one in data.organizations}
        self.asked, self.report = asked, report
        wanted = {asked or finess_of(record) for record in data.people}
        self.made: set[str] = set()
        self.known = {house.finess: house for house in Establishment.objects.filter(finess__in=wanted)}

    def of(self, record: transfer.PersonRecord) -> Establishment:
        """Raises DomainError `unknown_finess`."""
        finess = self.asked or finess_of(record)
        if finess not in self.known:
            self.known[finess] = self._made(finess, record)
        return self.known[finess]

    def _made(self, finess: str, record: transfer.PersonRecord) -> Establishment:
        told = self.told.get(f"1{finess}")
        if told is None or self.asked:
            raise DomainError(
                f"L’établissement {finess or '(sans FINESS)'} n’est pas connu ici. "
                "Ajoutez-le, ou nommez celui qui accueille la personne avec --establishment.",
                code="unknown_finess",
                place="Patient.identifier" if not record.person.local_id else f"Patient[{record.person.key}]",
            )
        # Its key is not checked: the official examples themselves carry a number whose key is wrong.
        name = told.name or finess
        self.report.notes.append(f"L’établissement {name} ({finess}) est ajouté, d’après le fichier.")
        self.made.add(finess)
        return Establishment.objects.create(finess=finess, name=name[:NAME_LENGTH], category=_category(told))


NAME_LENGTH = Establishment._meta.get_field("name").max_length or 0
CATEGORY_LENGTH = Establishment._meta.get_field("category").max_length or 0


def _category(told: OrganizationData) -> str:
    """The category (TRE_R66), when the file gives one; its whole name stays with the structure."""
    code = told.types[0].code if told.types else ""
    return code if len(code) <= CATEGORY_LENGTH and code.isdigit() else ""


def finess_of(record: transfer.PersonRecord) -> str:
    """The FINESS of the person's local identifier, or of the house of a stay; `""` when nothing says it."""
    local = record.person.local_id
    head = (local.value if local else "").partition("/")[0]
    if len(head) == _IDNAT and head.startswith("3"):
        return head[1:]
    stays = (
        stay.provider.key for stay in record.stays if stay.provider and stay.provider.to == "Organization"
    )
    return next((key[1:] for key in stays if len(key) == _IDNAT and key.startswith("1")), "")
