"""Who signs what: the table of the code civil, kind by kind; where it names nobody, nobody is asked."""

import datetime as dt
from itertools import product
from typing import Any

import pytest

from jalon.core.errors import DomainError
from jalon.organizations.models import ManagingBody
from jalon.people.actions import keep_measure, keep_parent
from jalon.people.models import ProtectionMeasure
from jalon.people.queries import representatives, signers
from jalon.people.signature import Act, Protection, signature_rule
from jalon.plans.actions import agree, sign
from jalon.plans.models import PersonalPlan
from tests.factories import (
    NOW,
    TODAY,
    AgreementFactory,
    ContactFactory,
    ParentalResponsibilityFactory,
    PersonFactory,
    PlanFactory,
    ProfessionalFactory,
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


@pytest.mark.django_db
def test_a_measure_to_be_verified_makes_nobody_a_representative(body: ManagingBody) -> None:
    measure = ProtectionMeasureFactory(kind="tutelle", person_mode="", goods_mode="")
    assert representatives(measure.person, TODAY) == ([], [])


# --- on the day of the signature: who agreed is read again --------------------------------------------------


def refused(plan: PersonalPlan) -> str:
    """Why the plan is not signed."""
    with pytest.raises(DomainError) as refusal:
        sign(plan=plan, by=ProfessionalFactory(), now=NOW)
    assert refusal.value.code == "plan_not_ready"
    return str(refusal.value).replace("\N{NO-BREAK SPACE}", " ")


def signed(plan: PersonalPlan) -> bool:
    return sign(plan=plan, by=ProfessionalFactory(), now=NOW).number == 1


@pytest.mark.django_db
def test_an_agreement_recorded_before_the_rule_from_whom_it_does_not_name_signs_nothing(
    body: ManagingBody,
) -> None:
    plan = PlanFactory(ready=True, accord=None)
    sister = ContactFactory(person=plan.record.person)
    AgreementFactory(plan=plan, contact=sister)
    assert "l’accord n’est pas recueilli (à demander : la personne)" in refused(plan)
    agree(plan=plan, side="usager", now=NOW, by=None)
    assert signed(plan)


@pytest.mark.django_db
def test_a_guardian_whose_measure_ended_since_agreed_for_nothing_and_the_new_one_is_named(
    body: ManagingBody,
) -> None:
    plan = PlanFactory(ready=True, accord=None)
    person = plan.record.person
    former, guardian = ContactFactory(person=person), ContactFactory(person=person)
    tutelle: dict[str, Any] = {"person": person, "kind": "tutelle", "person_mode": REP, "goods_mode": REP}
    measure = ProtectionMeasureFactory(**tutelle, contact=former)
    agree(plan=plan, side="usager", now=NOW, by=None, contact=former)
    measure.ends_on = TODAY - dt.timedelta(days=1)
    measure.save()
    ProtectionMeasureFactory(**tutelle, contact=guardian, starts_on=TODAY)
    assert f"ne peut pas exprimer sa volonté : {guardian})" in refused(plan)
    agree(plan=plan, side="usager", now=NOW, by=None, contact=guardian)
    assert signed(plan)


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["person", "holder"])
def test_an_assistance_asks_for_both_agreements_and_says_whose_lacks(body: ManagingBody, first: str) -> None:
    plan = PlanFactory(ready=True, accord=None)
    holder = ContactFactory(person=plan.record.person)
    ProtectionMeasureFactory(
        person=plan.record.person, kind="habilitation_familiale", person_mode=ASSIST, contact=holder
    )
    assert f"(à demander : la personne et {holder})" in refused(plan)
    both = {"person": None, "holder": holder}
    agree(plan=plan, side="usager", now=NOW, by=None, contact=both.pop(first))
    ((_, other),) = both.items()
    assert f"(à demander : {other or 'la personne'})" in refused(plan)
    agree(plan=plan, side="usager", now=NOW, by=None, contact=other)
    assert signed(plan)


@pytest.mark.django_db
def test_a_minor_who_came_of_age_agrees_in_person(body: ManagingBody) -> None:
    child = PersonFactory(birth_date=TODAY.replace(year=TODAY.year - 17))
    plan = PlanFactory(ready=True, accord=None, record__person=child)
    parent = ContactFactory(person=child)
    ParentalResponsibilityFactory(contact=parent)
    agree(plan=plan, side="usager", now=NOW, by=None, contact=parent)
    child.birth_date = TODAY.replace(year=TODAY.year - 18)
    child.save()
    assert "(à demander : la personne)" in refused(PersonalPlan.objects.get(pk=plan.pk))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "counts"), [({"valid_until": -1}, False), ({"valid_until": 0}, True), ({"valid_from": 1}, False)]
)
def test_an_agreement_counts_on_the_days_it_is_valid(
    body: ManagingBody, days: dict[str, int], counts: bool
) -> None:
    plan = PlanFactory(ready=True, accord=None)
    AgreementFactory(plan=plan, **{name: TODAY + dt.timedelta(days=count) for name, count in days.items()})
    assert signed(plan) if counts else "l’accord n’est pas recueilli" in refused(plan)


@pytest.mark.django_db
def test_a_measure_to_be_verified_stops_the_signature_and_says_so(body: ManagingBody) -> None:
    plan = PlanFactory(ready=True)
    ProtectionMeasureFactory(person=plan.record.person, kind="tutelle", person_mode="", goods_mode="")
    assert "l’étendue de la mesure de protection est à vérifier, page Entourage." in refused(plan)
