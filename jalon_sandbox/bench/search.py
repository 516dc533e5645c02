"""Finding people by what is typed, right and with a slip, against a bare probe of the same index."""

import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

from jalon.core.names import fold
from jalon_sandbox.bench import alone
from jalon_sandbox.bench.base import base
from jalon_sandbox.bench.report import Options, Report
from jalon_sandbox.bench.slips import KINDS, Slip, Typed, slips
from jalon_sandbox.load.volume import Shape

SHAPE: Final = Shape(notes=0, events=0, openings=0, plans=0, ins=0.1, months=1)
"""Who people are, and nothing of what happens to them: a million is soon made."""
SLIPS: Final = 1_000
SEED: Final = 7
FIRST: Final = 20  # who is not among the first is not found
EXACT, TYPO, RECALL, RIGHT = "exact_over_probe", "typo_over_exact", "recall", "exact_recall"
ALONE = "alone_slip_over_alone"
ALONE_OF: Final = 200  # people of whom one thing alone is typed
TURNS: Final = 3  # each question is asked so often, in turn: its time is the least, without the neighbors'
PROBE = "select person from people_nameword where word = any(%s) and birth_date = %s"
PROBED, ASKED = "probe", "exact"
CROWDS: Final = {PROBED, *alone.CROWDS}  # among so many, nobody is meant
People = dict[str, uuid.UUID]


class Measure:
    """How long each kind of question took, and how often it found whom it meant."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.found: dict[str, list[bool]] = defaultdict(list)
        self.answers: dict[str, bool] = {}

    def ask(self, questions: dict[str, Callable[[], list[uuid.UUID]]], meant: uuid.UUID) -> None:
        """Each of these in turn, several times over; did its first answers hold who was meant?"""
        least = dict.fromkeys(questions, float("inf"))
        for _ in range(TURNS):
            for kind, question in questions.items():
                start = time.perf_counter()
                answer = question()
                least[kind] = min(least[kind], 1000 * (time.perf_counter() - start))
                if kind not in CROWDS:
                    self.answers[kind] = meant in answer[:FIRST]
        for kind, spent in least.items():
            self.times[kind].append(spent)
        for kind, right in self.answers.items():
            self.found[kind].append(right)
        self.answers.clear()

    def share(self, among: Callable[[str], bool]) -> float:
        told = [one for kind, each in self.found.items() if among(kind) for one in each]
        return sum(told) / len(told) if told else 0.0

    def quantile(self, among: Callable[[str], bool], part: float) -> float:
        """The time, in milliseconds, under which this part of the questions was answered."""
        told = sorted(one for kind, each in self.times.items() if among(kind) for one in each)
        return told[min(len(told) - 1, int(part * len(told)))]

    def line(self, kind: str) -> dict[str, Any]:
        mine = kind.__eq__
        figures = {
            "p50_ms": round(self.quantile(mine, 0.5), 3),
            "p99_ms": round(self.quantile(mine, 0.99), 3),
        }
        return figures | ({"recall": round(self.share(mine), 4)} if self.found[kind] else {})


def run(options: Options) -> Report:
    """Every slip in turn: the bare probe, the right words, the wrong ones, what welcomes somebody."""
    report = Report("search", floors={RECALL: 0.95, RIGHT: 1.0}, ceilings={EXACT: 1.5, TYPO: 3, ALONE: 3})
    with base(options, SHAPE) as conditions, largest_body() as people:
        report.conditions = conditions | {"people": people}
        made, known = _drawn()
        measure = _measured(made, known)
        for slip in made[:ALONE_OF]:
            for kind, question in alone.questions(slip, known[str(slip.right)]):
                measure.ask({kind: question}, known[str(slip.right)])
    _tell(report, measure)
    return report


def _tell(report: Report, measure: Measure) -> None:
    exact, typo = measure.quantile(ASKED.__eq__, 0.99), measure.quantile(KINDS.__contains__, 0.99)
    report.ratios = {
        EXACT: round(exact / measure.quantile(PROBED.__eq__, 0.99), 2),
        TYPO: round(typo / exact, 2),
        RECALL: round(measure.share(KINDS.__contains__), 4),
        RIGHT: round(measure.share(ASKED.__eq__), 4),
    }
    lone = measure.quantile(alone.NAME_SLIP.__eq__, 0.99) / measure.quantile(alone.NAME.__eq__, 0.99)
    report.ratios[ALONE] = round(lone, 2)
    for kind in measure.times:
        report.figures[kind] = told = measure.line(kind)
        recall = f", rappel {told['recall']:.3f}" if "recall" in told else ""
        report.lines.append(f"{kind} : p50 {told['p50_ms']} ms, p99 {told['p99_ms']} ms{recall}")


def largest_body() -> Any:
    """Inside the managing body of most people; gives how many they are."""
    from contextlib import contextmanager

    from jalon.db.tenant import tenant
    from jalon.organizations.models import ManagingBody
    from jalon.people.models import Person

    @contextmanager
    def inside() -> Iterator[int]:
        counts = {}
        for body in ManagingBody.objects.values_list("pk", flat=True):
            with tenant(body):
                counts[body] = Person.objects.count()
        largest = max(counts, key=counts.__getitem__)
        with tenant(largest):
            yield counts[largest]

    return inside()


def _drawn() -> tuple[list[Slip], People]:
    """Slips on people drawn at random, and who is meant by each right text."""
    from jalon.people.models import Person

    rows = Person.objects.filter(birth_date__isnull=False).order_by("?")[: 40 * SLIPS]
    known: People = {}
    typed = []
    for person in rows.only("birth_name", "first_name", "birth_date"):
        if person.birth_date:
            typed.append(Typed(person.birth_name, person.first_name, person.birth_date))
            known[str(typed[-1])] = person.pk
    return slips(typed, SEED, SLIPS), known


def _measured(made: list[Slip], known: People) -> Measure:
    from django.db import connection

    from jalon.people.asked import read
    from jalon.people.search import exact, near

    def search(typed: Typed) -> list[uuid.UUID]:
        asked = read(str(typed))
        return exact(asked) or [hit.person for hit in near(asked)]

    def probe(typed: Typed) -> list[uuid.UUID]:
        with connection.cursor() as cursor:
            cursor.execute(PROBE, [fold(f"{typed.name} {typed.first_name}").lower().split(), typed.born])
            return [person for (person,) in cursor.fetchall()]

    measure = Measure()
    for slip in made:
        questions: dict[str, Callable[[], list[uuid.UUID]]] = {
            PROBED: partial(probe, slip.right),
            ASKED: partial(search, slip.right),
            slip.kind: partial(search, slip.wrong),
        }
        measure.ask(questions, known[str(slip.right)])
    return measure
