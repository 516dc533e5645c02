"""The session and the account of a request: two look-ups that each page makes, compiled once."""

from datetime import UTC, datetime
from typing import Any

import structlog
from allauth.account.auth_backends import AuthenticationBackend
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.core.signing import JSONSerializer
from django.db.models import QuerySet
from django.utils import timezone

from jalon.db.compiled import compiled, param
from jalon.db.encryption import decrypt, encrypt, keyed_hash
from jalon.staff.models import Account, Session

log = structlog.get_logger()
SINCE = "since"
"""Seconds: when this session began, or its sign-in; its absolute end is counted from it."""
UNTIL = "until"
"""Seconds: when it ends, if sooner: it was opened by another service, whose own session ends then."""


IDLE = "idle"
"""Seconds without use after which this session ends, when they are not those of everybody."""


class SessionStore(db.SessionStore):
    """Sessions in the database, which does not hold what opens them (ADR 0039)."""

    @classmethod
    def get_model_class(cls) -> type[Session]:  # type: ignore[override]  # columns of our own, same use
        return Session

    def load(self) -> dict[str, Any]:
        found = _session().first(digest=digest_of(self.session_key), now=timezone.now())
        if found is None:
            self._session_key = None
            return {}
        return opened(found)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(pk=digest_of(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(pk=digest_of(key)).delete()

    def create_model_instance(self, data: dict[str, Any]) -> Session:  # type: ignore[override]  # the same
        """The row of this session, as `save` writes it."""
        digest = digest_of(self.session_key)
        since = data.setdefault(SINCE, int(timezone.now().timestamp()))
        return Session(
            digest=digest,
            account_id=data.get(SESSION_KEY),
            content=encrypt(JSONSerializer().dumps(data), context=_context(digest)),
            started_at=_moment(since),
            ends_at=self.get_expiry_date(),
        )

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(ends_at__lte=timezone.now()).delete()

    def get_session_cookie_age(self) -> int:
        """Seconds that it lasts without use."""
        return int(self.get(IDLE, settings.SESSION_COOKIE_AGE))

    def get_expiry_date(self, **kwargs: Any) -> datetime:
        """After its last use, and never later than some hours after the sign-in."""
        idle: datetime = super().get_expiry_date(**kwargs)
        return min(idle, ends_at(self))


def ends_at(held: Any) -> datetime:
    """When what a session holds ends whatever is done: so long after it began, or with what opened it."""
    longest = held.get(SINCE, int(timezone.now().timestamp())) + settings.SESSION_LIFETIME
    return _moment(min(longest, held.get(UNTIL, longest)))


class AccountBackend(AuthenticationBackend):
    """The accounts of the house, with the ways in of the library."""

    def get_user(self, user_id: Any) -> Account | None:
        found = _account().first(account=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None


def digest_of(key: str | None) -> str:
    """What the database keeps of a cookie."""
    return keyed_hash(key or "", context="session")


def opened(row: Session) -> dict[str, Any]:
    """What this row holds; nothing when it was altered, moved, or written by a key that is gone."""
    try:
        clear = decrypt(bytes(row.content), context=_context(row.digest))
    except (InvalidTag, KeyError):
        log.warning("session_unreadable", session=row.digest[:8])
        return {}
    held: dict[str, Any] = JSONSerializer().loads(clear)
    return held


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _context(digest: str) -> str:
    return f"staff_session.content {digest}"


@compiled
def _session() -> QuerySet[Session]:
    return Session.objects.filter(digest=param("digest"), ends_at__gt=param("now"))


@compiled
def _account() -> QuerySet[Account]:
    return Account.objects.filter(pk=param("account"))
