"""Who signs what: the table of the code civil, kind by kind; where it names nobody, nobody is asked."""

from itertools import product

import pytest

from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.people.actions import keep_measure, keep_parent
from jalon.people.models import ProtectionMeasure
from jalon.people.queries import signers
from jalon.people.signature import Act, Protection, signature_rule
from jalon.plans.actions import agree
from tests.factories import (
    NOW,
    TODAY,
    ContactFactory,
    ParentalResponsibilityFactory,
    PersonFactory,
    PlanFactory,
    ProtectionMeasureFactory,
)

REP, ASSIST, NONE, UNKNOWN = "representation", "assistance", "none", ""
ADULT, CHILD = 40, 12
PERSON, HOLDER, BOTH, ASK = ("person",), ("holder",), ("person", "holder"), ()

# Kind, for the person, for the goods, then who signs: plan, home, contract, money, invoice.
TABLE = [
    ("sauvegarde", NONE, NONE, PERSON, PERSON, PERSON, PERSON, PERSON),
    ("masp", NONE, ASSIST, PERSON, PERSON, PERSON, PERSON, PERSON),
    ("maj", NONE, REP, PERSON, PERSON, PERSON, PERSON, PERSON),
    ("curatelle", ASSIST, ASSIST, PERSON, PERSON, PERSON, BOTH, PERSON),
    ("curatelle_renforcee", ASSIST, ASSIST, PERSON, PERSON, PERSON, HOLDER, HOLDER),
    ("tutelle", REP, REP, PERSON, PERSON, HOLDER, HOLDER, HOLDER),
    ("tutelle", REP, NONE, PERSON, PERSON, HOLDER, ASK, ASK),
    ("tutelle", NONE, REP, PERSON, PERSON, ASK, HOLDER, HOLDER),
    ("habilitation_familiale", ASSIST, ASSIST, BOTH, PERSON, BOTH, BOTH, BOTH),
    ("habilitation_familiale", NONE, REP, PERSON, PERSON, PERSON, HOLDER, HOLDER),
    ("habilitation_conjoint", NONE, REP, PERSON, PERSON, PERSON, HOLDER, HOLDER),
    ("mandat_futur", REP, REP, PERSON, PERSON, HOLDER, HOLDER, HOLDER),
]
ACTS = (Act.PLAN, Act.HOME, Act.STAY_CONTRACT, Act.MONEY, Act.INVOICE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: "-".join(row[:3]))
def test_each_kind_and_extent_names_who_signs_each_act(row: tuple[str, str, str, tuple[str, ...]]) -> None:
    kind, for_person, for_goods, *named = row
    measure = Protection(kind, for_person, for_goods)
    assert [signature_rule(act, [measure], 0, ADULT).signers for act in ACTS] == list(named)


@pytest.mark.parametrize("act", Act)
def test_nobody_signs_on_an_extent_that_is_to_be_verified(act: Act) -> None:
    kinds = set(ProtectionMeasure.Kind.values) - {"sauvegarde", "maj", "masp"}
    for kind, (for_person, for_goods) in product(kinds, ((UNKNOWN, REP), (REP, UNKNOWN), (UNKNOWN, UNKNOWN))):
        said = signature_rule(act, [Protection(kind, for_person, for_goods)], 0, ADULT)
        assert said.signers == ASK
        assert "à vérifier" in said.needs


def test_whoever_cannot_express_a_will_is_represented_for_their_plan_only_by_a_representation() -> None:
    assert signature_rule(Act.PLAN, [Protection("tutelle", REP, REP)], 0, ADULT, able=False).signers == HOLDER
    assert signature_rule(Act.PLAN, [], 0, ADULT, able=False).signers == PERSON
    curator = Protection("curatelle_renforcee", ASSIST, ASSIST)
    assert signature_rule(Act.PLAN, [curator], 0, ADULT, able=False).signers == PERSON


def test_two_guardians_each_sign_in_their_own_field() -> None:
    two = [Protection("tutelle", REP, NONE), Protection("tutelle", NONE, REP)]
    assert signature_rule(Act.STAY_CONTRACT, two, 0, ADULT).signers == HOLDER
    assert signature_rule(Act.MONEY, two, 0, ADULT).signers == HOLDER


