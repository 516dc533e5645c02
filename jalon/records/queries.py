"""Reading a record whole: who is meant by what is signed in it."""

from typing import Any

from jalon.core.moment import Moment
from jalon.db.frozen import frozen
from jalon.people.queries import representatives
from jalon.records.models import Record
from jalon.staff.models import Professional

PERSON = (
    "key", "birth_name", "birth_first_names", "first_name", "used_name", "used_first_name", "sex",
    "birth_date", "birth_date_precision", "birth_place", "ins", "ins_oid", "identity_status",
    "address_line", "postal_code", "city", "phone",
)  # fmt: skip
HOUSE = ("name", "finess", "category", "sector", "address_line", "postal_code", "city", "phone")
SIGNER = ("key", "title", "first_name", "last_name", "profession", "job")
CONTACT = ("last_name", "first_name", "phone")
MEASURE = ("kind", "holder")


def portrait(record: Record, *, by: Professional, moment: Moment) -> dict[str, Any]:
    """Who a document signed then is of, where, by whom, and who represents the person, as JSON values.

    It holds the matricule: whoever keeps it encrypts it.
    """
    contacts, measures = representatives(record.person, moment.today)
    return {
        "person": frozen(record.person, PERSON),
        "establishment": frozen(record.establishment, HOUSE),
        "zone": str(moment.zone),
        "signer": frozen(by, SIGNER),
        "contacts": [frozen(one, CONTACT) for one in contacts],
        "measures": [frozen(one, MEASURE) for one in measures],
    }
