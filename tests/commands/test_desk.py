"""Commands that act for somebody: the rights and traces of the screens; files refused with their place."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from jalon.audit.models import Access
from jalon.commands.main import main
from jalon.db.tenant import tenant
from jalon.people.models import Person
from jalon.plans.models import PersonalPlan
from jalon.staff.models import Account, Membership, Professional, Seat
from tests.commands.conftest import Jalon
from tests.factories import NOW
from tests.web.story import Case, Story, write_story

pytestmark = pytest.mark.django_db
PLAN: dict[str, Any] = {"title": "Projet 2026", "expectations": [{"description": "Cuisiner."}]}


@pytest.fixture
def story(db: None) -> Story:
    return write_story(NOW)


def asked(story: Story, role: str, case: Case) -> tuple[object, ...]:
    return case.record.pk, "--by", story.staff[role].email, "--body", story.body.finess


def written(folder: Path, plan: object) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps(plan) if not isinstance(plan, str) else plan, "utf-8")
    return path


# ── Rights and traces ─────────────────────────────────────────────────────────────────────────────────────


def test_a_record_is_shown_to_who_may_open_it_and_the_look_is_traced(story: Story, jalon: Jalon) -> None:
    done = jalon("record", "show", *asked(story, "educator", story.cases["own"]))
    assert done.code == 0
    assert "ROSEAU" in done.out
    (trace,) = story.traces(page="record show")
    assert (trace.outcome, trace.professional_id) == (
        Access.Outcome.OPENED,
        story.professional("educator").pk,
    )


@pytest.mark.parametrize("place", ["other_unit", "other_house", "other_body"])
def test_a_record_of_elsewhere_is_refused_and_the_refusal_is_traced(
    story: Story, jalon: Jalon, place: str
) -> None:
    done = jalon("record", "show", *asked(story, "educator", story.cases[place]))
    assert done.code == 1
    assert "n’est pas ouvert à ce compte" in done.err
    (trace,) = story.traces(page="record show")
    assert (trace.outcome, trace.person_id) == (Access.Outcome.REFUSED, None)


def test_what_a_role_may_not_read_is_not_told(story: Story, jalon: Jalon) -> None:
    told = jalon("record", "show", *asked(story, "secretary", story.cases["own"]), "--json").json
    assert (told["plan"], told["notes"]) == (None, [])
    assert jalon("record", "show", *asked(story, "educator", story.cases["own"]), "--json").json["plan"]


def test_a_list_holds_what_the_account_may_open(story: Story, jalon: Jalon) -> None:
    who = "--by", story.staff["educator"].email, "--body", story.body.finess
    found = jalon("record", "find", *who, "--json").json
    assert [one["id"] for one in found] == [str(story.record.pk)]
    (trace,) = story.traces(page="record find")
    assert (trace.shown, trace.professional_id) == ([story.record.pk], story.professional("educator").pk)
    assert jalon("record", "find", "zzz", *who, "--json").json == []
    assert len(story.traces(page="record find")) == 1, "nobody named, nothing to trace"


def test_a_name_is_said_as_it_can_on_a_terminal_of_another_alphabet(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant(story.body.pk):
        Person.objects.filter(pk=story.record.person_id).update(birth_name="ROSEAU 🙂")
    who = "--by", story.staff["educator"].email, "--body", story.body.finess
    terminal = io.TextIOWrapper(io.BytesIO(), "latin-1")
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setattr(sys, "argv", ["jalon", "record", "find", *who])
    with pytest.raises(SystemExit) as stop:
        main()
    terminal.flush()
    assert not stop.value.code
    assert b"ROSEAU \\U0001f642" in terminal.buffer.getvalue()  # type: ignore[attr-defined]  # a BytesIO


@pytest.mark.parametrize("email", ["nobody@jalon.example", ""])
def test_an_account_of_nobody_opens_nothing(story: Story, jalon: Jalon, email: str) -> None:
    done = jalon("record", "show", story.record.pk, "--by", email, "--body", story.body.finess)
    assert (done.code, "aucun professionnel" in done.err) == (1, True)


def test_who_may_not_sign_signs_nothing(story: Story, jalon: Jalon) -> None:
    done = jalon("plan", "sign", *asked(story, "educator", story.cases["own"]))
    assert done.code == 1
    with tenant(story.body.pk):
        assert not PersonalPlan.objects.filter(versions__isnull=False).exists()


def test_what_is_not_an_identifier_is_misuse(story: Story, jalon: Jalon) -> None:
    assert jalon("record", "show", "roseau", "--by", story.staff["educator"].email).code == 2


# ── The file of a plan ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("plan", "place"),
    [
        ("{", "ligne 1"),
        ([], "un objet est attendu"),
        ({"titre": "X"}, "titre"),
        ({**PLAN, "expectations": {}}, "expectations"),
        ({**PLAN, "expectations": ["Cuisiner."]}, "expectations[0]"),
        ({**PLAN, "needs": [{"description": 3}]}, "needs[0].description"),
        ({**PLAN, "goals": [{"title": "Bus"}, {"title": "Marché", "due_on": "demain"}]}, "goals[1].due_on"),
        ({**PLAN, "goals": [{"title": "Bus", "needs": [1]}]}, "goals[0].needs"),
        ({**PLAN, "goals": [{"title": "Bus", "actions": [{"label": "X"}]}]}, "goals[0].actions[0].label"),
        ({**PLAN, "goals": [{"title": "Bus", "responsible": "3999/9"}]}, "goals[0].responsible"),
        ({**PLAN, "title": "X" * 300}, "title"),
        ({**PLAN, "title": " "}, "titre"),
        ({**PLAN, "agreement": "Oui"}, "agreement"),
    ],
)
def test_a_file_that_is_wrong_writes_nothing_and_says_where(
    story: Story, jalon: Jalon, tmp_path: Path, plan: object, place: str
) -> None:
    record, *who = asked(story, "educator", story.cases["own"])
    with tenant(story.body.pk):
        PersonalPlan.objects.filter(record_id=record).update(status="TERMINE")
        before = PersonalPlan.objects.count()
    done = jalon("plan", "write", record, written(tmp_path, plan), *who)
    assert (done.code, place in done.err) == (1, True), done.err
    with tenant(story.body.pk):
        assert PersonalPlan.objects.count() == before


def test_a_plan_is_written_with_what_its_goals_aim_at(story: Story, jalon: Jalon, tmp_path: Path) -> None:
    worker = story.professional("educator")
    goal = {"title": "Bus", "needs": [2], "responsible": worker.key, "actions": [{"title": "Un trajet"}]}
    plan = PLAN | {"needs": [{"description": "A"}, {"description": "B"}], "goals": [goal]}
    record, *who = asked(story, "educator", story.cases["other_unit"])
    assert jalon("plan", "write", record, written(tmp_path, plan), *who).code == 1
    record, *who = asked(story, "educator", story.cases["own"])
    with tenant(story.body.pk):
        PersonalPlan.objects.filter(record_id=record).update(status="TERMINE")
    told = jalon("plan", "write", record, written(tmp_path, plan), *who, "--json").json
    assert (told["needs"], told["goals"], told["actions"]) == (2, 1, 1)
    with tenant(story.body.pk):
        made = PersonalPlan.objects.get(pk=told["plan"])
        (aim,), (act,) = made.goals.all(), made.actions.all()
        assert (aim.need_keys, aim.responsible) == ([made.needs.get(description="B").key], worker)
        assert act.goal_keys == [aim.key]


# ── Accounts ──────────────────────────────────────────────────────────────────────────────────────────────


def engaged(story: Story, *more: object) -> tuple[object, ...]:
    named = "--first-name", "Ana", "--last-name", "FICTIVE", "--establishment", story.house.finess
    return "account", "add", "ana@jalon.example", *named, "--body", story.body.finess, *more


def test_an_account_is_opened_with_its_role_and_a_password_shown_once(story: Story, jalon: Jalon) -> None:
    told = jalon(*engaged(story, "--role", "nurse", "--unit", "Bleue"), "--json").json
    account = Account.objects.get(email="ana@jalon.example")
    assert account.check_password(told["password"])
    assert Seat.objects.filter(account=account, managing_body=story.body).exists()
    with tenant(story.body.pk):
        membership = Membership.objects.get(professional__account=account)
        assert (membership.role, membership.unit) == ("nurse", story.unit)


def test_a_second_role_keeps_the_password_and_the_same_role_twice_is_refused(
    story: Story, jalon: Jalon
) -> None:
    first = jalon(*engaged(story, "--role", "nurse"), "--json").json
    unsaid = jalon(*engaged(story, "--role", "team_lead"))
    assert (unsaid.code, "--known" in unsaid.err, "FICTIVE" in unsaid.err) == (1, True, True)
    assert jalon(*engaged(story, "--role", "team_lead", "--known"), "--json").json["password"] is None
    assert Account.objects.get(email="ana@jalon.example").check_password(first["password"])
    again = jalon(*engaged(story, "--role", "nurse", "--known"))
    assert (again.code, "déjà ce rôle" in again.err) == (1, True)
    with tenant(story.body.pk):
        assert Professional.objects.filter(last_name="FICTIVE").count() == 1
        assert Membership.objects.filter(professional__last_name="FICTIVE").count() == 2


def test_nobody_receives_the_rights_of_somebody_else_by_their_address_or_their_number(
    story: Story, jalon: Jalon
) -> None:
    nurse = story.professional("nurse")
    with tenant(story.body.pk):
        Professional.objects.filter(pk=nurse.pk).update(rpps="10000000009")
    words = list(engaged(story, "--role", "director", "--json"))
    by_address = [word if word != "ana@jalon.example" else story.staff["nurse"].email for word in words]
    for given in (
        by_address,
        [*words, "--rpps", "10000000009"],
        [*words, "--rpps", "10000000009", "--known"],
    ):
        assert jalon(*given).code == 1
    with tenant(story.body.pk):
        after = Professional.objects.get(pk=nurse.pk)
        assert (after.last_name, after.account_id) == (nurse.last_name, nurse.account_id)
        assert [one.role for one in after.memberships.all()] == ["nurse"]
    assert not Account.objects.filter(email="ana@jalon.example").exists()
    assert jalon(*by_address, "--known").code == 0
    with tenant(story.body.pk):
        assert Professional.objects.get(pk=nurse.pk).last_name == nurse.last_name, "a name is not retyped"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (("--role", "reine"), "Ce rôle n’existe pas"),
        (("--role", "nurse", "--unit", "Verte"), "Cette unité"),
        (("--role", "nurse", "--establishment", "999999999"), "n’est pas déclaré"),
    ],
)
def test_an_account_that_cannot_be_is_not_half_made(
    story: Story, jalon: Jalon, changes: tuple[str, ...], said: str
) -> None:
    done = jalon(*engaged(story, *changes))
    assert (done.code, said in done.err) == (1, True), done.err
    assert not Account.objects.filter(email="ana@jalon.example").exists()


def test_what_is_no_address_gets_no_account(story: Story, jalon: Jalon) -> None:
    words = [word if word != "ana@jalon.example" else "ana" for word in engaged(story, "--role", "nurse")]
    done = jalon(*words)
    assert (done.code, "adresse électronique" in done.err) == (1, True)
