"""A post that several people use in turn: which one this browser is, and whose session is open there.

The cookie is signed and names the managing body, so that the row is read under its policy (ADR 0044).
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from jalon.db.groups import is_served
from jalon.db.tenant import tenant
from jalon.faces.headers import SHARED
from jalon.setup import posts
from jalon.staff.models import Account, Post, Session, Turn
from jalon.staff.queries import bodies_of
from jalon.web.account.sessions import IDLE, SINCE, ends_at, opened

POST: Final = "post"
"""Of a session: the managing body and the post where it was opened, a token, the turn once it began."""
TURN, LOCKED = "tour", "verrou"
"""Cookies that the page reads and writes: whose turn it is (drawn anew each time), and that it is to lock."""
SALT: Final = "staff.post"
KEPT: Final = dt.timedelta(days=400)
"""How long a browser may keep a cookie."""


def remember(answer: HttpResponse, post: Post) -> HttpResponse:
    """This browser is that post from now on."""
    answer.set_signed_cookie(
        settings.POST_COOKIE_NAME,
        f"{post.managing_body_id} {post.pk}",
        salt=SALT,
        max_age=int(KEPT.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return answer


def forget(answer: HttpResponse) -> HttpResponse:
    answer.delete_cookie(settings.POST_COOKIE_NAME)
    return answer


def named(request: HttpRequest) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The managing body and the post that this browser says it is, under our signature."""
    said = request.get_signed_cookie(settings.POST_COOKIE_NAME, default="", salt=SALT)
    if not said:
        return None
    body, post = map(uuid.UUID, said.split())
    return (body, post) if is_served(body) else None


def post_here(request: HttpRequest) -> Post | None:
    """The shared post that this browser is, as long as it is declared."""
    found = named(request)
    if found is None:
        return None
    with tenant(found[0]):
        return Post.objects.filter(pk=found[1], ended_at__isnull=True).first()


def begins(request: HttpRequest) -> None:
    """A session begins here: at a shared post it says so, and sleeps as soon as the post asks."""
    post = post_here(request)
    if post:
        stand(request, post)


def stand(request: HttpRequest, post: Post) -> None:
    """This session is used at that post."""
    held = {"body": str(post.managing_body_id), "post": str(post.pk), "token": secrets.token_urlsafe(9)}
    request.session[POST] = held
    asked = post.minutes * 60
    request.session[IDLE] = min(asked, request.session.get(IDLE, asked))


def strong(request: HttpRequest, account: Account) -> None:
    """They proved who they are, wholly: their turn begins, until this session would end whatever is done."""
    held = standing(request)
    if held is None or held[0] not in bodies_of(account):
        return
    since = dt.datetime.fromtimestamp(request.session[SINCE], dt.UTC)
    with tenant(held[0]):
        post = Post.objects.filter(pk=held[1], ended_at__isnull=True).first()
        if post:
            end = ends_at(request.session)
            turn = posts.arrive(post=post, account=account, since=since, ends_at=end, now=timezone.now())
            has_turn(request, turn)


def has_turn(request: HttpRequest, turn: Turn) -> None:
    """This session is of that turn."""
    request.session[POST] = {**request.session[POST], "turn": str(turn.pk)}


def standing(request: HttpRequest) -> tuple[uuid.UUID, uuid.UUID] | None:
    """The managing body and the post where this session is open; None on a machine of one's own."""
    held = request.session.get(POST)
    return (uuid.UUID(held["body"]), uuid.UUID(held["post"])) if held else None


def token_of(request: HttpRequest) -> str:
    """What the pages of this session carry: another one is of somebody else. Empty on one's own machine."""
    return str(request.session.get(POST, {}).get("token", ""))


def turn_of(request: HttpRequest) -> str:
    """The turn of this session, empty when it has none."""
    return str(request.session.get(POST, {}).get("turn", ""))


def asks_to_lock(request: HttpRequest) -> bool:
    """Did a page say « lock » in a request that never came?"""
    said = LOCKED in request.COOKIES and standing(request) is not None
    return said and request.path not in map(reverse, ("post-change", "account_logout"))


def lock_as_said(request: HttpRequest) -> HttpResponse:
    """What that request asked: the cookie says from which page."""
    page = unquote(request.COOKIES[LOCKED])
    ours = url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return lock(request, page if ours else "")


def lock(request: HttpRequest, page: str) -> HttpResponse:
    """Whoever is in gives up their place: the session is over, their turn stays open. Then the door."""
    held = standing(request)
    if held and isinstance(request.user, Account):
        with tenant(held[0]):
            posts.locked(post_id=held[1], account=request.user, page=page, now=timezone.now())
    request.session.flush()
    request.user = AnonymousUser()
    request.has_left = SHARED  # type: ignore[attr-defined]  # read by jalon.faces.headers
    return to_the_post({})


def gone(request: HttpRequest, account: Account) -> None:
    """They signed out: their turn is over too."""
    held = standing(request)
    if held:
        with tenant(held[0]):
            posts.leave(post_id=held[1], account=account, now=timezone.now())


def to_the_post(asked: dict[str, str]) -> HttpResponse:
    """The door of the post: where it leads on (`next`), who was there (`qui`)."""
    return redirect(f"{reverse('post-door')}{'?' + urlencode(asked) if asked else ''}")


def tells_whose_turn(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """What the pages compare themselves with: those that were left open see that somebody else came."""
    token = token_of(request)
    if token and request.COOKIES.get(TURN) != token:
        answer.set_cookie(TURN, token, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE)
    if not token:
        for name in {TURN, LOCKED} & request.COOKIES.keys():
            answer.delete_cookie(name)
    return answer


def end_sessions(post: Post, accounts: Iterable[uuid.UUID]) -> None:
    """Whoever works at a post that is shared no more signs in again."""
    for row in Session.objects.filter(account__in=list(accounts)):
        if _stands(opened(row), post.pk):
            row.delete()


def tell_asleep(now: dt.datetime) -> None:
    """The journal says which sessions a post put to sleep since the last time, before they are forgotten."""
    for row in Session.objects.filter(ends_at__lte=now, account__isnull=False).select_related("account"):
        held = opened(row).get(POST)
        if held and row.account and is_served(uuid.UUID(held["body"])):
            with tenant(held["body"]):
                at = row.ends_at.isoformat()
                posts.told("post.locked", uuid.UUID(held["post"]), row.account, now, way="idle", at=at)


def _stands(held: dict[str, Any], post_id: uuid.UUID) -> bool:
    return bool(held.get(POST, {}).get("post") == str(post_id))
