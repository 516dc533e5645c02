"""The tenant of a transaction: nested, given back, and unknown outside."""

import uuid

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction

from jalon.db.keyed import draw_key
from jalon.db.tenant import current_tenant, tenant
from jalon.organizations.models import Establishment, ManagingBody, Unit
from jalon.people.models import Person
from jalon.records.models import Record
from tests.factories import (
    EstablishmentFactory,
    ManagingBodyFactory,
    PersonFactory,
    RecordFactory,
    StructureFactory,
    UnitFactory,
)

pytestmark = pytest.mark.django_db


class CutShort(Exception):
    """What a test raises inside a tenant."""


@pytest.fixture
def other(body: ManagingBody) -> ManagingBody:
    return ManagingBodyFactory()


def test_outside_any_tenant_there_is_none() -> None:
    assert current_tenant() is None


def test_after_a_tenant_there_is_none_again() -> None:
    with tenant(uuid.uuid4()):
        assert current_tenant()
    assert current_tenant() is None


def test_tenants_nest_and_give_the_former_back(body: ManagingBody, other: ManagingBody) -> None:
    with tenant(other.pk):
        with tenant(None):
            assert current_tenant() is None
        assert current_tenant() == other.pk
    assert current_tenant() == body.pk


def test_an_exception_gives_the_former_tenant_back(body: ManagingBody, other: ManagingBody) -> None:
    with pytest.raises(CutShort), tenant(other.pk):
        raise CutShort
    assert current_tenant() == body.pk


def test_an_error_of_the_database_gives_the_former_tenant_back(
    body: ManagingBody, other: ManagingBody
) -> None:
    with pytest.raises(DataError), tenant(other.pk), connection.cursor() as cursor:
        cursor.execute("select 1/0")
    assert current_tenant() == body.pk


def test_what_was_written_before_an_exception_is_undone(body: ManagingBody) -> None:
    with pytest.raises(CutShort), tenant(body.pk):
        EstablishmentFactory()
        raise CutShort
    assert not Establishment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_connection_kept_after_a_tenant_reads_no_row() -> None:
    """The setting ends with its transaction: the next request on the connection starts blind."""
    body = ManagingBodyFactory()
    with tenant(body.pk):
        EstablishmentFactory()
    assert Establishment.objects.count() == 0
    with tenant(body.pk):
        assert Establishment.objects.count() == 1


def test_a_tenant_that_is_not_an_identifier_stops_there(body: ManagingBody) -> None:
    EstablishmentFactory()  # the policy reads the tenant once there is a row to judge
    with pytest.raises(DataError), tenant("pas-un-identifiant"):
        Establishment.objects.count()


def test_the_database_sets_the_managing_body_of_a_row(body: ManagingBody) -> None:
    assert PersonFactory().managing_body_id == body.pk


def test_without_a_tenant_no_row_can_be_written(body: ManagingBody) -> None:
    with tenant(None), pytest.raises(ProgrammingError, match="row-level"), transaction.atomic():
        EstablishmentFactory()


def test_a_composite_key_refuses_a_person_of_another_tenant(body: ManagingBody, other: ManagingBody) -> None:
    stranger = PersonFactory()
    with tenant(other.pk):
        house = EstablishmentFactory()
        with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
            Record.objects.create(person_id=stranger.pk, establishment=house, opened_on="2026-11-22")
            connection.check_constraints()


def test_a_composite_key_refuses_to_move_a_row_under_a_stranger(
    body: ManagingBody, other: ManagingBody
) -> None:
    house = EstablishmentFactory()
    with tenant(other.pk):
        unit = UnitFactory()
        with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
            Unit.objects.filter(pk=unit.pk).update(establishment_id=house.pk)
            connection.check_constraints()


def test_a_row_that_others_point_at_cannot_be_deleted(body: ManagingBody) -> None:
    record = RecordFactory()
    with pytest.raises(IntegrityError, match="same_tenant"), transaction.atomic():
        Person.objects.filter(pk=record.person_id)._raw_delete(using="default")
        connection.check_constraints()


def test_a_business_key_is_once_in_a_tenant_and_free_in_another(
    body: ManagingBody, other: ManagingBody
) -> None:
    StructureFactory(key="1990000018")
    with pytest.raises(IntegrityError, match="key_once"), transaction.atomic():
        StructureFactory(key="1990000018")
    with tenant(other.pk):
        assert StructureFactory(key="1990000018").managing_body_id == other.pk


def test_a_business_key_is_never_blank(body: ManagingBody) -> None:
    with pytest.raises(IntegrityError, match="key_given"), transaction.atomic():
        StructureFactory(key="")


def test_a_drawn_key_names_its_owner_its_kind_and_its_row() -> None:
    row = uuid.UUID("01930c2e-0000-7000-8000-000000000001")
    assert draw_key("3990000018/42", "OBJE", row) == "3990000018/42-OBJE-01930c2e000070008000000000000001"
    assert draw_key("3990000018/42", "OBJE", uuid.uuid4()) != draw_key("3990000018/42", "OBJE", row)


def test_what_was_received_is_kept_typed_and_unreadable_in_the_table(body: ManagingBody) -> None:
    person = PersonFactory(received={"extension": [{"url": "x", "valueString": "Spécimen"}]})
    assert Person.objects.get(pk=person.pk).received["extension"][0]["valueString"] == "Spécimen"
    with connection.cursor() as cursor:
        cursor.execute("select p::text from people_person p where id = %s", [person.pk])
        assert "valueString" not in cursor.fetchone()[0]
