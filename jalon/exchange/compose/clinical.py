"""A signed document as a CDA N1: the header of what was signed, around its PDF/A-1."""

from jalon.exchange.compose import people
from jalon.exchange.compose.identifiers import Identifiers
from jalon.exchange.compose.signed import Signed
from jalon.formats.cda import body, header
from jalon.terminology import value_set


def document(
    signed: Signed, *, type_code: str, title: str, pdf: bytes, ids: Identifiers, replaces: str = ""
) -> body.Document:
    """`replaces` is the unique id of the version it takes the place of."""
    at = signed.at.replace(microsecond=0)
    signer = people.entity(signed.signer, signed.house)
    head = header.Header(
        id=header.Id(ids.document),
        set_id=header.Id(ids.set),
        version=signed.number if replaces else 1,  # a first document replaces nothing (§3.5.5.10)
        code=people.code(value_set("JDV_J07").get(type_code)),
        title=title,
        effective_time=at,
        patient=people.patient(signed, local_root=ids.local_root),
        authors=(header.Author(at, signer),),
        custodian=people.organization(signed.house),
        legal_authenticator=header.LegalAuthenticator(at, signer),
        events=(header.ServiceEvent(signed.started_at, signer),),
        encounter=people.encounter(signed.house, None),
        related=header.Related(header.Id(replaces)) if replaces else None,
    )
    return body.Document(head, body.Embedded(pdf))
