"""The tables that are filled: which columns a row says, which act of the product it stands for. Pure."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Step:
    """A later act on some of the rows: what it set, hence what the first version did not say yet."""

    action: str
    columns: tuple[str, ...]
    when: str  # SQL, on the row
    facts: str = "'{}'::jsonb"


@dataclass(frozen=True)
class Sheet:
    """A table. Each row begins with the instant it was written at and the professional who wrote it.

    `action`, `on`, `facts`: the entry of the journal, its object and its facts, in SQL on the row.
    """

    model: str
    columns: tuple[str, ...]
    action: str = ""
    on: str = "id"
    facts: str = "'{}'::jsonb"
    steps: tuple[Step, ...] = ()


def _fields(*names: str) -> str:
    told = ", ".join(f'"{name}"' for name in names)
    return f"""'{{"fields": [{told}]}}'::jsonb"""


CONTACT: Final = ("call_order", "first_name", "last_name", "phone", "relation")
SHEETS: Final = {
    "establishment": Sheet(
        "organizations.Establishment",
        ("id", "name", "finess", "category", "sector", "address_line", "postal_code", "city", "phone"),
    ),
    "unit": Sheet("organizations.Unit", ("id", "establishment_id", "name")),
    "account": Sheet("staff.Account", ("id", "email", "password")),
    "seat": Sheet("staff.Seat", ("account_id", "managing_body_id")),
    "professional": Sheet(
        "staff.Professional", ("id", "key", "account_id", "first_name", "last_name", "job")
    ),
    "membership": Sheet(
        "staff.Membership", ("id", "professional_id", "establishment_id", "unit_id", "role", "starts_on")
    ),
    "person": Sheet(
        "people.Person",
        (
            "id",
            "key",
            "birth_name",
            "birth_first_names",
            "first_name",
            "used_name",
            "used_first_name",
            "sex",
            "birth_date",
            "birth_place",
            "birth_order",
            "name_key",
            "address_line",
            "postal_code",
            "city",
            "phone",
            "proven_on",
            "proof",
            "ins",
            "ins_oid",
            "ins_digest",
            "ins_retrieved_at",
        ),
        action="people.registered",
        steps=(
            Step(
                "people.identity_proven",
                ("proven_on", "proof"),
                "proof <> ''",
                "jsonb_build_object('proof', proof)",
            ),
            Step("people.ins_attached", ("ins", "ins_oid", "ins_digest", "ins_retrieved_at"), "ins <> ''"),
        ),
    ),
    "contact": Sheet(
        "people.Contact",
        ("id", "key", "person_id", "last_name", "first_name", "relation", "trusted", "phone", "call_order"),
        action="people.contact_kept",
        on="person_id",
        facts=f"case when trusted then {_fields(*CONTACT, 'trusted')} else {_fields(*CONTACT)} end",
    ),
    "vigilance": Sheet(
        "people.Vigilance",
        ("id", "person_id", "kind", "text"),
        action="people.vigilance_added",
        on="person_id",
        facts="jsonb_build_object('kind', kind)",
    ),
    "record": Sheet(
        "records.Record",
        ("id", "person_id", "establishment_id", "unit_id", "key_worker_id", "room", "opened_on"),
        action="records.opened",
    ),
    "stay": Sheet(
        "records.Stay",
        ("id", "key", "record_id", "file_number", "admitted_on", "starts_on"),
        action="records.admitted",
        on="record_id",
    ),
    "note": Sheet(
        "care.HandoverNote",
        (
            "id",
            "record_id",
            "author_id",
            "written_at",
            "family",
            "title",
            "text",
            "data",
            "actions",
            "result",
            "important",
        ),
        action="care.note_written",
        on="record_id",
        facts="jsonb_build_object('family', family)",
    ),
    "reading": Sheet("care.Acknowledgement", ("id", "note_id", "professional_id", "read_at")),
    "event": Sheet(
        "agenda.Event",
        (
            "id",
            "key",
            "record_id",
            "label",
            "type_code",
            "status",
            "starts_at",
            "ends_at",
            "place",
            "responsible_id",
            "person_present",
        ),
        action="agenda.planned",
        on="record_id",
    ),
    "plan": Sheet(
        "plans.PersonalPlan", ("id", "key", "record_id", "title", "description"), action="plans.opened"
    ),
    "expectation": Sheet(
        "plans.Expectation",
        ("id", "key", "plan_id", "origin", "description"),
        action="plans.expectation_added",
        on="plan_id",
    ),
    "need": Sheet(
        "plans.Need",
        ("id", "key", "plan_id", "category", "description"),
        action="plans.need_added",
        on="plan_id",
    ),
    "goal": Sheet(
        "plans.Goal",
        (
            "id",
            "key",
            "plan_id",
            "title",
            "description",
            "expected",
            "status",
            "responsible_id",
            "starts_on",
            "due_on",
            "need_keys",
        ),
        action="plans.goal_added",
        on="plan_id",
    ),
    "action": Sheet(
        "plans.Action",
        ("id", "key", "plan_id", "title", "status", "responsible_id", "starts_on", "ends_on", "goal_keys"),
        action="plans.action_added",
        on="plan_id",
    ),
    "agreement": Sheet(
        "plans.Agreement",
        ("id", "key", "plan_id", "side", "signed_at", "words"),
        action="plans.agreed",
        on="plan_id",
        facts="jsonb_build_object('side', side)",
    ),
    "opening": Sheet(
        "audit.Access", ("id", "at", "professional_id", "record_id", "person_id", "page", "outcome")
    ),
}
