"""500 identities, each through a random story: only INSi's answer and a proof together make one qualified."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import asdict, dataclass

import pytest

from jalon.core.errors import DomainError
from jalon.core.identity import Ins
from jalon.organizations.models import ManagingBody
from jalon.people import actions
from jalon.people.models import Person, ins_digest
from jalon.people.rules import PROOFS
from tests.factories import NOW, TEST_OID, TODAY, finess, matricule, traits

pytestmark = pytest.mark.django_db
IDENTITIES, STEPS = 500, 5
NAMES = ("FICTIF", "EXEMPLE", "ESSAI")
FORGED = (
    lambda n: {"ins": matricule(n), "ins_oid": TEST_OID, "ins_digest": ins_digest(matricule(n))},
    lambda n: {"ins_retrieved_at": NOW},
    lambda n: {"proven_on": TODAY, "proof": "cni"},
    lambda n: {"doubtful": False, "identity_status": "qualified"},
)


@dataclass
class Story:
    """A person, and what truly happened to their identity."""

    person: Person
    number: int
    chance: random.Random
    answered: bool = False
    proven: bool = False
    doubtful: bool = False

    @property
    def status(self) -> str:
        words = {(True, True): "qualified", (True, False): "retrieved", (False, True): "validated"}
        return words.get((self.answered, self.proven), "provisional")

    def edit(self) -> None:
        """A strict trait: refused once INSi answered, and it drops the proof of the former one."""
        name = self.chance.choice(NAMES)
        changes = name != self.person.birth_name
        self.person = actions.edit(person=self.person, by=None, birth_name=name)
        self.proven = self.proven and not changes

    def edit_the_rest(self) -> None:
        self.person = actions.edit(
            person=self.person, by=None, used_name=self.chance.choice(NAMES), phone="0"
        )

    def forge(self) -> None:
        with pytest.raises(TypeError):
            actions.edit(person=self.person, by=None, **self.chance.choice(FORGED)(self.number))

    def answer(self) -> None:
        official = traits(**asdict(self.person.traits))
        ins = Ins(matricule(self.number), TEST_OID)
        self.person = actions.attach_ins(person=self.person, ins=ins, official=official, by=None, now=NOW)
        self.answered = True

    def answer_of_another(self) -> None:
        official = traits(**asdict(self.person.traits) | {"birth_name": "PERSONNE-D’AUTRE"})
        ins = Ins(matricule(self.number), TEST_OID)
        with pytest.raises(DomainError):
            actions.attach_ins(person=self.person, ins=ins, official=official, by=None, now=NOW)

    def prove(self) -> None:
        proof = self.chance.choice([*PROOFS, "permis_de_conduire"])
        self.person = actions.prove_identity(person=self.person, proof=proof, by=None, today=TODAY)
        self.proven = True

    def doubt(self) -> None:
        self.doubtful = not self.doubtful
        self.person = actions.doubt(person=self.person, by=None, doubtful=self.doubtful)
        if self.doubtful:
            self.answered = self.proven = False

    def step(self) -> Callable[[], None]:
        likely = (self.answer, self.prove)
        return self.chance.choice(
            [*likely, *likely, self.edit, self.edit_the_rest, self.forge, self.answer_of_another, self.doubt]
        )


@pytest.mark.requirement("SC.INS/va1.40", "SC.INS/va1.43", "SC.INS/va1.44", "SC.INS/va1.54")
def test_no_sequence_of_writes_but_the_answer_and_the_proof_gives_a_qualified_identity(
    body: ManagingBody,
) -> None:
    seen: set[str] = set()
    for number in range(IDENTITIES):
        chance = random.Random(number)
        born = dt.date(1920, 1, 1) + dt.timedelta(days=number)
        known = actions.register(traits=traits(birth_date=born), finess=finess(1), by=None)
        story = Story(known, number, chance)
        for _ in range(STEPS):
            try:
                story.step()()
            except DomainError:
                story.person = Person.objects.get(pk=story.person.pk)
            assert story.person.identity_status == story.status, f"identity {number}"
            seen.add(story.status)
    assert seen == {"provisional", "retrieved", "validated", "qualified"}
