"""What is made here, with nothing but what a screen asks, goes out as the profiles want."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from jalon.core.identity import Ins
from jalon.formats.tddui import PersonRecord, TdduiRefused, Transfer, ins_identifier, read, write
from jalon.formats.tddui.classes.action import ActionData
from jalon.formats.tddui.classes.agreement import AgreementData
from jalon.formats.tddui.classes.contact import ContactData
from jalon.formats.tddui.classes.event import EventData
from jalon.formats.tddui.classes.expectation import ExpectationData
from jalon.formats.tddui.classes.goal import GoalData
from jalon.formats.tddui.classes.need import NeedData
from jalon.formats.tddui.classes.organization import OrganizationData
from jalon.formats.tddui.classes.person import PersonData, Reliability
from jalon.formats.tddui.classes.plan import PlanAgreement, PlanData
from jalon.formats.tddui.classes.practitioner import PractitionerData
from jalon.formats.tddui.classes.role import RoleData
from jalon.formats.tddui.classes.stay import StayData
from jalon.formats.tddui.values import Address, Coded, Coding, Identifier, Link, Note, PersonName, Status
from tests.formats.tddui.checker import check_files
from tests.formats.tddui.sample_record import RESOURCES
from tests.support import needs_shared

KEY = "3010001246/77"
HOUSE, NURSE = Link("Organization", "1010001246"), Link("Practitioner", "810000000001")
WHO, PLAN = Link("Patient", KEY), Link("CarePlan", f"{KEY}-PPER-1")
INS = ins_identifier(Ins("275126322074974", "1.2.250.1.213.1.4.8"))
NIR = Identifier(
    INS.system, INS.value, Coded("http://terminology.hl7.org/CodeSystem/v2-0203", "NH"), "official"
)
PERSON = PersonData(
    key=KEY,
    birth=PersonName(use="official", family="FICTIVE", given=("LOUISE",), birth_first_names="LOUISE ANNE"),
    sex="F",
    birth_date="1975-12-31",
    birth_place=Address(city="Mazoires", insee=Coding("urn:cog", "63220")),
    qualified_ins=False,
)
RECORD = PersonRecord(
    person=PERSON,
    held=(
        ContactData(key="C1", person=WHO),
        StayData(key=f"{KEY}-SEJOUR-1", person=WHO, provider=HOUSE, start="2026-01-05"),
        EventData(
            key=f"{KEY}-EVN-1",
            person=WHO,
            status=Status(code="PLANIFIE", author=NURSE, date="2026-11-20T08:00:00+01:00"),
            start="2026-11-23T09:00:00+01:00",
            end="2026-11-23T10:00:00+01:00",
            part_of=Link("Encounter", f"{KEY}-SEJOUR-1"),
        ),
        PlanData(
            key=PLAN.key,
            person=WHO,
            title="Projet",
            status=Status(code="ENCOURS"),
            agreements=(PlanAgreement("structure", Link("Consent", "accord-1")),),
        ),
        ExpectationData(
            key=f"{KEY}-ATTE-1",
            person=WHO,
            plan=PLAN,
            description=Coded(text="Sortir"),
            origin=Note(text="Usager"),
        ),
        NeedData(key=f"{KEY}-BESO-1", person=WHO, plan=PLAN, description=Coded(text="Marcher")),
        GoalData(
            key=f"{KEY}-OBJE-1",
            person=WHO,
            plan=PLAN,
            description=Coded(text="Marcher"),
            title=Note(text="But"),
        ),
        ActionData(key=f"{KEY}-ACTI-1", person=WHO, plan=PLAN, title="Kiné"),
        AgreementData(key="accord-1", signed_on="2026-01-06", signers=(NURSE,)),
    ),
)
TRANSFER = Transfer(
    people=(RECORD,),
    held=(
        OrganizationData(key=HOUSE.key, name="IME Fictif"),
        PractitionerData(key=NURSE.key),
        RoleData(key="role-1", practitioner=NURSE, organization=HOUSE),
    ),
)


def with_person(**change: object) -> Transfer:
    return replace(TRANSFER, people=(replace(RECORD, person=replace(PERSON, **change)),))  # type: ignore[arg-type]  # test shorthand


WAYS = {
    "bare": TRANSFER,
    "qualified": with_person(qualified_ins=True, received_ins=(INS,), nss=NIR),
    "corsican": with_person(
        qualified_ins=True, received_ins=(ins_identifier(Ins("180032B02040123", "1.2.250.1.213.1.4.10")),)
    ),
    "doubtful": with_person(received_ins=(INS,), received_reliability=(Reliability(Coding(code="DOUB")),)),
}


@pytest.mark.parametrize("name", WAYS)
def test_what_is_made_here_is_read_back_with_its_keys(name: str) -> None:
    again = read(write(WAYS[name]))
    record = again.people[0]
    assert record.person.key == KEY
    assert {f"{KEY}-SEJOUR-1", f"{KEY}-EVN-1"} < {item.key for item in record.held}
    assert [item.key for data in (PlanData, GoalData, ActionData) for item in record.of(data)] == [
        f"{KEY}-PPER-1",
        f"{KEY}-OBJE-1",
        f"{KEY}-ACTI-1",
    ]
    assert record.of(EventData)[0].status == RECORD.of(EventData)[0].status
    assert record.of(AgreementData)[0].key.startswith("accord:")


@needs_shared
@pytest.mark.needs_peer("node")
def test_the_offline_checker_finds_no_error_in_what_is_made_here(tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.json" for name in WAYS]
    for file, transfer in zip(files, WAYS.values(), strict=True):
        file.write_bytes(write(transfer))
    assert check_files(*files) == ""


def file(name: str) -> bytes:
    return orjson.dumps({"id": name.partition("/")[2]} | RESOURCES[name])


def test_a_resource_alone_finds_the_person_an_earlier_file_brought() -> None:
    files = [
        file(name) for name in ("Encounter/stay", "Organization/ime", "Organization/old", "Location/room")
    ]
    (record,) = read(files, known={"Patient/lou": WHO}).people
    assert (record.known, record.person, len(record.of(StayData))) == (True, PersonData(key=KEY), 1)
    with pytest.raises(TdduiRefused, match="Patient/lou"):
        read(files)


def test_what_is_kept_verbatim_also_finds_its_person() -> None:
    transfer = read(file("Goal/life"), known={"Patient/lou": WHO})
    assert [(each.type, each.owner) for each in transfer.verbatim] == [("Goal", KEY)]
