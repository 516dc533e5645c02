"""The session and the account of a request: two look-ups that each page makes, compiled once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from jalon.db.compiled import compiled, param
from jalon.staff.models import Account


class SessionStore(db.SessionStore):
    """Sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        found = _session().first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session


class AccountBackend(AuthenticationBackend):
    """The accounts of the house, with the ways in of the library."""

    def get_user(self, user_id: Any) -> Account | None:
        found = _account().first(account=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None


@compiled
def _session() -> QuerySet[Session]:
    return Session.objects.filter(session_key=param("key"), expire_date__gt=param("now"))


@compiled
def _account() -> QuerySet[Account]:
    return Account.objects.filter(pk=param("account"))
