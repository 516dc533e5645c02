"""From whom a request comes: what a proxy says is believed of ours, and of nobody else."""

import ipaddress
from collections.abc import Callable, Sequence
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from jalon.core.settings.kinds import Network

SAID: Final = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_of(peer: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """The address of whoever asks: the last one of the chain that no proxy of ours bears.

    `forwarded` grows at its end, each proxy adding whom it heard: what stands before somebody unknown is
    only their word. What is no address ends the chain.
    """
    known = peer
    for hop in [peer, *reversed(forwarded.split(","))]:
        address = _address(hop)
        if address is None:
            return known
        known = str(address)
        if not any(address in network for network in proxies):
            return known
    return known


def _address(text: str) -> Address | None:
    """An address, without the port that some proxies add; an IPv4 one under its own name."""
    bare = text.strip().removeprefix("[").partition("]")[0]
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


class FromProxies:
    """The first middleware: the address and the scheme are right for all that follow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer, proxies = request.META.get("REMOTE_ADDR", ""), settings.PROXIES
        address = _address(peer)
        if address and any(address in network for network in proxies):
            request.META["REMOTE_ADDR"] = client_of(peer, request.META.get(SAID[0], ""), proxies)
        else:
            for name in SAID:
                request.META.pop(name, None)
        return self.get_response(request)
