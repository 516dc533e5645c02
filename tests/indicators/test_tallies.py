"""What is kept at hand is what plain SQL counts, whatever was written and in whatever order."""

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalon.indicators.counting import counted, summed
from jalon.indicators.definitions import DEFINITIONS, Figure
from jalon.indicators.models import Tally
from jalon.indicators.queries import measure_of
from jalon.indicators.rules import Measure
from jalon.indicators.tallies import at_hand, differences, lacking
from jalon.indicators.tallying import count_again, measures, tallied, tally
from jalon.organizations.models import ManagingBody
from tests.indicators.plain import plainly
from tests.indicators.world import ACTS, Act, World, begin, happen, instants, world_months

pytestmark = pytest.mark.django_db
INSTANTS = instants(timezone.now())
acts = st.builds(
    Act,
    kind=st.sampled_from(sorted(ACTS)),
    record=st.integers(0, 2),
    at=st.sampled_from(INSTANTS),
    known=st.sampled_from(INSTANTS),
    number=st.integers(0, 9),
)


def told(figures: list[Figure]) -> dict[str, tuple[int, int, int, int]]:
    return {
        one.definition.code: (one.numerator, one.denominator, one.lacking, one.apart)
        for one in figures
        if one.denominator
    }


def every_measure(world: World) -> list[Measure]:
    return [
        measure_of(house, month, now=world.now) for house in world.houses for month in world_months(world.now)
    ]


def look(world: World) -> None:
    for measure in every_measure(world):
        assert told(summed(at_hand(measure))) == plainly(measure)


def look_closer(world: World) -> None:
    for measure in every_measure(world):
        plain = plainly(measure)
        assert told(counted(measure)) == plain
        for definition in DEFINITIONS:
            assert len(lacking(measure, definition.code)) == plain.get(definition.code, (0, 0, 0, 0))[2]
    for measure in tallied(Tally.objects.all()):
        assert differences(measure) == []


def tally_all(world: World) -> None:
    for month in world_months(world.now):
        for measure in measures(world.now, month):
            tally(measure)


def live(before: list[Act], after: list[Act]) -> None:
    """What was there is tallied; then each act is looked at by itself, before or after the worker passes."""
    with transaction.atomic():
        world = begin()
        for act in before:
            happen(world, act)
        tally_all(world)
        count_again()
        for act in after:
            happen(world, act)
            look(world)
            if act.number % 3:
                count_again()
        look_closer(world)
        transaction.set_rollback(True)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(acts, max_size=8), after=st.lists(acts, min_size=1, max_size=10))
def test_tallies_say_what_plain_sql_says(body: ManagingBody, before: list[Act], after: list[Act]) -> None:
    live(before, after)
