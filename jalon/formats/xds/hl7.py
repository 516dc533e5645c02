"""The HL7 v2 texts inside ebRIM values: CX, XCN, XON, coded authors, DTM instants (IHE ITI TF-3 §4.2.3)."""

import datetime as dt
import re

from jalon.formats.xds.model import (
    AuthorPerson,
    Instant,
    Institution,
    PatientId,
    PatientName,
    SourcePatient,
)
from jalon.terminology import Coding

_ESCAPES = {"\\": "\\E\\", "^": "\\S\\", "&": "\\T\\", "|": "\\F\\", "~": "\\R\\"}
_UNESCAPES = {name: char for char, name in _ESCAPES.items()}
_TO_ESCAPE = re.compile(r"[\\^&|~]")
_ESCAPED = re.compile(r"\\[ESTFR]\\")
_DTM = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.\d+)?([+-]\d{4})?", re.ASCII)


def escape(text: str) -> str:
    """`text` with HL7's separators escaped, so that « Dupont & fils » stays one component."""
    return _TO_ESCAPE.sub(lambda found: _ESCAPES[found[0]], text)


def unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: _UNESCAPES[found[0]], text)


def _join(components: dict[int, str]) -> str:
    """Components by their HL7 number, joined by carets, the empty ones between them included."""
    return "^".join(components.get(number, "") for number in range(1, max(components) + 1))


def _authority(oid: str) -> str:
    return f"&{oid}&ISO" if oid else ""


def _split(text: str, size: int) -> list[str]:
    """`size` components, missing ones empty."""
    return (text.split("^") + [""] * size)[:size]


def _oid(component: str) -> str:
    """The OID of an assigning authority (`name&OID&ISO`); a bare OID is taken as it is."""
    parts = component.split("&")
    return parts[1] if len(parts) > 1 else component


def write_patient_id(patient: PatientId) -> str:
    """`279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH`."""
    components = {1: escape(patient.value), 4: _authority(patient.authority), 5: patient.kind}
    if patient.since:
        components[7] = patient.since
    return _join(components)


def read_patient_id(text: str) -> PatientId:
    parts = _split(text.strip(), 7)
    return PatientId(unescape(parts[0]), _oid(parts[3]), parts[4], parts[6])


def write_person(person: AuthorPerson) -> str:
    """`899900063480^MAX^LIBRE^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS`."""
    return _join(
        {
            1: escape(person.id),
            2: escape(person.family),
            3: escape(person.given),
            9: _authority(person.authority),
            10: person.name_type,
            13: person.kind,
        }
    )


def read_person(text: str) -> AuthorPerson:
    parts = _split(text.strip(), 13)
    identifier, family, given = (unescape(part) for part in parts[:3])
    return AuthorPerson(identifier, family, given, _oid(parts[8]), parts[12], parts[9])


def write_institution(institution: Institution) -> str:
    """`CABINET DR LIBRE^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^499900063480001`."""
    name, oid = escape(institution.name), _authority(institution.authority)
    return _join({1: name, 6: oid, 7: "IDNST", 10: escape(institution.id)})


def read_institution(text: str) -> Institution:
    parts = _split(text.strip(), 10)
    return Institution(unescape(parts[0]), unescape(parts[9]), _oid(parts[5]))


def write_specialty(specialty: Coding) -> str:
    """`G15_10/SM26^Médecin - Qualifié en Médecine Générale (SM)^1.2.250.1.213.1.1.4.5`."""
    return _join({1: escape(specialty.code), 2: escape(specialty.display), 3: specialty.system})


def read_specialty(text: str) -> Coding:
    code, display, system = _split(text.strip(), 3)
    return Coding(system, unescape(code), unescape(display))


def write_source_patient(patient: SourcePatient) -> list[str]:
    """The values of sourcePatientInfo: `PID-5|NOM^Prenom^^^^^L`, `PID-7|AAAAMMJJ`, `PID-8|F`."""
    lines = [
        "PID-5|" + _join({1: escape(name.family), 2: escape(name.given), 7: name.kind})
        for name in patient.names
    ]
    lines += [f"PID-7|{patient.birth_date}"] if patient.birth_date else []
    lines += [f"PID-8|{patient.sex}"] if patient.sex else []
    return [*lines, *patient.other]


def read_source_patient(values: list[str]) -> SourcePatient:
    names: list[PatientName] = []
    found = {"PID-7": "", "PID-8": ""}
    other: list[str] = []
    for value in values:
        field, _, content = value.strip().partition("|")
        if field == "PID-5":
            names += [_patient_name(one) for one in content.split("~")]
        elif field in found and not found[field]:
            found[field] = content
        else:
            other.append(value)
    return SourcePatient(tuple(names), found["PID-7"], found["PID-8"], tuple(other))


def _patient_name(text: str) -> PatientName:
    parts = _split(text, 7)
    return PatientName(unescape(parts[0]), unescape(parts[1]), parts[6])


def write_instant(instant: Instant) -> str:
    """AAAAMMJJhhmmss in UTC, or AAAAMMJJ for a date. Raises ValueError for a naive datetime."""
    if not isinstance(instant, dt.datetime):
        return f"{instant.year:04d}{instant:%m%d}"
    if instant.tzinfo is None:
        raise ValueError("an XDS instant must be an aware datetime")
    utc = instant.astimezone(dt.UTC)
    return f"{utc.year:04d}{utc:%m%d%H%M%S}"


def read_instant(text: str) -> Instant | None:
    """An instant, or the first day of what is written when it is less than a day; None when unreadable.

    XDS times are UTC; an offset, which some products leave, is honoured.
    """
    found = _DTM.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second = (int(part) if part else None for part in found.groups()[:6])
    try:
        if hour is None:
            return dt.date(year or 1, month or 1, day or 1)
        zone = _zone(found[7])
        return dt.datetime(
            year or 1, month or 1, day or 1, hour, minute or 0, second or 0, tzinfo=zone
        ).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _zone(offset: str | None) -> dt.tzinfo:
    if not offset:
        return dt.UTC
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    return dt.timezone(dt.timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def at_midnight(instant: Instant) -> dt.datetime:
    """A date as midnight UTC, a datetime as it is: a submission has an hour, even if its writer forgot."""
    if isinstance(instant, dt.datetime):
        return instant
    return dt.datetime(instant.year, instant.month, instant.day, tzinfo=dt.UTC)
