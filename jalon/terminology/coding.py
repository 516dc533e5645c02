"""A coded value, and the register that ties the OID, the FHIR address and the name of a code system."""

from dataclasses import dataclass, field
from functools import cache

from jalon.terminology.files import entry_named, rows


@dataclass(frozen=True, order=True)
class Coding:
    """A code of a system. `system` is an OID for the CI-SIS lists, a FHIR address for the recent ones.

    Two codings are equal when system, code and display are; `system_name` is for readers.
    """

    system: str
    code: str
    display: str = ""
    system_name: str = field(default="", compare=False)

    @property
    def fhir_system(self) -> str:
        """The system as FHIR writes it: its address, else `urn:oid:` and its OID."""
        return system_url(self.system) or f"urn:oid:{self.system}"

    @property
    def cda_system(self) -> str:
        """The system as CDA writes it: its OID, empty when no OID is known."""
        return system_oid(self.system)


@dataclass(frozen=True)
class System:
    """A code system of the register; `oid` or `url` may be unknown, not both."""

    oid: str
    url: str
    name: str


@cache
def _register() -> dict[str, System]:
    systems = [System(**row) for row in rows(entry_named("systems"))]
    return {key: system for system in systems for key in (system.oid, system.url) if key}


def system_name(system: str) -> str:
    """The official name of a system given by OID or address, empty when it is not in the register."""
    known = _register().get(system.removeprefix("urn:oid:"))
    return known.name if known else ""


def system_url(system: str) -> str:
    """The FHIR address of a system given by OID or address, empty when unknown."""
    if "://" in system:
        return system
    known = _register().get(system.removeprefix("urn:oid:"))
    return known.url if known else ""


def system_oid(system: str) -> str:
    """The OID of a system given by OID or address, empty when unknown."""
    bare = system.removeprefix("urn:oid:")
    known = _register().get(bare)
    if known:
        return known.oid
    return "" if "://" in bare else bare
