"""The keys under which what a file says is kept here.

Most keys come from the file as they are (`3<FINESS>/<idLocal>-OBJE-<n>`). Three kinds do not: a person without
local identifier, whose key would tell an INS or another national number in clear (ADR 0003); a contact, whose
number means nothing outside the house that drew it; an agreement without identifier, whose key says only who
signed and when.
"""

from dataclasses import replace

from jalon.db.encryption import keyed_hash
from jalon.exchange.transfer.links import Name, renamed
from jalon.formats.tddui import model as transfer
from jalon.formats.tddui.values import Identifier, Link
from jalon.people.models import Person

DRAWN = 20
"""Characters of a drawn idLocal: alphanumeric, no hyphen (TDDUI 2.4.0)."""
DERIVED = "accord:"


def with_own_keys(record: transfer.PersonRecord, finess: str) -> transfer.PersonRecord:
    """The record under the keys it is kept by; `finess`: the house that draws them."""
    person = record.person
    key = person.key if person.local_id else _drawn(person.key, finess)
    names: dict[Name, str] = {("Patient", person.key): key} if key != person.key else {}
    names |= {("RelatedPerson", one.key): _of_person(one.key, key) for one in record.contacts}
    names |= {
        ("Consent", one.key): f"{_plan_of(one.key, record)}-{one.key}"
        for one in record.agreements
        if one.key.startswith(DERIVED)
    }
    names = {name: new for name, new in names.items() if new != name[1]}
    return _rekeyed(renamed(record, names), names) if names else record


def _drawn(key: str, finess: str) -> str:
    """The key drawn at the first import: the keyed hash of what identified the person."""
    local = keyed_hash(key, context="exchange.transfer.person")[:DRAWN]
    known = Person.objects.filter(key__endswith=f"/{local}").values_list("key", flat=True).first()
    return known or f"3{finess}/{local}"


def _of_person(contact: str, person: str) -> str:
    return contact if contact.startswith(f"{person}-") else f"{person}-CONTACT-{contact}"


def _plan_of(agreement: str, record: transfer.PersonRecord) -> str:
    naming = (plan.key for plan in record.plans if any(a.agreement.key == agreement for a in plan.agreements))
    return next(naming, record.plans[0].key if record.plans else record.person.key)


def _rekeyed(record: transfer.PersonRecord, names: dict[Name, str]) -> transfer.PersonRecord:
    def new(type_: str, key: str) -> str:
        return names.get((type_, key), key)

    return replace(
        record,
        person=replace(record.person, key=new("Patient", record.person.key)),
        contacts=tuple(replace(one, key=new("RelatedPerson", one.key)) for one in record.contacts),
        agreements=tuple(replace(one, key=new("Consent", one.key)) for one in record.agreements),
    )
