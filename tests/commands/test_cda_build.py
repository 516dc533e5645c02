"""`jalon cda build`: the clinical documents filed at the signatures, and those that do not exist."""

from pathlib import Path

import pytest
from django.utils import timezone

from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange.outbox.publish import file, sign
from jalon.organizations.models import ManagingBody
from jalon.organizations.queries import moment_at
from jalon.plans.models import PersonalPlan, PlanVersion
from jalon.plans.queries import content_of
from jalon.records.queries import portrait
from tests.commands.conftest import Jalon
from tests.factories import PlanFactory, ProfessionalFactory, RecordFactory

pytestmark = pytest.mark.django_db


def signed(**person: object) -> PersonalPlan:
    """The signed plan of somebody."""
    said = {f"person__{name}": value for name, value in person.items()}
    plan = PlanFactory.create(record=RecordFactory.create(**said), ready=True)
    sign(plan=plan, by=ProfessionalFactory.create(), now=timezone.now())
    return plan


def signed_before_the_rule() -> PlanVersion:
    """What somebody of unknown birth date signed when the signature did not ask for it yet."""
    plan = PlanFactory.create(record=RecordFactory.create(person__birth_date=None), ready=True)
    by, now = ProfessionalFactory.create(), timezone.now()
    header = portrait(plan.record, by=by, moment=moment_at(plan.record.establishment, now))
    return PlanVersion.objects.create(
        plan=plan, number=1, signed_at=now, signed_by=by, content=content_of(plan), header=header
    )


def filed_before_the_rule() -> PersonalPlan:
    version = signed_before_the_rule()
    file(source=version, by=version.signed_by)
    return version.plan


def test_the_document_of_each_signed_plan_is_written_as_it_was_filed(
    jalon: Jalon, body: ManagingBody, tmp_path: Path
) -> None:
    plan = signed(with_qualified_identity=True)
    told = jalon("cda", "build", "--out", tmp_path / "out", "--all", "--json")
    (file,) = told.json["files"]
    assert told.json["without"] == []
    assert Path(file).name == f"{plan.record_id}.xml"
    assert Path(file).read_bytes() == load(Document.objects.get().cda_sha256)


def test_a_plan_filed_without_clinical_document_is_refused_with_what_to_do(
    jalon: Jalon, body: ManagingBody, tmp_path: Path
) -> None:
    plan = filed_before_the_rule()
    for words in (["--record", plan.record_id], ["--all"]):
        told = jalon("cda", "build", "--out", tmp_path / "out", *words)
        assert told.code == 1
        assert "pas de version clinique (CDA)" in told.err
        assert "Complétez l’identité" in told.err
    assert list((tmp_path / "out").iterdir()) == []


def test_among_others_a_plan_without_clinical_document_is_named_and_stops_nothing(
    jalon: Jalon, body: ManagingBody, tmp_path: Path
) -> None:
    good, bare = signed(with_qualified_identity=True), filed_before_the_rule()
    told = jalon("cda", "build", "--out", tmp_path / "out", "--all", "--json")
    assert told.code == 0
    assert [Path(file).stem for file in told.json["files"]] == [str(good.record_id)]
    assert told.json["without"] == [str(bare.record_id)]
    again = jalon("cda", "build", "--out", tmp_path / "out", "--all").out
    assert "1 sans version clinique" in again


def test_a_version_never_published_of_somebody_unknown_is_not_composed(
    jalon: Jalon, body: ManagingBody, tmp_path: Path
) -> None:
    plan = signed_before_the_rule().plan
    told = jalon("cda", "build", "--out", tmp_path / "out", "--record", plan.record_id)
    assert (told.code, list((tmp_path / "out").iterdir())) == (1, [])
    assert "pas de version clinique (CDA)" in told.err
