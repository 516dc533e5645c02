"""The keys under which what a file says is kept here.

Most keys come from the file as they are (`3<FINESS>/<idLocal>-OBJE-<n>`). Three kinds do not: a person
without local identifier, whose key would tell an INS or another national number in clear (ADR 0003); a
contact, whose number means nothing outside the house that drew it; an agreement without identifier, whose key
says only who signed and when. And two objects of one number are told apart by the reader, in the order of the
file (`1`, `1~2`): where they are two people's, each keeps the number.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jalon.db.encryption import keyed_hash
from jalon.exchange.transfer.links import Name, renamed
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.catalog import kind_of_item
from jalon.formats.tddui.classes.agreement import AgreementData
from jalon.formats.tddui.classes.contact import ContactData
from jalon.formats.tddui.classes.plan import PlanData
from jalon.people.models import Person

DRAWN = 20
"""Characters of a drawn idLocal: alphanumeric, no hyphen (TDDUI 2.4.0)."""
DERIVED = "accord:"
_RANK = re.compile(r"~[0-9]+$")


def with_own_keys(data: transfer.Transfer, houses: Sequence[str]) -> transfer.Transfer:
    """The transfer under the keys it is kept by; `houses`: for each person, the FINESS that draws a key."""
    names: dict[Name, str] = {}
    for record, finess in zip(data.people, houses, strict=True):
        names |= _names(record, finess)
    for owner in names.keys() & {("Patient", one.owner) for one in data.verbatim}:
        names |= _verbatim_names(one for one in data.verbatim if one.owner == owner[1])
    names = {name: key for name, key in names.items() if key != name[1]}
    return _rekeyed(renamed(data, names), names) if names else data


def _names(record: transfer.PersonRecord, finess: str) -> dict[Name, str]:
    person = record.person
    key = person.key if person.local_id or record.known else _drawn(person.key, finess)
    plans = {
        held.agreement.key: plan.key for plan in reversed(record.of(PlanData)) for held in plan.agreements
    }
    contacts = _unnumbered(one.key for one in record.of(ContactData))
    derived = (
        one.key for one in record.of(AgreementData) if one.key.startswith(DERIVED) and one.key in plans
    )
    agreements = _unnumbered(derived)
    return {
        ("Patient", person.key): key,
        **{("RelatedPerson", told): _of_person(plain, key) for told, plain in contacts.items()},
        **{
            ("Consent", told): f"{plans[told]}-{plain}" for told, plain in agreements.items() if told in plans
        },
    }


def _unnumbered(keys: Iterable[str]) -> dict[str, str]:
    """Keys of one person's objects of one type, less the rank the reader gave to an object of another's."""
    plain = {key: _RANK.sub("", key) for key in keys}
    found = Counter(plain.values())
    return {key: short if found[short] == 1 else key for key, short in plain.items()}


def _verbatim_names(resources: Iterable[transfer.VerbatimResource]) -> dict[Name, str]:
    keys: dict[str, list[str]] = {}
    for one in resources:
        keys.setdefault(one.type, []).append(one.key)
    return {
        (type_, told): plain for type_, found in keys.items() for told, plain in _unnumbered(found).items()
    }


def _drawn(key: str, finess: str) -> str:
    """The key drawn at the first import: a keyed hash of what identified the person."""
    local = keyed_hash(key, context="exchange.transfer.person")[:DRAWN]
    known = Person.objects.filter(key__endswith=f"/{local}").values_list("key", flat=True).first()
    return known or f"3{finess}/{local}"


def _of_person(contact: str, person: str) -> str:
    return contact if contact.startswith(f"{person}-") else f"{person}-CONTACT-{contact}"


def _rekeyed(data: transfer.Transfer, names: Mapping[Name, str]) -> transfer.Transfer:
    """The objects themselves under their new keys; what refers to them was renamed before."""
    return replace(
        data,
        people=tuple(
            replace(
                record,
                person=_under(record.person, "Patient", names),
                held=tuple(_under(item, kind_of_item(item).fhir, names) for item in record.held),
            )
            for record in data.people
        ),
        verbatim=tuple(
            _under(replace(one, owner=names.get(("Patient", one.owner), one.owner)), one.type, names)
            for one in data.verbatim
        ),
    )


def _under(item: Any, type_: str, names: Mapping[Name, str]) -> Any:
    key = names.get((type_, item.key))
    return item if key is None else replace(item, key=key)
