"""Stays."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import NOS, Bind, Codes, coded, day, first_text
from jalon.exchange.transfer.native import ACT, typed, with_status
from jalon.exchange.transfer.table import Table
from jalon.formats.tddui.classes.stay import KIND, StayData
from jalon.formats.tddui.urls import CISIS, CS, STAY_ID
from jalon.formats.tddui.values import Coding, Identifier, Link, Status
from jalon.organizations.families import family_of
from jalon.records.models import Stay


def _file_number_get(data: Any) -> str:
    return data.file_number.value if data.file_number else ""


def _file_number_change(data: Any, value: str) -> Any:
    held = data.file_number
    return replace(data, file_number=replace(held, value=value) if held and value else file_number(value))


def _end() -> Bind:
    """The exit. A stay going on is finished by its exit, and goes on again without."""
    period = day("ends_on", "end", last=True)

    def change(data: Any, value: Any) -> Any:
        status = data.status
        if value and not data.end and status.fhir == "in-progress":
            status = replace(status, fhir="finished")
        if not value and status.fhir == "finished":
            status = replace(status, fhir="in-progress")
        return replace(period.change(data, value), status=status)

    return Bind("ends_on", period.get, change)


def file_number(value: str) -> Identifier | None:
    """numeroDossierAdministratifSejour."""
    kind = typed("NUMDOSS", CS + "tddui-encounter-identifier", "Numéro de dossier administratif du séjour")
    return Identifier(system=STAY_ID, value=value, type=kind) if value else None


def stay(row: Any, owner: Link) -> StayData:
    """A stay, at home for the services that go there."""
    at_home = family_of(row.record.establishment.category).at_home
    kind = typed("SEJ", CS + "tddui-encounter-identifier", "Identifiant du séjour")
    return StayData(
        key=row.key,
        person=owner,
        identifier=Identifier(system=STAY_ID, value=row.key, type=kind),
        status=Status(fhir="in-progress" if row.starts_on else "planned"),
        setting=Coding(system=ACT, code="HH" if at_home else "IMP"),
        provider=Link(to="Organization", key=row.record.establishment.idnat),
    )


TABLE = Table(
    kind=KIND,
    model=Stay,
    owner="record",
    binds=(
        Bind("file_number", _file_number_get, _file_number_change),
        day("admitted_on", "admission_date"),
        day("starts_on", "start"),
        _end(),
        day("planned_start", "planned_start"),
        day("planned_end", "planned_end", last=True),
        coded("mode", "service_type", Codes(NOS + "TRE_R338-ModaliteAccueil/FHIR/TRE-R338-ModaliteAccueil")),
        coded("entry_mode", "entry_mode", Codes(CISIS, ("JDV_ModaliteEntree_CISIS",))),
        coded("exit_mode", "exit_mode", Codes(CISIS, ("JDV_ModaliteSortie_CISIS",))),
        first_text("comment", "comments"),
    ),
    make=stay,
    fill=with_status,
)
