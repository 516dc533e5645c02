"""The errors of the house.

    DomainError            the house refuses; French message, stable code
    GatewayError           a national service did not do what was asked
    ├─ Unreachable         nothing happened, or we cannot know: retry later with the same identifiers
    ├─ Rejected            the service said no; its code and label are kept: no retry
    └─ Malformed           the peer broke its own protocol: no retry, bytes kept, administrator told

Everything else is a bug, and is not caught.
"""


class DomainError(Exception):
    """The house refuses: `message` is French, says what happened and what to do; `code` is stable."""

    def __init__(self, message: str, *, code: str, place: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.place = place

    def __str__(self) -> str:
        return f"{self.place} : {self.message}" if self.place else self.message


class GatewayError(Exception):
    """A national service did not do what was asked. `service` is its name."""

    def __init__(self, service: str, message: str) -> None:
        super().__init__(f"{service} : {message}")
        self.service = service
        self.message = message


class Unreachable(GatewayError):
    """No answer. `maybe_done` is true when the request may have reached the service before the cut."""

    def __init__(self, service: str, message: str, *, maybe_done: bool = False) -> None:
        super().__init__(service, message)
        self.maybe_done = maybe_done


class Rejected(GatewayError):
    """The service refused: `code` and `label` are its own words."""

    def __init__(self, service: str, code: str, label: str) -> None:
        super().__init__(service, f"{label} ({code})" if code else label)
        self.code = code
        self.label = label


class Malformed(GatewayError):
    """The peer's answer does not follow its own protocol; `raw` is what it sent."""

    def __init__(self, service: str, message: str, raw: bytes = b"") -> None:
        super().__init__(service, message)
        self.raw = raw
