"""The flows meet the same simulated services as the tests of the exchanges."""

from tests.exchange.conftest import sandbox, world

__all__ = ["sandbox", "world"]
