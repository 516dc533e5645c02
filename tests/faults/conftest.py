"""The simulated services of the exchanges' tests, here too."""

from tests.exchange.conftest import house as house
from tests.exchange.conftest import sandbox as sandbox
from tests.exchange.conftest import world as world
