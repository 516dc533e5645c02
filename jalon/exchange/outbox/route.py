"""What every destination says of itself, in a file of its own (`routes/`), and what an attempt hands it."""

import datetime as dt
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from jalon.core.errors import Unreachable
from jalon.documents.models import Document
from jalon.exchange.compose.parcel import Parcel
from jalon.exchange.models import DeliveryState
from jalon.gateways.common.trace import Tape

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt: the state to write, and in how many seconds to come back (None: never).

    `answered_at_all`: did the destination answer? None when it was not asked.
    """

    state: str
    code: str = ""
    label: str = ""
    again_in: int | None = None
    content_left: bool = True
    sent: bytes = b""
    answered: bytes = b""
    answered_at_all: bool | None = None


@dataclass
class Attempt:
    """One attempt, outside any transaction. `content_leaves` is called just before the first byte of content
    and commits it; `sent` is filled in by a route whose bytes are not on the tape.
    """

    parcel: Parcel
    tape: Tape
    clock: Callable[[], dt.datetime]
    content_leaves: Callable[[], None]
    sent: bytes = b""


class Route(ABC):
    """One destination.

    `about`: who will read it there, in a sentence. `purpose`: the consent that an opposition stops
    (`Consent.Purpose`), "" when none is asked. `synchronous`: the receiver answers at once, so that an
    absence there proves that nothing was received; otherwise mails may answer later. `arrived`: what a
    delivery becomes once the receiver has it.
    """

    destination: ClassVar[str]
    label: ClassVar[str]
    about: ClassVar[str]
    purpose: ClassVar[str]
    synchronous: ClassVar[bool]
    arrived: ClassVar[DeliveryState]

    @abstractmethod
    def connected(self, document: Document) -> bool:
        """May this document take the route here, as the installation is set?"""

    @abstractmethod
    def message_id(self, drawn: uuid.UUID) -> str:
        """The identifier by which the receiver can be asked for this very sending."""

    def recipient(self, document: Document) -> str:
        """The address, where the destination needs one."""
        return ""

    @abstractmethod
    def send(self, attempt: Attempt) -> Outcome:
        """Send. Raises Rejected, Malformed, or Unreachable, whose `maybe_done` says what may have left."""

    @abstractmethod
    def find(self, attempt: Attempt) -> bool:
        """Does the other side have it? Raises GatewayError when it cannot be asked."""


def reached(client: T | None, service: str) -> T:
    """The client. Raises Unreachable when the service was disconnected since the request: nothing leaves."""
    if client is None:
        raise Unreachable(service, "service non connecté")
    return client
