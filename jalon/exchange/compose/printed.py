"""What the first page of every signed document says of the person, the house and the signatory."""

from jalon.core.identity import UNKNOWN_PLACE
from jalon.exchange.compose import people
from jalon.exchange.compose.signed import Signed
from jalon.formats import paper
from jalon.terminology import place_label


def identity(signed: Signed) -> paper.Identity:
    person = signed.person
    known_place = person.birth_place != UNKNOWN_PLACE
    return paper.Identity(
        birth_name=person.birth_name,
        first_names=person.birth_first_names or person.first_name,
        birth_date=person.birth_date,
        birth_date_precision=person.birth_date_precision,
        sex=person.sex,
        used_name=person.used_name,
        used_first_name=person.used_first_name,
        birth_place=place_label(person.birth_place, person.birth_date) if known_place else "",
        ins=people.qualified_ins(person),
    )


def establishment(signed: Signed) -> paper.Establishment:
    house = signed.house
    address = tuple(filter(None, (house.address_line, f"{house.postal_code} {house.city}".strip())))
    return paper.Establishment(house.name, address, house.phone, house.finess)


def authors(signed: Signed) -> tuple[str, ...]:
    signer = signed.signer
    return (f"{signer}, {signer.job}" if signer.job else str(signer),)
