"""Agreements (Accord): Consent, profile tddui-consent-accord."""

from dataclasses import dataclass

from jalon.formats.tddui.checks import Check, need, refers, slices
from jalon.formats.tddui.datatypes import CODED, IDENTIFIER, LINK, PERIOD
from jalon.formats.tddui.fills import lacking
from jalon.formats.tddui.frame import Frame, Stand
from jalon.formats.tddui.keys import digest
from jalon.formats.tddui.kind import Item, Kind
from jalon.formats.tddui.lens import Ext, Json, Many, One, at, extensions, shape
from jalon.formats.tddui.rules_common import PROFESSIONALS, url
from jalon.formats.tddui.urls import R5_SD
from jalon.formats.tddui.values import Coded, Identifier, Link, Moment, Period, Status


@dataclass(frozen=True)
class AgreementPolicy:
    """Consent.policy."""

    authority: str = ""
    uri: str = ""


@dataclass(frozen=True)
class AgreementCheck:
    """Consent.verification."""

    verified: bool | None = None
    by: Link | None = None
    date: Moment = ""


@dataclass(frozen=True, kw_only=True)
class AgreementData(Item):
    """Accord: Consent, profile tddui-consent-accord.

    `key`: its identifier if it has one, otherwise `accord:` and a UUID of who signed and when. `signed_on`:
    dateTime (required).
    `signers`: performer (exactly one). `validity`: R5 Consent.period. `status`: FHIR status in `status.fhir`.
    """

    person: Link | None = None
    identifiers: tuple[Identifier, ...] = ()
    status: Status = Status()
    scope: Coded | None = None
    categories: tuple[Coded, ...] = ()
    signed_on: Moment = ""
    signers: tuple[Link, ...] = ()
    organizations: tuple[Link, ...] = ()
    validity: Period | None = None
    policies: tuple[AgreementPolicy, ...] = ()
    policy_rule: Coded | None = None
    source: Link | None = None
    checks: tuple[AgreementCheck, ...] = ()
    provision_type: str = ""
    provision_period: Period | None = None


POLICY_SHAPE = shape(AgreementPolicy, One("authority", "authority"), One("uri", "uri"))
CHECK = shape(
    AgreementCheck,
    One("verified", "verified"),
    One("by", "verifiedWith", LINK),
    One("date", "verificationDate"),
)

SHAPE = shape(
    AgreementData,
    Frame(),
    extensions(Ext("validity", R5_SD + "Consent.period", "valuePeriod", PERIOD)),
    Many("identifiers", "identifier", IDENTIFIER),
    Stand("status"),
    One("scope", "scope", CODED),
    Many("categories", "category", CODED),
    One("person", "patient", LINK),
    One("signed_on", "dateTime"),
    Many("signers", "performer", LINK),
    Many("organizations", "organization", LINK),
    One("source", "sourceReference", LINK),
    Many("policies", "policy", POLICY_SHAPE),
    One("policy_rule", "policyRule", CODED),
    Many("checks", "verification", CHECK),
    at("provision", One("provision_type", "type"), One("provision_period", "period", PERIOD)),
)

RULES: tuple[Check, ...] = (
    need("dateTime"),
    need("performer", 1, 1),
    refers("performer", *PROFESSIONALS, "RelatedPerson", "Patient"),
    slices("extension", url, {R5_SD + "Consent.period": (0, 1)}),
)
SCOPE = Coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy", "Privacy Consent")
CATEGORY = Coded("http://loinc.org", "59284-0")
POLICY = AgreementPolicy(authority="https://www.cnsa.fr/")


def _signed(consent: Json) -> str:
    """The key of an agreement without identifier: who signed, when, for how long."""
    return "accord:" + digest([consent.get(name) for name in ("performer", "dateTime", "extension")])


KIND = Kind(
    name="agreements",
    label="accords",
    fhir="Consent",
    profile="consent-accord",
    rank=130,
    shape=SHAPE,
    rules=RULES,
    sole=True,
    draw=_signed,
    fill=lambda item: lacking(
        item,
        status=Status(fhir="active"),
        scope=SCOPE,
        categories=(CATEGORY,),
        policies=() if item.policy_rule else (POLICY,),
    ),
)
