"""Use cases of the settings: an establishment, its units, and whatever may be set in them."""

from contextlib import AbstractContextManager
from typing import TypedDict, Unpack

from django.db import IntegrityError, transaction

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.db.changes import apply, lock
from jalon.db.history import history
from jalon.db.locks import one_at_a_time
from jalon.organizations.models import Establishment, SettingValue, Unit
from jalon.organizations.settings import Setting
from jalon.setup.place import Spot
from jalon.staff.models import Professional


class EstablishmentChanges(TypedDict, total=False):
    """What may be corrected of an establishment: number and category come from the register."""

    name: str
    address_line: str
    postal_code: str
    city: str
    phone: str
    mailbox: str


@transaction.atomic
def set_value(*, setting: Setting, spot: Spot, text: str, by: Professional) -> SettingValue | None:
    """Set what was typed there; None when it changes nothing.

    Raises DomainError `setting` (the value does not fit, the setting is named) or `setting_elsewhere`.
    """
    _check_level(setting, spot)
    value = setting.read(text)
    row = _held(setting, spot)
    if row is None and value == spot.inherited(setting):
        return None
    row = row or SettingValue(establishment=spot.house, unit=spot.unit, name=setting.name, value=None)
    if row.value == value:
        return None
    row.value = value
    with _as(by):
        row.save()
    _journal("settings.set", setting, spot, by)
    return row


@transaction.atomic
def reset(*, setting: Setting, spot: Spot, by: Professional) -> None:
    """Go back to what holds when nothing is set there."""
    row = _held(setting, spot)
    if row is not None:
        with _as(by):
            row.delete()
        _journal("settings.reset", setting, spot, by)


def alone() -> None:
    """Wait until nobody else sets anything: a setting that nobody set has no row to lock."""
    one_at_a_time("settings")


def _held(setting: Setting, spot: Spot) -> SettingValue | None:
    alone()
    return SettingValue.objects.filter(establishment=spot.house, unit=spot.unit, name=setting.name).first()


def _check_level(setting: Setting, spot: Spot) -> None:
    if spot.level not in setting.levels:
        raise DomainError(
            f"« {setting.words} » ne se règle pas ici.", code="setting_elsewhere", place=setting.name
        )


def _as(by: Professional) -> AbstractContextManager[None]:
    """The history says who set what."""
    return history(professional=str(by.pk))


def _journal(act: str, setting: Setting, spot: Spot, by: Professional) -> None:
    where = spot.unit or spot.house
    record_entry(act, on=where.pk if where else None, by=by, facts={"setting": setting.name})


@transaction.atomic
def edit_establishment(
    *, establishment: Establishment, by: Professional, **changes: Unpack[EstablishmentChanges]
) -> Establishment:
    """Correct the name, the address or the mailbox. Raises DomainError `establishment_without_name`."""
    establishment = lock(establishment)
    changed = apply(establishment, changes, allowed=EstablishmentChanges)
    if not establishment.name.strip():
        raise DomainError(
            "L’établissement n’a pas de nom. Donnez-lui celui que tout le monde connaît.",
            code="establishment_without_name",
            place="name",
        )
    if changed:
        with _as(by):
            establishment.save()
        facts = {"fields": sorted(changed)}
        record_entry("settings.establishment_edited", on=establishment.pk, by=by, facts=facts)
    return establishment


@transaction.atomic
def add_unit(*, establishment: Establishment, name: str, by: Professional) -> Unit:
    """Open a unit. Raises DomainError `unit_without_name` or `unit_twice`."""
    unit = Unit(establishment=establishment, name=_unit_name(name))
    _save_unit(unit, by)
    record_entry("settings.unit_added", on=unit.pk, by=by)
    return unit


@transaction.atomic
def rename_unit(*, unit: Unit, name: str, by: Professional) -> Unit:
    """Call a unit otherwise; whoever was in it stays in it. Raises as `add_unit`."""
    unit = lock(unit)
    if unit.name != _unit_name(name):
        unit.name = _unit_name(name)
        _save_unit(unit, by)
        record_entry("settings.unit_renamed", on=unit.pk, by=by)
    return unit


def _unit_name(name: str) -> str:
    if not name.strip():
        raise DomainError(
            "L’unité n’a pas de nom. Donnez-lui celui de tous les jours.",
            code="unit_without_name",
            place="name",
        )
    return name.strip()


def _save_unit(unit: Unit, by: Professional) -> None:
    try:
        with transaction.atomic(), _as(by):
            unit.save()
    except IntegrityError as error:
        raise DomainError(
            f"Une unité s’appelle déjà « {unit.name} » ici. Choisissez un autre nom.",
            code="unit_twice",
            place="name",
        ) from error