def test_one_parent_suffices_for_what_is_usual_both_for_what_is_serious_and_all_turns_at_18() -> None:
    assert signature_rule(Act.PLAN, [], 2, CHILD).signers == ("parent",)
    assert signature_rule(Act.STAY_CONTRACT, [], 2, CHILD).signers == ("parents",)
    assert signature_rule(Act.PLAN, [], 0, CHILD).signers == ASK
    assert signature_rule(Act.PLAN, [], 2, 17).signers == ("parent",)
    assert signature_rule(Act.PLAN, [], 2, 18).signers == PERSON
    assert signature_rule(Act.PLAN, [], 2, None).signers == ASK


# --- on rows ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_agreement_is_refused_to_whom_the_rule_does_not_name(body: ManagingBody) -> None:
    plan = PlanFactory()
    person = plan.record.person
    sister, guardian = ContactFactory(person=person), ContactFactory(person=person)
    ProtectionMeasureFactory(person=person, kind="tutelle", person_mode=REP, contact=guardian)
    with pytest.raises(DomainError) as refusal:
        agree(plan=plan, side="usager", now=NOW, by=None, contact=sister)
    assert refusal.value.code == "signer_not_named"
    agree(plan=plan, side="usager", now=NOW, by=None, contact=guardian)
    agree(plan=plan, side="usager", now=NOW, by=None)
    assert plan.agreements.count() == 2


@pytest.mark.django_db
def test_a_measure_of_before_is_to_be_verified_and_nobody_agrees_until_it_is_settled(
    body: ManagingBody,
) -> None:
    plan = PlanFactory()
    person = plan.record.person
    measure = ProtectionMeasureFactory(person=person, kind="tutelle", person_mode="", goods_mode="")
    with pytest.raises(DomainError, match="à vérifier"):
        agree(plan=plan, side="usager", now=NOW, by=None)
    keep_measure(person=person, measure=measure, by=None, person_mode=REP, goods_mode=REP)
    agree(plan=plan, side="usager", now=NOW, by=None)


@pytest.mark.django_db
def test_an_ended_measure_and_a_withdrawn_parent_sign_nothing(body: ManagingBody) -> None:
    adult = PersonFactory()
    ProtectionMeasureFactory(person=adult, kind="tutelle", person_mode=REP, ends_on=TODAY.replace(day=21))
    assert signers(adult, Act.STAY_CONTRACT, TODAY)[0].person
    child = PersonFactory(minor=True)
    mother, father = (
        ParentalResponsibilityFactory(contact__person=child, exercise=exercise).contact
        for exercise in ("exercised", "withdrawn")
    )
    assert signers(child, Act.PLAN, TODAY)[0].contacts == (mother,)
    assert father not in signers(child, Act.STAY_CONTRACT, TODAY)[0].contacts


@pytest.mark.django_db
def test_the_holder_of_a_measure_is_of_the_entourage_of_this_very_person(body: ManagingBody) -> None:
    with pytest.raises(DomainError) as refusal:
        keep_measure(
            person=PersonFactory(),
            measure=None,
            by=None,
            kind="tutelle",
            starts_on=TODAY,
            contact=ContactFactory(),
        )
    assert refusal.value.code == "foreign_contact"


@pytest.mark.django_db
def test_a_parent_noted_may_agree_for_their_child_and_another_person_of_theirs_may_not(
    body: ManagingBody,
) -> None:
    child = PersonFactory(minor=True)
    mother = ContactFactory(person=child)
    keep_parent(person=child, parent=None, by=None, contact=mother, exercise="exercised")
    assert signers(child, Act.PLAN, TODAY)[0].contacts == (mother,)
    with pytest.raises(DomainError) as refusal:
        keep_parent(
            person=PersonFactory(minor=True), parent=None, by=None, contact=mother, exercise="exercised"
        )
    assert refusal.value.code == "foreign_contact"
