"""Every destination, by its name: each module here declares its ROUTE."""

from functools import cache

from jalon.exchange.outbox.route import Route
from jalon.exchange.registry import declared


@cache
def routes() -> dict[str, Route]:
    """The destinations, in the order in which their deliveries are asked for."""
    return {route.destination: route for route in declared(__name__, "ROUTE")}


def label(destination: str) -> str:
    """A destination as people read it; a name that no route has any more is shown as it is."""
    route = routes().get(destination)
    return route.label if route else destination
